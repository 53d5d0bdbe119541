"""What is in every order of the shop, what it costs the buyer, when it leaves, and what is given back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from argosy.rules.vat import standard_rate, standard_rate_rows
from argosy.world import assumptions as assumed
from argosy.world.buyers import Visits
from argosy.world.columns import DAY_SECONDS, Flags, Floats, Ints, seconds_of
from argosy.world.demand import Wanted
from argosy.world.draws import Draws
from argosy.world.given import Given

KEPT, CANCELLED, RETURNED, DAMAGED, DISPUTED, REFUNDED = range(6)
PATIENT_HOURS = 24  # a buyer waits for an answer


@dataclass(frozen=True)
class Lines:
    """Order lines, those of one order together and in its order: place of the order, number from 1, article, units,
    worth (price by units, minor units; 0 until it is priced)."""

    order: Ints
    number: Ints
    article: Ints
    units: Ints
    worth: Ints

    def only(self, which: Flags) -> Lines:
        """Return the lines whose flag is set, numbered anew, and the orders without any gap."""
        order, article, units, worth = (column[which] for column in (self.order, self.article, self.units, self.worth))
        _, first, place = np.unique(order, return_index=True, return_inverse=True)
        return Lines(place, np.arange(len(order)) - first[place] + 1, article, units, worth)

    def most(self, values: Floats, orders: int) -> Floats:
        """Return the largest of the lines' values in each order."""
        found = np.zeros(orders)
        np.maximum.at(found, self.order, values)
        return found


@dataclass(frozen=True)
class Orders:
    """Orders in the order they were paid; moments in seconds since 1970 (UTC), amounts in the shop's minor units.

    came: the purchases behind them. subtotal: after the discount, before shipping. tax_inside: whether subtotal and
    shipping contain the tax. near: whether it is sent from the warehouse abroad. sent_at: 0 where nothing was sent.
    back: what was given back in all, at back_at. until: nothing is known from this moment on.
    """

    came: Visits
    fate: Ints
    discount: Ints
    subtotal: Ints
    shipping: Ints
    tax: Ints
    tax_inside: Flags
    total: Ints
    near: Flags
    sent_at: Ints
    back: Ints
    back_at: Ints
    until: int

    def only(self, which: Ints) -> Orders:
        """Return the orders at these places."""
        columns = {name: value[which] for name, value in vars(self).items() if name not in ("came", "until")}
        return Orders(came=self.came.only(which), until=self.until, **columns)

    @property
    def market(self) -> Ints:
        """Place of the country in MARKETS."""
        return self.came.market

    @property
    def paid_at(self) -> Ints:
        """When it was paid."""
        return self.came.at

    @property
    def gone(self) -> Flags:
        """Whether the goods have left."""
        return np.asarray((self.sent_at > 0) & (self.sent_at < self.until))

    @property
    def returned(self) -> Ints:
        """What was given back so far."""
        return np.where(self.back_at < self.until, self.back, 0)

    @property
    def names(self) -> list[str]:
        """What people call the orders: #100001 and on, all of one width."""
        return [f"#{100_001 + n}" for n in range(len(self.total))]


def rounded(numerator: Any, denominator: Any) -> Any:
    """Return a quotient of whole numbers, the denominator above zero, rounded half away from zero."""
    size = (2 * np.abs(numerator) + denominator) // (2 * denominator)
    return np.sign(numerator) * size


def baskets(some: Wanted, given: Given) -> Lines:
    """Return what is in each purchase, none with the same article twice; not priced yet."""
    who, draws = some.visits.id, given.draws
    many = draws.chosen(np.array(assumed.ARTICLES), "basket sizes", who) + 1
    order = np.repeat(np.arange(len(who)), many)
    ends = np.cumsum(many)
    number = np.arange(len(order)) - (ends - many)[order] + 1
    # Further articles lie a step on in the catalogue, so that no order has one twice.
    steps = draws.whole(1, 20, "basket steps", who)[order]
    article = np.asarray((some.article[order] + (number - 1) * steps) % len(given.articles), np.int64)
    units = draws.chosen(np.array(assumed.UNITS), "units", who[order], number) + 1
    return Lines(order, number, article, units, np.zeros_like(units))


def near_by(came: Visits, draws: Draws) -> Flags:
    """Return which of the shop's purchases are sent from the warehouse abroad."""
    there = np.array([market.country == assumed.NEAR_LANE.country for market in assumed.MARKETS])[came.market]
    return np.asarray(there & (draws.of("near", came.id) < assumed.NEAR_SHARE))


def called_off(came: Visits, draws: Draws) -> Flags:
    """Return which of the shop's orders are called off before they are sent."""
    return draws.of("fates", came.id) < assumed.CANCELLED


