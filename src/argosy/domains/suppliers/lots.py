"""Sales and what came back in, articles that are worse than they used to be out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import ibis
import numpy as np
from ibis.expr.types import Table

from argosy.books.promises import parcels_of
from argosy.domains.suppliers import settings
from argosy.model.findings import Finding, Range
from argosy.outlook.change import by_chance, changes
from argosy.outlook.journeys import pace
from argosy.outlook.known import Known
from argosy.outlook.series import Numbers

TENTH = 1.2816


@dataclass(frozen=True)
class Sold:
    """Orders by article and day, one place each: sku (place in ``skus``), days ago, orders; of them troubled (came
    back, bad stars, a buyer who wrote after it came) and what was given back for them in the book currency; waited:
    mean days from the order to the trouble."""

    skus: tuple[str, ...]
    sku: np.ndarray
    ago: Numbers
    orders: Numbers
    troubled: Numbers
    refunded: Numbers
    back: Numbers
    waited: Numbers


def lot_defective(known: Known) -> Iterator[Finding]:
    """Return the articles with more trouble than they used to have, and the lot that came in before; subject: the sku.

    Trouble comes weeks after the order: recent orders count by the part of it that should have come by now.
    """
    sold = _read(known)
    if not len(sold.ago) or not sold.troubled.any():
        return
    bad = sold.troubled > 0
    one = np.zeros(len(sold.ago), np.int64)
    soon = pace(one[bad], 1, sold.waited[bad], np.ones(int(bad.sum()), bool))
    seen = soon.done(one, sold.ago)
    mine = (sold.ago >= 1) & (sold.ago <= settings.LOT_HISTORY)
    place = (settings.LOT_HISTORY - sold.ago[mine]).astype(np.int64)
    first = int(place.min(initial=settings.LOT_HISTORY))
    tables = []
    for value in (sold.troubled, sold.orders * seen, sold.back, sold.refunded):
        table = np.zeros((settings.LOT_HISTORY, len(sold.skus)))
        np.add.at(table, (place, sold.sku[mine]), value[mine])
        tables.append(table[first:])
    enough = tables[1][-70:].sum(axis=0) >= settings.LEAST_ORDERS
    skus = [sku for sku, one in zip(sold.skus, enough, strict=True) if one]
    troubled, exposure, back, refunded = (table[:, enough] for table in tables)
    found = changes(troubled, exposure, sense=1, share=True)
    overall = troubled.sum() / max(exposure.sum(), 1e-9)
    all_troubles = _troubles(known)
    for number, sku in enumerate(skus):
        start, end = int(found.start[number]), int(found.end[number])
        cases = troubled[start:end, number].sum()
        usual = max(found.before[number], overall / 2)
        over = end <= len(troubled) - settings.LOT_FRESH_DAYS
        if over or cases < settings.LEAST_TROUBLE:
            continue
        expected_cases = usual * float(exposure[start:end, number].sum())
        chance = by_chance(float(cases), expected_cases, tried=settings.TRIED * len(skus))
        sure = min(float(found.confidence[number]), 1 - chance)
        if found.after[number] < settings.WORSE * usual or sure < settings.SURE_OF_LOT:
            continue
        since = known.day - timedelta(days=len(troubled) - start)
        told = exposure[:start, number].sum() + 1e-9
        expected = exposure[start:end, number].sum() * np.array(
            [table[:start, number].sum() / told for table in (back, refunded)]
        )
        stake = _cost(back[start:end, number].sum(), refunded[start:end, number].sum(), *expected)
        lot = _lot(known, sku, since)
        yield Finding(
            "suppliers.lot_defective", sku, since, stake, known.book_currency,
            round(sure, 3), told={
                "sku": sku, "cases": int(cases), "percent": _percent(found.after[number]), "usual": _percent(usual),
                "since": since, "amount": stake.mid, "currency": known.book_currency,
                "supplier": lot[0] if lot else "?", "lot": lot[1] if lot else "?",
            },
            evidence=(known.evidence("troubled_orders", all_troubles.filter(all_troubles.sku == sku)),),
            missing=() if lot else ("po_lines",),
        )  # fmt: skip


def _cost(back: float, refunds: float, usual: float, usual_refunds: float) -> Range:
    """Return what was given back beyond the usual (how much is usual is a draw), and the sales bad stars lost."""
    each = back / refunds if refunds else 0.0
    mid = max(back - usual, each / 4, 1.0)
    error = TENTH * (each * np.sqrt(max(usual_refunds, 0.5)) + 0.2 * mid)
    more = 1 + settings.STARS_COST
    parts = (
        mid - error,
        mid * more,
        max(mid + error, mid * more) + mid * (settings.STARS_COST_HIGH - settings.STARS_COST),
    )
    return Range(*(Decimal(f"{max(part, 0.01):.2f}") for part in parts))


def _lot(known: Known, sku: str, since: date) -> tuple[str, str] | None:
    """Return supplier and number of the last purchase order of an article that came in before trouble began."""
    lines = known.facts["po_lines"]
    came = lines.filter(
        lines.sku == sku, lines.received_on <= ibis.literal(since + timedelta(days=7)), lines.received_on.notnull()
    )
    rows = known.rows(came.order_by(came.received_on.desc(), came.po_id).limit(1).select("supplier_id", "po_id"))
    return (rows[0]["supplier_id"] or "?", rows[0]["po_id"].rpartition(":")[2]) if rows else None


def _read(known: Known) -> Sold:
    rows = _troubles(known)
    day = rows.group_by("sku", "ago").aggregate(
        orders=rows.count(), troubled=rows.trouble.cast("int64").sum(), refunded=(rows.back > 0).cast("int64").sum(),
        back=rows.back.sum().cast("float64"), waited=rows.waited.mean(),
    )  # fmt: skip
    found = known.run(day)
    skus, sku = np.unique(np.array(found["sku"].to_pylist(), dtype=str), return_inverse=True)
    numbers = {
        name: np.nan_to_num(found[name].cast("float64").to_numpy(zero_copy_only=False))
        for name in ("ago", "orders", "troubled", "refunded", "back", "waited")
    }
    return Sold(tuple(skus.tolist()), sku.astype(np.int64), **numbers)


def _troubles(known: Known) -> Table:
    """Return a row per order and article: sku, ago (days since), trouble (whether), back (given back, book currency),
    waited (days from the order to the first trouble, NULL: none)."""
    facts, now = known.facts, ibis.literal(known.day)
    orders, lines = facts["orders"], facts["order_lines"]
    mine = lines.filter(lines.kind == "goods", lines.quantity > 0, lines.sku.notnull())
    mine = mine.group_by("order_id", "sku").aggregate(units=mine.quantity.sum())
    placed = orders.filter(orders.cancelled_at.isnull(), orders.placed_at.notnull()).select("order_id", "placed_at")
    refunds = known.entries.filter(known.entries.account == "contra:refund", known.entries.order_id.notnull())
    refunds = refunds.group_by("order_id").aggregate(
        back=refunds.book_amount.sum().cast("decimal(28,4)"), back_at=refunds.posted_at.min()
    )
    reviews = facts["reviews"]
    reviews = reviews.filter(reviews.stars <= settings.BAD_STARS, reviews.order_id.notnull())
    reviews = reviews.group_by("order_id").aggregate(said_at=reviews.written_at.min())
    came = parcels_of(facts).select("order_id", "delivered_at")
    messages = facts["messages"]
    wrote = messages.filter(messages.direction == "in", messages.order_id.notnull()).inner_join(came, "order_id")
    wrote = wrote.filter(wrote.sent_at > wrote.delivered_at).group_by("order_id").aggregate(
        wrote_at=lambda t: t.sent_at.min()
    )  # fmt: skip
    rows = mine.inner_join(placed, "order_id")
    for table in (refunds, reviews, wrote):
        rows = rows.left_join(table, "order_id", rname="right_{name}").drop("right_order_id")
    trouble_at = ibis.least(rows.back_at, rows.said_at, rows.wrote_at)
    return rows.select(
        "sku",
        ago=now.delta(rows.placed_at.date(), unit="day"),
        trouble=trouble_at.notnull(),
        back=rows.back.fill_null(0),
        waited=(trouble_at.truncate("s").epoch_seconds() - rows.placed_at.truncate("s").epoch_seconds()) / 86400.0,
    )


def _percent(share: float) -> Decimal:
    return Decimal(f"{100 * min(share, 1):.0f}")
