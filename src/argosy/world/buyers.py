"""Who buys when: people who come once or again, in a calendar with weeks, seasons and growth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cache

import numpy as np

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, Flags, Floats, Ints, seconds_of
from argosy.world.draws import Draws
from argosy.world.plan import Plan

LAW_SAMPLE = 400_000  # buyers by whom the mean number of purchases is measured
BEFORE_DAYS = 546  # the shop is this much older than the plan, so that there are buyers who can come back
MOST_PURCHASES = 400
BEYOND = 1 << 40  # purchases with a number from here on come about only when more is wanted than usual
LOYAL_FROM = 2  # who bought twice before comes again out of loyalty


@dataclass(frozen=True)
class Visits:
    """Purchases somebody has in mind, in the order of their moments.

    id: one for each, whatever happens to the others; buyer: number of the buyer; turn: of the buyer's purchases, from
    0; market: place in MARKETS; at: seconds since 1970, UTC.
    """

    id: Ints
    buyer: Ints
    turn: Ints
    market: Ints
    at: Ints

    def only(self, which: Flags | Ints) -> Visits:
        """Return those of the purchases whose flag is set, or at these places."""
        return Visits(*(column[which] for column in (self.id, self.buyer, self.turn, self.market, self.at)))


def visits(plan: Plan, draws: Draws) -> Visits:
    """Return all purchases of the world.

    Buyers come by the BG/NBD process (Fader, Hardie and Lee 2005): a first purchase, then further ones at a rate
    of one's own until one stops for good. The process runs on a clock that goes faster on days on which more is
    bought, so that both the buyers' law and the calendar's hold. It began ``BEFORE_DAYS`` before the plan.
    """
    buyers = round(plan.orders / assumed.BOUGHT / _purchases_each(plan))
    buyer, turn, clock = _process(draws.stream("buyers"), buyers, plan.days)
    return _in_order(buyer * MOST_PURCHASES + turn, buyer, turn, clock, plan, draws)


def more_visits(plan: Plan, draws: Draws) -> Visits:
    """Return purchases that only come about when more is wanted than usual: ``SURGE_ROOM`` times the usual ones, some
    of them by buyers who came before, the others by strangers."""
    many = round(plan.orders / assumed.BOUGHT * assumed.SURGE_ROOM)
    number = BEYOND + np.arange(many)
    known = draws.of("known", number) < assumed.BY_LOYAL
    buyers = max(round(plan.orders / assumed.BOUGHT / _purchases_each(plan)), 1)
    buyer = np.where(known, draws.whole(0, buyers, "whose", number), number)
    clock = draws.of("beyond", number) * plan.days
    return _in_order(number * MOST_PURCHASES, buyer, np.where(known, LOYAL_FROM, 0), clock, plan, draws)


def _in_order(id: Ints, buyer: Ints, turn: Ints, clock: Floats, plan: Plan, draws: Draws) -> Visits:
    market = draws.chosen(_shares(), "markets", buyer)
    at = _moments(clock, market, id, plan, draws)
    order = np.lexsort((id, at))
    return Visits(id[order], buyer[order], turn[order], market[order], at[order])


def _shares() -> Floats:
    shares = np.array([market.share for market in assumed.MARKETS])
    return np.asarray(shares / shares.sum())


@cache
def _purchases_each(plan: Plan) -> float:
    """Return how often a buyer buys within the plan on average: a matter of the law alone, not of the seed."""
    chance = np.random.Generator(np.random.Philox(0))
    return len(_process(chance, LAW_SAMPLE, plan.days)[0]) / LAW_SAMPLE


def _process(chance: np.random.Generator, buyers: int, days: int) -> tuple[Ints, Ints, Floats]:
    """Return buyer, number of the buyer's purchase from 0 and moment in days of the even clock, of those in time."""
    days += BEFORE_DAYS
    begun = chance.random(buyers) * days
    a_day = chance.gamma(assumed.REPEAT_R, 1 / assumed.REPEAT_ALPHA, buyers) / 7
    stops = chance.beta(assumed.REPEAT_A, assumed.REPEAT_B, buyers)
    repeats = np.minimum(chance.geometric(np.maximum(stops, 1e-6)), MOST_PURCHASES)
    # Who cannot come again within the time left need not be drawn further.
    likely = np.ceil(a_day * (days - begun) + 8 * np.sqrt(a_day * (days - begun)) + 8).astype(np.int64)
    repeats = np.minimum(repeats, likely)
    buyer = np.repeat(np.arange(buyers), repeats)
    ends = np.cumsum(repeats)
    gaps = chance.standard_exponential(len(buyer)) / np.maximum(a_day[buyer], 1e-12)
    running = np.cumsum(gaps)
    before = np.concatenate(([0.0], running))[ends - repeats]
    later = begun[buyer] + running - before[buyer]
    turn = np.arange(len(buyer)) - (ends - repeats)[buyer] + 1
    within = (later >= BEFORE_DAYS) & (later < days)
    first = np.flatnonzero(begun >= BEFORE_DAYS)
    return (
        np.concatenate((first, buyer[within])),
        np.concatenate((np.zeros(len(first), np.int64), turn[within])),
        np.concatenate((begun[first], later[within])) - BEFORE_DAYS,
    )


def calendar(plan: Plan) -> Floats:
    """Return how much is bought on each day of the plan against the mean day: week, season and growth."""
    days = [plan.start + timedelta(days=n) for n in range(plan.days)]
    weight = np.array([assumed.WEEKDAYS[day.weekday()] * assumed.MONTHS[day.month - 1] for day in days])
    weight *= (1 + assumed.GROWTH_A_YEAR) ** (np.arange(plan.days) / 365)
    return np.asarray(weight * plan.days / weight.sum())


def _moments(clock: Floats, market: Ints, id: Ints, plan: Plan, draws: Draws) -> Ints:
    """Return the second at which each moment of the even clock falls."""
    passed = np.concatenate(([0.0], np.cumsum(calendar(plan))))
    day = np.clip(np.searchsorted(passed, clock, side="right") - 1, 0, plan.days - 1)
    hours = np.array(assumed.HOURS, dtype=np.float64)
    local = draws.chosen(hours, "hours", id) * 3600 + draws.whole(0, 3600, "seconds", id)
    east = np.array([m.hours_east for m in assumed.MARKETS])[market]
    # A local evening may be the next morning in UTC, never outside the plan.
    at = seconds_of(plan.start) + day * DAY_SECONDS + (local - east * 3600) % DAY_SECONDS
    return np.asarray(at, dtype=np.int64)
