"""PayPal's activity download, in English, American dates and the clock of the seller's place."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, Ints, joined, moment, money, picked, same, text, where, write_rows
from argosy.world.orders import Orders
from argosy.world.provider import CHARGE, CHARGEBACK_FEE, DISPUTE, WITHDRAWAL, Moves, numbered

HEADER = (
    "Date", "Time", "TimeZone", "Name", "Type", "Status", "Currency", "Gross", "Fee", "Net", "From Email Address",
    "To Email Address", "Transaction ID", "Shipping Address", "Address Status", "Item Title", "Item ID",
    "Shipping and Handling Amount", "Insurance Amount", "Sales Tax", "Option 1 Name", "Option 1 Value",
    "Option 2 Name", "Option 2 Value", "Reference Txn ID", "Invoice Number", "Custom Number", "Quantity", "Receipt ID",
    "Balance", "Address Line 1", "Address Line 2/District/Neighborhood", "Town/City",
    "State/Province/Region/County/Territory/Prefecture/Republic", "Zip/Postal Code", "Country",
    "Contact Phone Number", "Subject", "Note", "Country Code", "Balance Impact",
)  # fmt: skip
# Kinds of rows: those of the moves, and what stands on rows of its own.
TYPES = ("Express Checkout Payment", "Payment Refund", "Chargeback", "Chargeback Fee", "General Withdrawal")
NOBODY = -1
ZONE, EAST_HOURS = "GMT+08:00", 8
SHOP = "shop@example.com"


def write_activity(path: Path, moves: Moves, orders: Orders, names: pa.Array) -> None:
    """Write every movement of the balance: payments, refunds, chargebacks, their fees and withdrawals."""
    order, at, kind, gross, fee = _rows(moves)
    net, known = gross + fee, order >= 0
    whose = np.maximum(order, 0)
    name, number = names.take(pa.array(whose)), np.where(known, whose, at // DAY_SECONDS)
    clock = at + EAST_HOURS * 3600
    buyer = where(known, joined("buyer", text(pa.array(orders.came.buyer[whose])), "@example.com"))
    paid, shop = kind == CHARGE, same(SHOP, len(at))
    # A refund and a chargeback point at the payment, a chargeback's fee at the chargeback.
    cause = np.where(kind == CHARGEBACK_FEE, DISPUTE, CHARGE)
    columns = {
        "Date": moment(clock, "%m/%d/%Y"),
        "Time": moment(clock, "%H:%M:%S"),
        "TimeZone": same(ZONE, len(at)),
        "Type": picked(TYPES, kind),
        "Status": same("Completed", len(at)),
        "Currency": same(assumed.SHOP_CURRENCY, len(at)),
        "Gross": text(money(gross)),
        "Fee": text(money(fee)),
        "Net": text(money(net)),
        "From Email Address": pc.if_else(pa.array(paid), buyer, shop),
        "To Email Address": pc.if_else(pa.array(paid), shop, buyer),
        "Transaction ID": numbered(kind, number),
        "Reference Txn ID": where(known & ~paid, numbered(cause, number)),
        # A refund does not repeat the invoice number.
        "Invoice Number": where(known & np.isin(kind, (CHARGE, DISPUTE, CHARGEBACK_FEE)), name),
        "Balance": text(money(np.cumsum(net))),
        "Country Code": where(known, picked([m.country for m in assumed.MARKETS], orders.market[whose])),
        "Balance Impact": picked(("Debit", "Credit"), (gross > 0).astype(np.int64)),
    }
    write_rows(path, columns, header=HEADER)


def _rows(moves: Moves) -> tuple[Ints, ...]:
    """Return order, moment, kind, gross and fee (signed) of each row, in their order."""
    lost = moves.kind == DISPUTE
    out = moves.payout_day > 0
    days, place = np.unique(moves.payout_day[out], return_inverse=True)
    taken = np.bincount(place, weights=moves.net[out], minlength=len(days)).astype(np.int64)
    nothing = np.zeros(lost.sum() + len(days), np.int64)
    columns = (
        np.concatenate((moves.order, moves.order[lost], np.full(len(days), NOBODY))),
        np.concatenate((moves.at, moves.at[lost], days * DAY_SECONDS + assumed.WITHDRAWN_AT)),
        np.concatenate((moves.kind, np.full(lost.sum(), CHARGEBACK_FEE), np.full(len(days), WITHDRAWAL))),
        np.concatenate((moves.amount, -moves.fee[lost], -taken)),
        np.concatenate((np.where(lost, 0, -moves.fee), nothing)),
    )
    order, at, kind = columns[:3]
    queue = np.lexsort((order, kind == WITHDRAWAL, at))
    return tuple(column[queue] for column in columns)
