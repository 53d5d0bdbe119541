"""Purchase orders and stock in, suppliers that deliver later than they used to out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import ibis
import numpy as np
from ibis.expr.types import Table

from argosy.domains.suppliers import settings
from argosy.model.findings import Finding, Range
from argosy.outlook.change import changes
from argosy.outlook.known import Known
from argosy.outlook.margin import margins
from argosy.outlook.sales import sales


@dataclass(frozen=True)
class Late:
    """A line of a purchase order that is late, or will be: when it was promised, when it comes, whether it did."""

    sku: str
    units: int
    promised: date
    comes: date
    came: bool


def supplier_slipping(known: Known) -> Iterator[Finding]:
    """Return the suppliers whose goods come later against their promises than they used to; subject: the supplier.

    Lines that are overdue count as soon as they are. The stake is the margin of sales that are lost while
    the goods are awaited: so far, and until they can be expected.
    """
    rows = known.rows(_lines(known))
    if not rows:
        return
    suppliers = sorted({row["supplier_id"] for row in rows})
    who = np.array([suppliers.index(row["supplier_id"]) for row in rows], np.int64)
    ordered, late = (np.array([row[name] for row in rows], np.int64) for name in ("age", "late"))
    came = np.array([row["received_on"] is not None for row in rows])
    # Told is what came, and what should have by now; the rest may still come in time.
    told = (ordered <= settings.DAYS) & (came | (late >= settings.LATE_DAYS))
    counted, exposure = (np.zeros((settings.DAYS, len(suppliers))) for _ in range(2))
    for table, value in ((counted, late >= settings.LATE_DAYS), (exposure, np.ones(len(late)))):
        np.add.at(table, (settings.DAYS - ordered[told], who[told]), value[told])
    if not told.any():
        return
    first = settings.DAYS - int(ordered[told].max())
    found = changes(counted[first:], exposure[first:], sense=1, within=settings.WITHIN, share=True)
    for place, supplier in enumerate(suppliers):
        if found.confidence[place] < settings.SURE or found.after[place] - found.before[place] < settings.LATER:
            continue
        since = known.day - timedelta(days=settings.DAYS - first - int(found.start[place]))
        until = known.day - timedelta(days=settings.DAYS - first - int(found.end[place]))
        mine_ = [row for row in rows if row["supplier_id"] == supplier and since <= row["ordered_on"] < until]
        yield from _finding(known, supplier, mine_, since=since, sure=float(found.confidence[place]))


def _finding(
    known: Known, supplier: str, lines: list[dict[str, Any]], *, since: date, sure: float
) -> Iterator[Finding]:
    """Yield the finding of lines ordered in a stretch in which goods came late."""
    came = [row["late"] for row in lines if row["received_on"] is not None and row["late"] >= settings.LATE_DAYS]
    overdue = [row for row in lines if row["received_on"] is None and row["late"] >= settings.LATE_DAYS]
    late_lines = len(came) + len(overdue)
    fresh = [row for row in lines if row["received_on"] is not None and row["gone"] <= settings.FRESH_DAYS]
    if late_lines < settings.LEAST_LINES or not (overdue or fresh):
        return
    waited = max((row["late"] for row in overdue), default=0)
    # Who has waited so long waits a fifth as long again, if nobody knows better.
    days = float(np.median(came)) if len(came) >= settings.LEAST_LINES else 1.2 * waited + settings.LEAST_MORE / 2
    late = [_late(row, days) for row in lines if row["received_on"] is None or row["late"] >= settings.LATE_DAYS]
    loss = lost_margin(known, late)
    stake = Range(*(Decimal(f"{max(loss * part, 0.01):.2f}") for part in settings.LOST))
    oldest = min((row["promised_on"] for row in overdue), default=since)
    yield Finding(
        "suppliers.supplier_slipping", supplier, since, stake, known.book_currency, round(sure, 3), told={
            "supplier": supplier, "lines": late_lines, "open": len(overdue), "days": round(days), "since": since,
            "promised": oldest, "amount": stake.mid, "currency": known.book_currency,
        },
        evidence=(known.evidence("purchase_orders", _of(known, supplier, since)),),
        missing=() if known.has("stock_levels") else ("stock_levels",),
    )  # fmt: skip


def _late(row: dict[str, Any], days: float) -> Late:
    expected = row["promised_on"] + timedelta(days=round(max(days, row["late"] + settings.LEAST_MORE / 2)))
    came = row["received_on"] is not None
    return Late(row["sku"], row["quantity"], row["promised_on"], row["received_on"] if came else expected, came)


def lost_margin(known: Known, late: list[Late]) -> float:
    """Return the margin of sales lost for want of late goods: while a warehouse was out so far, and for as much longer
    as it will be than if the goods had come when promised."""
    left, shelves = known.once(margins), known.once(stocked)
    loss = 0.0
    for sku in sorted({line.sku for line in late}):
        margin = left.get(sku)
        if margin is None:
            continue
        mine = [line for line in late if line.sku == sku]
        for shelf, lines in _placed(shelves.get(sku, []), [line for line in mine if not line.came]):
            waited = [line for line in mine if line.came] + lines
            days = len({day for line in waited for day in shelf.out if line.promised <= day < line.comes})
            late_days, usual = (
                shelf.empty_days([(max(day, known.day), line.units) for line, day in arrivals], until=known.day)
                for arrivals in ([(line, line.comes) for line in lines], [(line, line.promised) for line in lines])
            )
            loss += (days + max(late_days - usual, 0)) * shelf.daily * max(margin.each, 0.0)
    return loss


def _placed(shelves: list[Shelf], lines: list[Late]) -> Iterator[tuple[Shelf, list[Late]]]:
    """Yield each warehouse with the lines it expects: those that fit what it says is on its way, the largest first."""
    expected = {place: shelf.inbound for place, shelf in enumerate(shelves)}
    found: dict[int, list[Late]] = {place: [] for place in expected}
    for line in sorted(lines, key=lambda one: -one.units):
        fits = [place for place, units in expected.items() if units >= line.units]
        if fits:
            place = min(fits, key=lambda one: expected[one] - line.units)
            expected[place] -= line.units
            found[place].append(line)
    for place, shelf in enumerate(shelves):
        yield shelf, found[place]


@dataclass(frozen=True)
class Shelf:
    """An article in a warehouse: units expected, units sold a day, the first day it is out if nothing comes, and the
    days on which it was out already."""

    inbound: int
    daily: float
    out_on: date
    out: frozenset[date]

    def empty_days(self, arrivals: list[tuple[date, int]], *, until: date) -> int:
        """Return the days from ``until`` on, to the last arrival, on which nothing is left: arrivals as day, units."""
        empty, out_on = 0, max(self.out_on, until)
        for day, units in sorted(arrivals):
            empty += max((day - out_on).days, 0)
            out_on = max(out_on, day) + timedelta(days=min(int(units / max(self.daily, 1e-3)), 3650))
        return empty


def stocked(known: Known) -> dict[str, list[Shelf]]:
    """Return how far each article reaches in each warehouse at the pace of the last weeks, by sku."""
    sold = sales(known) if known.has("stock_levels") else None
    if sold is None:
        return {}
    levels = known.facts["stock_levels"]
    last = levels.group_by("sku", "warehouse_id").aggregate(
        on_hand=levels.on_hand.argmax(levels.on_date), inbound=levels.inbound.argmax(levels.on_date),
        on_date=levels.on_date.max(),
    )  # fmt: skip
    level = {(row["sku"], row["warehouse_id"]): row for row in known.rows(last)}
    found: dict[str, list[Shelf]] = {}
    for place, key in enumerate(sold.keys):
        row = level.get((key[0], key[1] or ""))
        units = sold.units[place, -settings.SALES_DAYS :]
        if row is None or np.isnan(units).all():
            continue
        daily = float(np.nanmean(units))
        cover = min((row["on_hand"] or 0) / max(daily, 1e-3), 3650)
        days = np.arange(len(units)) - len(units) + 1 + np.datetime64(sold.last)
        out = frozenset(days[np.isnan(units)].tolist())
        out_on = row["on_date"] + timedelta(days=1 + int(cover))
        found.setdefault(key[0], []).append(Shelf(row["inbound"] or 0, daily, out_on, out))
    return found


def _lines(known: Known) -> Table:
    """Return purchase order lines with age (days since ordered), late (days since promised, until received or today)
    and gone (days since received)."""
    today = ibis.literal(known.day)
    lines = known.facts["po_lines"]
    lines = lines.filter(lines.supplier_id.notnull(), lines.ordered_on.notnull(), lines.promised_on.notnull())
    end = ibis.coalesce(lines.received_on, today)
    return lines.select(
        "supplier_id", "sku", "quantity", "ordered_on", "promised_on", "received_on",
        age=today.delta(lines.ordered_on, unit="day"), late=end.delta(lines.promised_on, unit="day"),
        gone=today.delta(lines.received_on, unit="day"),
    )  # fmt: skip


def _of(known: Known, supplier: str, since: date) -> Table:
    lines = known.facts["po_lines"]
    return lines.filter(lines.supplier_id == supplier, lines.ordered_on >= ibis.literal(since))
