"""What a late order costs this seller: what is given back for it beyond what is given back for orders in time.

Method. The lateness from which more is given back is the one that parts orders best (the most significant split:
Breiman and others, Classification and Regression Trees, 1984, ch. 4). How long after an order it is given back is
learnt of what was, corrected for what cannot be seen yet (right truncation: Lynden-Bell, Monthly Notices of the Royal
Astronomical Society 155, 1971). Of what was given back for late orders, the part that orders in time would have had too
is no cost of lateness (the attributable fraction: Levin, Acta Unio Internationalis contra Cancrum 9, 1953).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from argosy.outlook.journeys import Flags, Journeys, journeys
from argosy.outlook.known import Known
from argosy.outlook.late_chances import late_chances
from argosy.outlook.series import Numbers

TRIED_DAYS = range(1, 8)  # lateness from which more may be given back
LONGEST = 120  # days after an order until nothing more is given back; assumed
LEAST_LATE = 20  # late orders without which nothing is learnt
ASSUMED_DAYS, ASSUMED_CHANCE, ASSUMED_PART = 3, 0.15, 0.3  # of thin histories: late from, how often, how much; assumed
CLEAR = 2.5  # standard errors between late and in time
TENTH = 1.2816


@dataclass(frozen=True)
class LateCost:
    """days: from so many days late on, something is given back for it. chance: how often; usual: how often for orders
    in time; part: of the order's worth, when it is; error: of the cost of a late order, as a part of it. given: share
    of it that is given back by each day after the order, from 0 on."""

    days: int
    chance: float
    usual: float
    part: float
    error: float
    given: Numbers

    @property
    def share(self) -> float:
        """What a late order costs, as a part of its worth."""
        return max(self.chance - self.usual, 0) * self.part

    def by(self, age: Numbers) -> Numbers:
        """Return the share of what is given back that is so by an age in days."""
        return np.asarray(self.given[np.clip(np.nan_to_num(age), 0, LONGEST).astype(np.int64)])


@dataclass(frozen=True)
class Cost:
    """An estimate in the book currency, with one time in ten below ``low`` and one in ten above ``high``; orders: how
    many are late beyond what is usual."""

    low: float
    mid: float
    high: float
    orders: float


def late_cost(j: Journeys) -> LateCost:
    """Return what a late order costs, learnt from what was given back so far."""
    age, back = j.now - j.paid, j.part > 0
    given = _given(j.back_at[back] - j.paid[back], age[back])
    seen = given[np.clip(np.nan_to_num(age), 0, LONGEST).astype(np.int64)]
    due = ~np.isnan(j.due) & (j.sold > 0)
    part = float(np.median(j.part[back] / np.maximum(j.sold[back], 0.01))) if back.any() else ASSUMED_PART
    found, best = LateCost(ASSUMED_DAYS, ASSUMED_CHANCE, 0.0, part, 1.0, given), CLEAR
    for days in TRIED_DAYS:
        mine, others = due & (j.late >= days), due & (j.late < days)
        expected, among = seen[mine].sum(), seen[others].sum()
        if mine.sum() < LEAST_LATE or min(expected, among) < 1:
            continue
        chance, usual = min(back[mine].sum() / expected, 1), min(back[others].sum() / among, 1)
        error = float(np.sqrt(max(chance, 1 / expected) / expected + usual / among))
        # The clearest split of all orders, not of the latest alone: errors are those of no difference.
        clear = (chance - usual) / float(np.sqrt(max(usual, 1 / among) * (1 / expected + 1 / among)))
        if clear > best:
            best = clear
            found = LateCost(days, chance, usual, part, min(error / (chance - usual), 1.0), given)
    return found


def cost_of_late(known: Known) -> LateCost:
    """Return what a late order costs, for ``known.once``."""
    return late_cost(known.once(journeys))


def costly_chances(known: Known) -> Numbers:
    """Return how probably each order comes late enough to cost, for ``known.once``."""
    cost: LateCost = known.once(cost_of_late)
    return late_chances(known, days=cost.days)


def lateness(j: Journeys, cost: LateCost, *, stretch: Flags, usual: float, late: Numbers) -> Cost:
    """Return what lateness comes to for the orders of a ``stretch``: given back so far, and to be expected.

    usual: the share of them that would be late anyway; late: how probably each order is late enough to cost, 1 or 0 for
    those of which it is known.
    """
    mine = stretch & ~np.isnan(j.due) & (j.sold > 0)
    number = float(late[mine].sum())
    more = float(np.clip(1 - usual * mine.sum() / number, 0, 1)) if number > 0 else 0.0
    given = j.part[mine & (late >= 0.5) & (j.part > 0)]
    for_it = more * (1 - cost.usual / max(cost.chance, 1e-9))
    waits = mine & (j.part + j.whole == 0)
    left = late[waits] * (1 - cost.by((j.now - j.paid)[waits])) * (cost.chance - cost.usual) * more
    mid = float(given.sum() * for_it + (left * j.sold[waits]).sum() * cost.part)
    each = float(j.sold[mine].mean()) * cost.part if mine.any() else 0.0
    # Which amounts were for lateness, and how many are to come, are draws; what a late order costs is an estimate.
    spread = 1 + float(np.var(j.sold[mine]) / max(float(np.mean(j.sold[mine])) ** 2, 1e-9)) if mine.any() else 1.0
    draws = len(given) * for_it * (1 - for_it) + left.sum() + 0.5
    expected = mid - float(given.sum()) * for_it
    error = np.sqrt(each**2 * spread * draws + (cost.error * expected) ** 2 + (0.15 * mid) ** 2)
    mid = max(mid, each / 10)
    return Cost(max(mid - TENTH * error, 0.0), mid, mid + TENTH * error, number * more)


def _given(delay: Numbers, seen: Numbers) -> Numbers:
    """Return the share given back by each day after the order, of all that ever will be: delays so far, and until when
    each could be seen."""
    days = np.arange(LONGEST + 1)
    delay, seen = np.clip(np.floor(delay), 0, LONGEST), np.clip(np.floor(seen), 0, LONGEST)
    happened = np.bincount(delay.astype(np.int64), minlength=LONGEST + 1)
    # Who could have been seen on a day and was by then: began no later, and is looked at no earlier.
    could = np.searchsorted(np.sort(delay), days, side="right") - np.searchsorted(np.sort(seen), days, side="left")
    keep = 1 - happened / np.maximum(could, happened.clip(min=1))
    share = np.append(np.cumprod(keep[::-1])[::-1][1:], 1.0)
    return np.asarray(share)
