"""What is wanted where: purchases in mind, the place they go to, their first article, and which come about."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from argosy.world import assumptions as assumed
from argosy.world.buyers import LOYAL_FROM, Visits, more_visits, visits
from argosy.world.columns import Flags, Floats, Ints
from argosy.world.conditions import COUNTRIES, Conditions, response
from argosy.world.draws import Draws
from argosy.world.given import Given
from argosy.world.goods import popularity

SHOP = 0


@dataclass(frozen=True)
class Wanted:
    """Purchases that somebody sets out to make: who and when, where (place in ``conditions.PLACES``), first article."""

    visits: Visits
    place: Ints
    article: Ints

    def only(self, which: Flags | Ints) -> Wanted:
        """Return those of the purchases whose flag is set, or at these places."""
        return Wanted(self.visits.only(which), self.place[which], self.article[which])


def wanted(given: Given) -> tuple[Wanted, Wanted]:
    """Return the purchases people set out to make, and those they had in mind and dropped.

    A purchase comes about when its own chance lies under what is wanted then against usual; what is wanted beyond
    comes from purchases nobody would usually have in mind. So one more or less changes no other.
    """
    wants, draws = response(given.conditions, given.articles), given.draws
    usual = _set_out(visits(given.plan, draws), given)
    comes = draws.of("wants", usual.visits.id) < _factor(usual, wants, given)
    others = more_visits(given.plan, draws)
    # Most of what would only come about beyond the usual never does: it is left out before anything else is drawn.
    most = (wants.max(axis=1) * np.maximum(_loyal(given.conditions), 1) - 1) / assumed.SURGE_ROOM
    u = draws.of("wants", others.id)
    near = u < most[given.when.day(others.at), others.market]
    able = _set_out(others.only(near), given)
    beyond = able.only(u[near] < (_factor(able, wants, given) - 1) / assumed.SURGE_ROOM)
    return _together([usual.only(comes), beyond]), usual.only(~comes)


def _factor(some: Wanted, wants: Floats, given: Given) -> Floats:
    came = some.visits
    day = given.when.day(came.at)
    factor = wants[day, some.article, came.market]
    factor = np.where(came.turn >= LOYAL_FROM, factor * _loyal(given.conditions)[day, came.market], factor)
    return np.asarray(factor * (1 - given.conditions.blocked[day, some.article, some.place]))


def _loyal(conditions: Conditions) -> Floats:
    return np.asarray(conditions.loyal * (1 + assumed.MAIL_LIFT * conditions.mailed))


def _set_out(came: Visits, given: Given) -> Wanted:
    article = given.draws.chosen(popularity(given.articles, given.draws), "articles", came.id)
    return Wanted(came, places(came, given.draws), article)


def places(came: Visits, draws: Draws) -> Ints:
    """Return where each purchase is made (place in ``conditions.PLACES``): a buyer's habit, kept for life."""
    habit, found = draws.of("habits", came.buyer), np.full(len(came.at), SHOP, np.int64)
    country = np.array([market.country for market in assumed.MARKETS])[came.market]
    taken = dict.fromkeys(COUNTRIES, 0.0)
    for number, place in enumerate(assumed.ELSEWHERE, SHOP + 1):
        low = taken[place.country]
        taken[place.country] = high = low + place.share
        found[(country == place.country) & (habit >= low) & (habit < high)] = number
    return found


def _together(parts: list[Wanted]) -> Wanted:
    came = [part.visits for part in parts]
    joined = Visits(*(np.concatenate([getattr(c, n) for c in came]) for n in ("id", "buyer", "turn", "market", "at")))
    order = np.lexsort((joined.id, joined.at))
    place, article = (np.concatenate([getattr(part, name) for part in parts]) for name in ("place", "article"))
    return Wanted(joined, place, article).only(order)
