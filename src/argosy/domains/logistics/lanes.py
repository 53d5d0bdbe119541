"""Books and outlook in, findings about parcels on their way out: slow lanes, customs, slow handling."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from argosy.domains.logistics import settings
from argosy.model.findings import Finding, Range, Told
from argosy.outlook.change import Changes, by_chance, changes
from argosy.outlook.journeys import Flags, Journeys, journeys, pace
from argosy.outlook.known import Known
from argosy.outlook.late_cost import LateCost, cost_of_late, costly_chances, lateness
from argosy.outlook.series import Numbers

ALL = "all"
Value = str | int | Decimal | date


@dataclass(frozen=True)
class Stretch:
    """A stretch of days in which something changed: place of its market, first day, how sure; and which orders lie in
    it, and which of the same market before it."""

    place: int
    since: date
    confidence: float
    inside: Flags
    before: Flags


def lane_slowed(known: Known) -> Iterator[Finding]:
    """Return the markets to which parcels take longer than they used to; subject: the market.

    Parcels still under way count by what should have arrived at their age. Parcels on hold are told by
    ``customs_hold``.
    """
    j: Journeys = known.once(journeys)
    gone = ~np.isnan(j.sent) & np.isnan(j.held)
    came = ~np.isnan(j.came)
    age = np.maximum(np.where(came, j.came, j.now) - j.sent, 0)
    if not (gone & came).any():
        return
    usual = pace(j.way[gone], len(j.ways), age[gone], came[gone])
    counted, exposure = _by_day(j, j.sent, gone, came, np.where(gone, usual.by(j.way, age), 0))
    found = changes(counted, exposure, sense=-1)
    for one in _stretches(j, found, j.sent, found.after <= settings.SLOW * found.before, days=len(counted)):
        days = [_median(age[some & gone], came[some & gone]) for some in (one.before, one.inside)]
        told: dict[str, Value] = {
            "market": j.markets[one.place],
            "usual": round(days[0]),
            "days": round(days[1]),
            "since": one.since,
        }
        yield _finding(known, "logistics.lane_slowed", j.markets[one.place], one, told)


def customs_hold(known: Known) -> Iterator[Finding]:
    """Return the markets whose customs hold more parcels than they used to; subject: the market.

    Of parcels sent lately those are counted that could be on hold by now, by when holds come.
    """
    j: Journeys = known.once(journeys)
    gone, held, came = ~np.isnan(j.sent) & j.abroad, ~np.isnan(j.held), ~np.isnan(j.came)
    if not (gone & held).any():
        return
    seen = np.maximum(np.where(held, j.held, np.where(came, j.came, j.now)) - j.sent, 0)
    # How soon a hold comes, where one comes: all ways together, for there are few.
    one_way = np.zeros_like(j.way)
    when = pace(one_way[gone & held], 1, seen[gone & held], held[gone & held])
    could = np.where(came | held, 1.0, when.done(one_way, seen))
    counted, exposure = _by_day(j, j.sent, gone, held, could)
    found = changes(counted, exposure, sense=1, share=True)
    more = (found.after - found.before >= settings.HELD_MORE) & (_chance(found, counted, exposure) <= 1 - settings.SURE)
    for one in _stretches(j, found, j.sent, more, days=len(counted)):
        told: dict[str, Value] = {
            "market": j.markets[one.place],
            "held": int((one.inside & gone & held).sum()),
            "usual": _percent(found.before[one.place]),
            "share": _percent(min(found.after[one.place], 1)),
            "since": one.since,
        }
        yield _finding(known, "logistics.customs_hold", j.markets[one.place], one, told)


def handling_slow(known: Known) -> Iterator[Finding]:
    """Return whether orders wait longer for the carrier than they used to; subject: all.

    Orders still waiting count by what should have left by now.
    """
    j: Journeys = known.once(journeys)
    left = ~np.isnan(j.sent)
    wait = np.maximum(np.where(left, j.sent, j.now) - j.paid, 0)
    paid = ~np.isnan(j.paid)
    if not (paid & left).any():
        return
    one_way = np.zeros_like(j.way)
    usual = pace(one_way[paid], 1, wait[paid], left[paid])
    tables = _by_day(j, j.paid, paid, left, np.where(paid, usual.by(one_way, wait), 0))
    counted, exposure = (table.sum(axis=1, keepdims=True) for table in tables)
    found = changes(counted, exposure, sense=-1)
    slow = found.after <= settings.HANDLED * found.before
    for one in _stretches(j, found, j.paid, slow, days=len(counted), apart=False):
        hours = [24 * _median(wait[some & paid], left[some & paid]) for some in (one.before, one.inside)]
        told: dict[str, Value] = {
            "usual": round(hours[0]),
            "hours": round(hours[1]),
            "orders": int(one.inside.sum()),
            "since": one.since,
        }
        yield _finding(known, "logistics.handling_slow", ALL, one, told)


def _by_day(j: Journeys, moment: Numbers, rows: Flags, *values: Numbers | Flags) -> list[Numbers]:
    """Return what the orders come to on each of the last days: a table days x markets for each of the values, from the
    first day on that has any."""
    day = np.floor(np.where(rows, moment, -1.0)) - (j.now - settings.DAYS)
    mine = rows & (day >= 0) & (day < settings.DAYS)
    when, first = day[mine].astype(np.int64), int(day[mine].min(initial=settings.DAYS))
    tables = []
    for value in values:
        table = np.zeros((settings.DAYS, len(j.markets)))
        np.add.at(table, (when, j.market[mine]), value[mine])
        tables.append(table[first:])
    return tables


def _chance(found: Changes, counted: Numbers, exposure: Numbers) -> Numbers:
    """Return how probably each change comes by chance alone, what is usual drawn towards that of all markets by a few
    cases: of rare ones, two or three more look like many."""
    level = counted.sum() / max(exposure.sum(), 1e-9)
    chances = []
    for place in range(counted.shape[1]):
        first, end = int(found.start[place]), int(found.end[place])
        cases, before = counted[first:end, place].sum(), exposure[:first, place].sum()
        weight = settings.DRAWN_CASES / max(level, 1e-9)
        usual = (found.before[place] * before + level * weight) / (before + weight)
        expected = usual * exposure[first:end, place].sum()
        chances.append(by_chance(cases, expected, tried=settings.TRIED * counted.shape[1]) if cases else 1.0)
    return np.array(chances)


def _stretches(
    j: Journeys, found: Changes, moment: Numbers, enough: Flags, *, days: int, apart: bool = True
) -> Iterator[Stretch]:
    """Yield the changes that are sure, large ``enough`` and not long over; apart: each market by itself."""
    sure = enough & (found.confidence >= settings.SURE) & (found.end > days - settings.FRESH_DAYS)
    for place in np.flatnonzero(sure).tolist():
        first, end = (j.now - days + int(number[place]) for number in (found.start, found.end))
        mine = j.market == place if apart else np.ones(len(j.market), bool)
        inside, before = mine & (moment >= first) & (moment < end), mine & (moment < first)
        yield Stretch(place, j.day(first), float(found.confidence[place]), inside, before)


def _finding(known: Known, kind: str, subject: str, one: Stretch, told: Told) -> Finding:
    """Return the finding of a stretch in which orders come late; it costs what is given back for that in the end."""
    j: Journeys = known.once(journeys)
    cost: LateCost = known.once(cost_of_late)
    late = known.once(costly_chances)
    usual = late[one.before & ~np.isnan(late)]
    share = float(usual.mean()) if len(usual) else 0.0
    found = lateness(j, cost, stretch=one.inside, usual=share, late=np.nan_to_num(late, nan=share))
    stake = Range(*(_cents(part) for part in (found.low, found.mid, found.high)))
    shipments = known.facts["shipments"]
    since = shipments.filter(shipments.shipped_at >= one.since.isoformat())
    if subject != ALL:
        since = since.filter(since.country == subject)
    return Finding(
        kind, subject, one.since, stake, known.book_currency, round(one.confidence, 3), told=told,
        evidence=(known.evidence("parcels", since),),
    )  # fmt: skip


def _cents(amount: float) -> Decimal:
    return Decimal(f"{max(amount, 0.01):.2f}")


def _percent(share: float) -> Decimal:
    return Decimal(f"{100 * share:.0f}")


def _median(age: Numbers, happened: Flags) -> float:
    """Return the age by which half have happened (Kaplan and Meier), else the highest seen."""
    if not len(age):
        return 0.0
    order = np.argsort(age, kind="stable")
    at_risk = np.arange(len(age), 0, -1)
    still = np.cumprod(1 - happened[order] / at_risk)
    place = int(np.searchsorted(-still, -0.5))
    return float(age[order][min(place, len(age) - 1)])
