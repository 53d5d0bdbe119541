"""Stripe's itemised payout reconciliation, asked for with the shop's order in the metadata.

What no payout holds yet stands in it without one, as in its sister report of the balance.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from argosy.world import assumptions as assumed
from argosy.world.accounts import payout_names
from argosy.world.columns import DAY_SECONDS, joined, moment, money, picked, same, text, where, write_rows
from argosy.world.orders import Orders
from argosy.world.provider import Moves

HEADER = (
    "automatic_payout_id", "automatic_payout_effective_at_utc", "automatic_payout_effective_at",
    "balance_transaction_id", "created_utc", "created", "available_on_utc", "available_on", "currency", "gross", "fee",
    "net", "reporting_category", "source_id", "description", "customer_facing_amount", "customer_facing_currency",
    "regulatory_tag", "customer_id", "customer_email", "charge_id", "payment_intent_id", "charge_created_utc",
    "invoice_id", "order_id", "payment_method_type", "connected_account_id", "connected_account_name",
    "payment_metadata[order_id]",
)  # fmt: skip
CLOCK = "%Y-%m-%d %H:%M:%S"
AVAILABLE_DAYS = 2


def write_moves(path: Path, moves: Moves, orders: Orders, names: pa.Array) -> None:
    """Write every charge, refund and dispute, its fee, and the payout it went out with."""
    order, rows = names.take(pa.array(moves.order)), len(moves.at)
    number = text(pa.array(moves.order))
    out = where(moves.payout_day > 0, moment(moves.payout_day * DAY_SECONDS, CLOCK))
    available = moment((moves.at // DAY_SECONDS + AVAILABLE_DAYS) * DAY_SECONDS, CLOCK)
    currency = same(assumed.SHOP_CURRENCY.lower(), rows)
    columns = {
        "automatic_payout_id": payout_names(moves.payout_day, moves.provider),
        "automatic_payout_effective_at_utc": out,
        "automatic_payout_effective_at": out,
        "balance_transaction_id": joined("txn_", picked(("1", "2", "3"), moves.kind), number),
        "created_utc": moment(moves.at, CLOCK),
        "created": moment(moves.at, CLOCK),
        "available_on_utc": available,
        "available_on": available,
        "currency": currency,
        "gross": text(money(moves.amount)),
        "fee": text(money(moves.fee)),
        "net": text(money(moves.net)),
        "reporting_category": picked(("charge", "refund", "dispute"), moves.kind),
        "source_id": joined(picked(("ch_", "re_", "dp_"), moves.kind), number),
        "description": joined(picked(("", "Refund of ", "Chargeback of "), moves.kind), "order ", order),
        "customer_facing_amount": text(money(np.abs(moves.amount))),
        "customer_facing_currency": currency,
        "customer_email": joined("buyer", text(pa.array(orders.came.buyer[moves.order])), "@example.com"),
        "charge_id": joined("ch_", number),
        "payment_method_type": same(assumed.CARD, rows),
        "payment_metadata[order_id]": order,
    }
    write_rows(path, columns, header=HEADER)
