"""When articles were out of stock, warehouse by warehouse, and what they sold before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from argosy.outlook.known import Known
from argosy.outlook.sales import sales

USUAL_DAYS = 56  # before it was out, in which an article sold as usual; assumed


@dataclass(frozen=True)
class Spell:
    """Days on which an article was out in a warehouse: first and last as numbers of days of the sales; open: it still
    is. rate: units a day it sold before."""

    sku: str
    warehouse: str
    first: int
    last: int
    open: bool
    rate: float


def spells(known: Known) -> list[Spell]:
    """Return when articles were out of stock, warehouse by warehouse, since they were first there."""
    sold = known.once(sales)
    if sold is None:
        return []
    there = np.array([warehouse is not None for _, warehouse in sold.keys], bool)
    out = np.isnan(sold.units) & there[:, None]
    # Before the first sale or count it was not out but not there yet.
    out &= np.maximum.accumulate(~np.isnan(sold.units), axis=1)
    edges = np.diff(np.pad(out, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    found = []
    for row, first in zip(*np.nonzero(edges == 1), strict=True):
        last = int(first + np.argmax(edges[row, first + 1 :] == -1))
        before = sold.units[row, max(first - USUAL_DAYS, 0) : first]
        rate = float(np.nanmean(before)) if np.isfinite(before).any() else 0.0
        sku, warehouse = sold.keys[row]
        found.append(Spell(sku, str(warehouse), int(first), last, last == out.shape[1] - 1, rate))
    return found


def part_out(known: Known) -> tuple[dict[str, float], dict[str, int]]:
    """Return for each article that is out somewhere which part of its usual sales that is, and since how many days."""
    sold = known.once(sales)
    if sold is None:
        return {}, {}
    usual: dict[str, float] = {}
    for (sku, warehouse), units in zip(sold.keys, sold.units, strict=True):
        if warehouse is not None and np.isfinite(units).any():
            usual[sku] = usual.get(sku, 0.0) + float(np.nanmean(units[-2 * USUAL_DAYS :]))
    out: dict[str, float] = {}
    days: dict[str, int] = {}
    for spell in known.once(spells):
        if spell.open and usual.get(spell.sku, 0) > 0:
            out[spell.sku] = min(out.get(spell.sku, 0.0) + spell.rate / usual[spell.sku], 1.0)
            days[spell.sku] = max(days.get(spell.sku, 0), spell.last - spell.first + 1)
    return out, days
