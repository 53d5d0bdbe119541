"""How late suppliers deliver, and how sure one can be of a day: quantiles of lateness against the day promised.

Method. A life table over the days before and after the promised one (Kaplan and Meier 1958): what is on order and
overdue counts for what is known of it. Each group's table is drawn towards that of the wider group it lies in (all,
supplier, supplier and mode, and route) as if that had been seen ``PSEUDO_COUNT`` times in it: empirical Bayes, as
``outlook.transit`` does. Old deliveries count less, by half each ``HALF_LIFE_DAYS``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from argosy.outlook.known import Known
from argosy.outlook.series import Numbers

Places = npt.NDArray[np.int64]
PSEUDO_COUNT = 30.0
HALF_LIFE_DAYS = 540.0
EARLIEST, LATEST = -180, 180  # days against the promise; what lies beyond counts as there
SPLIT = "\x1f"  # stands in no name
LEVELS = ("supplier", "mode", "route")


@dataclass(frozen=True)
class Lateness:
    """Quantiles of lateness in days, below zero: before the day promised. n: deliveries of the narrowest group that
    has any; level: 0 all, 1 supplier, 2 and its mode, 3 and its route."""

    p50: int
    p80: int
    p90: int
    n: int
    level: int


@dataclass(frozen=True)
class LeadTimes:
    """Life tables by group: share still not there at the end of each day from ``EARLIEST`` on; key () is all."""

    left: dict[tuple[str, ...], Numbers]
    n: dict[tuple[str, ...], int]

    def late_by(self, share: float, *group: str, over: int = EARLIEST) -> int:
        """Return the days against the promise by which a share has come: of a supplier, its mode, its route, as far as
        given and known. over: only of what had not come by so many days."""
        left = self.left[self._known(group)][max(over - EARLIEST, 0) :]
        if over > EARLIEST:
            return over + 1 + int(np.searchsorted(-left[1:], (share - 1) * left[0] - 1e-12)) if left[0] else LATEST
        place = int(np.searchsorted(-left, share - 1 - 1e-12))
        return EARLIEST + min(place, len(left) - 1)

    def on_time(self, *group: str, days: int = 0) -> float:
        """Return the share that has come so many days after the promise."""
        return float(1 - self.left[self._known(group)][np.clip(days, EARLIEST, LATEST) - EARLIEST])

    def lateness(self, *group: str) -> Lateness:
        """Return the quantiles of a group."""
        known = self._known(group)
        p50, p80, p90 = (self.late_by(share, *group) for share in (0.5, 0.8, 0.9))
        return Lateness(p50, p80, p90, self.n[known], len(known))

    def _known(self, group: Sequence[str]) -> tuple[str, ...]:
        return next(tuple(group[:size]) for size in range(len(group), -1, -1) if tuple(group[:size]) in self.left)


def lead_times(history: pa.Table, *, on: date) -> LeadTimes:
    """Return life tables by what was known before the day ``on``.

    history: a row per line ordered: supplier, mode, route (texts, may be NULL), promised_on, received_on (NULL: not
    yet). Lines promised for later that have not come say nothing yet.
    """
    today = np.datetime64(on)
    promised, received = (_days(history[name]) for name in ("promised_on", "received_on"))
    there = ~np.isnat(received) & (received < today)
    told = there | (~np.isnat(promised) & (promised < today))
    told &= ~np.isnat(promised)
    end = np.where(there, received, today - np.timedelta64(1, "D"))
    late = np.clip((end - promised).astype(int), EARLIEST, LATEST)[told] - EARLIEST
    weight = 0.5 ** ((today - np.maximum(end, promised)).astype(float)[told] / HALF_LIFE_DAYS)
    there = there[told]
    wider: dict[tuple[str, ...], Numbers] = {}
    nothing = np.zeros((1, LATEST - EARLIEST + 1))
    wider[()] = _hazard(late, there, weight, np.zeros(len(late), np.int64), nothing)[0]
    n: dict[tuple[str, ...], int] = {(): int(there.sum())}
    texts = [history[name].cast(pa.string()).fill_null("").filter(pa.array(told)) for name in LEVELS]
    for size in range(1, len(LEVELS) + 1):
        if not len(late):
            break
        keys = pc.binary_join_element_wise(*texts[:size], SPLIT).combine_chunks().dictionary_encode()
        group = keys.indices.to_numpy().astype(np.int64)
        names = [tuple(key.split(SPLIT)) for key in keys.dictionary.to_pylist()]
        prior = np.stack([wider[name[:-1]] for name in names])
        wider |= dict(zip(names, _hazard(late, there, weight, group, prior), strict=True))
        n |= dict(zip(names, np.bincount(group[there], minlength=len(names)).tolist(), strict=True))
    return LeadTimes({name: np.asarray(np.cumprod(1 - hazard), np.float64) for name, hazard in wider.items()}, n)


def supply_times(known: Known) -> LeadTimes:
    """Return how late the suppliers of purchase orders deliver, for ``known.once``; mode: the Incoterm."""
    lines = known.facts["po_lines"]
    nothing = ibis.null("string")
    rows = lines.select("promised_on", "received_on", supplier=lines.supplier_id, mode=lines.incoterm, route=nothing)
    return lead_times(known.run(rows), on=known.day)


def _hazard(late: Places, there: Any, weight: Numbers, group: Places, prior: Numbers) -> Numbers:
    """Return the chance of each day that what is not there yet comes on it, by group."""
    groups, days = prior.shape
    cell = group * days + late
    events, left = (
        np.bincount(cell, weights=part, minlength=groups * days).reshape(groups, days)
        for part in (weight * there, weight)
    )
    at_risk = left[:, ::-1].cumsum(axis=1)[:, ::-1]
    drawn = PSEUDO_COUNT if prior.any() else 0.0
    return np.asarray((events + drawn * prior) / np.maximum(at_risk + drawn, 1e-9))


def _days(column: pa.ChunkedArray) -> npt.NDArray[np.datetime64]:
    return np.asarray(column.cast(pa.date32()).to_numpy(zero_copy_only=False)).astype("datetime64[D]")
