"""What payment providers do with the buyers' money: take their fees, pay out or wait to be asked, and pay back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, Flags, Ints, joined, picked, text
from argosy.world.given import Given
from argosy.world.orders import DISPUTED, Orders, rounded
from argosy.world.when import When

CHARGE, REFUND, DISPUTE, CHARGEBACK_FEE, WITHDRAWAL = range(5)
MONDAY_OF_ALL = 4  # 1970-01-05 was a Monday


@dataclass(frozen=True)
class Moves:
    """What moved at the providers, in order: place of the order, moment, provider (place in PROVIDERS), kind, amount
    (signed) and fee in minor units, and the day since 1970 it is paid out on, 0 while that is not known."""

    order: Ints
    at: Ints
    provider: Ints
    kind: Ints
    amount: Ints
    fee: Ints
    payout_day: Ints

    @property
    def net(self) -> Ints:
        """What each added to the balance."""
        return self.amount - self.fee

    def of(self, provider: int) -> Moves:
        """Return those at one provider."""
        mine = self.provider == provider
        return Moves(*(column[mine] for column in vars(self).values()))


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


def take(orders: Orders, paid_by: Ints, given: Given) -> Moves:
    """Return all charges, refunds and disputes so far; ``paid_by``: the provider of each order."""
    fee, fixed, more, dispute = (
        np.array([getattr(provider, name) for provider in assumed.PROVIDERS])[paid_by]
        for name in ("fee", "fixed", "abroad", "dispute")
    )
    abroad = np.array([market.country != "US" for market in assumed.MARKETS])[orders.market]
    fee = rounded(orders.total * (fee + np.where(abroad, more, 0)), 10_000) + fixed
    back, lost = np.flatnonzero(orders.back > 0), np.flatnonzero(orders.fate == DISPUTED)
    soon, late = (days * DAY_SECONDS for days in assumed.DISPUTE_DAYS)
    disputed_at = orders.paid_at[lost] + given.draws.whole(soon, late, "dispute days", orders.came.id[lost])
    order = np.concatenate((np.arange(len(orders.total)), back, lost))
    at = np.concatenate((orders.paid_at, orders.back_at[back], disputed_at))
    amount = np.concatenate((orders.total, -orders.back[back], -orders.total[lost]))
    # A fee is not given back with a refund, and a dispute costs one of its own.
    fees = np.concatenate((fee, np.zeros(len(back), np.int64), dispute[lost]))
    kind = np.repeat((CHARGE, REFUND, DISPUTE), (len(orders.total), len(back), len(lost)))
    queue = np.lexsort((kind, order, at))
    queue = queue[at[queue] < given.when.until]
    order, at, kind, amount, fees = (column[queue] for column in (order, at, kind, amount, fees))
    moves = Moves(order, at, paid_by[order], kind, amount, fees, np.zeros(len(at), np.int64))
    return replace(moves, payout_day=_payout_days(moves, given.when))


def _payout_days(moves: Moves, when: When) -> Ints:
    day = np.zeros(len(moves.at), np.int64)
    for place, provider in enumerate(assumed.PROVIDERS):
        mine = moves.provider == place
        at, net = moves.at[mine], moves.net[mine]
        day[mine] = _withdrawn(at, net, when) if provider.weekday is None else _paid_out(at, provider.weekday)
    return np.where(day < when.last, day, 0)


def _paid_out(at: Ints, weekday: int) -> Ints:
    """Return the first such weekday at least ``PAYOUT_LAG_DAYS`` later."""
    ready = at // DAY_SECONDS + assumed.PAYOUT_LAG_DAYS
    return ready + (MONDAY_OF_ALL + weekday - ready) % 7


def _withdrawn(at: Ints, net: Ints, when: When) -> Ints:
    """Return the day on which the seller withdraws each move's money, 0 where he has not: on his days of the month he
    takes all that is there, if there is anything."""
    days = np.arange(when.first, when.last)
    dates = days.astype("datetime64[D]")
    days = days[np.isin((dates - dates.astype("datetime64[M]")).astype(np.int64) + 1, assumed.WITHDRAWN_ON)]
    moment = days * DAY_SECONDS + assumed.WITHDRAWN_AT
    earned = np.concatenate(([0], np.cumsum(net)))[np.searchsorted(at, moment)]
    # All that was earned before was taken as soon as it was more than ever.
    taken = earned > np.maximum.accumulate(np.concatenate(([0], earned)))[:-1]
    return np.append(days[taken], 0)[np.searchsorted(moment[taken], at, side="right")]


def pay_out(moves: Moves, given: Given) -> tuple[Payouts, ...]:
    """Return what each provider paid out, and when."""
    found = []
    for place in range(len(assumed.PROVIDERS)):
        mine = moves.of(place)
        out = mine.payout_day > 0
        days, number = np.unique(mine.payout_day[out], return_inverse=True)
        # Providers lead in ``conditions.PAYERS``.
        found.append(payouts_of(days, number, mine.net[out], payer=place, given=given))
    return tuple(found)


def payouts_of(days: Ints, place: Ints, net: Ints, *, payer: int, given: Given) -> Payouts:
    """Return payouts sent on these days, each the sum of the moves in its ``place``, and what the bank booked when."""
    conditions, when = given.conditions, given.when
    amount = np.bincount(place, weights=net, minlength=len(days)).astype(np.int64)
    day = when.day(days * DAY_SECONDS)
    missing = np.round(conditions.short[day, payer] * 1000).astype(np.int64)
    arrived = amount - rounded(np.maximum(amount, 0) * missing, 1000)
    booked = days + assumed.BANK_LAG_DAYS + conditions.late[day, payer].astype(np.int64)
    return Payouts(days, amount, arrived, np.where(booked < when.last, booked, 0))


def withdrawal_names(days: Ints) -> pa.Array:
    """Return what PayPal calls withdrawals to the bank, by the day (since 1970) they were made."""
    return numbered(np.full(len(days), WITHDRAWAL), days)


def numbered(kind: Ints, number: Ints) -> pa.Array:
    """Return PayPal's numbers of movements: kind (CHARGE ... WITHDRAWAL) and what counts inside it."""
    begins = picked(("1PM", "2RF", "3CB", "4CF", "5WD"), kind)
    return joined(begins, pc.utf8_lpad(text(pa.array(number)), 14, "0"))
