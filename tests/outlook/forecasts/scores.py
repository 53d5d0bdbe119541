"""How forecasts did: error against what came, and how often ranges held."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from tests.outlook.forecasts.sets import WEEKS, Turn, whole_weeks

from argosy.outlook.calendar_effects import Numbers
from argosy.outlook.demand import Demand
from argosy.outlook.misses import SHARES

# past, how many steps ahead, season -> forecast; None: cannot tell.
Method = Callable[..., Numbers | None]
RANGES = {"80 %": (0.1, 0.9), "90 %": (0.05, 0.95)}


@dataclass(frozen=True)
class Score:
    """mase: mean absolute error against that of repeating the last season in the past (Hyndman and Koehler 2006), mean
    of the series; wape: sum of absolute errors against the sum of what came; bias: sum of errors against it."""

    mase: float
    wape: float
    bias: float


@dataclass(frozen=True)
class Held:
    """Shares of what came inside a range, below and above it."""

    inside: float
    below: float
    above: float


def scored(turns: Sequence[Turn], forecasts: Sequence[Numbers], *, season: int, together: bool = False) -> Score:
    """Return how one method did over all origins.

    season: 1 for forecasts by week, 7 for those by day. together: all weeks as one figure.
    """
    errors, came, scaled = [], [], []
    for turn, forecast in zip(turns, forecasts, strict=True):
        past, actual = stepped(turn, season=season)
        naive = np.abs(past[:, season:] - past[:, :-season]).mean(axis=1, keepdims=True)
        if together:
            forecast, actual = (part.sum(axis=1, keepdims=True) for part in (forecast, actual))  # noqa: PLW2901
        error = forecast - actual
        scaled.append((np.abs(error) / np.where(naive > 0, naive, np.nan)).ravel())
        errors.append(error.ravel())
        came.append(actual.ravel())
    all_errors, total = np.concatenate(errors), np.concatenate(came).sum()
    return Score(
        float(np.nanmean(np.concatenate(scaled))),
        float(np.abs(all_errors).sum() / total),
        float(all_errors.sum() / total),
    )


def stepped(turn: Turn, *, season: int) -> tuple[Numbers, Numbers]:
    """Return what was sold before and after an origin, by week (season 1) or by day (season 7)."""
    if season == 1:
        return whole_weeks(turn.known.units), whole_weeks(turn.came)
    return np.nan_to_num(turn.known.units), turn.came


def held(
    turns: Sequence[Turn], forecasts: Sequence[Demand], *, weeks: Sequence[int] = range(1, WEEKS + 1)
) -> Mapping[str, Held]:
    """Return how often ranges of what is wanted within so many weeks held, units rounded to whole ones."""
    found = {}
    for name, shares in RANGES.items():
        low, high = (SHARES.index(share) for share in shares)
        below, above = [], []
        for turn, forecast in zip(turns, forecasts, strict=True):
            ends = np.array(weeks) * 7 - 1
            came = np.cumsum(turn.came, axis=1)[:, ends]
            ranges = np.round(forecast.within[:, ends])
            below.append((came < ranges[:, :, low]).ravel())
            above.append((came > ranges[:, :, high]).ravel())
        under, over = float(np.concatenate(below).mean()), float(np.concatenate(above).mean())
        found[name] = Held(1 - under - over, under, over)
    return found
