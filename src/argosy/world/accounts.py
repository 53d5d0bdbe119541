"""The world's own bookkeeping: everything that happened, into its ledger, by the rules of accounting."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, Ints, joined, picked
from argosy.world.orders import Lines, Orders, rounded, shares_of
from argosy.world.provider import Moves, Payouts
from argosy.world.stock import Lots
from argosy.world.truth import Ledger

SHOP, PROVIDER = "asset:receivable:shopify:main", "asset:receivable:shopify_payments:main"
USD = assumed.SHOP_CURRENCY


def post_sales(ledger: Ledger, orders: Orders, lines: Lines, names: pa.Array) -> None:
    """Post every line that was sold: income without tax, shipping, discount, tax owed on, and what is owed for it."""
    at, order = orders.paid_at[lines.order], names.take(pa.array(lines.order))
    tax, shipping, discount = (shares_of(x, lines) for x in (orders.tax, orders.shipping, orders.discount))
    inside = np.where(orders.tax_inside[lines.order], tax, 0)
    vat = _vat(orders.market[lines.order])
    legs: list[tuple[str | pa.Array, Ints]] = [
        ("income:sales", inside - lines.worth),
        ("income:shipping", -shipping),
        ("contra:discount", discount),
        (vat, -tax),
    ]
    owed, worth = np.zeros(len(tax), np.int64), np.zeros(len(tax), np.int64)
    for account, amount in legs:
        worth -= ledger.post(account, amount, at=at, currency=USD, order=order)
        owed -= amount
    ledger.post(SHOP, owed, at=at, currency=USD, order=order, book=worth)


def _vat(market: Ints) -> pa.Array:
    return joined("liability:vat:", picked([m.country for m in assumed.MARKETS], market))


def post_moves(ledger: Ledger, orders: Orders, moves: Moves, names: pa.Array) -> Ints:
    """Post what moved at the provider and return what each move's net was worth in the book currency."""
    order, payout = names.take(pa.array(moves.order)), payout_names(moves.payout_day)
    common = {"at": moves.at, "currency": USD, "order": order, "payout": payout}
    taken = np.where(moves.refund, 0, moves.amount)
    given = np.where(moves.refund, -moves.amount, 0)
    tax = rounded(given * orders.tax[moves.order], np.maximum(orders.total[moves.order], 1))
    worth = -ledger.post(SHOP, -taken, **common)
    worth -= ledger.post("contra:refund", given - tax, **common)
    worth -= ledger.post(_vat(orders.market[moves.order]), tax, **common)
    ledger.post(PROVIDER, moves.amount, **common, book=worth)
    fee = ledger.post("fee:payment", moves.fee, **common)
    ledger.post(PROVIDER, -moves.fee, **common, book=-fee)
    return worth - fee


def payout_names(days: Ints) -> pa.Array:
    """Return what payouts are called by the day they were sent, nothing for those not known yet."""
    names = joined(pa.array(days, pa.int64()).cast(pa.string()), pa.scalar("0001"))
    return pa.compute.if_else(pa.array(days > 0), names, pa.scalar(None, pa.string()))


def post_payouts(ledger: Ledger, moves: Moves, worth: Ints, payouts: Payouts) -> None:
    """Post the payouts, what rates moved between taking and paying out, and what the bank booked.

    IAS 21.28: the difference is realised when the claim is settled. Money on its way to the bank keeps its value:
    it is the seller's own already.
    """
    sent, name = payouts.day * DAY_SECONDS, payout_names(payouts.day)
    value = ledger.post("asset:bank:in_transit", payouts.amount, at=sent, currency=USD, payout=name)
    ledger.post(PROVIDER, -payouts.amount, at=sent, currency=USD, payout=name, book=-value)
    place = np.searchsorted(payouts.day, moves.payout_day[moves.payout_day > 0])
    was = np.zeros(len(payouts.day), np.int64)
    np.add.at(was, place, worth[moves.payout_day > 0])
    nothing = np.zeros(len(was), np.int64)
    ledger.post("fx:realised", nothing, at=sent, currency=USD, payout=name, book=was - value)
    ledger.post(PROVIDER, nothing, at=sent, currency=USD, payout=name, book=value - was)
    there = payouts.booked > 0
    booked, amount, same = payouts.booked[there] * DAY_SECONDS, payouts.amount[there], value[there]
    ledger.post("asset:bank:usd", amount, at=booked, currency=USD, book=same)
    ledger.post("asset:bank:in_transit", -amount, at=booked, currency=USD, book=-same)


def post_goods(
    ledger: Ledger, orders: Orders, lines: Lines, lots: Lots, cost: tuple[Ints, Ints], names: pa.Array, makers: pa.Array
) -> None:
    """Post lots into stock and the goods of each line out of it when they left."""
    goods, inbound = cost
    gone = orders.gone[lines.order]
    at, order = orders.sent_at[lines.order[gone]], names.take(pa.array(lines.order[gone]))
    book = {"at": at, "currency": ledger.book_currency, "order": order}
    ledger.post("cost:goods", goods[gone], **book)
    ledger.post("cost:inbound", inbound[gone], **book)
    ledger.post("asset:stock:main", -(goods + inbound)[gone], **book)
    came, paid = lots.day * DAY_SECONDS, lots.goods + lots.inbound
    ledger.post("asset:stock:main", paid, at=came, currency=ledger.book_currency)
    owed = joined("liability:payable:", makers.take(pa.array(lots.article)))
    ledger.post(owed, -paid, at=came, currency=ledger.book_currency)
