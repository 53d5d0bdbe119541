"""What the seller keeps beside the channels' exports: the cost sheet and the bank's statement."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, moment, money, picked, same, text, write_rows
from argosy.world.goods import Article
from argosy.world.happened import Paid
from argosy.world.provider import Payouts
from argosy.world.rates import Quotes
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
        "Currency": same(assumed.BOOK_CURRENCY, rows),
        "Received on": moment(lots.day * DAY_SECONDS, "%Y-%m-%d"),
        "Quantity received": text(pa.array(lots.units)),
        "Inbound freight": text(money(lots.freight)),
        "Freight currency": same(assumed.SHOP_CURRENCY, rows),
        "Import duty": text(money(lots.duty)),
        "Duty currency": same(assumed.BOOK_CURRENCY, rows),
        "Supplier": picked([article.supplier.name for article in articles], lots.article),
    }
    write_rows(path, columns, header=COSTS)


def write_bank(path: Path, payouts: Sequence[tuple[str, str, Payouts]], claims: Sequence[Paid]) -> None:
    """Write the bank's statement: an account per currency.

    payouts: payer in the bank's words, currency, payouts. claims: what was paid back, named by what was asked for.
    """
    booked, amount = (np.concatenate([getattr(paid, name) for *_, paid in payouts]) for name in ("booked", "arrived"))
    booked, amount = (
        np.concatenate((column, np.array([getattr(paid, name) for paid in claims], np.int64)))
        for column, name in ((booked, "day"), (amount, "amount"))
    )
    payers = [payer for payer, *_ in payouts] + [f"{paid.party} CLAIM {paid.number}" for paid in claims]
    currencies = [currency for _, currency, _ in payouts] + [paid.currency for paid in claims]
    place = np.repeat(np.arange(len(payers)), [len(paid.day) for *_, paid in payouts] + [1] * len(claims))
    queue = np.lexsort((place, booked))
    queue = queue[booked[queue] > 0]
    columns = {
        "Booked on": moment(booked[queue] * DAY_SECONDS, "%Y-%m-%d"),
        "Account": picked([currency.lower() for currency in currencies], place[queue]),
        "Amount": text(money(amount[queue])),
        "Currency": picked(currencies, place[queue]),
        "Reference": picked(payers, place[queue]),
    }
    write_rows(path, columns, header=BANK)


def write_rates(path: Path, told: Quotes) -> None:
    """Write exchange rates as the European Central Bank does, newest first."""
    days = sorted(told, reverse=True)
    names = list(told[days[0]])
    columns = {"Date": pa.array([day.isoformat() for day in days])}
    columns |= {name: pa.array([told[day][name] for day in days]) for name in names}
    write_rows(path, columns, header=("Date", *names))