def fill_orders(came: Visits, lines: Lines, given: Given) -> tuple[Orders, Lines]:
    """Return the shop's orders and their lines with prices; what becomes of them is not decided yet."""
    conditions, draws = given.conditions, given.draws
    day = given.when.day(came.at)
    listed = np.array([article.price for article in given.articles])
    price = np.maximum(np.round(listed[lines.article] * conditions.price[day[lines.order], lines.article]), 1)
    lines = replace(lines, worth=price.astype(np.int64) * lines.units)
    worth = np.bincount(lines.order, weights=lines.worth, minlength=len(day)).astype(np.int64)
    coupon = draws.of("coupons", came.id) < conditions.coupons[day, came.market]
    percent = conditions.percent[day].astype(np.int64)
    discount = np.where(coupon, rounded(worth * percent, 100), 0)
    subtotal = worth - discount
    shipping = np.where(subtotal >= assumed.FREE_SHIPPING_FROM, 0, assumed.FLAT_SHIPPING)
    inside = np.array([market.collects for market in assumed.MARKETS])[came.market] == "in"
    rate = _tax_rates(came)
    base = subtotal + shipping
    tax = np.where(inside, rounded(base * rate, 10_000 + rate), rounded(base * rate, 10_000))
    off = called_off(came, draws)
    low, high = (hours * 3600 for hours in assumed.HANDLING_HOURS)
    handled = (draws.whole(low, high, "handling", came.id) * conditions.handling[day]).astype(np.int64)
    nothing = np.zeros(len(day), np.int64)
    orders = Orders(
        came=came, fate=np.where(off, CANCELLED, KEPT), discount=discount, subtotal=subtotal, shipping=shipping,
        tax=tax, tax_inside=inside, total=base + np.where(inside, 0, tax), near=near_by(came, draws),
        sent_at=np.where(off, 0, came.at + handled), back=nothing, back_at=nothing, until=given.when.until,
    )  # fmt: skip
    return orders, lines


def give_back(orders: Orders, lines: Lines, late_days: Ints, given: Given) -> Orders:
    """Return the orders with what becomes of them: called off, sent back, partly refunded, disputed or kept.

    late_days: how much later than promised each one came.
    """
    came, total, conditions, draws = orders.came, orders.total, given.conditions, given.draws
    day, who, many = given.when.day(came.at), came.id, len(total)
    defects = lines.most(conditions.defects[day[lines.order], lines.article], many)
    complaints = lines.most(conditions.complaints[day[lines.order], lines.article], many)
    back = assumed.RETURNED_DEFECT * defects + assumed.RETURNED_OTHER * conditions.returns[day, came.market]
    slow = (reply_hours(came, given) > PATIENT_HOURS) * assumed.UNANSWERED_REFUNDED
    late = np.where(late_days > assumed.LATE_DAYS, assumed.LATE_REFUNDED, 0)
    damaged = assumed.DAMAGED * complaints + slow + late
    fraud = assumed.FRAUD * conditions.fraud[day, came.market]
    fate = np.select(
        [
            orders.fate == CANCELLED,
            draws.of("fraud", who) < fraud,
            draws.of("returns", who) < back,
            draws.of("damages", who) < damaged,
        ],
        [CANCELLED, DISPUTED, RETURNED, DAMAGED],
        default=KEPT,
    )
    soon, latest = assumed.REFUND_DAYS
    waited = np.where(
        fate == CANCELLED,
        draws.whole(600, assumed.HANDLING_HOURS[0] * 3600, "calls off", who),
        draws.whole(soon * DAY_SECONDS, latest * DAY_SECONDS, "refund days", who),
    )
    amount = np.select([np.isin(fate, (KEPT, DISPUTED)), fate == DAMAGED], [0, total // 3], default=total)
    return replace(orders, fate=fate, back=amount, back_at=np.where(amount > 0, came.at + waited, 0))


def pay_back(orders: Orders, asked: Mapping[str, date]) -> Orders:
    """Return the orders, those named paid back in full on their days unless they were already; who has his money back
    disputes nothing."""
    where = {name: place for place, name in enumerate(orders.names)} if asked else {}
    fate, back, back_at = orders.fate.copy(), orders.back.copy(), orders.back_at.copy()
    for name, day in asked.items():
        place, at = where.get(name, -1), seconds_of(day) + 12 * 3600
        if place >= 0 and orders.paid_at[place] < at and not 0 < back_at[place] < at:
            fate[place], back[place], back_at[place] = REFUNDED, orders.total[place], at
    return replace(orders, fate=fate, back=back, back_at=back_at)


def reply_hours(came: Visits, given: Given) -> Floats:
    """Return how long each buyer would wait for an answer, in hours."""
    (low, high), day = assumed.REPLY_HOURS, given.when.day(came.at)
    return np.asarray((low + given.draws.of("replies", came.id) * (high - low)) * given.conditions.replies[day])


def _tax_rates(came: Visits) -> Ints:
    """Return the tax of each order's market in its month, in hundredths of a percent."""
    rates = np.zeros(len(came.at), np.int64)
    months = (came.at // DAY_SECONDS).astype("datetime64[D]").astype("datetime64[M]")
    for place, market in enumerate(assumed.MARKETS):
        if not market.collects:
            continue
        mine = came.market == place
        for month in np.unique(months[mine]):
            rates[mine & (months == month)] = _rate(market, month.astype("datetime64[D]").astype(date))
    return rates


def _rate(market: assumed.Market, day: date) -> int:
    if market.country == "US":
        return int(assumed.US_SALES_TAX * 100)
    row = standard_rate(standard_rate_rows(), country=market.country, on=day)
    return int((row.rate_pct if row else Decimal(0)) * 100)


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
