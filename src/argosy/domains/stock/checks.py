"""Books and outlook in, findings about stock out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import numpy as np

from argosy.domains.stock import settings
from argosy.domains.stock.interest import articles_fallen, articles_risen, markets_risen
from argosy.domains.stock.running import running
from argosy.domains.stock.shelves import shelves
from argosy.domains.stock.storage import dearer
from argosy.model.findings import CHANCE, Finding, Range
from argosy.model.money import round_half_up
from argosy.outlook.change import TENTH
from argosy.outlook.known import Known
from argosy.outlook.margin import Margins, margins, month_of_sales
from argosy.outlook.sales import sales
from argosy.outlook.stock_outs import USUAL_DAYS, spells


def running_out(known: Known) -> Iterator[Finding]:
    """Return the articles of which a warehouse runs out before what is ordered now could be there; subject: article and
    warehouse; stake: the margin of what will be asked for in vain until then."""
    found, earns = known.once(running), known.once(margins)
    if found is None:
        return
    held, run = found
    least = _least(known)
    for n in np.flatnonzero((run.likely >= settings.LIKELY) & (held.on_hand > 0) & (run.lost[1] > 0)):
        sku, warehouse = held.keys[n]
        margin = earns.get(sku)
        if margin is None or margin.each * run.lost[1, n] < least:
            continue
        out_on = known.day + timedelta(days=int(run.out[n]))
        levels = known.facts["stock_levels"]
        yield Finding(
            "stock.running_out", f"{sku}/{warehouse}", known.day, _range(margin.each * run.lost[:, n]),
            known.book_currency, float(min(run.likely[n], 0.95)), told={
                "sku": sku, "warehouse": str(warehouse), "on_hand": int(held.on_hand[n]),
                "inbound": int(held.coming[1, n].sum()), "out_on": out_on,
                "there_on": known.day + timedelta(days=int(held.lead[1, n])),
                "lost_units": int(np.ceil(run.lost[1, n])),
            },
            evidence=(known.evidence(
                "stock_levels", levels.filter(levels.sku == sku, levels.warehouse_id == warehouse).order_by("on_date")
            ),),
        )  # fmt: skip


def sold_out_now(known: Known) -> Iterator[Finding]:
    """Return the articles that are out in a warehouse; subject: article and warehouse; stake: the margin of what would
    usually have been sold there since."""
    earns, least = known.once(margins), _least(known)
    sold = known.once(sales)
    for one in known.once(spells):
        margin = earns.get(one.sku)
        if not one.open or margin is None:
            continue
        days = one.last - one.first + 1
        units = one.rate * days
        if margin.each * units < least:
            continue
        since = sold.last - timedelta(days=days - 1)
        # What would have been sold varies as counts do, and the rate before it is not sure either.
        spread = TENTH * np.hypot(np.sqrt(units * (1 + days / USUAL_DAYS)), settings.MARGIN_ERROR * units)
        levels = known.facts["stock_levels"]
        yield Finding(
            "stock.sold_out_now", f"{one.sku}/{one.warehouse}", since,
            _range(margin.each * np.array([max(units - spread, 0), units, units + spread])), known.book_currency, 0.9,
            told={
                "sku": one.sku, "warehouse": one.warehouse, "days": days, "since": since,
                "a_day": _money(one.rate * margin.each), "currency": known.book_currency,
            },
            evidence=(known.evidence(
                "stock_levels",
                levels.filter(levels.sku == one.sku, levels.warehouse_id == one.warehouse).order_by("on_date"),
            ),),
        )  # fmt: skip


def storage_up(known: Known) -> Iterator[Finding]:
    """Return the warehouses whose bills charge more for a unit stored than they used to; subject: the payee; stake:
    what was billed beyond the usual since."""
    least = _least(known)
    for one in dearer(known):
        rate = known.rate(one.currency)
        if rate is None or float(rate) * one.more < least:
            continue
        fees = known.facts["fees"]
        mid = float(rate) * one.more
        share = one.share
        blur = mid * settings.STORAGE_RISEN / 2 / share
        yield Finding(
            "stock.storage_up", one.payee, one.since, _range(np.array([mid - blur, mid, mid + blur])),
            known.book_currency, 0.9,
            told={"payee": one.payee, "percent": round(100 * share), "since": one.since, "more": _money(mid),
                  "currency": known.book_currency},
            evidence=(known.evidence(
                "storage_bills", fees.filter(fees.kind == "storage", fees.payee == one.payee).order_by("charged_at")
            ),),
        )  # fmt: skip


def dead_stock(known: Known) -> Iterator[Finding]:
    """Return the articles that hardly sell any more and lie for longer than they will sell in; subject: the article.

    The stake is what it will cost to keep what lies beyond ``COVER_DAYS`` of what now sells: money tied up in it
    until it is sold, and the part of its cost that is lost of what lies longer than that, and than a year. Storage is
    told by its own bills.
    """
    held, earns = known.once(shelves), known.once(margins)
    if held is None:
        return
    least = _least(known)
    for sku, (since, rate) in articles_fallen(known).items():
        mine = [n for n, key in enumerate(held.keys) if key[0] == sku]
        margin, units = earns.get(sku), float(sum(held.on_hand[n] + held.inbound[n] for n in mine))
        if margin is None or units <= rate * settings.COVER_DAYS:
            continue
        costs = margin.goods * np.array([_kept(units, rate * faster) for faster in (1.6, 1.0, 0.6)])
        if costs[1] >= least:
            levels = known.facts["stock_levels"]
            yield Finding(
                "stock.dead_stock", sku, since, _range(costs), known.book_currency, 0.85, told={
                    "sku": sku, "units": int(units), "a_week": _money(7 * rate), "since": since,
                    "cover": int(min(units / max(rate, 1e-9), 9999)), "goods": _money(units * margin.goods),
                    "currency": known.book_currency,
                },
                evidence=(known.evidence("stock_levels", levels.filter(levels.sku == sku).order_by("on_date")),),
            )  # fmt: skip


def _kept(units: float, rate: float) -> float:
    """Return what keeping the units beyond the cover costs, as a part of what one of them had cost, in units."""
    beyond = max(units - rate * settings.COVER_DAYS, 0)
    years = (settings.COVER_DAYS + min(beyond / max(rate, 1e-9), settings.WRITTEN_OFF_DAYS) / 2) / 365
    lost = max(units - rate * settings.WRITTEN_OFF_DAYS, 0)
    slow = (beyond - lost) * settings.SLOW_LOSES
    return beyond * settings.CAPITAL_A_YEAR * years + slow + lost * settings.WRITTEN_OFF


def demand_rising(known: Known) -> Iterator[Finding]:
    """Return the articles and markets that buy more than they used to; subject: the article or the market; stake: the
    margin it brought so far, with that of what else is in such orders."""
    earns, least = known.once(margins), _least(known)
    whole = sum(one.units for one in earns.of.values())
    usual = sum(one.each * one.units for one in earns.of.values()) / max(whole, 1e-9)
    beside = known.once(_beside)
    for is_market, rises in ((False, articles_risen(known)), (True, markets_risen(known))):
        for one in rises:
            margin = None if is_market else earns.get(one.subject)
            if not is_market and margin is None:
                continue
            each = _market_margin(earns, one.subject, usual) if margin is None else margin.each + beside * usual
            spread = TENTH * np.hypot(one.error, settings.MARGIN_ERROR * one.more)
            if each * one.more >= least:
                yield Finding(
                    "stock.demand_rising", one.subject, one.since,
                    _range(each * np.array([one.more - spread, one.more, one.more + spread])), known.book_currency,
                    min(one.confidence, 0.95), sense=CHANCE, told={
                        "subject": one.subject, "percent": round(100 * one.share), "since": one.since,
                        "units": round(one.more), "searches": round(100 * one.searches),
                    },
                )  # fmt: skip


def _market_margin(earns: Margins, market: str, usual: float) -> float:
    there = [one for (_, place), one in earns.there.items() if place == market]
    units = sum(one.units for one in there)
    return sum(one.each * one.units for one in there) / units if units else usual


def _beside(known: Known) -> float:
    """Return how many units of other articles are bought with one, in the mean."""
    lines = known.facts["order_lines"]
    lines = lines.filter((lines.kind == "goods").fill_null(True), lines.quantity > 0)
    found = known.rows(
        lines.aggregate(lines=lines.count(), orders=lines.order_id.nunique(), units=lines.quantity.sum())
    )
    row = found[0]
    if not row["orders"]:
        return 0.0
    return float(min((row["lines"] / row["orders"] - 1) * row["units"] / row["lines"], settings.MOST_BASKET))


def _least(known: Known) -> float:
    return float(settings.LEAST_OF_SALES * known.once(month_of_sales))


def _range(amounts: np.ndarray) -> Range:
    return Range(*(_money(max(float(amount), 0.01)) for amount in amounts))


def _money(amount: float) -> Decimal:
    return round_half_up(Decimal(repr(float(amount))), 2)
