"""How many days what lies in the warehouses lasts, article by article."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pyarrow as pa

from argosy.domains.stock.shelves import shelves
from argosy.model.findings import CannotTell
from argosy.outlook.demand import Demand, demand
from argosy.outlook.known import Known

KIND = "stock.cover"
COVER = {"sku": "string", "on_hand": "int64", "cover_days": "int64"}
NEEDS = ("stock_levels", "orders", "order_lines")
LATER = 28  # last days of the forecast, by whose mean it goes on beyond them: assumed
LONGEST = 999  # days that are told; it may be more


def cover(known: Known) -> pa.Table | CannotTell:
    """Return units on hand and the whole days they last at the sales expected, one row per article that was counted.

    Columns as of ``COVER``. on_hand: of all warehouses together, see ``shelves``; what is on its way is not in it.
    cover_days: at most ``LONGEST``, which stands for longer, too. CannotTell: without counts of stock or without sales.
    """
    held, ahead = known.once(shelves), known.once(demand)
    if held is None or ahead is None:
        return CannotTell(KIND, tuple(name for name in NEEDS if not known.has(name)))
    units: dict[str, float] = defaultdict(float)
    for (sku, _), here in zip(held.keys, held.on_hand, strict=True):
        units[sku] += float(here)
    rows = [{"sku": sku, "on_hand": round(there), "cover_days": lasts(there, ahead, sku)}
            for sku, there in units.items()]  # fmt: skip
    return pa.Table.from_pylist(rows, schema=pa.schema([("sku", pa.string()), *((name, pa.int64()) for name in
                                                        ("on_hand", "cover_days"))]))  # fmt: skip


def lasts(units: float, ahead: Demand, sku: str) -> int:
    """Return the whole days so many units of an article last, at most ``LONGEST``."""
    place = ahead.places.get((sku, None))
    if units <= 0:
        return 0
    if place is None:
        return LONGEST  # not sold for years
    daily = ahead.expected[place]
    wanted = np.cumsum(daily)
    if units < wanted[-1]:
        return int(np.searchsorted(wanted, units, side="right"))
    later = float(daily[-LATER:].mean())
    return int(min(len(daily) + (units - wanted[-1]) / later, LONGEST)) if later > 0 else LONGEST
