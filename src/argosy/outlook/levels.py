"""The level sales stand at, week by week: simple forecasts, weighted by how they did.

Method. What a series will sell is told by means of its past in which a week counts less the longer ago it is, each
with another memory (exponential smoothing, Brown 1959; unobserved weeks count nothing, and young series are not drawn
towards a first value), and by medians of recent weeks; all times the likelihood that it is sold at all any more, which
falls with every week without a sale that used not to happen (after Schmittlein, Morrison and Colombo 1987; for stock
Teunter, Syntetos and Babai 2011). All is done on square roots, on which counts spread evenly (Anscombe 1948) and one-
off bulk orders weigh little. For each week ahead these are combined with the non-negative weights, one in all, that
did best from every past week on, over all series (stacking, Breiman 1996; one model for all series, Montero-Manso and
Hyndman 2021).

Held against data it had not seen: means and medians of what was sold rather than of its roots, weights that need not be
one in all, weights of least absolute error, and carrying on how the sales of all series went did worse; AutoETS among
the simple forecasts made errors 0.2 % smaller at a hundred times the cost.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

MEMORIES = (0.03, 0.06, 0.12, 0.25, 0.5)  # weight of the last week
MEDIANS = (8, 16)  # weeks
LEADS = 13  # weeks ahead that have weights of their own; what is further off goes by the last
PAST = 26  # weeks to learn from
WARM = 4  # weeks a series must be known for to be learned from
END = 0.003  # of the series that end in a week: one in seven a year, assumed
LEAST_ROWS = 30  # to learn weights from
PRIOR_ROWS = 100.0  # rows by which equal weights count
FIRM = 1e6  # rows by which it counts that weights are one in all


def simple_forecasts(rate: Numbers, seen: Numbers) -> Numbers:
    """Return the roots of the simple forecasts known after each week: series x (weeks + 1) x forecasts.

    rate: series x weeks, sold per usual day. seen: how much of the week could be seen, 0 to 1. Before the first week
    that was seen all are nought.
    """
    root = np.sqrt(rate)
    means = [_discounted(root, seen, memory) for memory in MEMORIES]
    found = np.stack([*means, *(_medians(root, seen, weeks) for weeks in MEDIANS)], axis=2)
    return np.asarray(found * np.sqrt(_alive(rate, seen))[:, :, None])


def levels(roots: Numbers, weights: Numbers, weeks: int) -> Numbers:
    """Return the level of each week ahead, sold per usual day: (...) x weeks; roots: (...) x forecasts."""
    lead = np.minimum(np.arange(weeks), len(weights) - 1)
    return np.asarray((roots @ weights[lead].T) ** 2)


def best_weights(roots: Numbers, rate: Numbers, seen: Numbers) -> Numbers:
    """Return the weights of the simple forecasts by weeks ahead: leads x forecasts, at least one lead."""
    weeks = rate.shape[1]
    equal = np.full(roots.shape[2], 1 / roots.shape[2])
    found: list[Numbers] = []
    known_for = np.cumsum(seen > 0, axis=1)
    for lead in range(1, LEADS + 1):
        after = np.arange(max(WARM, weeks - PAST - lead), weeks - lead + 1)
        good = (known_for[:, after - 1] >= WARM) & (seen[:, after + lead - 1] > 0.5)
        of, on = np.nonzero(good)
        x, y = roots[of, after[on]], np.sqrt(rate[of, after[on] + lead - 1])
        scale = roots[of, after[on]].mean(axis=1)
        if (scale > 0).sum() < LEAST_ROWS:
            break
        x, y, scale = x[scale > 0], y[scale > 0], scale[scale > 0]
        found.append(_fitted(x / scale[:, None], np.minimum(y / scale, 3), equal))
    return np.array(found) if found else equal[None, :]


def _fitted(x: Numbers, y: Numbers, equal: Numbers) -> Numbers:
    bend = x.T @ x + FIRM + PRIOR_ROWS * np.eye(len(equal))
    slope = x.T @ y + FIRM + PRIOR_ROWS * equal
    left = np.arange(len(equal))
    while True:
        weights = np.linalg.solve(bend[np.ix_(left, left)], slope[left])
        if weights.min() >= 0:
            break
        left = np.delete(left, weights.argmin())
    found = np.zeros(len(equal))
    found[left] = weights / weights.sum()
    return found


def _alive(rate: Numbers, seen: Numbers) -> Numbers:
    """Return how likely each series is sold at all any more, after each week: series x (weeks + 1).

    One that went without a sale for longer than it used to may have ended in any of these weeks.
    """
    n, weeks = rate.shape
    gap, idle, known_for = (np.zeros((n, weeks + 1)) for _ in range(3))
    for week in range(weeks):
        told, sold = seen[:, week] > 0.5, rate[:, week] > 0
        gap[:, week + 1] = np.where(sold, 0, gap[:, week] + told)
        idle[:, week + 1] = idle[:, week] + np.where(sold, gap[:, week], 0)
        known_for[:, week + 1] = known_for[:, week] + np.where(sold, gap[:, week] + 1, 0)
    chance = (idle + 0.5) / (known_for + 1)
    on = chance**gap
    return np.asarray(on / (on + END * (1 - on) / (1 - chance)))


def _discounted(values: Numbers, seen: Numbers, memory: float) -> Numbers:
    n, weeks = values.shape
    found = np.zeros((n, weeks + 1))
    top, bottom = np.zeros(n), np.zeros(n)
    for week in range(weeks):
        top = top * (1 - memory) + seen[:, week] * values[:, week]
        bottom = bottom * (1 - memory) + seen[:, week]
        found[:, week + 1] = top / np.maximum(bottom, 1e-9)
    return found


def _medians(values: Numbers, seen: Numbers, weeks: int) -> Numbers:
    n, many = values.shape
    padded = np.concatenate((np.full((n, weeks), np.nan), np.where(seen > 0, values, np.nan)), axis=1)
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(padded, weeks, axis=1), axis=2)  # NaN comes last
    count = np.isfinite(windows).sum(axis=2)
    low, high = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, weeks - 1)
    both = [np.take_along_axis(windows, place[:, :, None], axis=2)[:, :, 0] for place in (low, high)]
    return np.where(count > 0, (both[0] + both[1]) / 2, 0.0)[:, : many + 1]
