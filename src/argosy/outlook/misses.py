"""How far forecasts of past weeks missed: what sold against what was expected, over series that sell as unevenly."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from argosy.outlook.levels import levels

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

SHARES = (0.05, 0.1, 0.5, 0.9, 0.95)
NODES = (1, 2, 3, 4, 6, 8, 13)  # weeks ahead that are looked at; between them ratios go evenly
PAST = 52  # weeks looked back on
OLD_WEEKS = 12  # a forecast of a series known for less misses by more: left out, with a third of a short history
GROUPS, GROUP_ROWS = 12, 400  # groups of like series at most, and about how many misses each has at least
SEEN_LEAST = 0.2  # part of a week's usual sales that must have been possible for the week to speak
YOUNG_WEEKS = 4.0  # weeks by which it counts that a series sells as unevenly as three quarters of all, assumed
FEW = 100  # misses below which those of a series nobody knows are put beside them, assumed
UNKNOWN = np.array([0.15, 0.3, 0.45, 0.6, 0.75, 0.9, 1.1, 1.35, 1.7, 2.5])


@dataclass(frozen=True)
class Weeks:
    """Past weeks: what was sold per usual day (rate), how much of the week could be seen (seen, 0 to 1), what the week
    is worth in usual days (worth); series x weeks."""

    rate: Numbers
    seen: Numbers
    worth: Numbers

    @classmethod
    def of(cls, units: Numbers, effect: Numbers) -> Weeks:
        """Return the weeks of units and effects by day, a whole number of weeks; NaN: a day that cannot tell."""
        told = np.isfinite(units)
        worth, open_ = by_week(effect), by_week(effect * told)
        seen = np.where(open_ >= SEEN_LEAST * worth, open_ / np.maximum(worth, 1e-12), 0.0)
        sold = by_week(np.where(told, units, 0.0))
        return cls(np.where(seen > 0, sold / np.maximum(open_, 1e-12), 0.0), seen, worth)


def by_week(days: Numbers) -> Numbers:
    """Return sums by week of what goes by day."""
    return np.asarray(days.reshape(len(days), -1, 7).sum(axis=2))


@dataclass(frozen=True)
class Misses:
    """What sold against what was expected: shares, of all weeks up to each at the ``SHARES``, series x weeks x shares;
    mean, series."""

    shares: Numbers
    mean: Numbers


def misses(weeks: Weeks, roots: Numbers, weights: Numbers, *, leads: int) -> Misses:
    """Return how the forecast would have missed had it been made in past weeks.

    roots, weights: as of ``levels``. leads: weeks ahead.
    """
    group = _groups(weeks)
    shares = np.full((group.max() + 1, len(NODES), len(SHARES)), np.nan)
    mean = np.ones(group.max() + 1)
    for node, lead in enumerate(NODES):
        of, actual, expected = _tried(weeks, roots, weights, lead)
        for one in range(len(shares)):
            mine = group[of] == one
            shares[one, node] = _quantiles(actual[mine] / expected[mine], before=shares[one, node - 1])
            if lead <= 4 and mine.sum() >= FEW:
                mean[one] = actual[mine].sum() / expected[mine].sum()
    return Misses(_between(shares, leads)[group], mean[group])


def _groups(weeks: Weeks) -> Places:
    """Return the group of each series: those whose weekly sales spread about as much about their mean."""
    count = weeks.seen.sum(axis=1)
    _, spread = _mean_and_spread(weeks)
    old = count >= YOUNG_WEEKS
    usual = np.quantile(spread[old], 0.75) if old.any() else 1.0
    spread = np.sqrt((count * spread**2 + YOUNG_WEEKS * usual**2) / (count + YOUNG_WEEKS))
    rows = len(spread) * min(max(weeks.seen.shape[1] - _least_weeks(weeks), 1), PAST)
    many = int(np.clip(rows // GROUP_ROWS, 1, min(GROUPS, len(spread))))
    rank = np.argsort(np.argsort(spread, kind="stable"), kind="stable")
    return np.asarray(rank * many // len(spread))


def _least_weeks(weeks: Weeks) -> int:
    return max(min(OLD_WEEKS, int(weeks.seen.shape[1]) // 3), 2)


def _mean_and_spread(weeks: Weeks) -> tuple[Numbers, Numbers]:
    """Return the mean of what was sold per usual day, and its standard deviation by week against it."""
    count = np.maximum(weeks.seen.sum(axis=1), 1e-9)
    mean = (weeks.rate * weeks.seen).sum(axis=1) / count
    square = (weeks.seen * (weeks.rate - mean[:, None]) ** 2).sum(axis=1) / count
    return mean, np.sqrt(square) / np.maximum(mean, 1e-12)


def _tried(weeks: Weeks, roots: Numbers, weights: Numbers, lead: int) -> tuple[Places, Numbers, Numbers]:
    """Return of each past forecast for the next ``lead`` weeks: its series, what sold and what was expected, both
    against the mean of the series; weeks that could not be seen left out of both."""
    total, least = weeks.rate.shape[1], _least_weeks(weeks)
    after = np.arange(max(least, total - PAST - lead), total - lead + 1)
    ahead = after[:, None] + np.arange(lead)[None, :]
    level = levels(roots[:, after], weights, lead)
    rate, seen, worth = (part[:, ahead] for part in (weeks.rate, weeks.seen, weeks.worth))
    could = (seen > 0.5) * worth
    actual, expected = (rate * could).sum(axis=2), (level * could).sum(axis=2)
    old = np.cumsum(weeks.seen > 0, axis=1)[:, after - 1] >= least
    of, on = np.nonzero(old & (expected > 0.5 * (level * worth).sum(axis=2)))
    scale = _mean_and_spread(weeks)[0][of]
    return of, actual[of, on] / scale, expected[of, on] / scale


def _quantiles(ratio: Numbers, *, before: Numbers) -> Numbers:
    """Return the quantiles of ratios at the ``SHARES``; of too few ratios those of fewer weeks ahead."""
    if len(ratio) >= FEW:
        return np.quantile(ratio, SHARES)
    return np.quantile(np.concatenate((ratio, UNKNOWN)), SHARES) if np.isnan(before[0]) else before


def _between(nodes: Numbers, leads: int) -> Numbers:
    """Return the ratios of every week ahead from those of the nodes: groups x leads x shares."""
    at = np.clip(np.arange(1, leads + 1), NODES[0], NODES[-1])
    high = np.searchsorted(NODES, at)
    low = np.maximum(high - 1, 0)
    span = np.maximum(np.take(NODES, high) - np.take(NODES, low), 1)
    share = ((at - np.take(NODES, low)) / span)[None, :, None]
    return np.asarray(nodes[:, low] * (1 - share) + nodes[:, high] * share)
