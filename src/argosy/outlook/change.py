"""Since when something is higher or lower than it used to be, how surely, and by how much in all.

Method. The generalised likelihood ratio for a level that differs from a first to a last day (an epidemic alternative:
Levin and Kline, "The CUSUM test of homogeneity", Statistics in Medicine 4, 1985; Siegmund, Sequential Analysis, 1985):
of all stretches of days the one whose sum differs most, in its own standard error, from what the days before give. What
varies more than chance alone (quasi-likelihood: McCullagh and Nelder, Generalized Linear Models, 1989, ch. 9) is learnt
from the weeks before. Stretches and subjects tried are paid for by the bound of Bonferroni.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import gammainc, ndtr, ndtri

from argosy.outlook.series import Numbers

BASE_DAYS = 84  # how far back what is usual is learnt
LEAST_BASE = 28  # days of which nothing is told: too little to know what is usual
WEEK = 7
TENTH = float(ndtri(0.9))
# The stretch was chosen for standing out, and where it begins and ends is not sure: as much wider as it takes for the
# range of a tenth to nine tenths to hold four in five (tests/outlook/test_change.py).
CHOSEN = 1.25
OUTLYING = 3.0  # standard errors from the median week: that week is none of the usual ones
OVER = 9.0  # by so much of its square a stretch that is over must differ more than the one that lasts until today
LEAST = 1e-9


@dataclass(frozen=True)
class Changes:
    """One row per subject.

    start, end: first day of the stretch and the day after its last one, as numbers of days. before, after: what one of
    exposure counts, usually and in the stretch. z: standard errors between them, above zero when risen. confidence:
    that there is a change at all. mid: what was counted in the stretch beyond what was usual; error: its standard
    error.
    """

    start: Numbers
    end: Numbers
    before: Numbers
    after: Numbers
    z: Numbers
    confidence: Numbers
    mid: Numbers
    error: Numbers

    @property
    def share(self) -> Numbers:
        """How much more, or less, as a part of what is usual."""
        return np.asarray(self.after / np.maximum(self.before, LEAST) - 1)

    @property
    def low(self) -> Numbers:
        """One time in ten it is less."""
        return np.asarray(self.mid - TENTH * CHOSEN * self.error)

    @property
    def high(self) -> Numbers:
        """One time in ten it is more."""
        return np.asarray(self.mid + TENTH * CHOSEN * self.error)


def changes(
    counted: Numbers,
    exposure: Numbers,
    *,
    sense: int,
    within: int = 70,
    least: int = 4,
    share: bool = False,
    unit: Numbers | None = None,
) -> Changes:
    """Return the stretch of days in which each subject differs most from its usual level.

    counted, exposure: days x subjects; usual is counted = level x exposure (parcels late of parcels sent, days on the
    way of parcels, orders of orders elsewhere). sense: +1 looks for what has risen, -1 for what has fallen. within: the
    stretch begins in so many last days and has at least ``least`` days. share: counts are a part of the exposure
    (binomial), else they vary as counts do (Poisson). unit: variance of what one of exposure counts, for sums of
    measures, per subject.
    """
    days, subjects = counted.shape
    within = min(within, days - LEAST_BASE)
    if within < least or not subjects:
        nothing = np.zeros(subjects)
        return Changes(nothing, nothing, nothing, nothing, nothing, nothing, nothing, nothing)
    first = days - within
    total, of = (np.concatenate((np.zeros((1, subjects)), np.cumsum(part, axis=0))) for part in (counted, exposure))
    best = np.full(subjects, -np.inf)
    told = [np.zeros(subjects) for _ in range(7)]
    tried = 0
    for start in range(first, days - least + 1):
        level, noise, base = _usual(counted[:start], exposure[:start], share=share, unit=unit)
        ends = np.arange(start + least, days + 1)
        got, exposed = total[ends] - total[start], of[ends] - of[start]
        tried += len(ends)
        excess = got - level * exposed
        error = np.sqrt(np.maximum(noise * exposed * (1 + exposed / np.maximum(base, LEAST)), LEAST))
        z = np.where((exposed > 0) & (base > 0), sense * excess / error, 0.0)
        worth = np.sign(z) * z**2 - np.where(ends < days, OVER, 0.0)[:, None]
        pick, row = worth.argmax(axis=0), np.arange(subjects)
        better = worth[pick, row] > best
        best = np.where(better, worth[pick, row], best)
        after = got[pick, row] / np.maximum(exposed[pick, row], LEAST)
        here = (
            z[pick, row], np.full(subjects, start), ends[pick], level, after, excess[pick, row], error[pick, row],
        )  # fmt: skip
        told = [np.where(better, new, old) for new, old in zip(here, told, strict=True)]
    z, start_, end, before, after, mid, error = told
    # Stretches overlap: about as many are independent as there are lengths, doubled, times places they fit in.
    independent = max(2 * np.log2(max(tried, 2)) * within / max(least, 1), 1)
    tail = ndtr(-z) * independent * subjects
    return Changes(start_, end, before, after, sense * z, np.clip(1 - tail, 0, 1), mid, error)


def by_chance(counted: float, expected: float, *, tried: float) -> float:
    """Return how probable it is that in one of so many ``tried`` stretches at least as much is counted, where so much
    is ``expected``: for cases so rare that their number is far from normal (Poisson's law)."""
    return float(min(gammainc(max(np.ceil(counted), 1.0), max(expected, LEAST)) * tried, 1.0))


def _usual(
    counted: Numbers, exposure: Numbers, *, share: bool, unit: Numbers | None
) -> tuple[Numbers, Numbers, Numbers]:
    """Return the usual level, the variance of one of exposure, and the exposure it is learnt from, by subject."""
    weeks = min(len(counted), BASE_DAYS) // WEEK
    got, of = (part[len(part) - weeks * WEEK :].reshape(weeks, WEEK, -1).sum(axis=1) for part in (counted, exposure))
    kept = of > 0
    level, spread = _level(got, of, kept, share=share, unit=unit)
    # A week far out was not usual: an earlier incident must not hide this one.
    z = (got - level * of) / np.sqrt(np.maximum(spread * of, LEAST))
    scale = np.maximum(_median(np.abs(z), kept) / 0.6745, 1)
    kept &= np.abs(z) <= OUTLYING * scale
    level, spread = _level(got, of, kept, share=share, unit=unit)
    n = kept.sum(axis=0)
    chi = (np.where(kept, (got - level * of) ** 2 / np.maximum(spread * of, LEAST), 0)).sum(axis=0)
    # A few weeks tell little of how much more than chance alone there is: drawn towards none.
    over = np.maximum((chi + 2) / np.maximum(n + 1, 1), 1)
    return level, spread * over, (of * kept).sum(axis=0)


def _level(got: Numbers, of: Numbers, kept: Numbers, *, share: bool, unit: Numbers | None) -> tuple[Numbers, Numbers]:
    whole = (of * kept).sum(axis=0)
    level = (got * kept).sum(axis=0) / np.maximum(whole, LEAST)
    if unit is not None:
        return level, np.maximum(unit, LEAST)
    # Half a case more than was seen: what never happened yet may happen still.
    safe = ((got * kept).sum(axis=0) + 0.5) / np.maximum(whole + 1, LEAST)
    return level, safe * (1 - np.minimum(safe, 0.999)) if share else safe


def _median(values: Numbers, kept: Numbers) -> Numbers:
    shown = np.where(kept, values, np.nan)
    some = kept.any(axis=0)
    found = np.ones(values.shape[1])
    found[some] = np.nanmedian(shown[:, some], axis=0)
    return found
