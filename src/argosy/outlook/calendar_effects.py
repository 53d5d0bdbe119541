"""How much more or less is sold on a day than its week's level says: weekday, year, promotions, holidays.

Method. Sales of a series are its slowly moving level times the effect of the day, a log-linear regression fitted as a
quasi-Poisson model (Wedderburn 1974), which takes days without a sale as they are. It is fitted over all series
together first; each series then departs from what holds for all as far as its own days speak for it (ridge towards the
pooled coefficients, as in hierarchical regression, Gelman and Hill 2007).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

ROUNDS, STEPS = 2, 4
# How far coefficients lie from nought for all, and of a series from those for all: standard deviations, assumed.
SPREAD_OF_ALL, SPREAD_OF_ONE = 3.0, 0.25
LEVEL_DAYS = 57  # the level is the mean of four weeks before and after
MOST = 6.0  # a day of a series sells at most e^6 times as much as another, and at least that part
YEAR = 365.25
YEARLY_FROM = 500  # days of history from which on the time of year is told from the trend
WAVES = 4  # of the year


def day_effects(sold: Numbers, known_ahead: Numbers, *, weekday: int) -> Numbers:
    """Return the effect of each day, past and ahead, by which the level of a series is multiplied: series x days.

    sold: series x past days, NaN where nothing can be told. known_ahead: (1 or series) x (past and coming days) x
    features, what is known of each day in advance. weekday: of the first day, Monday is 0.
    """
    past, days = sold.shape[1], known_ahead.shape[1]
    week = np.eye(7)[(np.arange(days) + weekday) % 7]
    given = np.concatenate((np.broadcast_to(week, (len(known_ahead), days, 7)), known_ahead), axis=2)
    told = np.isfinite(sold)
    y = np.where(told, sold, 0.0)
    season = _season(y, told, days)
    effect = np.exp(season)
    for _ in range(ROUNDS):
        level = _level(y, effect[:, :past] * told)
        base = level * np.exp(season[:, :past])
        effect = np.exp(_fitted(y, base, told, given)) * np.exp(season)
    return effect


def _level(y: Numbers, exposure: Numbers) -> Numbers:
    return _around(y) / np.maximum(_around(exposure), 1e-9)


def _around(values: Numbers, days: int = LEVEL_DAYS) -> Numbers:
    """Return sums over the days around each day."""
    half = days // 2
    sums = np.concatenate((np.zeros((len(values), 1)), np.cumsum(values, axis=1)), axis=1)
    at = np.arange(values.shape[1])
    return np.asarray(sums[:, np.minimum(at + half + 1, values.shape[1])] - sums[:, np.maximum(at - half, 0)])


def _fitted(y: Numbers, base: Numbers, told: Flags, given: Numbers) -> Numbers:
    """Return the logarithm of each day's effect."""
    past, features = y.shape[1], given.shape[2]
    x = given[:, :past]
    seen = told & (base > 0)
    beta = np.zeros((len(y), features))
    dispersion = np.ones(len(y))
    for own in [False] * STEPS + [True] * STEPS:
        mean = base * np.exp(np.clip(_along(x, beta), -MOST, MOST)) * seen
        dispersion = _dispersion(y, mean, seen)
        pull = ((y - mean) * seen) / dispersion[:, None]
        slope = _against(x, pull)
        bend = np.swapaxes(x, 1, 2) @ (x * (mean / dispersion[:, None])[:, :, None])
        if not own:
            least = np.eye(features) / SPREAD_OF_ALL**2
            step = np.linalg.solve(bend.sum(axis=0) + least, slope.sum(axis=0) - least @ beta[0])
            beta = beta + np.clip(step, -2, 2)
            centre = beta
        else:
            least = np.eye(features) / SPREAD_OF_ONE**2
            pulled = slope - (beta - centre) / SPREAD_OF_ONE**2
            beta = beta + np.clip(np.linalg.solve(bend + least, pulled[:, :, None])[:, :, 0], -2, 2)
    return np.clip(_along(given, beta), -MOST, MOST)


def _along(x: Numbers, beta: Numbers) -> Numbers:
    return np.asarray((x @ beta[:, :, None])[:, :, 0])


def _against(x: Numbers, values: Numbers) -> Numbers:
    return np.asarray((np.swapaxes(x, 1, 2) @ values[:, :, None])[:, :, 0])


def _dispersion(y: Numbers, mean: Numbers, seen: Flags) -> Numbers:
    """Return how many times the variance of each series exceeds its mean (Pearson), scaled as its sales are."""
    misses = np.where(mean > 0, (y - mean) ** 2 / np.maximum(mean, 1e-12), 0.0)
    found = misses.sum(axis=1) / np.maximum(seen.sum(axis=1), 1)
    return np.asarray(np.where(found > 0, found, 1.0))


def _season(y: Numbers, told: Flags, days: int) -> Numbers:
    """Return the time of year of all series together, as a logarithm: 1 x days; nought where history is too short."""
    past = y.shape[1]
    seen = told.sum(axis=1) > past / 2
    if past < YEARLY_FROM or not seen.any():
        return np.zeros((1, days))
    share = y[seen] / np.maximum(y[seen].sum(axis=1, keepdims=True) / told[seen].sum(axis=1, keepdims=True), 1e-12)
    total = share.sum(axis=0, keepdims=True) / np.maximum(told[seen].sum(axis=0, keepdims=True), 1)
    level = _around(total, 29) / np.maximum(_around(np.ones_like(total), 29), 1)
    at = np.arange(days) / YEAR * 2 * np.pi
    waves = np.column_stack([wave(at * n) for n in range(1, WAVES + 1) for wave in (np.sin, np.cos)])
    trend = np.column_stack((np.ones(days), np.arange(days) / YEAR))
    found = np.linalg.lstsq(np.column_stack((trend, waves))[:past], np.log(np.maximum(level[0], 1e-9)), rcond=None)[0]
    return np.asarray((waves @ found[2:])[None, :])
