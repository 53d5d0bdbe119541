"""Where the amounts of tables lead to: the page that opens them down to their source rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from argosy.console.tables import Link
from argosy.model.entries import ESTIMATED, FIGURES
from argosy.views import Asked

PAGES = {"sku": "products-one", "market": "markets-one"}
PROFITS = ("profit", "products", "markets")  # tables of what was earned
ACCOUNTS = ("balances", "receivables", "cash", "variance")  # tables with an account in every row


def link_of(view: str, asked: Asked) -> Link:
    """Return where a cell of a table leads to; nowhere where no entries are behind it."""
    return partial(_link, view=view, asked=asked, why=reverse("money-why"))


def _link(row: Mapping[str, Any], name: str, *, view: str, asked: Asked, why: str) -> str:
    if name in PAGES and view in PROFITS and row[name]:
        page = reverse(PAGES[name], args=[row[name]])
        days = _days(asked, asked.as_known)
        return f"{page}?{urlencode(days)}" if days else page
    told = _figure(row, name, view=view, asked=asked)
    if told is None:
        return ""
    known = asked.as_known
    if view == "restatements" and name == "was":
        known = asked.since
    return f"{why}?{urlencode(told | _days(asked, known))}"


def _days(asked: Asked, known: datetime | None) -> dict[str, str]:
    end = asked.end - timedelta(days=1) if asked.end else None
    told = {"start": asked.start, "end": end, "as_known": known.date() if known else None}
    return {name: day.isoformat() for name, day in told.items() if day}


def _figure(row: Mapping[str, Any], name: str, *, view: str, asked: Asked) -> dict[str, str] | None:
    """Return the figure and the dimensions of a cell as the page that opens it is asked for them."""
    if row.get(name) is None:
        return None
    match view:
        case _ if view in PROFITS and name in (*FIGURES, "estimated"):
            return _of_profit(row, name, view=view, asked=asked)
        case "restatements" if name in ("was", "now", "change"):
            return {"figure": "profit", **_groups(row, asked.by or ("month",))}
        case "entries" if name in ("amount", "book_amount", "transaction_id"):
            return {"figure": row["transaction_id"]}
        case "coverage" if name in ("sales", "with_cost", "settled"):
            settled = {"state": "settled"} if name == "settled" else {}
            return {"figure": "income:sales", "account": "income:sales", "channel": row["channel_id"] or "", **settled}
        case "findings" if name in ("amount", "expected", "found") and "order" in row["kind"]:
            return {"figure": "asset:receivable", "order": row["subject"]}
    return _of_account(row, name, view=view, asked=asked) if view in ACCOUNTS else None


def _of_profit(row: Mapping[str, Any], name: str, *, view: str, asked: Asked) -> dict[str, str]:
    by = {"products": ("sku",), "markets": ("market",)}.get(view, asked.by)
    told = {"figure": name, **dict(asked.where), **_groups(row, by)}
    return told | {"figure": "profit", "state": ESTIMATED} if name == "estimated" else told


def _of_account(row: Mapping[str, Any], name: str, *, view: str, asked: Asked) -> dict[str, str] | None:
    if name not in ("amount", "book_amount", "estimated", "came", "went", "net", "settled", "change"):
        return None
    told = {"figure": row["account"], "account": row["account"]}
    if view == "variance":
        return told | {"channel": row["channel_id"] or ""}
    told["currency"] = row["currency"]
    if view == "cash":
        told |= {(*asked.by, "week")[0]: row["period"].isoformat()}
    return told | {"state": ESTIMATED} if name == "estimated" else told


def _groups(row: Mapping[str, Any], by: tuple[str, ...]) -> dict[str, str]:
    return {name: "" if row[name] is None else str(row[name]) for name in by}
