"""How probably each order under way comes late: by its age, what is usual on its way, and how fast parcels come now.

Method. The conditional survival of the way's life table: not there by the day it is due, given that it is not there
yet (Kaplan and Meier 1958). The hazard is taken as many times as the market's arrivals of the last two weeks were of
those due, drawn towards one where they are few (a gamma-Poisson shrinkage: Clayton and Kaldor, Biometrics 43, 1987).
What is on hold has a life table of its own, from the hold on.
"""

from __future__ import annotations

import numpy as np

from argosy.outlook.journeys import Flags, Journeys, Places, journeys, pace
from argosy.outlook.known import Known
from argosy.outlook.series import Numbers

RECENT_DAYS = 14  # of which arrivals tell how fast parcels come now
DRAWN = 40.0  # arrivals that weigh as much as the usual speed


def late_chances(known: Known, *, days: int = 1) -> Numbers:
    """Return how probably each order of ``journeys`` comes at least so many days late: 1 or 0 where that is known, NaN
    where nothing was promised or it was not sent yet."""
    j: Journeys = known.once(journeys)
    by = j.due + days - 1
    came = ~np.isnan(j.came)
    known_late = np.where(came, (j.late >= days).astype(float), np.where(j.now > by, 1.0, np.nan))
    chance = np.where(np.isnan(known_late) & ~np.isnan(by) & ~np.isnan(j.sent), _survival(j, by), known_late)
    return np.where(np.isnan(j.due), np.nan, chance)


def _survival(j: Journeys, by: Numbers) -> Numbers:
    gone, came, held = ~np.isnan(j.sent), ~np.isnan(j.came), ~np.isnan(j.held)
    end = np.where(came, j.came, j.now)
    age, limit = np.maximum(end - j.sent, 0), np.maximum(by - j.sent, 0)
    free = gone & ~held
    chance = np.exp(-_ahead(j, j.way, len(j.ways), free, age, limit, came))
    stopped = gone & held
    if stopped.any():
        since, rest = np.maximum(end - j.held, 0), np.maximum(by - j.held, 0)
        chance = np.where(held, np.exp(-_ahead(j, np.zeros_like(j.way), 1, stopped, since, rest, came)), chance)
    return np.asarray(chance)


def _ahead(j: Journeys, way: Places, ways: int, rows: Flags, age: Numbers, limit: Numbers, came: Flags) -> Numbers:
    """Return the hazard from now until each limit, at the speed of the last weeks."""
    if not (rows & came).any():
        return np.zeros(len(j.way))
    usual = pace(way[rows], ways, age[rows], came[rows])
    done = usual.by(way, age)
    lately = np.where(rows, done - usual.by(way, np.maximum(age - RECENT_DAYS, 0)), 0)
    still = rows & (np.where(came, j.came, j.now) >= j.now - RECENT_DAYS)
    arrived, due = (
        np.bincount(j.market[still], weights=what[still], minlength=len(j.markets))
        for what in (came.astype(float), lately)
    )
    speed = ((arrived + DRAWN) / (due + DRAWN))[j.market]
    return np.asarray(np.maximum(usual.by(way, limit) - done, 0) * speed)
