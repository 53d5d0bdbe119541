"""Articles that are sold below what they cost after fees and freight."""

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
from argosy.outlook.change import changes
from argosy.outlook.known import Known
from argosy.outlook.lines import BILLED_DAYS, DAYS, Lines, lines
from argosy.outlook.series import Numbers


def order_below_cost(known: Known) -> Iterator[Finding]:
    """Return the articles of which most sales lose money since some day; subject: the article.

    A sale loses when its price less discounts does not cover goods, carriage and fees. Stake: what those sales lost;
    that more may have been sold for the low price, and something else with it, is left out.
    """
    sold = known.once(lines)
    losing = np.where(sold.costed & (sold.result < 0), 1.0, 0.0)
    orders, lost = _by_day(sold, sold.orders), _by_day(sold, sold.orders * losing)
    if not orders.any():
        return
    begun = int(np.flatnonzero(orders.any(axis=1))[0])
    found = changes(lost[begun:], orders[begun:], sense=1, within=60, least=2, share=True)
    for n, sku in enumerate(sold.skus):
        start, end = int(found.start[n]) + begun, int(found.end[n]) + begun
        if found.confidence[n] < settings.SURE or found.after[n] < settings.LOSING:
            continue
        mine = (sold.sku == n) & (sold.day >= start) & (sold.day < end) & (losing > 0)
        if sold.orders[mine].sum() < settings.LEAST_ORDERS:
            continue
        loss = float(-sold.result[mine].sum())
        if loss < sold.material:
            continue
        since = sold.first + timedelta(days=start)
        units, cost = float(sold.units[mine].sum()), float(sold.cost[mine].sum())
        off = settings.COSTS_OFF * float(sold.cost[mine & (sold.day >= DAYS - BILLED_DAYS)].sum())
        stake = [round_half_up(Decimal(max(part, 0.0)), 2) for part in (loss - off, loss, loss + off)]
        told = {
            "article": sku, "orders": round(float(sold.orders[mine].sum())), "since": since,
            "until": sold.first + timedelta(days=end - 1), "lasts": "yes" if end == DAYS else "no",
            "sold_at": round_half_up(Decimal(float(sold.sold[mine].sum()) / units), 2),
            "cost": round_half_up(Decimal(cost / units), 2), "currency": known.book_currency,
            "a_day": round_half_up(Decimal(loss / (end - start)), 2),
        }  # fmt: skip
        yield Finding(
            "pricing.order_below_cost", sku, since, Range(*stake), known.book_currency, float(found.confidence[n]),
            told=told, evidence=(known.evidence("orders_below_cost", _orders(known, sku, since)),),
        )  # fmt: skip


def _by_day(sold: Lines, values: Numbers) -> Numbers:
    table = np.zeros((DAYS, len(sold.skus)))
    np.add.at(table, (sold.day, sold.sku), values)
    return table


def _orders(known: Known, sku: str, since: object) -> Table:
    orders, rows = known.facts["orders"], known.facts["order_lines"]
    mine = rows.filter(rows.sku == sku).inner_join(orders, "order_id", rname="order_{name}")
    return mine.filter(mine.placed_at >= ibis.literal(since).cast("timestamp"))
