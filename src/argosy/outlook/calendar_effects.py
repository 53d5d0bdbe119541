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

ROUNDS, STEPS = 1, 4
# How far coefficients lie from nought for all, and of a series from those for all: standard deviations, assumed.
SPREAD_OF_ALL, SPREAD_OF_ONE = 3.0, 0.4
NEAR_DAYS = (-2, -1, 1, 2)  # a promotion or a holiday is felt some days before and after
LEVEL_DAYS = 57  # the level is the mean of four weeks before and after
MOST = 6.0  # a day of a series sells at most e^6 times as much as another, and at least that part
YEAR = 365.25
YEARLY_FROM = 500  # days of history from which on the time of year is told from the trend
WAVES = 8  # of the year


def day_effects(sold: Numbers, known_ahead: Numbers, *, weekday: int) -> Numbers:
    """Return the effect of each day, past and ahead, by which the level of a series is multiplied: series x days.

    sold: series x past days, NaN where nothing can be told. known_ahead: (1 or series) x (past and coming days) x
    features, what is known of each day in advance. weekday: of the first day, Monday is 0.
    """
    past, days = sold.shape[1], known_ahead.shape[1]
    week = np.eye(7)[(np.arange(days) + weekday) % 7]
    near = [_shifted(known_ahead, by) for by in NEAR_DAYS]
    given = np.concatenate((np.broadcast_to(week, (len(known_ahead), days, 7)), known_ahead, *near), axis=2)
    told = np.isfinite(sold)
    y = np.where(told, sold, 0.0)
    season = _season(y, told, days)
    effect = np.exp(season)
    for _ in range(ROUNDS):
        level = _level(y, effect[:, :past] * told)
        base = level * np.exp(season[:, :past])
        effect = np.exp(_fitted(y, base, told, given)) * np.exp(season)
    return effect


def _shifted(ahead: Numbers, by: int) -> Numbers:
    """Return what is known of other days: ``by`` days later, or earlier."""
    return np.concatenate((ahead[:, by:], 0 * ahead[:, :by]) if by > 0 else (0 * ahead[:, by:], ahead[:, :by]), axis=1)


def _level(y: Numbers, exposure: Numbers) -> Numbers:
    return _around(y) / np.maximum(_around(exposure), 1e-9)


def _around(values: Numbers, days: int = LEVEL_DAYS) -> Numbers:
    """Return sums over the days around each day."""
    half = days // 2
    sums = np.concatenate((np.zeros((len(values), 1)), np.cumsum(values, axis=1)), axis=1)
    at = np.arange(values.shape[1])
    return np.asarray(sums[:, np.minimum(at + half + 1, values.shape[1])] - sums[:, np.maximum(at - half, 0)])


def _fitted(y: Numbers, base: Numbers, told: Flags, given: Numbers) -> Numbers:
    """Return the logarithm of each day's effect, by Fisher scoring: first for all series, then for each."""
    past, features = y.shape[1], given.shape[2]
    x = given[:, :past]
    seen = told & (base > 0)
    one = np.eye(features)
    beta = np.zeros((1, features))
    for _ in range(STEPS):
        slope, bend = _scores(y, base, seen, x, beta)
        least = one / SPREAD_OF_ALL**2
        beta = beta + np.clip(np.linalg.solve(bend.sum(axis=0) + least, slope.sum(axis=0) - least @ beta[0]), -2, 2)
    of_all, beta = beta, np.repeat(beta, len(y), axis=0)
    for _ in range(STEPS):
        slope, bend = _scores(y, base, seen, x, beta)
        least = one / SPREAD_OF_ONE**2
        pulled = slope - (beta - of_all) / SPREAD_OF_ONE**2
        beta = beta + np.clip(np.linalg.solve(bend + least, pulled[:, :, None])[:, :, 0], -2, 2)
    return np.clip(_along(given, beta), -MOST, MOST)


def _scores(y: Numbers, base: Numbers, seen: Flags, x: Numbers, beta: Numbers) -> tuple[Numbers, Numbers]:
    """Return slope and curvature of the quasi-likelihood of each series: series x features (x features)."""
    mean = base * np.exp(np.clip(_along(x, beta), -MOST, MOST)) * seen
    dispersion = _dispersion(y, mean, seen)[:, None]
    pull, weight = (y - mean) * seen / dispersion, mean / dispersion
    if len(x) > 1:
        turned = np.swapaxes(x, 1, 2)
        return (turned @ pull[:, :, None])[:, :, 0], turned @ (x * weight[:, :, None])
    days, features = x[0].shape
    pairs = (x[0][:, :, None] * x[0][:, None, :]).reshape(days, -1)
    return pull @ x[0], (weight @ pairs).reshape(-1, features, features)


def _along(x: Numbers, beta: Numbers) -> Numbers:
    return beta @ x[0].T if len(x) == 1 else (x @ beta[:, :, None])[:, :, 0]


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
