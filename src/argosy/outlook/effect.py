"""What an action brought, told from plain series of daily money: against units left alone, others like it, itself.

Every way returns an ``Effect``: the money over the whole window with its range, or why it cannot be measured. No way
assumes how noise is spread: a range is as wide as the same way errs where nothing was done (placebos in space or time,
Abadie, Diamond and Hainmueller 2010), each error measured in that subject's own noise and their quantile taken as split
conformal prediction does (Lei et al. 2018), so that it holds the truth eight times in ten however noise is shaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri, stdtrit

from argosy.model.findings import Range

Floats = NDArray[np.float64]

COVERED = 0.8  # of ranges hold the truth: P10 to P90
WEEK = 7
LEAST_DAYS, LEAST_BEFORE = 7, 28  # of the window, and before it; assumed: a week, and four of them to know the usual
LEAST_BUSY = 20  # days before it on which anything happened; assumed, with fewer no noise can be told
LEAST_DONORS = 5  # subjects left alone; with fewer no error in ten can be told (split conformal: n + 1 >= 1 / 0.2)
LEAST_UNITS = 30  # in each part of a holdout; assumed, what a mean of skewed purchases needs at least
SMALLEST = 0.05  # part of the subject's money a donor must have: what is smaller is mostly chance; assumed
FEW_UNITS = 1000  # up to here the spread of a holdout is told by permutation, beyond by Student's t
PERMUTATIONS = 999
DRIFT = 0.1  # of a subject's level by which it moves by itself, beside daily noise; placebos in simulated shops
PULL = 10.0  # how strongly donors are held to their common level; placebo errors in simulated shops, flat from 3 to 30
CLEAR = 2.0  # times its half range by which an effect is no chance: with normal noise one placebo in a hundred
TOO_FEW_DAYS, TOO_FEW_UNITS, TOO_LITTLE = "too_few_days", "too_few_units", "too_little"
NO_DONORS, TOO_NOISY = "no_donors", "too_noisy"


@dataclass(frozen=True)
class Effect:
    """Money brought over the window; None and ``reason`` (a key of ``locale/measures.toml``) where it cannot be
    measured. donors: how many subjects or units it was held against.

    Every way takes ``most``, the most money it could be, by what was expected; else what the subject usually brings.
    """

    brought: Range | None
    reason: str = ""
    donors: int = 0


def held_out(
    treated: ArrayLike,
    held: ArrayLike,
    *,
    treated_before: ArrayLike | None = None,
    held_before: ArrayLike | None = None,
    most: float | None = None,
) -> Effect:
    """Return what treating brought over all treated units, against units chosen by chance and left alone.

    treated, held: money of each unit in the window; ``_before``: of the same units before it, which takes away what
    would have differed anyway (CUPED: Deng, Xu, Kohavi and Walker 2013). Range: Welch's t, with few units by the
    permutation of the studentised difference (Janssen 1997).
    """
    one, other = _floats(treated), _floats(held)
    if min(len(one), len(other)) < LEAST_UNITS:
        return Effect(None, TOO_FEW_UNITS, len(other))
    if treated_before is not None and held_before is not None:
        one, other = _without_before(one, other, _floats(treated_before), _floats(held_before))
    difference, error = one.mean() - other.mean(), _welch_error(one, other)
    usual = abs(float(other.mean())) * len(one) if most is None else most
    low, high = _studentised(one, other) if error else (0.0, 0.0)
    # Where permuted differences lie to one side, the middle is still the difference that was seen.
    money = [float(len(one) * (difference - part * error)) for part in (max(high, 0.0), 0.0, min(low, 0.0))]
    return _effect(*money, most=usual, donors=len(other))


def matched(series: ArrayLike, donors: ArrayLike, first: int, *, most: float | None = None) -> Effect:
    """Return what ``series`` came to from its day ``first`` on, beyond what others like it say it would have.

    Difference in differences in parts: the donors together, brought to the level ``series`` had before. series: money
    by day; donors: a row each, same days. Best with many small subjects, whose own ups and downs are mostly chance.
    """
    return _against(series, donors, first, pull=None, most=most)


def synthetic(series: ArrayLike, donors: ArrayLike, first: int, *, most: float | None = None) -> Effect:
    """Return what ``series`` came to from its day ``first`` on, beyond what its synthetic control says it would have.

    Weights of donors, none below zero (Abadie and Gardeazabal 2003), are fitted to the weeks before, held by a ridge to
    the donors' common level; what stays between the two before is taken off (demeaned: Ferman and Pinto 2021). Best
    with few large subjects that move each in its own way.
    """
    return _against(series, donors, first, pull=PULL, most=most)


def before_after(series: ArrayLike, first: int, *, most: float | None = None) -> Effect:
    """Return what ``series`` came to from its day ``first`` on, beyond its own weeks before; for what has no donors.

    The usual is its mean over whole weeks, as many as the window has; the range comes from pretending, week by week,
    that the action was taken earlier.
    """
    days = _floats(series)
    length = len(days) - first
    if length < LEAST_DAYS or first < max(LEAST_BEFORE, 3 * length):
        return Effect(None, TOO_FEW_DAYS)
    usual = -(-length // WEEK) * WEEK
    starts = range(first - length, usual - 1, -WEEK)
    errors = [_beyond(days, start, length, usual) for start in starts]
    # Pretended windows overlap and are few: never less than what weeks that only differ by chance would err by.
    chance = np.sqrt(_weeks(days[:first]).var(ddof=1) * length / WEEK * (1 + length / usual))
    wide = max(_conformal(np.abs(errors)), float(ndtri((1 + COVERED) / 2) * chance))
    level = abs(float(days[:first].mean())) * length
    brought = _beyond(days, first, length, usual)
    return _effect(brought - wide, brought, brought + wide, most=level if most is None else most)


def rated(
    series: ArrayLike,
    volume: ArrayLike,
    donors: ArrayLike,
    volumes: ArrayLike,
    first: int,
    *,
    most: float | None = None,
) -> Effect:
    """Return what ``series`` came to from its day ``first`` on, beyond its usual part of the business behind it.

    For costs that grow with sales: the part of its ``volume`` they were before, as it has changed with the donors of
    whom nothing was done (``volumes``: a row each, as ``donors``). More sales are then no higher cost.
    """
    mine, sold = _floats(series), _floats(volume)
    others, theirs = np.atleast_2d(_floats(donors)), np.atleast_2d(_floats(volumes))
    lacking = _lacking(mine, first)
    if lacking:
        return Effect(None, lacking)
    busy = (theirs[:, :first] > 0).any(axis=1) & (others[:, :first] != 0).any(axis=1)
    busy &= np.abs(others[:, :first]).mean(axis=1) >= SMALLEST * np.abs(mine[:first]).mean()
    others, theirs = others[busy], theirs[busy]
    placebos = (
        [
            _noisy(row, _rate_of(row, theirs[n], np.delete(others, n, 0), np.delete(theirs, n, 0), first), first)
            for n, row in enumerate(others)
        ]
        if len(others) > LEAST_DONORS
        else []
    )
    usual = abs(float(mine[:first].mean())) * (len(mine) - first)
    control = _rate_of(mine, sold, others, theirs, first) if placebos else mine
    return _judged(_noisy(mine, control, first), placebos, most=usual if most is None else most)


def _rate_of(mine: Floats, sold: Floats, others: Floats, theirs: Floats, first: int) -> Floats:
    before, after = (
        others[:, part].sum() / max(theirs[:, part].sum(), 1e-9) for part in (np.s_[:first], np.s_[first:])
    )
    changed = after / before if before else 1.0
    rate = mine[:first].sum() / max(sold[:first].sum(), 1e-9)
    return np.asarray(sold * rate * np.where(np.arange(len(mine)) < first, 1.0, changed))


def _beyond(days: Floats, start: int, length: int, usual: int) -> float:
    return float(days[start : start + length].sum() - days[start - usual : start].mean() * length)


def _against(series: ArrayLike, donors: ArrayLike, first: int, *, pull: float | None, most: float | None) -> Effect:
    mine, others = _floats(series), np.atleast_2d(_floats(donors))
    lacking = _lacking(mine, first)
    if lacking:
        return Effect(None, lacking)
    others = _like(mine[:first], others, first) if others.size else others[:0]
    if len(others) < LEAST_DONORS:
        return Effect(None, NO_DONORS, len(others))
    placebos = [
        _noisy(row, _control(row, np.delete(others, n, axis=0), first, pull), first) for n, row in enumerate(others)
    ]
    control = _control(mine, others, first, pull)
    return _judged(
        _noisy(mine, control, first), placebos, most=abs(float(control[first:].sum())) if most is None else most
    )


def _lacking(mine: Floats, first: int) -> str:
    """Return why too little is known of a subject to measure anything on it; nothing when enough is."""
    if len(mine) - first < LEAST_DAYS or first < LEAST_BEFORE:
        return TOO_FEW_DAYS
    return TOO_LITTLE if np.count_nonzero(mine[:first]) < LEAST_BUSY else ""


def _judged(own: tuple[float, float], placebos: Sequence[tuple[float, float]], *, most: float) -> Effect:
    """Return the effect ``own`` (money and noise) with the range that placebos' errors, in their own noise, tell."""
    errors = np.array([abs(error) / noise for error, noise in placebos if noise > 0])
    if len(errors) < LEAST_DONORS:
        return Effect(None, NO_DONORS, len(errors))
    brought, noise = own
    wide = _conformal(errors) * noise
    return _effect(brought - wide, brought, brought + wide, most=most, donors=len(errors))


