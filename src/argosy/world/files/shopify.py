"""The shop's two exports: orders, and the payment transactions behind its payouts.

Headers as in exports of 2026; what this seller's shop knows of an order is filled, the rest stays empty.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from argosy.world import assumptions as assumed
from argosy.world.accounts import payout_names
from argosy.world.columns import DAY_SECONDS, Ints, joined, moment, money, picked, same, text, where, write_rows
from argosy.world.goods import Article
from argosy.world.orders import CANCELLED, Lines, Orders
from argosy.world.provider import Moves

ORDERS = (
    "Name", "Email", "Financial Status", "Paid at", "Fulfillment Status", "Fulfilled at", "Accepts Marketing",
    "Currency", "Subtotal", "Shipping", "Taxes", "Total", "Discount Code", "Discount Amount", "Shipping Method",
    "Created at", "Lineitem quantity", "Lineitem name", "Lineitem price", "Lineitem compare at price",
    "Lineitem sku", "Lineitem requires shipping", "Lineitem taxable", "Lineitem fulfillment status",
    "Billing Name", "Billing Country", "Shipping Name", "Shipping City", "Shipping Zip", "Shipping Province",
    "Shipping Country", "Notes", "Cancelled at", "Payment Method", "Payment Reference", "Refunded Amount", "Vendor",
    "Id", "Source", "Lineitem discount",
)  # fmt: skip
PAYMENTS = (
    "Transaction Date", "Type", "Order", "Card Brand", "Card Source", "Payout Status", "Payout Date", "Payout ID",
    "Available On", "Amount", "Fee", "Net", "Checkout", "Payment Method Name", "Presentment Amount",
    "Presentment Currency", "Currency",
)  # fmt: skip
CLOCK = "%Y-%m-%d %H:%M:%S +0000"
ID = 5_000_000_000_000


def write_orders(
    path: Path, orders: Orders, lines: Lines, articles: tuple[Article, ...], *, names: pa.Array, paid_by: Ints
) -> None:
    """Write the orders export: a row per line, what is the order's on its first row alone."""
    order, first = lines.order, lines.number == 1
    sent, back = np.where(orders.gone, orders.sent_at, 0), orders.returned
    called_off = (orders.fate == CANCELLED) & (back > 0)

    def head(values: pa.Array) -> pa.Array:
        return where(first, values.take(pa.array(order)))

    def amount(minor: Ints) -> pa.Array:
        return head(text(money(minor)))

    status = np.select([back == 0, back < orders.total], [0, 1], default=2)
    country = picked([market.country for market in assumed.MARKETS], orders.market)
    columns = {
        "Name": names.take(pa.array(order)),
        "Email": head(joined("buyer", text(pa.array(orders.came.buyer)), "@example.com")),
        "Financial Status": head(picked(("paid", "partially_refunded", "refunded"), status)),
        "Paid at": head(moment(orders.paid_at, CLOCK)),
        "Fulfillment Status": head(picked(("unfulfilled", "fulfilled"), (sent > 0).astype(np.int64))),
        "Fulfilled at": head(where(sent > 0, moment(sent, CLOCK))),
        "Currency": head(same(assumed.SHOP_CURRENCY, len(sent))),
        "Subtotal": amount(orders.subtotal),
        "Shipping": amount(orders.shipping),
        "Taxes": amount(orders.tax),
        "Total": amount(orders.total),
        "Discount Code": head(where(orders.discount > 0, same("WELCOME", len(sent)))),
        "Discount Amount": amount(orders.discount),
        "Created at": head(moment(orders.paid_at, CLOCK)),
        "Lineitem quantity": text(pa.array(lines.units)),
        "Lineitem name": picked([article.title for article in articles], lines.article),
        "Lineitem price": text(money(lines.worth // lines.units)),
        "Lineitem sku": picked([article.sku for article in articles], lines.article),
        "Lineitem fulfillment status": picked(("pending", "fulfilled"), (sent > 0).astype(np.int64)[order]),
        "Billing Country": head(country),
        "Shipping Country": head(country),
        "Cancelled at": head(where(called_off, moment(orders.back_at, CLOCK))),
        "Payment Method": head(picked([provider.name for provider in assumed.PROVIDERS], paid_by)),
        "Refunded Amount": amount(back),
        "Id": head(text(pa.array(np.arange(len(sent)) + ID))),
        "Source": head(same("web", len(sent))),
    }
    write_rows(path, columns, header=ORDERS)


def write_payments(path: Path, moves: Moves, names: pa.Array) -> None:
    """Write the payment transactions: every charge and refund, its fee, and the payout it went out with."""
    paid = moves.payout_day > 0
    due = moment(moves.payout_day * DAY_SECONDS, "%Y-%m-%d")
    currency = same(assumed.SHOP_CURRENCY, len(moves.at))
    columns = {
        "Transaction Date": moment(moves.at, CLOCK),
        "Type": picked(("charge", "refund", "dispute"), moves.kind),
        "Order": names.take(pa.array(moves.order)),
        "Payout Status": picked(("pending", "paid"), paid.astype(np.int64)),
        "Payout Date": where(paid, due),
        "Payout ID": payout_names(moves.payout_day, moves.provider),
        "Available On": where(paid, due),
        "Amount": text(money(moves.amount)),
        "Fee": text(money(moves.fee)),
        "Net": text(money(moves.net)),
        "Checkout": joined("#C", text(pa.array(moves.order))),
        "Payment Method Name": same("card", len(moves.at)),
        "Presentment Amount": text(money(moves.amount)),
        "Presentment Currency": currency,
        "Currency": currency,
    }
    write_rows(path, columns, header=PAYMENTS)
