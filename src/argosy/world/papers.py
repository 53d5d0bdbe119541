"""What the seller keeps beside the channels' exports: the cost sheet and the bank's statement."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, joined, moment, money, picked, text, write_rows
from argosy.world.goods import Article
from argosy.world.provider import Payouts
from argosy.world.stock import Lots

COSTS = (
    "SKU", "Unit cost", "Currency", "Received on", "Quantity received", "Inbound freight", "Freight currency",
    "Import duty", "Duty currency", "Supplier",
)  # fmt: skip
BANK = ("Booked on", "Account", "Amount", "Currency", "Reference")


def write_costs(path: Path, lots: Lots, articles: tuple[Article, ...]) -> None:
    """Write the cost sheet: a row per lot."""
    rows = len(lots.units)
    columns = {
        "SKU": picked([article.sku for article in articles], lots.article),
        "Unit cost": text(money(lots.unit_cost)),
        "Currency": pa.array([assumed.BOOK_CURRENCY] * rows),
        "Received on": moment(lots.day * DAY_SECONDS, "%Y-%m-%d"),
        "Quantity received": text(pa.array(lots.units)),
        "Inbound freight": text(money(lots.freight)),
        "Freight currency": pa.array([assumed.SHOP_CURRENCY] * rows),
        "Import duty": text(money(lots.duty)),
        "Duty currency": pa.array([assumed.BOOK_CURRENCY] * rows),
        "Supplier": picked([article.supplier for article in articles], lots.article),
    }
    write_rows(path, columns, header=COSTS)


def write_bank(path: Path, payouts: Payouts) -> None:
    """Write the statement of the dollar account."""
    there = np.flatnonzero(payouts.booked > 0)
    columns = {
        "Booked on": moment(payouts.booked[there] * DAY_SECONDS, "%Y-%m-%d"),
        "Account": pa.array(["usd"] * len(there), pa.string()),
        "Amount": text(money(payouts.amount[there])),
        "Currency": pa.array([assumed.SHOP_CURRENCY] * len(there), pa.string()),
        "Reference": joined("SHOPIFY PAYMENTS ", text(pa.array(payouts.day[there])), "0001"),
    }
    write_rows(path, columns, header=BANK)
