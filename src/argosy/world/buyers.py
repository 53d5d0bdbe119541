"""Who buys when: people who come once or again, in a calendar with weeks, seasons and growth."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, Flags, Floats, Ints, seconds_of
from argosy.world.draws import Draws
from argosy.world.plan import Plan

LAW_SAMPLE = 200_000  # buyers by whom the mean number of purchases is measured
MOST_PURCHASES = 400


@dataclass(frozen=True)
class Visits:
    """Purchases in the order of their moments: who (number of the buyer), from where (place in MARKETS), when.

    at: seconds since 1970, UTC.
    """

    buyer: Ints
    market: Ints
    at: Ints

    def only(self, flags: Flags) -> Visits:
        """Return those of the purchases whose flag is set."""
        return Visits(self.buyer[flags], self.market[flags], self.at[flags])


def at_site(came: Visits, site: assumed.Site, draws: Draws) -> Flags:
    """Return which purchases are made at a site of Amazon's: a buyer's habit, kept for life."""
    there = np.array([market.country == site.country for market in assumed.MARKETS])[came.market]
    habit = draws.stream("habits").random(int(came.buyer.max(initial=0)) + 1) < site.share
    return np.asarray(there & habit[came.buyer])


def visits(plan: Plan, draws: Draws) -> Visits:
    """Return all purchases of the world.

    Buyers come by the BG/NBD process (Fader, Hardie and Lee 2005): a first purchase, then further ones at a rate
    of one's own until one stops for good. The process runs on a clock that goes faster on days on which more is
    bought, so that both the buyers' law and the calendar's hold.
    """
    buyers = round(plan.orders / _purchases_each(plan))
    chance = draws.stream("buyers")
    buyer, clock = _process(chance, buyers, plan.days)
    market = draws.stream("markets").choice(len(assumed.MARKETS), size=buyers, p=_shares())[buyer]
    at = _moments(clock, market, plan, draws)
    order = np.lexsort((buyer, at))
    return Visits(buyer[order], market[order], at[order])


def _shares() -> Floats:
    shares = np.array([market.share for market in assumed.MARKETS])
    return np.asarray(shares / shares.sum())


def _purchases_each(plan: Plan) -> float:
    """Return how often a buyer buys within the plan on average: a matter of the law alone, not of the seed."""
    chance = np.random.Generator(np.random.Philox(0))
    return len(_process(chance, LAW_SAMPLE, plan.days)[0]) / LAW_SAMPLE


def _process(chance: np.random.Generator, buyers: int, days: int) -> tuple[Ints, Floats]:
    """Return buyer and moment in days of the even clock, of purchases in time."""
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
    within = later < days
    return (
        np.concatenate((np.arange(buyers), buyer[within])),
        np.concatenate((begun, later[within])),
    )


def calendar(plan: Plan) -> Floats:
    """Return how much is bought on each day of the plan against the mean day: week, season and growth."""
    days = [plan.start + timedelta(days=n) for n in range(plan.days)]
    weight = np.array([assumed.WEEKDAYS[day.weekday()] * assumed.MONTHS[day.month - 1] for day in days])
    weight *= (1 + assumed.GROWTH_A_YEAR) ** (np.arange(plan.days) / 365)
    return np.asarray(weight * plan.days / weight.sum())


def _moments(clock: Floats, market: Ints, plan: Plan, draws: Draws) -> Ints:
    """Return the second at which each moment of the even clock falls."""
    passed = np.concatenate(([0.0], np.cumsum(calendar(plan))))
    day = np.clip(np.searchsorted(passed, clock, side="right") - 1, 0, plan.days - 1)
    hours = np.array(assumed.HOURS, dtype=np.float64)
    chance = draws.stream("hours")
    local = chance.choice(24, size=len(clock), p=hours / hours.sum()) * 3600 + chance.integers(0, 3600, len(clock))
    east = np.array([m.hours_east for m in assumed.MARKETS])[market]
    # A local evening may be the next morning in UTC, never outside the plan.
    at = seconds_of(plan.start) + day * DAY_SECONDS + (local - east * 3600) % DAY_SECONDS
    return np.asarray(at, dtype=np.int64)
