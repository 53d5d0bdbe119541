"""What the seller keeps beside the channels' exports: the cost sheet and the bank's statement."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, moment, money, picked, text, write_rows
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


def write_bank(path: Path, payouts: Mapping[str, Payouts]) -> None:
    """Write the statement of the dollar account; ``payouts`` by what the bank calls the payer."""
    booked, amount = (
        np.concatenate([getattr(paid, name) for paid in payouts.values()]) for name in ("booked", "amount")
    )
    payer = np.repeat(np.arange(len(payouts)), [len(paid.day) for paid in payouts.values()])
    queue = np.lexsort((payer, booked))
    queue = queue[booked[queue] > 0]
    columns = {
        "Booked on": moment(booked[queue] * DAY_SECONDS, "%Y-%m-%d"),
        "Account": pa.array(["usd"] * len(queue), pa.string()),
        "Amount": text(money(amount[queue])),
        "Currency": pa.array([assumed.SHOP_CURRENCY] * len(queue), pa.string()),
        "Reference": picked(list(payouts), payer[queue]),
    }
    write_rows(path, columns, header=BANK)
