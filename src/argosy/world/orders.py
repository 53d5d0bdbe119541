"""What is in every order, what it costs the buyer, when it leaves and what is given back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from argosy.rules.vat import standard_rate, standard_rate_rows
from argosy.world import assumptions as assumed
from argosy.world.buyers import Visits
from argosy.world.columns import DAY_SECONDS, Flags, Ints, seconds_of
from argosy.world.draws import Draws
from argosy.world.goods import Article
from argosy.world.plan import END

KEPT, CANCELLED, RETURNED, DAMAGED = range(4)


@dataclass(frozen=True)
class Lines:
    """Order lines, those of one order together and in its order: place of the order, number from 1, article, units,
    worth (price by units, minor units)."""

    order: Ints
    number: Ints
    article: Ints
    units: Ints
    worth: Ints


@dataclass(frozen=True)
class Orders:
    """Orders in the order they were paid; moments in seconds since 1970 (UTC), amounts in the shop's minor units.

    subtotal: after the discount, before shipping. tax_inside: whether subtotal and shipping contain the tax. sent_at:
    0 where nothing was sent. back: what was given back in all, at back_at.
    """

    buyer: Ints
    market: Ints
    paid_at: Ints
    fate: Ints
    discount: Ints
    subtotal: Ints
    shipping: Ints
    tax: Ints
    tax_inside: Flags
    total: Ints
    sent_at: Ints
    back: Ints
    back_at: Ints

    @property
    def gone(self) -> Flags:
        """Whether the goods left within the world."""
        return (self.sent_at > 0) & (self.sent_at < seconds_of(END))

    @property
    def returned(self) -> Ints:
        """What was given back within the world."""
        return np.where(self.back_at < seconds_of(END), self.back, 0)

    @property
    def names(self) -> list[str]:
        """What people call the orders: #100001 and on, all of one width."""
        return [f"#{100_001 + n}" for n in range(len(self.buyer))]


def rounded(numerator: Any, denominator: Any) -> Any:
    """Return a quotient of whole numbers, the denominator above zero, rounded half away from zero."""
    size = (2 * np.abs(numerator) + denominator) // (2 * denominator)
    return np.sign(numerator) * size


def fill_orders(visits: Visits, articles: tuple[Article, ...], draws: Draws) -> tuple[Orders, Lines]:
    """Return the orders behind purchases and their lines."""
    lines = baskets(len(visits.at), articles, draws.stream("baskets"))
    worth = np.bincount(lines.order, weights=lines.worth, minlength=len(visits.at)).astype(np.int64)
    coupon = draws.stream("coupons").random(len(worth)) < assumed.COUPON_SHARE
    discount = np.where(coupon, rounded(worth * assumed.COUPON_PERCENT, 100), 0)
    subtotal = worth - discount
    shipping = np.where(subtotal >= assumed.FREE_SHIPPING_FROM, 0, assumed.FLAT_SHIPPING)
    collects = np.array([market.collects for market in assumed.MARKETS])[visits.market]
    rate = _tax_rates(visits)
    base, inside = subtotal + shipping, collects == "in"
    tax = np.where(inside, rounded(base * rate, 10_000 + rate), rounded(base * rate, 10_000))
    total = base + np.where(inside, 0, tax)
    fate, sent_at, back, back_at = _fates(visits.at, total, draws)
    return (
        Orders(
            buyer=visits.buyer, market=visits.market, paid_at=visits.at, fate=fate, discount=discount,
            subtotal=subtotal, shipping=shipping, tax=tax, tax_inside=inside, total=total, sent_at=sent_at,
            back=back, back_at=back_at,
        ),
        lines,
    )  # fmt: skip


def baskets(orders: int, articles: tuple[Article, ...], chance: np.random.Generator) -> Lines:
    """Return what is in so many orders, no order with the same article twice."""
    many = chance.choice(len(assumed.ARTICLES), size=orders, p=assumed.ARTICLES) + 1
    order = np.repeat(np.arange(orders), many)
    ends = np.cumsum(many)
    number = np.arange(len(order)) - (ends - many)[order] + 1
    popular = 1 / np.arange(1, len(articles) + 1) ** assumed.POPULARITY
    rank = chance.permutation(len(articles))
    first = rank[chance.choice(len(articles), size=orders, p=popular / popular.sum())]
    # Further articles lie a step on in the catalogue, so that no order has one twice.
    steps = chance.integers(1, 20, orders)[order]
    article = np.asarray((first[order] + (number - 1) * steps) % len(articles), dtype=np.int64)
    units = np.asarray(chance.choice(len(assumed.UNITS), size=len(order), p=assumed.UNITS) + 1, dtype=np.int64)
    price = np.array([article.price for article in articles])
    return Lines(order, number, article, units, price[article] * units)


def _tax_rates(visits: Visits) -> Ints:
    """Return the tax of each order's market in its month, in hundredths of a percent."""
    rates = np.zeros(len(visits.at), np.int64)
    months = (visits.at // DAY_SECONDS).astype("datetime64[D]").astype("datetime64[M]")
    for place, market in enumerate(assumed.MARKETS):
        if not market.collects:
            continue
        mine = visits.market == place
        for month in np.unique(months[mine]):
            rates[mine & (months == month)] = _rate(market, month.astype("datetime64[D]").astype(date))
    return rates


def _rate(market: assumed.Market, day: date) -> int:
    if market.country == "US":
        return int(assumed.US_SALES_TAX * 100)
    row = standard_rate(standard_rate_rows(), country=market.country, on=day)
    return int((row.rate_pct if row else Decimal(0)) * 100)


def _fates(paid_at: Ints, total: Ints, draws: Draws) -> tuple[Ints, Ints, Ints, Ints]:
    chance = draws.stream("fates")
    shares = np.cumsum([assumed.CANCELLED, assumed.RETURNED, assumed.PARTLY_REFUNDED])
    drawn = np.searchsorted(shares, chance.random(len(total)), side="right")
    fate = np.array([CANCELLED, RETURNED, DAMAGED, KEPT])[drawn]
    low, high = assumed.HANDLING_HOURS
    sent_at = np.where(fate == CANCELLED, 0, paid_at + chance.integers(low * 3600, high * 3600, len(total)))
    soon, late = assumed.REFUND_DAYS
    waited = np.where(
        fate == CANCELLED, chance.integers(600, low * 3600, len(total)),
        chance.integers(soon * DAY_SECONDS, late * DAY_SECONDS, len(total)),
    )  # fmt: skip
    back = np.select([fate == KEPT, fate == DAMAGED], [0, total // 3], default=total)
    return fate, sent_at, back, np.where(back > 0, paid_at + waited, 0)


def shares_of(total: Ints, lines: Lines) -> Ints:
    """Return the part of each order's ``total`` that falls on each of its lines by worth; the parts add up to it.

    Cumulative rounding, half up: line n has the rounded running share less the one before.
    """
    whole = np.bincount(lines.order, weights=lines.worth).astype(np.int64)[lines.order]
    running = np.cumsum(lines.worth)
    starts = np.flatnonzero(lines.number == 1)
    before_order = np.repeat((running - lines.worth)[starts], np.diff(np.append(starts, len(lines.order))))
    after, units = running - before_order, total[lines.order]
    return np.asarray(rounded(units * after, whole) - rounded(units * (after - lines.worth), whole))
