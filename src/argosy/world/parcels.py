"""Parcels of the shop's orders: how they travel, when they come, and what carriers and customs charge."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, Flags, Floats, Ints
from argosy.world.given import Given
from argosy.world.orders import Lines, Orders, rounded

LANES = (*assumed.LANES, assumed.NEAR_LANE)
NEAR = len(assumed.LANES)
HOUR = 3600
THURSDAY = 3  # 1970-01-01


@dataclass(frozen=True)
class Parcels:
    """One parcel an order that was sent: place of the order, lane (place in LANES), whether by post, moments it was
    sent, is promised for, was held (0: it was not) and released, and came; grams; freight in cents, the day it is
    billed, whether twice; duty and handling in cents, charged when it passed customs."""

    order: Ints
    lane: Ints
    post: Flags
    sent_at: Ints
    due_at: Ints
    held_at: Ints
    freed_at: Ints
    came_at: Ints
    grams: Ints
    freight: Ints
    billed: Ints
    twice: Flags
    duty: Ints
    handling: Ints

    @property
    def late_days(self) -> Ints:
        """Days begun since it was promised for."""
        return np.asarray(np.maximum(-((self.due_at - self.came_at) // DAY_SECONDS), 0), np.int64)

    @property
    def passed(self) -> Ints:
        """The day since 1970 on which it passed customs."""
        return (
            np.where(self.freed_at > 0, self.freed_at, self.sent_at + (self.came_at - self.sent_at) // 2) // DAY_SECONDS
        )

    @property
    def numbers(self) -> list[str]:
        """Tracking numbers."""
        return [f"PR{n * 7919 % 10**9:09}{n:07}CN" for n in range(len(self.order))]

    @property
    def carrier(self) -> Ints:
        """Place of the carrier in CARRIERS."""
        return np.asarray(CARRIER_OF[self.lane])


CARRIER_OF = np.array([assumed.CARRIERS.index(lane.carrier) for lane in LANES])
LANE_OF = np.array([[lane.country for lane in assumed.LANES].index(market.country) for market in assumed.MARKETS])


def send(orders: Orders, lines: Lines, given: Given) -> Parcels:
    """Return the parcels of all orders that were not called off, whether or not they have left yet."""
    conditions, draws = given.conditions, given.draws
    order = np.flatnonzero(orders.sent_at > 0)
    who, market, sent = orders.came.id[order], orders.market[order], orders.sent_at[order]
    day = given.when.day(sent)
    lane = np.where(orders.near[order], NEAR, LANE_OF[market])
    days, spread, held_share = (
        np.array([getattr(one, name) for one in LANES])[lane] for name in ("days", "spread", "held")
    )
    post = (orders.subtotal[order] < assumed.POST_BELOW) & (lane != NEAR)
    days = days * np.where(post, assumed.POST_LONGER, 1)
    transit = days * np.exp(spread * draws.normal("transit", who)) * conditions.transit[day, market]
    low, high = assumed.HELD_DAYS
    held = draws.of("held", who) < np.where(lane == NEAR, 0, held_share + conditions.held[day, market])
    wait = np.where(held, draws.whole(low * DAY_SECONDS, high * DAY_SECONDS, "held days", who), 0)
    on_way = np.maximum((transit * DAY_SECONDS).astype(np.int64), 6 * HOUR)
    held_at = np.where(held, sent + on_way * 6 // 10, 0)
    hour = draws.whole(8 * HOUR, 19 * HOUR, "doorbells", who)
    came = brought(sent + on_way + wait, hour, draws.of("weekends", who))
    grams = np.bincount(
        lines.order, weights=np.array([a.weight_g for a in given.articles])[lines.article] * lines.units,
        minlength=len(orders.total),
    ).astype(np.int64)[order]  # fmt: skip
    carrier = CARRIER_OF[lane]
    base = np.array([one.parcel for one in LANES])[lane]
    base = base + rounded(grams * np.array([one.kilogram for one in LANES])[lane], 1000)
    base = np.where(post, rounded(base * assumed.POST_PERMILLE, 1000), base)
    freight = np.round(base * conditions.freight[day, carrier] * conditions.postage[day, market]).astype(np.int64)
    sent_day = sent // DAY_SECONDS
    billed = sent_day + 7 - (sent_day + THURSDAY - assumed.BILL_WEEKDAY) % 7
    permille = np.array([one.duty for one in LANES])[lane] * conditions.duty[day, market]
    duty = rounded(orders.subtotal[order] * np.round(permille).astype(np.int64), 1000)
    return Parcels(
        order=order, lane=lane, post=post, sent_at=sent,
        due_at=promised(orders.paid_at[order], lane, post), held_at=held_at,
        freed_at=np.where(held, held_at + wait, 0), came_at=came, grams=grams, freight=freight, billed=billed,
        twice=draws.of("billed twice", who) < conditions.twice[day, carrier], duty=duty,
        handling=np.where(duty > 0, assumed.CUSTOMS_HANDLING, 0),
    )  # fmt: skip


def ship_by(paid_at: Ints) -> Ints:
    """Return the last moment each order is to be handed over; never midnight, by which sheets mean a whole day."""
    due = paid_at + assumed.SHIP_BY_HOURS * HOUR
    return np.asarray(due - (due % DAY_SECONDS == 0))


def promised(paid_at: Ints, lane: Ints, post: Flags) -> Ints:
    """Return the last second of the day each order is promised for."""
    usual = np.array([one.days * np.exp(assumed.PROMISED_SPREADS * one.spread) for one in LANES])[lane]
    usual = usual * np.where(post, assumed.POST_LONGER, 1)
    days = np.ceil(usual + assumed.SHIP_BY_HOURS / 24).astype(np.int64)
    return np.asarray((paid_at // DAY_SECONDS + days + 1) * DAY_SECONDS - 1)


def late_days(parcels: Parcels, orders: int) -> Ints:
    """Return how many days late each order came, 0 for those without a parcel."""
    found = np.zeros(orders, np.int64)
    found[parcels.order] = parcels.late_days
    return found


def brought(ready: Ints, hour: Ints, weekend: Floats) -> Ints:
    """Return the moment at the door: by day, never on a Sunday, seldom on a Saturday, not before it is there.

    What waited over the weekend is brought on Monday or Tuesday; ``weekend``: each parcel's own chance of that.
    """
    day = ready // DAY_SECONDS
    day = np.where(day * DAY_SECONDS + hour < ready, day + 1, day)
    weekday, second = (day + THURSDAY) % 7, (weekend > assumed.BROUGHT_ON_MONDAYS).astype(np.int64)
    waits = np.select(
        [weekday == 6, (weekday == 5) & (weekend >= assumed.BROUGHT_ON_SATURDAYS)], [1 + second, 2 + second], default=0
    )
    return np.asarray((day + waits) * DAY_SECONDS + hour)


def events(parcels: Parcels, until: int) -> tuple[Ints, Ints, Ints]:
    """Return what carriers told so far: place of the parcel, what (place in STATUSES), when."""
    way = parcels.came_at - parcels.sent_at
    pause = parcels.freed_at - parcels.held_at
    rolling = way - pause
    moments = (
        parcels.sent_at,
        parcels.sent_at + rolling * 3 // 10,
        parcels.sent_at + rolling * 6 // 10,
        parcels.held_at,
        np.where(parcels.held_at > 0, parcels.freed_at, 0),
        parcels.came_at - np.minimum(5 * HOUR, rolling // 10),
        parcels.came_at,
    )
    abroad = parcels.lane != NEAR
    parcel, what, at = [], [], []
    for number, moment in enumerate(moments):
        known = np.flatnonzero(
            (moment > 0) & (moment < until) & (parcels.sent_at < until) & (abroad | (number not in (2, 3, 4)))
        )
        parcel.append(known)
        what.append(np.full(len(known), number))
        at.append(moment[known])
    parcel_, what_, at_ = (np.concatenate(parts) for parts in (parcel, what, at))
    queue = np.lexsort((what_, at_, parcel_))
    return parcel_[queue], what_[queue], at_[queue]


STATUSES = ("PickedUp", "Departure", "Arrival", "CustomsHeld", "CustomsReleased", "OutForDelivery", "Delivered")
