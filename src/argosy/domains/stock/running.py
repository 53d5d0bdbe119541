"""Whether stock runs out before more can be there, and what has been out for how long."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr

from argosy.domains.stock import settings
from argosy.domains.stock.shelves import HIGH, LOW, MID, Shelves, shelves
from argosy.outlook.change import TENTH, WEEK
from argosy.outlook.demand import Demand, demand
from argosy.outlook.known import Known
from argosy.outlook.misses import SHARES
from argosy.outlook.sales import Sales, sales
from argosy.outlook.series import Numbers


@dataclass(frozen=True)
class Running:
    """What each shelf of ``shelves`` goes through from the day on, if nothing more is ordered.

    likely: chance that it is empty before what is ordered now is there. out: days until it is, as likely as not (the
    end of what is looked at if it is not). lost: units asked for in vain until what is ordered now is there: little,
    expected, much. missed: the same until each day, 3 x shelves x days. wanted: expected units a day, shelves x days.
    """

    likely: Numbers
    out: Numbers
    lost: Numbers
    missed: Numbers
    wanted: Numbers


def running(known: Known) -> tuple[Shelves, Running] | None:
    """Return the shelves and what they go through; None: nothing was counted or sold."""
    held, sold, ahead = known.once(shelves), known.once(sales), known.once(demand)
    if held is None or sold is None or ahead is None:
        return None
    wanted, unsure = _wanted(held, sold, ahead)
    lead = np.clip(np.round(held.lead[MID]), 1, wanted.shape[1]).astype(int)
    lost, firsts, upto = [], [], []
    for scenario, tenths in ((LOW, -TENTH), (MID, 0.0), (HIGH, TENTH)):
        daily = np.diff(np.maximum(np.cumsum(wanted, axis=1) + tenths * unsure, 0), axis=1, prepend=0)
        missed, first = _missed(held.on_hand, held.coming[scenario], np.maximum(daily, 0))
        lost.append(missed[np.arange(len(lead)), lead - 1])
        firsts.append(first)
        upto.append(missed)
    likely = _likely(held, np.cumsum(wanted, axis=1), unsure, lead)
    return held, Running(likely, firsts[1], np.maximum.accumulate(np.array(lost), axis=0), np.array(upto), wanted)


def _wanted(held: Shelves, sold: Sales, ahead: Demand) -> tuple[Numbers, Numbers]:
    """Return the units wanted of each shelf on each day, and the standard error of those wanted up to each day.

    What is wanted of the article in all, times the part that is sent from the warehouse: single shelves sell too little
    to be told by themselves. They vary as counts of several units at once do, as the forecast of the article is unsure,
    and as its part is.
    """
    days = min(settings.MOST_DAYS, ahead.expected.shape[1])
    whole = {key[0]: number for number, key in enumerate(ahead.keys) if key[1] is None}
    row = np.array([whole.get(sku, -1) for sku, _ in held.keys])
    known = (row >= 0)[:, None]
    mean = np.where(known, ahead.expected[row, :days], 0.0)
    upto = np.maximum(np.cumsum(mean, axis=1), 1e-9)
    tenth, ninth = (ahead.within[row, :days, SHARES.index(share)] for share in (0.1, 0.9))
    unsure = np.clip((ninth - tenth) / (2 * TENTH * upto), *settings.UNSURE)
    part, seen = _part(held, sold)
    wanted = mean * part[:, None]
    upto, lumps = np.cumsum(wanted, axis=1), _lumps(sold)
    part_unsure = np.sqrt(lumps / (seen + settings.PART_UNITS))[:, None]
    return wanted, np.sqrt(lumps * upto + (np.hypot(unsure, part_unsure) * upto) ** 2)


def _lumps(sold: Sales) -> float:
    """Return how many times as much as counts the sales of a shelf vary from week to week, in the mean."""
    weeks = sold.units.shape[1] // WEEK
    here = np.array([warehouse is not None for _, warehouse in sold.keys], bool)
    sums = sold.units[here, sold.units.shape[1] - weeks * WEEK :].reshape(-1, weeks, WEEK).sum(axis=2)
    sums = sums[(np.isfinite(sums).sum(axis=1) > 1)]
    if not len(sums) or not np.nansum(sums):
        return 1.0
    return float(max(np.nanvar(sums, axis=1, ddof=1).sum() / np.nanmean(sums, axis=1).sum(), 1.0))


def _part(held: Shelves, sold: Sales) -> tuple[Numbers, Numbers]:
    """Return the part of its article's sales that each shelf has, drawn towards that of its warehouse, and the units
    it sold that tell it."""
    recent = sold.units[:, -settings.PART_DAYS :]
    told = {key: row for key, row in zip(sold.keys, recent, strict=True) if key[1] is not None}
    of_article: dict[str, Numbers] = {}
    for (sku, _), row in told.items():
        of_article[sku] = of_article.get(sku, 0.0) + np.nan_to_num(row)
    everything = sum(of_article.values(), np.zeros(recent.shape[1])).sum()
    place: dict[str | None, float] = {}
    for (_, warehouse), row in told.items():
        place[warehouse] = place.get(warehouse, 0.0) + float(np.nansum(row))
    found, seen = [], []
    for sku, warehouse in held.keys:
        row = told.get((sku, warehouse), np.zeros(recent.shape[1]))
        # Days on which the shelf was empty tell nothing of its part.
        of = float(of_article.get(sku, np.zeros(recent.shape[1]))[np.isfinite(row)].sum())
        usual = place.get(warehouse, 0.0) / max(everything, 1e-9)
        seen.append(float(np.nansum(row)))
        found.append((seen[-1] + settings.PART_UNITS * usual) / (of + settings.PART_UNITS))
    return np.array(found), np.array(seen)


def _missed(on_hand: Numbers, coming: Numbers, daily: Numbers) -> tuple[Numbers, Numbers]:
    """Return units asked for in vain up to each day (shelves x days), and the first day of it."""
    stock, missed = on_hand.copy(), np.zeros_like(daily)
    for day in range(daily.shape[1]):
        stock = stock + coming[:, day] - daily[:, day]
        missed[:, day] = np.maximum(-stock, 0)
        stock = np.maximum(stock, 0)
    short = missed > 0
    first = np.where(short.any(axis=1), short.argmax(axis=1), daily.shape[1])
    return np.cumsum(missed, axis=1), first.astype(float)


def _likely(held: Shelves, upto: Numbers, unsure: Numbers, lead: npt.NDArray[np.int64]) -> Numbers:
    """Return the chance that more is wanted than is there, on the day before ``lead`` on which it is highest."""
    there = held.on_hand[:, None] + np.cumsum(held.coming[MID], axis=1)[:, : upto.shape[1]]
    chance = ndtr((upto - there) / np.maximum(unsure, 1e-9))
    days = np.arange(upto.shape[1])[None, :]
    return np.asarray(np.where(days < lead[:, None], chance, 0.0).max(axis=1))
