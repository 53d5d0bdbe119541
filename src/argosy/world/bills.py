"""What others bill the seller for outside statements: storage, goods brought elsewhere, letters to old buyers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, Ints
from argosy.world.given import Given
from argosy.world.orders import Orders, rounded
from argosy.world.stock import Shelves

FORWARDER, MAILER = "Straits Forwarding", "Quill Mail"
PAYEES = (*(pool.name for pool in assumed.POOLS), FORWARDER, MAILER)
KINDS = ("storage", "other", "ad")  # in the words of a sheet of fees
STORAGE, CARRIAGE, MAIL = range(3)
NOBODY = -1


@dataclass(frozen=True)
class Bills:
    """A row per thing billed: place in PAYEES and KINDS, place of the article (``NOBODY``: of none), day since 1970,
    cents of a dollar."""

    payee: Ints
    kind: Ints
    article: Ints
    day: Ints
    amount: Ints


def bill(orders: Orders, shelves: Shelves, given: Given) -> Bills:
    """Return all bills sent so far, in the order of their days."""
    parts = [*_storage(shelves, given), *_carriage(shelves, given), *_mail(orders, given)]
    nothing = np.zeros(0, np.int64)
    columns = zip(*parts, strict=True) if parts else [[nothing]] * 5
    payee, kind, article, day, amount = (np.concatenate(list(column)) for column in columns)
    day = np.where(kind == STORAGE, day, day + given.when.first)
    queue = np.lexsort((article, payee, kind, day))
    queue = queue[(day[queue] < given.when.last) & (amount[queue] > 0)]
    return Bills(*(column[queue] for column in (payee, kind, article, day, amount)))


Part = tuple[Ints, Ints, Ints, Ints, Ints]


def _storage(shelves: Shelves, given: Given) -> list[Part]:
    """Return a row per month, warehouse and article, billed on the first day of the next month: by what lay there at
    the end of each day."""
    when, grams = given.when, np.array([article.weight_g for article in given.articles])
    days = np.arange(when.first, when.first + when.days).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    goods = np.arange(len(given.articles))
    parts = []
    for month in np.unique(months):
        sent = int((month + 1).astype("datetime64[D]").astype(np.int64))
        mine = np.flatnonzero(months == month)
        dear = np.round(given.conditions.storage[mine] * 100).astype(np.int64)
        lain = np.tensordot(dear, shelves.on_hand[mine], axes=1) * grams
        for pool, terms in enumerate(assumed.POOLS):
            # Of a kilogram and month, the price in hundredths, and a mean over the days of the month.
            amount = rounded(lain[pool] * terms.storage, 1000 * 100 * len(mine))
            parts.append(_rows(pool, STORAGE, goods, np.full_like(goods, sent), amount))
    return parts


def _carriage(shelves: Shelves, given: Given) -> list[Part]:
    day, pool, article = np.nonzero(shelves.moved)
    grams = np.array([one.weight_g for one in given.articles])[article] * shelves.moved[day, pool, article]
    return [_rows(PAYEES.index(FORWARDER), CARRIAGE, article, day, rounded(grams * assumed.CARRIED_CENTS, 1000))]


def _mail(orders: Orders, given: Given) -> list[Part]:
    """Return a row per day and market written to: so much for each buyer there was until then."""
    days, markets = np.nonzero(given.conditions.mailed)
    reached = [
        len(
            np.unique(
                orders.came.buyer[(orders.market == market) & (orders.paid_at < given.when.start + day * DAY_SECONDS)]
            )
        )
        for day, market in zip(days, markets, strict=True)
    ]
    amount = np.array(reached, np.int64) * assumed.MAIL_CENTS
    return [_rows(PAYEES.index(MAILER), MAIL, np.full_like(days, NOBODY), days, amount)]


def _rows(payee: int, kind: int, article: Ints, day: Ints, amount: Ints) -> Part:
    return np.full_like(article, payee), np.full_like(article, kind), article, day, amount
