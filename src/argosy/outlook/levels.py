"""The level sales stand at, week by week, and where it goes: simple forecasts, weighted by how they did.

Method. What a series will sell is told by means of its past in which a week counts less the longer ago it is, each
with another memory (exponential smoothing, Brown 1959; unobserved weeks count nothing, and young series are not drawn
towards a first value), by medians of recent weeks, and by the slow mean carried on as the sales of all series went.
For each week ahead these are combined with the non-negative weights that did best from every past week on, over all
series (stacking, Breiman 1996; a global model, Montero-Manso and Hyndman 2021).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

Numbers = npt.NDArray[np.float64]

MEMORIES = (0.02, 0.06, 0.12, 0.25, 0.5)  # weight of the last week
MEDIANS = (8, 16)  # weeks
SLOW, QUICK = 1, 3  # the memories whose ratio over all series tells where sales go
LEADS = 13  # weeks ahead that are weighted each on its own; what is further off goes by the last
PAST = 26  # weeks to learn weights from
WARM = 4  # weeks a series must be known for to be learned from


def simple_forecasts(rate: Numbers, weight: Numbers) -> Numbers:
    """Return the simple forecasts known after each week: series x (weeks + 1) x forecasts, nought before the first.

    rate: series x weeks, sold per usual day. weight: how much of the week could be seen, 0 to 1.
    """
    means = np.stack([_discounted(rate, weight, a) for a in MEMORIES], axis=2)
    medians = np.stack([_medians(rate, weight, weeks) for weeks in MEDIANS], axis=2)
    went = _went(means)
    carried = means[:, :, [SLOW]] * went[None, :, None]
    return np.concatenate((means, medians, carried), axis=2)


def _discounted(rate: Numbers, weight: Numbers, alpha: float) -> Numbers:
    n, weeks = rate.shape
    found = np.zeros((n, weeks + 1))
    top, bottom = np.zeros(n), np.zeros(n)
    for week in range(weeks):
        top = top * (1 - alpha) + weight[:, week] * rate[:, week]
        bottom = bottom * (1 - alpha) + weight[:, week]
        found[:, week + 1] = top / np.maximum(bottom, 1e-9)
    return found


def _medians(rate: Numbers, weight: Numbers, weeks: int) -> Numbers:
    seen = np.where(weight > 0, rate, np.nan)
    n, many = rate.shape
    padded = np.concatenate((np.full((n, weeks), np.nan), seen), axis=1)
    windows = np.sort(np.lib.stride_tricks.sliding_window_view(padded, weeks, axis=1), axis=2)  # NaN last
    count = np.isfinite(windows).sum(axis=2)
    low, high = np.maximum(count - 1, 0) // 2, np.minimum(count // 2, weeks - 1)
    both = [np.take_along_axis(windows, place[:, :, None], axis=2)[:, :, 0] for place in (low, high)]
    found = np.where(count > 0, (both[0] + both[1]) / 2, 0.0)
    return found[:, : many + 1]


def _went(means: Numbers) -> Numbers:
    """Return the quick level of all series against the slow one, after each week."""
    scale = np.maximum(means[:, -1, 0], 1e-12)[:, None]
    slow, quick = ((means[:, :, m] / scale).mean(axis=0) for m in (SLOW, QUICK))
    return np.asarray(np.clip(quick / np.maximum(slow, 1e-12), 0.5, 2.0))


def weights(known: Numbers, rate: Numbers, weight: Numbers) -> Numbers:
    """Return the weights of the simple forecasts by lead: leads x forecasts; at least one lead."""
    weeks = rate.shape[1]
    scale = np.where(weight.sum(axis=1) > 0, (rate * weight).sum(axis=1) / np.maximum(weight.sum(axis=1), 1e-9), 0)
    age = np.cumsum(weight > 0, axis=1)
    found: list[Numbers] = []
    for lead in range(1, LEADS + 1):
        first, last = max(WARM, weeks - PAST - lead), weeks - lead  # forecast after so many weeks
        if last - first < 1:
            break
        at = np.arange(first, last + 1)
        good = (age[:, at - 1] >= WARM) & (weight[:, at + lead - 1] > 0.5) & (scale > 0)[:, None]
        of, on = np.nonzero(good)
        if len(of) < 30:
            break
        x = known[of, at[on]] / scale[of, None]
        y = rate[of, at[on] + lead - 1] / scale[of]
        found.append(_least(x, np.minimum(y, 5.0)))
    return np.array(found) if found else np.eye(len(MEMORIES) + len(MEDIANS) + 1)[[SLOW]]


def _least(x: Numbers, y: Numbers) -> Numbers:
    """Return non-negative weights of least absolute error, by reweighted least squares (Schlossmacher 1973)."""
    if len(x) > 20_000:
        x, y = x[:: len(x) // 20_000 + 1], y[:: len(y) // 20_000 + 1]
    found = np.full(x.shape[1], 1 / x.shape[1])
    held = np.sqrt(len(y)) * 0.1 * np.eye(x.shape[1])  # few rows leave the weights near equal
    for _ in range(12):
        w = 1 / np.sqrt(np.maximum(np.abs(y - x @ found), 0.05))
        a = np.concatenate((x * w[:, None], held))
        b = np.concatenate((y * w, held.sum(axis=1) / x.shape[1]))
        found = nnls(np.linalg.cholesky(a.T @ a).T, np.linalg.solve(np.linalg.cholesky(a.T @ a), a.T @ b))[0]
    return found