def _like(before: Floats, others: Floats, first: int) -> Floats:
    """Return the donors that are not far too small to say anything of a subject of this size."""
    sizes = np.abs(others[:, :first]).mean(axis=1)
    return np.asarray(others[(sizes > 0) & (sizes >= SMALLEST * np.abs(before).mean())])


def _noisy(mine: Floats, control: Floats, first: int) -> tuple[float, float]:
    """Return by how much a subject came to more than its control from ``first`` on, and its noise over those days.

    Noise: what its weeks strayed before, over as many weeks and over those the usual is taken from, and ``DRIFT``.
    """
    length, before = len(mine) - first, mine[:first]
    weeks = _weeks(before - control[:first])
    noise = np.sqrt(weeks.var(ddof=1) * length / WEEK * (1 + length / first) + (DRIFT * before.mean() * length) ** 2)
    return float((mine[first:] - control[first:]).sum()), float(noise)


def _control(mine: Floats, others: Floats, first: int, pull: float | None) -> Floats:
    """Return what the others say of every day of a subject; level with it before ``first``."""
    share = _share(mine[:first], others[:, :first].sum(axis=0))
    weight = np.full(len(others), share)
    if pull is not None:
        weight = _weights(_weeks(mine[:first]), _weeks(others[:, :first]).T, weight, pull)
    control = weight @ others
    return np.asarray(control + (mine[:first] - control[:first]).mean())


