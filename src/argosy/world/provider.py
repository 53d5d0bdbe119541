"""What the payment provider does with the buyers' money: takes its fee, pays out, and pays back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, Flags, Ints, seconds_of
from argosy.world.orders import Orders, rounded
from argosy.world.plan import END

MONDAY_OF_ALL = 4  # 1970-01-05 was a Monday


@dataclass(frozen=True)
class Moves:
    """What moved at the provider, in order: place of the order, moment, refund or charge, amount (signed) and fee in
    minor units, and the day since 1970 it is paid out on, 0 while that is not known."""

    order: Ints
    at: Ints
    refund: Flags
    amount: Ints
    fee: Ints
    payout_day: Ints


@dataclass(frozen=True)
class Payouts:
    """Payouts: the day since 1970 each was sent, its amount, and the day the bank booked it, 0 while it has not."""

    day: Ints
    amount: Ints
    booked: Ints


def take(orders: Orders) -> Moves:
    """Return all charges and refunds of the world."""
    abroad = np.array([market.country != "US" for market in assumed.MARKETS])[orders.market]
    permille = assumed.FEE_PERMILLE + np.where(abroad, assumed.FEE_ABROAD_PERMILLE, 0)
    fee = rounded(orders.total * permille, 1000) + assumed.FEE_FIXED
    back = np.flatnonzero(orders.back > 0)
    order = np.concatenate((np.arange(len(orders.total)), back))
    at = np.concatenate((orders.paid_at, orders.back_at[back]))
    amount = np.concatenate((orders.total, -orders.back[back]))
    fees = np.concatenate((fee, np.zeros(len(back), np.int64)))
    end = seconds_of(END)
    happened = at < end
    queue = np.lexsort((order, at))
    queue = queue[happened[queue]]
    # A fee is not given back with a refund.
    day = _payout_day(at[queue] // DAY_SECONDS)
    day = np.where(day < end // DAY_SECONDS, day, 0)
    return Moves(order[queue], at[queue], amount[queue] < 0, amount[queue], fees[queue], day)


def _payout_day(day: Ints) -> Ints:
    """Return the first payout day at least so many days later."""
    ready = day + assumed.PAYOUT_LAG_DAYS
    return ready + (MONDAY_OF_ALL + assumed.PAYOUT_WEEKDAY - ready) % 7


def pay_out(moves: Moves) -> Payouts:
    """Return what was paid out, one payout a week."""
    days, place = np.unique(moves.payout_day[moves.payout_day > 0], return_inverse=True)
    net = (moves.amount - moves.fee)[moves.payout_day > 0]
    return payouts_of(days, place, net)


def payouts_of(days: Ints, place: Ints, net: Ints) -> Payouts:
    """Return payouts sent on these days, each the sum of the moves in its ``place``, and when the bank booked it."""
    amount = np.bincount(place, weights=net).astype(np.int64)
    booked = days + assumed.BANK_LAG_DAYS
    return Payouts(days, amount, np.where(booked < seconds_of(END) // DAY_SECONDS, booked, 0))
