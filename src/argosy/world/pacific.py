"""Clocks in Los Angeles, by which TikTok's seller centre of the United States writes moments."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import numpy as np

from argosy.world.columns import Ints, seconds_of

HOUR = 3600
BEHIND = 8 * HOUR  # against UTC in winter


def pacific(at: Ints) -> Ints:
    """Return what clocks there show at moments, as seconds since 1970 that read like UTC."""
    summer = np.zeros(len(at), np.int64)
    for begins, ends in _summers(at):
        summer += (at >= begins) & (at < ends)
    return np.asarray(at - BEHIND + summer * HOUR)


def told_apart(at: Ints) -> Ints:
    """Return moments, those in the hour before clocks are put back an hour later: clocks show that hour twice, and
    what they show is taken for the second time."""
    moved = at.copy()
    for _, ends in _summers(at):
        moved += np.where((at >= ends - HOUR) & (at < ends), HOUR, 0)
    return moved


def _summers(at: Ints) -> list[tuple[int, int]]:
    """Return begin and end of the summer time of every year that moments fall into."""
    years = at.astype("datetime64[s]").astype("datetime64[Y]").astype(np.int64)
    return [_summer(1970 + int(year)) for year in np.unique(years)]


@cache
def _summer(year: int) -> tuple[int, int]:
    """Return begin and end of a year's summer time: two o'clock on the second Sunday of March and on the first of
    November (Energy Policy Act of 2005, section 110)."""
    march, november = date(year, 3, 1), date(year, 11, 1)
    begins = march + timedelta(days=(6 - march.weekday()) % 7 + 7)
    ends = november + timedelta(days=(6 - november.weekday()) % 7)
    return seconds_of(begins) + 2 * HOUR + BEHIND, seconds_of(ends) + HOUR + BEHIND
