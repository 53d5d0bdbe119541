"""How much of each article is wanted in the days to come, with ranges.

Method. Sales are the level of a series times the effect of the day (``calendar_effects``); levels by week are told by
a weighted mean of simple forecasts (``levels``). Days on which nothing was on hand are left out, not taken for nought
(Nahmias 1994). Ranges are those of the misses of the same forecast made from past weeks on, by weeks ahead and over
series that sell about as unevenly (conformal prediction, Lei et al. 2018, within groups, Vovk et al. 2005): so they
hold whatever shape sales have, one-off bulk orders and weeks without a sale too.

Promotions and holidays known in advance are taken where they are given (``Sales.known_ahead``); no fact table tells
them yet. Figures beside baselines stand in docs/forecasts.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np

from argosy.outlook.calendar_effects import Numbers, day_effects
from argosy.outlook.known import Known
from argosy.outlook.levels import best_weights, levels, simple_forecasts
from argosy.outlook.misses import SHARES, Weeks, by_week, misses
from argosy.outlook.sales import Key, Sales, sales

HORIZON_DAYS = 182


@dataclass(frozen=True)
class Demand:
    """What is wanted in the days from ``first`` on, if it can be had.

    keys: article and warehouse of each series; None: of all warehouses together. usual: units as often too many as too
    few, day by day: series x days. expected: the mean, which counts rare large orders in. within: units wanted in all
    from ``first`` to the end of each day, with the likelihoods ``SHARES`` of being enough: series x days x shares.
    """

    keys: Sequence[Key]
    first: date
    usual: Numbers
    expected: Numbers
    within: Numbers

    @cached_property
    def places(self) -> Mapping[Key, int]:
        """The place of each series."""
        return {key: place for place, key in enumerate(self.keys)}

    def needed(self, sku: str, warehouse: str | None = None, *, days: int, share: float = 0.5) -> int | None:
        """Return the units that are enough for so many days with the likelihood ``share``; None: never sold there.

        share: one of ``SHARES`` or in between. days: 1 to ``HORIZON_DAYS``.
        """
        place = self.places.get((sku, warehouse))
        if place is None:
            return None
        return round(float(np.interp(share, SHARES, self.within[place, days - 1])))


def demand(known: Known) -> Demand | None:
    """Return what is wanted of each article, at each warehouse and in all, for ``HORIZON_DAYS`` from ``known.day`` on.

    None: nothing was sold, or orders and their lines are missing. An article not sold in ``sales.MOST_DAYS`` has no
    series. Units, not yet rounded; whole where ``Demand.needed`` tells them. The rows it rests on are those of
    ``sales.sold_days`` (sku, warehouse, day, units), to be shown as evidence. Several checks share one forecast by
    ``known.once(demand)``. Errors and how often ranges held on real sales stand in docs/forecasts.md.
    """
    found = sales(known)
    return None if found is None else forecast(found)


def forecast(sold: Sales, *, days: int = HORIZON_DAYS) -> Demand:
    """Return what is wanted in the ``days`` after the last one of the sales, a whole number of weeks."""
    units, ahead = _in_whole_weeks(sold, days)
    past = units.shape[1]
    effect = day_effects(units, ahead, weekday=(sold.last - timedelta(days=past - 1)).weekday())
    weeks = Weeks.of(units, effect[:, :past])
    roots = simple_forecasts(weeks.rate, weeks.seen)
    weights = best_weights(roots, weeks.rate, weeks.seen)
    usual = np.repeat(levels(roots[:, -1], weights, days // 7), 7, axis=1) * effect[:, past:]
    missed = misses(weeks, roots, weights, leads=days // 7)
    expected = usual * missed.mean[:, None]
    within = _within(usual, np.cumsum(by_week(usual), axis=1)[:, :, None] * missed.shares)
    return Demand(sold.keys, sold.last + timedelta(days=1), usual, expected, within)


def _in_whole_weeks(sold: Sales, days: int) -> tuple[Numbers, Numbers]:
    """Return units, with days that tell nothing before the first to whole weeks, and what is known of these days and
    those ahead; of days further off nothing is."""
    before = -sold.units.shape[1] % 7
    missing = max(sold.units.shape[1] + days - sold.known_ahead.shape[1], 0)
    units = np.pad(sold.units, ((0, 0), (before, 0)), constant_values=np.nan)
    return units, np.pad(sold.known_ahead, ((0, 0), (before, missing), (0, 0)))[:, : units.shape[1] + days]


def _within(usual: Numbers, whole: Numbers) -> Numbers:
    """Return units within each day from those within each week: how far they lie from the usual ones goes evenly from
    one end of a week to the next, in the first week with the root of the days."""
    passed, day = np.cumsum(usual, axis=1), np.arange(usual.shape[1])
    off = whole - passed[:, 6::7, None]
    off = np.concatenate((np.zeros_like(off[:, :1]), off), axis=1)
    week, share = day // 7, (day % 7 + 1) / 7
    share = np.where(week == 0, np.sqrt(share), share)[:, None]
    found = off[:, week] * (1 - share) + off[:, week + 1] * share
    found += passed[:, :, None]
    return np.asarray(np.maximum.accumulate(np.maximum(found, 0), axis=1))
