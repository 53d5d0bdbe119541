"""Lots of goods that come in, and what each unit that leaves had cost: first in, first out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, Floats, Ints
from argosy.world.draws import Draws
from argosy.world.goods import Article
from argosy.world.orders import rounded
from argosy.world.rates import SCALE

UNIT = 10**8  # a unit's cost is known to ten decimals: this part of a fen
EARLY_DAYS = 12  # a lot is there before the first of its goods leaves
LEAD_DAYS = 30  # the first lots come this long before the first order


@dataclass(frozen=True)
class Lots:
    """Lots by article, then day: place of the article, day since 1970, units; unit_cost and duty in fen, freight in
    cents of a dollar, both of the whole lot; goods and inbound: what the lot cost in fen."""

    article: Ints
    day: Ints
    units: Ints
    unit_cost: Ints
    freight: Ints
    duty: Ints
    goods: Ints
    inbound: Ints


@dataclass(frozen=True)
class Issues:
    """Goods that left stock, in the order in which what left at one moment is taken: article, units, moment."""

    article: Ints
    units: Ints
    at: Ints


def receive(
    issues: Issues, articles: tuple[Article, ...], *, dollar: Ints, first_day: int, days: int, draws: Draws
) -> Lots:
    """Return the lots that keep every article in stock; ``dollar``: its rate in yuan times ``SCALE`` by day.

    ``dollar`` begins ``LEAD_DAYS`` before ``first_day`` (days since 1970).
    """
    chance = draws.stream("lots")
    turns = -(-days // assumed.LOT_DAYS)
    turn = (issues.at // DAY_SECONDS - first_day) // assumed.LOT_DAYS
    sent = np.zeros((len(articles), turns), dtype=np.int64)
    np.add.at(sent, (issues.article, turn), issues.units)
    units = (sent + rounded(sent * chance.integers(0, 15, sent.shape), 100) + 5).ravel()
    article = np.repeat(np.arange(len(articles)), turns)
    day = first_day + np.tile(np.arange(turns), len(articles)) * assumed.LOT_DAYS - EARLY_DAYS
    price = np.array([a.price for a in articles])[article]
    rate = dollar[day - first_day + LEAD_DAYS]
    each = chance.uniform(*assumed.COST_SHARE, len(articles))[article] * chance.uniform(0.97, 1.05, len(article))
    unit_cost = np.maximum((price * each * rate / SCALE).astype(np.int64), 1)
    goods = unit_cost * units
    freight = rounded(_part(goods, assumed.FREIGHT_SHARE, chance) * SCALE, rate)
    duty = _part(goods, assumed.DUTY_SHARE, chance)
    inbound = rounded(freight * rate + duty * SCALE, SCALE)
    return Lots(article, day, units, unit_cost, freight, duty, goods, inbound)


def _part(amount: Ints, share: tuple[float, float], chance: np.random.Generator) -> Ints:
    drawn: Floats = chance.uniform(*share, len(amount))
    return (amount * drawn).astype(np.int64)


def issue(issues: Issues, lots: Lots) -> tuple[Ints, Ints]:
    """Return what the goods that left had cost in fen: goods and inbound.

    Lots are used up in the order they came, by what left first. Units of a lot share its cost by cumulative rounding,
    so that a lot used up has cost what was paid for it.
    """
    goods, inbound = np.zeros(len(issues.at), np.int64), np.zeros(len(issues.at), np.int64)
    queue = np.lexsort((np.arange(len(issues.at)), issues.at, issues.article))
    for article in range(int(lots.article.max()) + 1):
        mine = queue[issues.article[queue] == article]
        own = lots.article == article
        ends = np.cumsum(issues.units[mine])
        for whole, made in ((lots.goods[own], goods), (lots.inbound[own], inbound)):
            value = _running(ends, lots.units[own], whole)
            made[mine] = np.diff(value, prepend=0)
    return goods, inbound


def _running(units: Ints, sizes: Ints, costs: Ints) -> Ints:
    """Return what the first so many units cost altogether."""
    ends = np.cumsum(sizes)
    lot = np.minimum(np.searchsorted(ends, units, side="left"), len(sizes) - 1)
    each = rounded(costs * UNIT, sizes)[lot]
    begun = units - (ends - sizes)[lot]
    return np.asarray((np.cumsum(costs) - costs)[lot] + rounded(begun * each, UNIT))
