"""How the shop's buyers pay: which provider takes it, and how often an attempt is declined."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from argosy.world import assumptions as assumed
from argosy.world.buyers import Visits
from argosy.world.columns import Flags, Floats, Ints
from argosy.world.given import Given

BETWEEN_TRIES = 45  # seconds
APPROVED = -1


@dataclass(frozen=True)
class Attempts:
    """Attempts to pay: place of the purchase, turn from 0, moment, provider (place in PROVIDERS), why it was declined
    (place in DECLINES, or ``APPROVED``)."""

    purchase: Ints
    turn: Ints
    at: Ints
    provider: Ints
    declined: Ints


def providers(came: Visits, given: Given) -> tuple[Ints, Flags]:
    """Return who takes each purchase's money, a matter of the buyer's country and habit, and whether anybody does."""
    weights = np.zeros((len(assumed.MARKETS), len(assumed.PROVIDERS)))
    for place, market in enumerate(assumed.MARKETS):
        for number, provider in enumerate(assumed.PROVIDERS):
            weights[place, number] = provider.shares.get(market.country, 0)
    day = given.when.day(came.at)
    opened, offered = (
        table.transpose(0, 2, 1)[day, came.market] for table in (given.conditions.opened, given.conditions.offered)
    )
    ends = np.cumsum((weights[came.market] + opened) * offered, axis=1)
    habit = given.draws.of("wallets", came.buyer) * ends[:, -1]
    place = (habit[:, None] >= ends).sum(axis=1).clip(max=len(assumed.PROVIDERS) - 1)
    return np.asarray(place), np.asarray(ends[:, -1] > 0)


def attempt(came: Visits, given: Given) -> tuple[Attempts, Flags, Ints]:
    """Return all attempts, which purchases were paid in the end, and their providers.

    Who is declined tries again, or not, up to ``TRIES`` times in all; a second time is approved less.
    """
    who, draws, (provider, taken) = came.id, given.draws, providers(came, given)
    first = _usual(came, provider) * given.conditions.approval[given.when.day(came.at), provider, came.market]
    again = first / np.maximum(_usual(came, provider), 1e-9) * assumed.APPROVED_AGAIN
    open_, paid = taken.copy(), np.zeros(len(who), bool)
    parts, shares = [], np.array([share for _, share in assumed.DECLINES])
    tries = np.zeros(len(who), np.int64)
    for turn in range(assumed.TRIES):
        if turn:
            open_ &= draws.of("tries again", who, turn) < assumed.TRIED_AGAIN
        mine = np.flatnonzero(open_)
        good = draws.of("approval", who[mine], turn) < (again if turn else first)[mine]
        why = np.where(good, APPROVED, draws.chosen(shares, "declines", who[mine], turn))
        parts.append((mine, np.full(len(mine), turn), provider[mine], why))
        paid[mine[good]] = True
        tries[mine] = turn
        open_[mine[good]] = False
    purchase, turn_, whose, declined = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    at = came.at[purchase] - (tries[purchase] - turn_) * BETWEEN_TRIES
    queue = np.lexsort((turn_, purchase, at))
    return Attempts(purchase[queue], turn_[queue], at[queue], whose[queue], declined[queue]), paid, provider


def _usual(came: Visits, provider: Ints) -> Floats:
    harder = np.array([assumed.APPROVED_HARDER.get(market.country, 1.0) for market in assumed.MARKETS])
    card = np.array([p.method == assumed.CARD for p in assumed.PROVIDERS])[provider]
    first = np.array([p.approved for p in assumed.PROVIDERS])[provider]
    return np.asarray(first * np.where(card, harder[came.market], 1))
