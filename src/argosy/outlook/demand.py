"""How much of each article is wanted in the days to come, with ranges.

Method. Sales are the level of a series times the effect of the day (``calendar_effects``); levels by week are told by
a weighted mean of simple forecasts (``levels``). Days on which nothing was on hand are left out, not taken for nought
(Nahmias 1994). Ranges are those of the misses of the same forecast made from past weeks on, by weeks ahead and over
series that sell about as unevenly (conformal prediction, Lei et al. 2018, in groups as Mondrian conformal prediction,
Vovk et al. 2005): so they hold whatever shape sales have, one-off bulk orders and weeks without a sale too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from argosy.outlook.calendar_effects import Numbers, day_effects
from argosy.outlook.known import Known
from argosy.outlook.levels import PAST, WARM, simple_forecasts, weights
from argosy.outlook.sales import Sales, sales

SHARES = (0.05, 0.1, 0.5, 0.9, 0.95)
HORIZON_DAYS = 182
NODES = (1, 2, 3, 4, 6, 8, 13)  # weeks ahead whose misses are looked at
GROUPS, GROUP_ROWS = 12, 400  # groups of like series at most, and misses each has at least
SEEN_LEAST = 0.2  # part of a week's usual sales that must have been possible for the week to speak


@dataclass(frozen=True)
class Demand:
    """What is wanted in the days from ``first`` on, could all be had.

    keys: article and warehouse of each series. daily: expected units, series x days. within: units wanted in all from
    ``first`` to each day, at the ``SHARES`` of likelihood, series x days x shares. weekly: the same for each week
    alone, series x weeks x shares.
    """

    keys: Sequence[tuple[str, str | None]]
    first: date
    daily: Numbers
    within: Numbers
    weekly: Numbers

    @cached_property
    def places(self) -> Mapping[tuple[str, str | None], int]:
        """The place of each series: article and warehouse; None for all warehouses together."""
        return {key: place for place, key in enumerate(self.keys)}

    def needed(self, sku: str, warehouse: str | None = None, *, days: int, share: float = 0.5) -> int | None:
        """Return the units that are enough for so many days with the likelihood ``share``; None: never sold there.

        share: 0.05, 0.1, 0.5, 0.9 or 0.95, or in between. days: at most ``HORIZON_DAYS``.
        """
        place = self.places.get((sku, warehouse))
        if place is None:
            return None
        return round(float(np.interp(share, SHARES, self.within[place, days - 1])))


def demand(known: Known) -> Demand | None:
    """Return what is wanted of each article at each warehouse from the day ``known.day`` on; None: nothing was sold."""
    found = sales(known)
    return None if found is None else forecast(found)


def forecast(sold: Sales, *, days: int = HORIZON_DAYS) -> Demand:
    """Return what is wanted in the ``days`` after the last one of the sales, a whole number of weeks."""
    past = sold.units.shape[1] - sold.units.shape[1] % 7
    units, ahead = sold.units[:, -past:], sold.known_ahead[:, sold.units.shape[1] - past :]
    first = sold.last - timedelta(days=past - 1)
    effect = day_effects(units, _whole(ahead, past + days), weekday=first.weekday())
    weeks = _Weeks.of(units, effect)
    known = simple_forecasts(weeks.rate, weeks.seen)
    mix = weights(known, weeks.rate, weeks.seen)
    level = _levels(known[:, -1], mix, days // 7)
    daily = np.repeat(level, 7, axis=1) * effect[:, past:]
    misses = _Misses(weeks, known, mix)
    return Demand(sold.keys, sold.last + timedelta(days=1), *misses.applied(daily))


def _whole(ahead: Numbers, days: int) -> Numbers:
    missing = max(days - ahead.shape[1], 0)
    return np.pad(ahead, ((0, 0), (0, missing), (0, 0)))[:, :days]


def _levels(known: Numbers, mix: Numbers, weeks: int) -> Numbers:
    """Return the level of each week ahead: (series ...) x weeks."""
    lead = np.minimum(np.arange(weeks), len(mix) - 1)
    return np.asarray(known @ mix[lead].T)


@dataclass(frozen=True)
class _Weeks:
    """Weeks of the past: what was sold per usual day (rate), how much of the week could be seen (0 to 1), what a week
    is worth in usual days (worth); series x weeks."""

    rate: Numbers
    seen: Numbers
    worth: Numbers

    @classmethod
    def of(cls, units: Numbers, effect: Numbers) -> _Weeks:
        past = units.shape[1]
        told = np.isfinite(units)
        worth = _by_week(effect[:, :past])
        open_ = _by_week(effect[:, :past] * told)
        seen = np.where(open_ >= SEEN_LEAST * worth, open_ / np.maximum(worth, 1e-12), 0.0)
        rate = np.where(seen > 0, _by_week(np.where(told, units, 0.0)) / np.maximum(open_, 1e-12), 0.0)
        return cls(rate, seen, worth)


def _by_week(days: Numbers) -> Numbers:
    return np.asarray(days.reshape(len(days), -1, 7).sum(axis=2))


class _Misses:
    """What came of the same forecast made from past weeks on: actual against expected, in groups of like series."""

    def __init__(self, weeks: _Weeks, known: Numbers, mix: Numbers) -> None:
        self.weeks, self.known, self.mix = weeks, known, mix
        self.group = self._groups()

    def _groups(self) -> np.ndarray:
        """Return the group of each series: those of about the same spread of weekly sales about their mean."""
        seen = self.weeks.seen
        n = np.maximum(seen.sum(axis=1), 1)
        mean = (self.weeks.rate * seen).sum(axis=1) / n
        spread = np.sqrt((seen * (self.weeks.rate - mean[:, None]) ** 2).sum(axis=1) / n) / np.maximum(mean, 1e-12)
        rows = len(spread) * min(max(seen.shape[1] - WARM - 4, 1), PAST)
        many = int(np.clip(rows // GROUP_ROWS, 1, min(GROUPS, len(spread))))
        rank = np.argsort(np.argsort(spread, kind="stable"), kind="stable")
        return np.asarray(rank * many // len(spread))

    def applied(self, daily: Numbers) -> tuple[Numbers, Numbers, Numbers]:
        """Return daily expectations put right, and the units within each day and in each week by share."""
        of_week, of_all = self._ratios()
        weeks = daily.shape[1] // 7
        mean = np.stack([_between(of_week[:, :, -1], weeks)], axis=2)[self.group][:, :, 0]
        expected = _by_week(daily)
        weekly = expected[:, :, None] * _between(of_week[:, :, :-1], weeks)[self.group]
        whole = np.cumsum(expected, axis=1)[:, :, None] * _between(of_all[:, :, :-1], weeks)[self.group]
        daily = daily * np.repeat(mean, 7, axis=1)
        within = _days_within(daily, np.maximum.accumulate(whole, axis=1))
        return daily, within, weekly

    def _ratios(self) -> tuple[Numbers, Numbers]:
        """Return quantiles (and last the mean) of actual against expected: groups x nodes x (shares + 1), for each
        week alone and for all weeks up to it."""
        groups = self.group.max() + 1
        found = np.full((2, groups, len(NODES), len(SHARES) + 1), np.nan)
        for place, lead in enumerate(NODES):
            for kind, (ratio, of) in enumerate(self._observed(lead)):
                for group in range(groups):
                    mine = np.sort(ratio[self.group[of] == group])
                    if len(mine) >= 20 or (place == 0 and len(mine) > 0):
                        found[kind, group, place, :-1] = np.quantile(mine, SHARES)
                        found[kind, group, place, -1] = np.minimum(mine, 8).mean()
        return _filled(found[0]), _filled(found[1])

    def _observed(self, lead: int) -> list[tuple[Numbers, np.ndarray]]:
        weeks, total = self.weeks, self.weeks.rate.shape[1]
        at = np.arange(max(WARM, total - PAST - lead), total - lead + 1)
        if not len(at):
            return [(np.zeros(0), np.zeros(0, int))] * 2
        level = _levels(self.known[:, at], self.mix, lead)  # series x origins x weeks
        ahead = at[:, None] + np.arange(lead)[None, :]
        sold, seen, worth = (a[:, ahead] for a in (weeks.rate, weeks.seen, weeks.worth))
        known_for = (np.cumsum(weeks.seen > 0, axis=1)[:, at - 1] >= WARM) & (level[:, :, 0] > 0)
        found = []
        for part in (slice(lead - 1, lead), slice(0, lead)):
            w = worth[:, :, part]
            expected = (level[:, :, part] * w).sum(axis=2)
            could = (seen[:, :, part] > 0.5) * w
            actual = (sold[:, :, part] * could).sum(axis=2)
            expected_seen = (level[:, :, part] * could).sum(axis=2)
            good = known_for & (expected_seen > 0.5 * expected)
            of = np.nonzero(good)[0]
            found.append((actual[good] / expected_seen[good], of))
        return found


def _filled(found: Numbers) -> Numbers:
    """Return ratios where few or none were seen: those of the node before, else one for all."""
    for place in range(found.shape[1]):
        none = np.isnan(found[:, place, 0])
        found[none, place] = found[none, place - 1] if place else 1.0
    return found


def _between(nodes: Numbers, weeks: int) -> Numbers:
    """Return ratios for every week ahead from those of the nodes."""
    at = np.clip(np.arange(1, weeks + 1), NODES[0], NODES[-1])
    high = np.searchsorted(NODES, at)
    low = np.maximum(high - 1, 0)
    low_at, high_at = np.array(NODES)[low], np.array(NODES)[high]
    share = np.where(high_at > low_at, (at - low_at) / np.maximum(high_at - low_at, 1), 1.0)
    shape = (1, -1) + (1,) * (nodes.ndim - 2)
    return np.asarray(nodes[:, low] * (1 - share.reshape(shape)) + nodes[:, high] * share.reshape(shape))


def _days_within(daily: Numbers, whole: Numbers) -> Numbers:
    """Return the units within each day: between ends of weeks, how far they lie from what is expected goes evenly, in
    the first week with the root of the days."""
    passed = np.cumsum(daily, axis=1)
    at = np.arange(1, daily.shape[1] + 1)
    off = whole - passed[:, 6::7][:, :, None]
    off = np.concatenate((np.zeros_like(off[:, :1]), off), axis=1)
    week, share = (at - 1) // 7, ((at - 1) % 7 + 1) / 7
    share = np.where(week == 0, np.sqrt(share), share)[None, :, None]
    found = passed[:, :, None] + off[:, week] * (1 - share) + off[:, week + 1] * share
    return np.asarray(np.maximum.accumulate(np.maximum(found, 0), axis=1))
