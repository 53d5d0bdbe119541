"""Coupons that far more orders have than usual."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import ibis
import numpy as np
from ibis.expr.types import Table

from argosy.domains.pricing import settings
from argosy.model.findings import Finding, Range
from argosy.model.money import round_half_up
from argosy.outlook.change import TENTH, by_chance, changes
from argosy.outlook.known import Known
from argosy.outlook.lines import lines
from argosy.outlook.series import series


def coupon_leaks(known: Known) -> Iterator[Finding]:
    """Return the markets where far more orders have a discount than used to; subject: the market.

    Stake: what was given away beyond the usual. That a discount for everybody brings some orders more is not taken off:
    nobody can tell which.
    """
    daily = series(known, discounted(known), days=settings.COUPON_DAYS, names=("orders", "reduced", "given"))
    if not daily.subjects or not daily["reduced"].any():
        return
    begun = int(np.flatnonzero(daily["orders"].any(axis=1))[0])
    found = changes(daily["reduced"][begun:], daily["orders"][begun:], sense=1, least=2, share=True)
    for n, market in enumerate(daily.subjects):
        start, end = int(found.start[n]) + begun, int(found.end[n]) + begun
        more = float(found.after[n] - found.before[n])
        if found.confidence[n] < settings.SURE or more < settings.LEAST_MORE:
            continue
        reduced, given = (float(daily[name][start:end, n].sum()) for name in ("reduced", "given"))
        if reduced < settings.LEAST_COUPONS:
            continue
        each, beyond = given / reduced, float(found.mid[n])
        chance = by_chance(reduced, reduced - beyond, tried=settings.COUPON_DAYS * len(daily.subjects))
        if chance > 1 - settings.SURE or each * beyond < known.once(lines).material:
            continue
        error = TENTH * each * float(found.error[n])
        stake = [round_half_up(Decimal(max(each * beyond + part, 0.0)), 2) for part in (-error, 0.0, error)]
        yield Finding(
            "pricing.coupon_leaks", market, daily.day(start), Range(*stake), known.book_currency,
            float(found.confidence[n]),
            told={
                "market": market, "since": daily.day(start), "until": daily.day(end - 1),
                "now": round(100 * float(found.after[n])), "was": round(100 * float(found.before[n])),
                "orders": round(reduced), "each": round_half_up(Decimal(each), 2),
                "lasts": "yes" if end == settings.COUPON_DAYS else "no",
                "a_day": round_half_up(Decimal(each * beyond / (end - start)), 2), "currency": known.book_currency,
            },
            evidence=(known.evidence("orders_with_discount", _orders(known, market, start=daily.day(start))),),
        )  # fmt: skip


def discounted(known: Known) -> Table:
    """Return orders by country and day: subject, day, orders, reduced (those with a discount), given (in the book
    currency)."""
    orders, rows, rates = known.facts["orders"], known.facts["order_lines"], known.facts["fx_rates"]
    since = ibis.literal(known.day - timedelta(days=settings.COUPON_DAYS)).cast("timestamp")
    orders = orders.filter(orders.placed_at >= since, orders.country.notnull(), orders.currency.notnull())
    each = rows.group_by("order_id").aggregate(discount=rows.discount.sum().fill_null(0).cast("float64"))
    met = orders.select("order_id", "currency", subject=orders.country, day=orders.placed_at.date())
    met = met.inner_join(each, "order_id")
    met = met.left_join(rates.select("day", "currency", "per_unit"), ["day", "currency"], rname="rate_{name}")
    rate = ibis.ifelse(met.currency == known.book_currency, 1.0, met.per_unit.cast("float64"))
    return met.group_by("subject", "day").aggregate(
        orders=met.count(), reduced=(met.discount > 0).cast("int64").sum(),
        given=(met.discount * rate).sum().fill_null(0.0),
    )  # fmt: skip


def _orders(known: Known, market: str, *, start: object) -> Table:
    orders, rows = known.facts["orders"], known.facts["order_lines"]
    there = orders.filter(orders.country == market, orders.placed_at >= ibis.literal(start).cast("timestamp"))
    return rows.filter(rows.discount > 0).semi_join(there, "order_id")
