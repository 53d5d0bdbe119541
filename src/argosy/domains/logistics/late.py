"""Parcels under way in, promises that are likely to break out."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from argosy.domains.logistics import settings
from argosy.model.findings import Finding, Range
from argosy.outlook.journeys import Flags, Journeys, journeys
from argosy.outlook.known import Known
from argosy.outlook.late_chances import late_chances
from argosy.outlook.late_cost import LateCost, cost_of_late, costly_chances
from argosy.outlook.series import Numbers

TENTH = 1.2816
LANE = "lane"


def parcel_likely_late(known: Known) -> Iterator[Finding]:
    """Return orders under way whose promise will probably break; subject: the order, or lane/market for many.

    Told are orders that are not due yet and late with a probability of ``LIKELY``. The stake is what their lateness
    will cost; a single order is told when it is worth much more than the usual one.
    """
    j: Journeys = known.once(journeys)
    likely, open_ = known.once(late_chances), open_orders(known)
    costly: Numbers = np.where(np.isnan(known.once(costly_chances)), 0, known.once(costly_chances))
    cost: LateCost = known.once(cost_of_late)
    dear = open_ & (j.sold >= settings.DEAR * np.median(j.sold[j.sold > 0])) if (j.sold > 0).any() else open_ & False
    for place in np.argsort(-np.where(dear, costly * j.sold, 0))[: settings.MOST_ORDERS]:
        if dear[place] and likely[place] >= settings.SURELY:
            yield _one(known, j, int(place), float(likely[place]), float(costly[place]), cost)
    rest = open_ & ~dear
    for market, name in enumerate(j.markets):
        mine = rest & (j.market == market)
        if mine.sum() >= settings.GROUP_FROM:
            yield _many(known, j, name, mine, likely, costly, cost)


def open_orders(known: Known) -> Flags:
    """Return which orders are under way, not due yet, and likely late."""
    j: Journeys = known.once(journeys)
    open_ = np.isnan(j.came) & ~np.isnan(j.sent) & (j.due >= j.now)
    return np.asarray(open_ & (known.once(late_chances) >= settings.LIKELY))


def _one(known: Known, j: Journeys, place: int, likely: float, costly: float, cost: LateCost) -> Finding:
    # It costs all or nothing: the range is that of one draw.
    whole = float(j.sold[place]) * cost.part
    mid = max(costly * whole * cost.chance, 0.01)
    high = whole if costly * cost.chance > 0.1 else 2 * mid
    order = known.facts["orders"].filter(known.facts["orders"].order_id == j.order_id[place])
    return Finding(
        "logistics.parcel_likely_late", str(j.order_id[place]), j.day(j.sent[place]), _range(0, mid, max(high, mid)),
        known.book_currency, round(likely, 3), told={
            "order": str(j.order_id[place]).rpartition(":")[2], "market": j.markets[j.market[place]], "orders": 1,
            "percent": Decimal(f"{100 * likely:.0f}"), "due": j.day(j.due[place]),
            "expected": Decimal(f"{likely:.1f}"),
        },
        evidence=(known.evidence("orders", order),),
    )  # fmt: skip


def _many(
    known: Known, j: Journeys, name: str, mine: Flags, likely: Numbers, costly: Numbers, cost: LateCost
) -> Finding:
    number = float((costly[mine] * cost.chance).sum())
    mid = float((costly * j.sold)[mine].sum()) * cost.share
    error = mid * np.sqrt(2 / max(number, 0.5) + cost.error**2)
    orders = known.facts["orders"]
    due = j.day(float(j.due[mine].min()))
    shown = orders.filter(orders.order_id.isin(sorted(j.order_id[mine])[: settings.SHOWN]))
    return Finding(
        "logistics.parcel_likely_late", f"{LANE}/{name}", j.day(float(j.sent[mine].min())),
        _range(max(mid - TENTH * error, 0), mid, mid + TENTH * error), known.book_currency,
        round(float(likely[mine].mean()), 3), told={
            "market": name, "orders": int(mine.sum()), "expected": Decimal(f"{likely[mine].sum():.0f}"), "due": due,
            "percent": Decimal(f"{100 * likely[mine].mean():.0f}"), "order": "",
        },
        evidence=(known.evidence("orders", shown),),
    )  # fmt: skip


def _range(low: float, mid: float, high: float) -> Range:
    return Range(*(Decimal(f"{max(part, 0.01):.2f}") for part in (low, mid, high)))
