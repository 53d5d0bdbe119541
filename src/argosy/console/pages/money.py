"""Money: the bridge, profit by any two dimensions, balances, cash, what does not add up, down to the source rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from babel.dates import format_date
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from argosy.business import Business
from argosy.console import tables
from argosy.console.cells import market_name, month_name
from argosy.console.charts import LONG, Bridge, bridge, columns
from argosy.console.desk import MONEY, only, pool
from argosy.console.figures import link_of
from argosy.console.span import DAYS, Span, day_of, known_of, span_of
from argosy.console.templatetags.words import account_name, day
from argosy.flow import now
from argosy.model.entries import ACCOUNTS, BRIDGE, ESTIMATED, FIGURES, MARGINS
from argosy.model.words import LOCALES, say
from argosy.views import Asked

TABS = ("bridge", "profit", "balances", "receivables", "cash", "findings", "variance", "restatements", "coverage",
        "entries")  # fmt: skip
SPANNED = ("bridge", "profit", "entries")  # tabs that look at chosen days
GROUPS = ("market", "channel", "sku", "month", "week", "day", "order", "account", "state")
PERIODS = ("week", "month", "day")
WHERE = (*GROUPS, "line", "currency")
ENTRIES = (20, 200)  # shown of a figure at first, and when more are asked for


@only(*MONEY)
def page(request: HttpRequest) -> HttpResponseBase:
    """Show one tab of the money: ``view``; days, dimensions, filters and as-of day stand in the address."""
    view = request.GET.get("view", "")
    view = view if view in TABS else TABS[0]
    span = span_of(request) if view in SPANNED else Span(None, None)
    asked = _asked(request, view, span)
    told = {"view": view, "tabs": TABS, "span": span, "days": DAYS, "spanned": view in SPANNED, "asked": asked,
            "known": asked.as_known, "groups": GROUPS, "periods": PERIODS}  # fmt: skip
    if view == "bridge":
        return render(request, "money.html", told | bridge_of(asked))
    if file := tables.export(request, view, asked):
        return file
    if view == "cash":
        told |= {"chart": _cash(asked, request.lang), "series": ("came", "went")}
    return render(request, "money.html", told | {
        "table": tables.shown(request, view, asked, link=link_of(view, asked)),
        "label": say(f"console.tab_{view}", request.lang), "empty": say(f"console.empty_{view}", request.lang),
    })  # fmt: skip


def _asked(request: HttpRequest, view: str, span: Span) -> Asked:
    allowed = PERIODS if view == "cash" else GROUPS
    by = tuple(dict.fromkeys(name for name in request.GET.getlist("by") if name in allowed))[:2]
    since = known_of(request, "since")
    if view == "restatements":
        since = since or (now() - timedelta(days=30)).replace(hour=23, minute=59, second=59)
    usual = {"profit": ("market",), "cash": ("week",), "restatements": ("month",)}
    grouped = by or usual.get(view, ()) if view in usual else ()
    return Asked(grouped, as_known=known_of(request), since=since, start=span.first, end=span.end)


def bridge_of(asked: Asked) -> dict[str, Any]:
    """Return the bridge of the days and dimensions asked for: its row, its drawing, which figures are estimated."""

    def ask(business: Business) -> dict[str, Any] | None:
        where = dict(asked.where)
        found = business.profit(start=asked.start, end=asked.end, where=where, marked=True, as_known=asked.as_known)
        return next(iter(business.lake.rows(found)), None)

    row = pool().remembered(("bridge", asked), ask)
    link = link_of("profit", asked)
    return {
        "row": row,
        "links": {name: link(row, name) for name in FIGURES} if row else {},
        "guesses": str(row["estimates"]).split() if row else [],
        "steps": _drawn(row) if row and any(row[step] for step in BRIDGE) else None,
    }  # fmt: skip


def _drawn(row: Mapping[str, Any]) -> Bridge:
    steps = [(name, str(row[name])) for name in FIGURES if name != "profit"]
    return bridge(steps, total=("profit", str(row["profit"])), margins=MARGINS)


def _cash(asked: Asked, lang: str) -> Any:
    by = asked.by[0]
    rows: list[dict[str, Any]] = pool().remembered(
        ("cash flow", by, asked.as_known),
        lambda business: business.lake.rows(
            business.cash_flow(by=by, as_known=asked.as_known).order_by("period")
        ),
    )  # fmt: skip

    def name(row: Mapping[str, Any]) -> str:
        return (
            month_name(row["period"], lang)
            if by == "month"
            else format_date(row["period"], "d MMM" if lang == "en" else "M月d日", locale=LOCALES[lang])
        )

    return columns(
        [(name(row), (("came", row["came"]), ("went", row["went"]))) for row in rows], hanging=True, width=LONG
    )


@only(*MONEY)
def why(request: HttpRequest) -> HttpResponseBase:
    """Show what a figure is made of: its parts, its largest entries and the source rows behind them."""
    asked = request.GET
    figure, known = asked.get("figure", "cm3"), known_of(request)
    span = Span(day_of(asked.get("start")), day_of(asked.get("end")))
    where = {name: asked[name] for name in WHERE if name in asked}
    limit = ENTRIES[1] if asked.get("more") else ENTRIES[0]
    told = pool().remembered(
        ("why", figure, span, known, limit, tuple(where.items())),
        lambda business: business.why(
            figure, start=span.first, end=span.end, limit=limit, as_known=known, **where
        ),
    )  # fmt: skip
    parts, moved = told["accounts"], figure not in FIGURES and not _is_account(figure)
    return render(request, "why.html", {
        "told": told, "figure": figure, "title": _title(figure, request.lang), "span": span, "known": known,
        "where": [(name, _named(name, value, request.lang)) for name, value in where.items() if name != "account"],
        "guess": sum((row["amount"] or 0 for row in parts if row["state"] == ESTIMATED), start=Decimal(0)) != 0,
        "count": sum(row["entries"] for row in parts), "back": _back(request), "all": limit == ENTRIES[1],
        "moved": moved, "entries": [(row, _signed(row)) for row in told["entries"]],
    })  # fmt: skip


def _signed(row: Mapping[str, Any]) -> Decimal:
    """Return an entry's amount in its own currency with the sign the figure counts it with."""
    return Decimal(row["amount"]).copy_sign(row["shown"]) if row["shown"] is not None else Decimal(row["amount"])


def _title(figure: str, lang: str) -> str:
    if figure in FIGURES:
        return say(f"brief.{figure}", lang)
    return account_name(figure, lang) if _is_account(figure) else figure


def _is_account(figure: str) -> bool:
    return any(account.startswith(figure) or figure.startswith(account) for account in ACCOUNTS)


def _named(name: str, value: str, lang: str) -> str:
    if not value:
        return say("brief.none_told", lang)
    if name == "market":
        return market_name(value, lang)
    if name in ("day", "week", "month") and (first := day_of(value)):
        return month_name(first, lang) if name == "month" else day({"lang": lang}, first)
    return say(f"console.{value}", lang) if name == "state" else value


def _back(request: HttpRequest) -> str:
    """Return the page one came from, as far as it is one of ours; else the page Money."""
    came = urlsplit(request.headers.get("Referer", ""))
    ours = came.netloc == request.get_host() and came.path.startswith("/") and not came.path.startswith("//")
    again = f"{came.path}?{came.query}" == request.get_full_path()
    return f"{came.path}?{came.query}" if ours and not again else reverse("money")
