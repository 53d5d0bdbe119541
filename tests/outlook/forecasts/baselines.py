"""What forecasts are held against: the past repeated, and AutoETS (Hyndman et al. 2008) as statsforecast ships it."""

from __future__ import annotations

import numpy as np

from argosy.outlook.calendar_effects import Numbers

YEAR_WEEKS = 52


def last_season(past: Numbers, ahead: int, *, season: int) -> Numbers:
    """Return the last season of each series over and over (seasonal naive)."""
    return np.tile(past[:, -season:], (1, ahead // season + 1))[:, :ahead]


def last_mean(past: Numbers, ahead: int, *, season: int, times: int = 4) -> Numbers:
    """Return the mean of the last four seasons over and over."""
    mean = past[:, -season * times :].reshape(len(past), times, season).mean(axis=1)
    return last_season(mean, ahead, season=season)


def last_median(past: Numbers, ahead: int, *, season: int, times: int = 13) -> Numbers:
    """Return the median of the last 13 seasons over and over."""
    median = np.median(past[:, -season * times :].reshape(len(past), times, season), axis=1)
    return last_season(median, ahead, season=season)


def year_before(past: Numbers, ahead: int, *, season: int) -> Numbers | None:
    """Return what was 52 weeks before; None: not so long ago known."""
    back = YEAR_WEEKS * season
    return past[:, -back : past.shape[1] - back + ahead] if past.shape[1] >= back else None


def auto_ets(past: Numbers, ahead: int, *, season: int) -> Numbers:
    """Return what AutoETS says of each series from its first sale on, nought where it says less."""
    from statsforecast.models import AutoETS  # noqa: PLC0415

    model = AutoETS(season_length=season)
    found = [model.forecast(np.trim_zeros(series, "f"), ahead)["mean"] for series in past]
    return np.asarray(np.maximum(np.array(found), 0))