def _weights(mine: Floats, others: Floats, usual: Floats, pull: float) -> Floats:
    from scipy.optimize import nnls  # noqa: PLC0415 - slow to import, and seldom needed

    held = np.sqrt(pull * (others**2).sum(axis=0) / others.shape[1])
    weight, _ = nnls(np.vstack([others, np.diag(held)]), np.concatenate([mine, held * usual]))
    return np.asarray(weight)


def _share(mine: Floats, pool: Floats) -> float:
    """Return a subject's part of the pool; nothing where one earns and the other loses, for then none follows."""
    total = float(pool.mean())
    return max(float(mine.mean()) / total, 0.0) if abs(total) > 1e-9 * float(np.abs(pool).mean()) else 0.0


def _weeks(days: Floats) -> Floats:
    """Return sums over whole weeks, the last days first kept."""
    many = days.shape[-1] // WEEK
    return np.asarray(days[..., -many * WEEK :].reshape(*days.shape[:-1], many, WEEK).sum(axis=-1))


def _conformal(errors: Floats) -> float:
    """Return below which error the next one lies with the probability ``COVERED``."""
    place = min(int(np.ceil((len(errors) + 1) * COVERED)), len(errors)) - 1
    return float(np.sort(errors)[place])


def _without_before(one: Floats, other: Floats, one_was: Floats, other_was: Floats) -> tuple[Floats, Floats]:
    was = np.concatenate([one_was, other_was])
    spread = was.var()
    if spread == 0:
        return one, other
    # The slope within the two parts, so that what the action did is not taken for what was there before.
    within = np.concatenate([one - one.mean(), other - other.mean()])
    slope = float((within * np.concatenate([one_was - one_was.mean(), other_was - other_was.mean()])).mean() / spread)
    return one - slope * (one_was - was.mean()), other - slope * (other_was - was.mean())


def _welch_error(one: Floats, other: Floats) -> float:
    return float(np.sqrt(one.var(ddof=1) / len(one) + other.var(ddof=1) / len(other)))


def _studentised(one: Floats, other: Floats) -> tuple[float, float]:
    """Return P10 and P90 of the difference of means in its own error, if nothing had been done."""
    both = np.concatenate([one, other])
    if len(both) > FEW_UNITS:
        parts = np.array([one.var(ddof=1) / len(one), other.var(ddof=1) / len(other)])
        free = parts.sum() ** 2 / (parts**2 / np.array([len(one) - 1, len(other) - 1])).sum()
        high = float(stdtrit(free, 1 - (1 - COVERED) / 2))
        return -high, high
    chance = np.random.default_rng(0)
    drawn = chance.permuted(np.tile(both, (PERMUTATIONS, 1)), axis=1)
    a, b = drawn[:, : len(one)], drawn[:, len(one) :]
    error = np.sqrt(a.var(axis=1, ddof=1) / a.shape[1] + b.var(axis=1, ddof=1) / b.shape[1])
    found = (a.mean(axis=1) - b.mean(axis=1)) / np.maximum(error, 1e-300)
    low, high = np.quantile(found, [(1 - COVERED) / 2, (1 + COVERED) / 2])
    return float(low), float(high)


def _effect(low: float, mid: float, high: float, *, most: float, donors: int = 0) -> Effect:
    """Return the effect; refused where its range is wider than the money there could be, unless it is so much more than
    thought that no chance explains it."""
    wide = (high - low) / 2
    if wide > most and abs(mid) <= CLEAR * wide:
        return Effect(None, TOO_NOISY, donors)
    return Effect(Range(*(Decimal(repr(part)).quantize(Decimal("0.01")) for part in (low, mid, high))), "", donors)


def _floats(values: ArrayLike | Sequence[float]) -> Floats:
    return np.asarray(values, dtype=np.float64)
