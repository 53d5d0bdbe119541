"""What the payment provider does with the buyers' money: takes its fee, pays out, and pays back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, Flags, Ints
from argosy.world.given import Given
from argosy.world.orders import DISPUTED, Orders, rounded

CHARGE, REFUND, DISPUTE = range(3)
MONDAY_OF_ALL = 4  # 1970-01-05 was a Monday


@dataclass(frozen=True)
class Moves:
    """What moved at the provider, in order: place of the order, moment, kind, amount (signed) and fee in minor units,
    and the day since 1970 it is paid out on, 0 while that is not known."""

    order: Ints
    at: Ints
    kind: Ints
    amount: Ints
    fee: Ints
    payout_day: Ints


@dataclass(frozen=True)
class Payouts:
    """Payouts: the day since 1970 each was sent, its amount, what reached the bank, and the day it booked that, 0 while
    it has not."""

    day: Ints
    amount: Ints
    arrived: Ints
    booked: Ints

    @property
    def whole(self) -> Flags:
        """Which of them reached the bank in full."""
        return np.asarray((self.booked > 0) & (self.arrived == self.amount))


def take(orders: Orders, given: Given) -> Moves:
    """Return all charges, refunds and disputes so far."""
    abroad = np.array([market.country != "US" for market in assumed.MARKETS])[orders.market]
    permille = assumed.FEE_PERMILLE + np.where(abroad, assumed.FEE_ABROAD_PERMILLE, 0)
    fee = rounded(orders.total * permille, 1000) + assumed.FEE_FIXED
    back, lost = np.flatnonzero(orders.back > 0), np.flatnonzero(orders.fate == DISPUTED)
    soon, late = (days * DAY_SECONDS for days in assumed.DISPUTE_DAYS)
    disputed_at = orders.paid_at[lost] + given.draws.whole(soon, late, "dispute days", orders.came.id[lost])
    order = np.concatenate((np.arange(len(orders.total)), back, lost))
    at = np.concatenate((orders.paid_at, orders.back_at[back], disputed_at))
    amount = np.concatenate((orders.total, -orders.back[back], -orders.total[lost]))
    # A fee is not given back with a refund, and a dispute costs one of its own.
    fees = np.concatenate((fee, np.zeros(len(back), np.int64), np.full(len(lost), assumed.DISPUTE_FEE)))
    kind = np.repeat((CHARGE, REFUND, DISPUTE), (len(orders.total), len(back), len(lost)))
    queue = np.lexsort((kind, order, at))
    queue = queue[at[queue] < given.when.until]
    day = _payout_day(at[queue] // DAY_SECONDS)
    day = np.where(day < given.when.last, day, 0)
    return Moves(order[queue], at[queue], kind[queue], amount[queue], fees[queue], day)


def _payout_day(day: Ints) -> Ints:
    """Return the first payout day at least so many days later."""
    ready = day + assumed.PAYOUT_LAG_DAYS
    return ready + (MONDAY_OF_ALL + assumed.PAYOUT_WEEKDAY - ready) % 7


def pay_out(moves: Moves, payer: int, given: Given) -> Payouts:
    """Return what was paid out, one payout a week; payer: its place in ``conditions.PAYERS``."""
    days, place = np.unique(moves.payout_day[moves.payout_day > 0], return_inverse=True)
    net = (moves.amount - moves.fee)[moves.payout_day > 0]
    return payouts_of(days, place, net, payer=payer, given=given)


def payouts_of(days: Ints, place: Ints, net: Ints, *, payer: int, given: Given) -> Payouts:
    """Return payouts sent on these days, each the sum of the moves in its ``place``, and what the bank booked when."""
    conditions, when = given.conditions, given.when
    amount = np.bincount(place, weights=net, minlength=len(days)).astype(np.int64)
    day = when.day(days * DAY_SECONDS)
    missing = np.round(conditions.short[day, payer] * 1000).astype(np.int64)
    arrived = amount - rounded(np.maximum(amount, 0) * missing, 1000)
    booked = days + assumed.BANK_LAG_DAYS + conditions.late[day, payer].astype(np.int64)
    return Payouts(days, amount, arrived, np.where(booked < when.last, booked, 0))
