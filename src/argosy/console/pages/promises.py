"""Promises: how well they are kept, how late the others are, what is at risk, and which delivery time can be quoted."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from babel import Locale
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from argosy.business import Business
from argosy.console.desk import pool, state
from argosy.console.sheets import TYPES, sheet
from argosy.decisions import load
from argosy.model.countries import country_code
from argosy.model.promises import KINDS
from argosy.model.words import LOCALES
from argosy.views import VIEWS, Asked

BY = ("", "market", "channel", "carrier", "week")
RISK = "logistics.parcel_likely_late"  # the finding that a parcel may come late
SHOWN = 60  # rows of a table on the page
DUE = ("kind", "subject", "market", "channel_id", "due_at", "stake", "currency")
RATES = ("n", "kept", "broken", "open", "share", "low", "high", "p50_hours", "p90_hours")
KEPT = (("0.80", "80 %"), ("0.90", "90 %"), ("0.95", "95 %"), ("0.99", "99 %"))


def page(request: HttpRequest) -> HttpResponse:
    """Show kept rates by what is chosen, open promises, and a quote where a place is asked about."""
    asked = request.GET
    by = asked.get("by", "") if asked.get("by") in BY else ""
    kind = asked.get("kind", "") if asked.get("kind") in KINDS else ""
    every = pool().remembered(("kept", by), lambda business: _kept(business, by))
    rates = [row for row in every if not kind or row["kind"] == kind]
    due = pool().remembered(("due",), lambda business: business.lake.rows(business.due().limit(SHOWN * 10)))
    if (ending := asked.get("format", "")) in TYPES:
        if asked.get("table") == "due":
            return sheet(due, DUE, name="promises-due", ending=ending)
        columns = ("kind", *([by] if by else []), *RATES)
        return sheet(rates, columns, name="promises-kept", ending=ending)
    with state().read() as connection:
        risky = load.findings(connection, kind=RISK)
    chances = {one.finding.subject: one.finding.told["percent"] for one in risky}
    return render(request, "promises.html", {
        "by": by, "kind": kind, "ways": BY, "kinds": sorted({row["kind"] for row in every}, key=KINDS.index),
        "rates": [row | {"bar": _bar(row)} for row in rates[:SHOWN]], "more": len(rates) - SHOWN,
        "risky": risky, "due": [row | {"percent": chances.get(row["subject"])} for row in due[:SHOWN]],
        "due_more": len(due) - SHOWN, "levels": KEPT,
    } | _quoted(request))  # fmt: skip


def _kept(business: Business, by: str) -> list[dict[str, Any]]:
    table = VIEWS["kept"].table(business, Asked(by=("kind", by) if by else ("kind",)))
    rows = [row for row in business.lake.rows(table) if row["n"] or row["open"]]
    return sorted(rows, key=lambda row: (KINDS.index(row["kind"]), -row["n"]) if by != "week" else (0, 0))


def _bar(row: dict[str, Any]) -> dict[str, float] | None:
    """Return where a share and its interval stand on a line of 100."""
    if row["share"] is None:
        return None
    low, share, high = (round(100 * row[name], 1) for name in ("low", "share", "high"))
    return {"low": low, "share": share, "width": round(max(high - low, 0.8), 1)}


def _quoted(request: HttpRequest) -> dict[str, Any]:
    """Return the quote for the place asked about, or why there is none."""
    place, region = (request.GET.get(name, "").strip()[:80] for name in ("to", "region"))
    kept = _share(request.GET.get("kept", "0.95"))
    names = Locale.parse(LOCALES[request.lang]).territories
    words: dict[str, Any] = {"to": place, "region": region, "kept": f"{kept:.2f}"}
    if not place:
        return words
    code = country_code(place)
    if code is None:
        return words | {"unknown_place": True}
    whole = f"{code}-{region}" if region else code
    quote = pool().remembered(("quote", whole, kept), lambda b: b.quote_delivery(to=whole, kept=float(kept)))
    tested = pool().remembered(("backtest", kept), lambda b: b.backtest_quotes(kept=float(kept)))
    return words | {"quote": quote, "tested": tested, "place": names.get(code, code)}


def _share(text: str) -> Decimal:
    try:
        share = Decimal(text)
    except InvalidOperation:
        return Decimal("0.95")
    return share if Decimal("0.5") <= share <= Decimal("0.995") else Decimal("0.95")
