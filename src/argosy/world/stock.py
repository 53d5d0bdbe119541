"""Stock in every warehouse: ordered anew by plan, come when it comes, and what nobody can buy while it is out.

What each unit that leaves had cost goes by first in, first out over all warehouses.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from argosy.world import assumptions as assumed
from argosy.world.buyers import calendar
from argosy.world.columns import Flags, Floats, Ints
from argosy.world.given import Given
from argosy.world.goods import popularity
from argosy.world.orders import rounded
from argosy.world.rates import SCALE

UNIT = 10**8  # a unit's cost is known to ten decimals: this part of a fen
LEAD_DAYS = 30  # the first lots come this long before the first order
PROMISED_LATER = 5  # days makers promise more than they mean to take
MEMORY_DAYS = 28  # of what was sold, for ordering
NOISE = 1.5  # ordered beyond the plan, in standard deviations of what is sold until the next lot


@dataclass(frozen=True)
class Lots:
    """Lots by article, then day: place of the article, its warehouse (place in POOLS), day since 1970 it was ordered
    on, was due and came, units; unit_cost and duty in fen, freight in cents of a dollar, both of the whole lot; goods
    and inbound: what the lot cost in fen."""

    article: Ints
    pool: Ints
    ordered: Ints
    due: Ints
    day: Ints
    units: Ints
    unit_cost: Ints
    freight: Ints
    duty: Ints
    goods: Ints
    inbound: Ints

    def known(self, last: int) -> Lots:
        """Return the lots that came before the day ``last``."""
        here = self.day < last
        return Lots(**{name: column[here] for name, column in vars(self).items()})


@dataclass(frozen=True)
class Asked:
    """Units that orders ask of warehouses, in the order of their moments: article, warehouse, units, moment."""

    article: Ints
    pool: Ints
    units: Ints
    at: Ints


@dataclass(frozen=True)
class Bought:
    """What was ordered from the makers: article, warehouse, day it was ordered on, is due and comes, units."""

    article: Ints
    pool: Ints
    ordered: Ints
    due: Ints
    day: Ints
    units: Ints


@dataclass(frozen=True)
class Shelves:
    """What the warehouses went through: bought; by day, warehouse and article the units on hand at the end of the day
    and those that left home for it; and which of what was asked for could be had."""

    bought: Bought
    on_hand: Ints
    moved: Ints
    had: Flags


def fill_shelves(asked: Asked, usual: Floats, given: Given) -> Shelves:
    """Return what was ordered and when it came, day by day, and what could be had.

    usual: units a day asked of each warehouse and article when all is as usual. Every ``LOT_DAYS`` one is ordered
    up to what its recent sales, carried on by the seller's calendar, will need until the next order has come.
    """
    return _Keeper(asked, usual, given).keep()


class _Keeper:
    """The day-by-day walk: the one place where yesterday decides about today."""

    def __init__(self, asked: Asked, usual: Floats, given: Given) -> None:
        pools, goods = usual.shape
        when, draws, articles = given.when, given.draws, given.articles
        self.asked, self.conditions, self.when = asked, given.conditions, when
        self.calendar = calendar(given.plan)
        cell = (when.day(asked.at) * pools + asked.pool) * goods + asked.article
        self.queue = np.argsort(cell, kind="stable")
        self.cells = cell[self.queue]
        shape = (when.days, pools, goods)
        self.need = np.bincount(cell, weights=asked.units, minlength=when.days * pools * goods).astype(np.int64)
        self.need = self.need.reshape(shape)
        self.rate = usual.copy()
        self.usual = usual
        self.ahead = np.concatenate((self.calendar, np.full(400, self.calendar[-28:].mean())))
        way = np.array([pool.way_days for pool in assumed.POOLS])[:, None]
        lead = np.array([article.supplier.lead_days for article in articles])[None, :]
        self.lead = lead + way
        self.least = np.array([article.supplier.least for article in articles])
        self.slip = draws.stream("leads").integers(-2, 4, (when.days // assumed.LOT_DAYS + 2, pools, goods))
        self.turn = draws.stream("turns").integers(1, assumed.LOT_DAYS, (pools, goods))
        self.coming = np.zeros((when.days + 600, pools, goods), np.int64)
        self.moved = np.zeros(shape, np.int64)
        self.had = np.ones(len(asked.at), bool)
        self.made: list[tuple[Ints, ...]] = []

    def keep(self) -> Shelves:
        on_hand = self._first_lots()
        shelves = np.zeros_like(self.need)
        on_order = np.zeros_like(on_hand)
        keeps = 1 / MEMORY_DAYS
        for day in range(self.when.days):
            came = self.coming[day]
            on_hand, on_order = on_hand + came, on_order - came
            need = self.need[day]
            short = need > on_hand
            sold = need if not short.any() else self._sold(day, on_hand, np.flatnonzero(short.ravel()))
            on_hand = on_hand - sold
            # What is out cannot be sold: a day without stock says nothing of what is wanted.
            seen = np.where(on_hand > 0, need / self.calendar[day], self.rate)
            self.rate += (seen - self.rate) * keeps
            due = (day + self.turn) % assumed.LOT_DAYS == 0
            on_order += self._order(day, due, on_hand + on_order)
            if self.conditions.reorder[day].any():
                on_order += self._place(day, self.conditions.reorder[day].T)
            if self.conditions.transfer[day].any():
                moved = self._bring(day, on_hand)
                on_hand[assumed.HOME_POOL] -= moved.sum(axis=0)
                on_order += moved
            shelves[day] = on_hand
        columns = (np.concatenate(parts) for parts in zip(*self.made, strict=True))
        return Shelves(Bought(*columns), shelves, self.moved, self.had)

    def _first_lots(self) -> Ints:
        until = self.lead.max() + 2 * assumed.LOT_DAYS + assumed.SAFETY_DAYS
        units = self._rounded(self.usual * self.ahead[:until].sum() + 5)
        pool, article = (axis.ravel() for axis in np.indices(units.shape))
        came = self.when.first - LEAD_DAYS + pool
        ordered = came - self.lead.ravel() - 2
        self.made.append((article, pool, ordered, came, came, units.ravel()))
        return units

    def _sold(self, day: int, on_hand: Ints, short: Ints) -> Ints:
        """Return what is sold on a day on which some warehouses run out: whole lines, first come first served."""
        sold = self.need[day].copy().ravel()
        for place in short:
            begin, end = np.searchsorted(self.cells, (day * sold.size + place, day * sold.size + place + 1))
            mine = self.queue[begin:end]
            units = self.asked.units[mine]
            fits = np.cumsum(units) <= on_hand.ravel()[place]
            self.had[mine[~fits]] = False
            sold[place] = units[fits].sum()
        return np.asarray(sold.reshape(on_hand.shape))

    def _order(self, day: int, due: Flags, position: Ints) -> Ints:
        """Order what is due, up to what will be needed until the next order has come; return it."""
        if not due.any():
            return np.zeros_like(position)
        passed = np.concatenate(([0.0], np.cumsum(self.ahead)))
        until = day + self.lead + assumed.LOT_DAYS + assumed.SAFETY_DAYS
        need = self.rate * (passed[np.minimum(until, len(passed) - 1)] - passed[day])
        want = np.maximum(need + NOISE * np.sqrt(need) - position, 0) * self.conditions.lots[day]
        return self._place(day, self._rounded(np.where(due, want, 0), self.least))

    def _place(self, day: int, wanted: Floats | Ints) -> Ints:
        """Order units of the makers (pools, articles) and return them."""
        pool, article = np.nonzero(wanted > 0)
        units, lead = wanted[pool, article].astype(np.int64), self.lead[pool, article]
        slip = self.slip[day // assumed.LOT_DAYS, pool, article] + self.conditions.lead[day, article].astype(np.int64)
        comes = self._free_day(day + lead + slip, pool, article)
        self.coming[comes, pool, article] += units
        first = self.when.first
        due = day + lead + PROMISED_LATER + first
        self.made.append((article, pool, np.full_like(pool, day + first), due, comes + first, units))
        ordered = np.zeros(wanted.shape, np.int64)
        ordered[pool, article] = units
        return ordered

    def _bring(self, day: int, on_hand: Ints) -> Ints:
        """Send units from home to other warehouses, as far as there are any, and return them (pools, articles)."""
        asked = self.conditions.transfer[day].T.astype(np.int64)
        asked[assumed.HOME_POOL] = 0
        room = on_hand[assumed.HOME_POOL] - (np.cumsum(asked, axis=0) - asked)
        moved: Ints = np.clip(np.minimum(asked, room), 0, None)
        for pool, terms in enumerate(assumed.POOLS):
            self.coming[day + terms.way_days, pool] += moved[pool]
        self.moved[day] = moved
        return moved

    def _free_day(self, day: Ints, pool: Ints, article: Ints) -> Ints:
        """Return the days on which lots come: each warehouse has its own, so that no article comes twice on one."""
        pools = len(assumed.POOLS)
        day = day + (pool - day - LEAD_DAYS) % pools
        while (taken := self.coming[day, pool, article] > 0).any():
            day = np.where(taken, day + pools, day)
        return np.asarray(day)

    @staticmethod
    def _rounded(units: Floats, least: Ints | int = 10) -> Ints:
        tens = np.ceil(units / 10).astype(np.int64) * 10
        return np.asarray(np.where(units > 0, np.maximum(tens, least), 0))


def usual_units(served: Floats, given: Given) -> Floats:
    """Return the units a day asked of each warehouse and article when all is as usual; served: the part of all orders
    that each warehouse serves."""
    lines = sum((n + 1) * share for n, share in enumerate(assumed.ARTICLES))
    units = sum((n + 1) * share for n, share in enumerate(assumed.UNITS))
    first = popularity(given.articles, given.draws)
    # Further articles lie a step on in the catalogue: each is as likely as the next.
    others = np.full(len(first), 1 / len(first))
    mix = (first + (lines - 1) * others) / lines
    return np.asarray(given.plan.orders / given.plan.days * lines * units * np.outer(served, mix))


def valued(bought: Bought, dollar: Ints, given: Given) -> Lots:
    """Return what lots cost; ``dollar``: its rate in yuan times ``SCALE``, from ``LEAD_DAYS`` before the first day."""
    draws = given.draws
    order = np.lexsort((bought.day, bought.article))
    article, pool, ordered, due, day, units = (column[order] for column in vars(bought).values())
    price = np.array([a.price for a in given.articles])[article]
    rate = dollar[np.minimum(day - given.when.first + LEAD_DAYS, len(dollar) - 1)]
    # Makers were agreed with in yuan when the world began: what the dollar does later is not their matter.
    agreed = dollar[0]
    low, high = assumed.COST_SHARE
    share = low + draws.of("costs", article) * (high - low)
    each = share * (0.97 + 0.08 * draws.of("lot costs", article, pool, ordered))
    unit_cost = np.maximum((price * each * agreed / SCALE).astype(np.int64), 1)
    goods = unit_cost * units
    freight = rounded(
        _part(goods, assumed.FREIGHT_SHARE, draws.of("lot freight", article, pool, ordered)) * SCALE, rate
    )
    duty = _part(goods, assumed.DUTY_SHARE, draws.of("lot duty", article, pool, ordered))
    inbound = rounded(freight * rate + duty * SCALE, SCALE)
    return Lots(article, pool, ordered, due, day, units, unit_cost, freight, duty, goods, inbound)


def _part(amount: Ints, share: tuple[float, float], drawn: Floats) -> Ints:
    low, high = share
    return np.asarray((amount * (low + drawn * (high - low))).astype(np.int64))


@dataclass(frozen=True)
class Issues:
    """Goods that left stock, in the order in which what left at one moment is taken: article, units, moment."""

    article: Ints
    units: Ints
    at: Ints


def issue(issues: Issues, lots: Lots) -> tuple[Ints, Ints]:
    """Return what the goods that left had cost in fen: goods and inbound.

    Lots are used up in the order they came, by what left first. Units of a lot share its cost by cumulative rounding,
    so that a lot used up has cost what was paid for it.
    """
    goods, inbound = np.zeros(len(issues.at), np.int64), np.zeros(len(issues.at), np.int64)
    queue = np.lexsort((np.arange(len(issues.at)), issues.at, issues.article))
    bounds = np.searchsorted(issues.article[queue], np.arange(int(lots.article.max(initial=0)) + 2))
    for article, (begin, end) in enumerate(pairwise(bounds)):
        mine, own = queue[begin:end], lots.article == article
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
