"""What the seller keeps beside the channels' exports: the cost sheet and the bank's statement."""

from __future__ import annotations

from collections.abc import Sequence
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


def write_bank(path: Path, payouts: Sequence[tuple[str, str, Payouts]]) -> None:
    """Write the bank's statement: an account per currency; payouts: payer in the bank's words, currency, payouts."""
    booked, amount = (np.concatenate([getattr(paid, name) for *_, paid in payouts]) for name in ("booked", "amount"))
    place = np.repeat(np.arange(len(payouts)), [len(paid.day) for *_, paid in payouts])
    queue = np.lexsort((place, booked))
    queue = queue[booked[queue] > 0]
    columns = {
        "Booked on": moment(booked[queue] * DAY_SECONDS, "%Y-%m-%d"),
        "Account": picked([currency.lower() for _, currency, _ in payouts], place[queue]),
        "Amount": text(money(amount[queue])),
        "Currency": picked([currency for _, currency, _ in payouts], place[queue]),
        "Reference": picked([payer for payer, *_ in payouts], place[queue]),
    }
    write_rows(path, columns, header=BANK)
