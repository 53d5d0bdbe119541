"""Orders: the list with its filters, and one order whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pyarrow as pa
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render

from argosy.brief.orders import STATES, Wanted, key_of, place_of
from argosy.brief.search import cleaned
from argosy.business import Business
from argosy.console.desk import MONEY, pool, state
from argosy.console.pages.promises import RISK
from argosy.console.sheets import TYPES, table_file
from argosy.console.span import day_of
from argosy.decisions import load
from argosy.model.errors import NoSuchOrder

PAGE = 100
EXPORTED = 50_000  # orders in a file
EARNED = ("net_sales", "cm3", "booked", "currency")  # columns that say what was earned
WORDS = ("channel", "market", "text", "sku", "payout", "customer")
ONLY = ("sku", "payout", "customer")  # filters that other pages link to


def page(request: HttpRequest) -> HttpResponse:
    """List the orders wanted, newest first; with ``format`` as a file."""
    wanted, sees = _wanted(request.GET), request.role in MONEY
    ending = request.GET.get("format", "")
    if ending in TYPES:
        return _file(wanted, sees=sees, ending=ending)
    choices = pool().remembered(("order-choices",), lambda business: business.lake.rows(business.order_choices()))
    if not choices:
        return render(request, "orders.html", {"empty": True})
    found = pool().remembered(("orders", wanted), lambda business: _rows(business, wanted, limit=PAGE + 1)).to_pylist()
    more = len(found) > PAGE
    # The one too many tells that there are more; it stands on the side that was walked to.
    rows = (found[1:] if wanted.newer else found[:PAGE]) if more else found
    older, newer = (True, more) if wanted.newer else (more, wanted.older is not None)
    return render(request, "orders.html", {
        "rows": rows, "sees": sees, "wanted": wanted, "states": STATES,
        "channels": sorted({row["channel_id"] for row in choices if row["channel_id"]}),
        "markets": sorted({row["market"] for row in choices if row["market"]}),
        "only": [(name, getattr(wanted, name)) for name in ONLY if getattr(wanted, name)],
        "older": _key(rows[-1]) if rows and older else None, "newer": _key(rows[0]) if rows and newer else None,
        "filtered": replace(wanted, older=None, newer=None) != Wanted(),
    })  # fmt: skip


def one(request: HttpRequest, order_id: str) -> HttpResponse:
    """Show one order whole; by another of its names, go to its own address."""
    if cleaned(order_id) != order_id:
        raise Http404
    told = pool().remembered(("order", order_id), lambda business: _whole(business, order_id))
    if told is None:
        raise Http404
    if told["order"]["order_id"] != order_id:
        return redirect("orders-one", told["order"]["order_id"])
    with state().read() as connection:
        noticed = [
            (kept, [offer.number for offer in load.proposals(connection, finding=kept.number)])
            for kept in load.findings(connection, subject=order_id)
        ]
    risk = next((kept.finding.confidence for kept, _ in noticed if kept.finding.kind == RISK), None)
    return render(request, "order.html", told | {
        "sees": request.role in MONEY, "noticed": noticed, "risk": risk, "badge": _badge(told, risk),
        "hours": max((row["late_hours"] or 0 for row in told["promises"] if row["state"] == "broken"), default=0),
    })  # fmt: skip


def _whole(business: Business, order_id: str) -> dict[str, Any] | None:
    try:
        return business.order(order_id)
    except NoSuchOrder:
        return None  # a refusal would let go of the business, and anybody can ask for what is not there


def _badge(told: dict[str, Any], risk: float | None) -> str:
    """Return late, at_risk, open, kept, or nothing where nobody can tell."""
    held = any(parcel["events"] and parcel["events"][-1]["status"] == "on_hold" for parcel in told["parcels"])
    promise = told["promise"] or ""
    return "at_risk" if promise == "open" and (held or risk is not None) else promise


def _wanted(asked: QueryDict) -> Wanted:
    words = {name: cleaned(asked.get(name, "")) for name in WORDS}
    older, newer = (place_of(cleaned(asked.get(name, ""))) for name in ("older", "newer"))
    state = asked.get("state", "")
    return Wanted(
        **words, state=state if state in STATES else "", start=day_of(asked.get("from")),
        end=day_of(asked.get("to")), older=older, newer=newer,
    )  # fmt: skip


def _rows(business: Business, wanted: Wanted, *, limit: int) -> pa.Table:
    return business.lake.arrow(business.orders(wanted, limit=limit))


def _file(wanted: Wanted, *, sees: bool, ending: str) -> HttpResponse:
    whole = replace(wanted, older=None, newer=None)
    with pool().business() as business:
        table = _rows(business, whole, limit=EXPORTED)
    return table_file(table if sees else table.drop_columns(list(EARNED)), name="orders", ending=ending)


def _key(row: dict[str, Any]) -> str:
    return key_of(row["placed_at"], row["day"], row["order_id"])
