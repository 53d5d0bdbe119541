"""What is sold in TikTok's shops: orders, what TikTok and the seller take off, parcels, and what is given back."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from argosy.world import assumptions as assumed
from argosy.world.buyers import Visits
from argosy.world.columns import DAY_SECONDS, Flags, Ints, text
from argosy.world.draws import Draws
from argosy.world.given import Given
from argosy.world.marketplace import payable, priced
from argosy.world.orders import Lines, rounded
from argosy.world.pacific import told_apart
from argosy.world.parcels import LANE_OF, brought

HOUR = 3600


@dataclass(frozen=True)
class SocialSales:
    """Orders of one shop and their lines, paid when the purchases behind them came about; amounts in hundredths of the
    shop's currency.

    By line: what the seller (discount) and TikTok (taken_off) take off the price. By order: when it was placed, what
    the buyer pays for the parcel (postage), tax TikTok puts on top, when it is called off (0: never), is ready, was
    sent and came (0: nothing is sent), what is given back of what the buyer paid, and when. until: nothing is known
    from this moment on.
    """

    shop: assumed.TikTokShop
    came: Visits
    lines: Lines
    discount: Ints
    taken_off: Ints
    placed_at: Ints
    postage: Ints
    tax: Ints
    off_at: Ints
    ready_at: Ints
    sent_at: Ints
    came_at: Ints
    back: Ints
    back_at: Ints
    until: int

    @property
    def at(self) -> Ints:
        """When each was paid."""
        return self.came.at

    @property
    def net(self) -> Ints:
        """What each line brings the seller: TikTok makes good what it takes off itself."""
        return self.lines.worth - self.discount

    @property
    def earned(self) -> Ints:
        """What each order brings the seller, fees aside."""
        return self._summed(self.net) + self.postage

    @property
    def amount(self) -> Ints:
        """What the buyer of each order pays."""
        return self.earned - self._summed(self.taken_off) + self.tax + self.shop.service

    @property
    def called_off(self) -> Flags:
        """Which orders have been called off."""
        return np.asarray((self.off_at > 0) & (self.off_at < self.until))

    @property
    def gone(self) -> Flags:
        """Whether the goods have left."""
        return np.asarray((self.sent_at > 0) & (self.sent_at < self.until))

    @property
    def returned(self) -> Ints:
        """What buyers were given back so far."""
        return np.where(self.back_at < self.until, self.back, 0)

    @property
    def sellers_part(self) -> Ints:
        """The seller's part of what was given back: its tax and what it takes off TikTok gives and takes back itself,
        so that an order given back whole has brought nothing."""
        step = self.shop.step
        return np.asarray(rounded(self.returned // step * self.earned, self.amount // step))

    @property
    def names(self) -> pa.Array:
        """The numbers of the orders, all of one width and rising."""
        return text(pa.array(self.shop.number * 10**15 + (np.arange(len(self.at)) + 1) * 83_791_137))

    def _summed(self, by_line: Ints) -> Ints:
        return np.bincount(self.lines.order, weights=by_line, minlength=len(self.at)).astype(np.int64)


def called_off(came: Visits, draws: Draws) -> Flags:
    """Return which orders are called off before they are sent."""
    return draws.of("fates", came.id) < assumed.TIKTOK_CANCELLED


def sell_socially(came: Visits, lines: Lines, shop: assumed.TikTokShop, given: Given) -> SocialSales:
    """Return what buyers bought in a shop on TikTok, and what became of it."""
    conditions, draws, who, day = given.conditions, given.draws, came.id, given.when.day(came.at)
    lines = priced(lines, conditions.price[day[lines.order], lines.article], shop, given.articles)
    discount, taken_off = _cheaper(came, lines, shop, given)
    net = np.bincount(lines.order, weights=lines.worth - discount, minlength=len(who)).astype(np.int64)
    postage = np.where(net >= shop.free_from, 0, shop.postage)
    ready_at, sent_at, came_at = _parcels(came, given)
    off = called_off(came, draws)
    soon, late = assumed.TIKTOK_PAID_SECONDS
    nothing = np.zeros(len(who), np.int64)
    sales = SocialSales(
        shop=shop, came=came, lines=lines, discount=discount, taken_off=taken_off,
        placed_at=came.at - draws.whole(soon, late, "tiktok pays", who), postage=postage,
        tax=payable((net + postage) * shop.tax, 10_000, shop),
        off_at=np.where(off, came.at + draws.whole(600, assumed.HANDLING_HOURS[0] * HOUR, "calls off", who), 0),
        ready_at=np.where(off, 0, ready_at), sent_at=np.where(off, 0, sent_at), came_at=np.where(off, 0, came_at),
        back=nothing, back_at=nothing, until=given.when.until,
    )  # fmt: skip
    return _give_back(sales, given)


def _cheaper(came: Visits, lines: Lines, shop: assumed.TikTokShop, given: Given) -> tuple[Ints, Ints]:
    """Return what the seller and what TikTok takes off each line."""
    conditions, draws, day = given.conditions, given.draws, given.when.day(came.at)
    coupon = draws.of("coupons", came.id) < conditions.coupons[day, came.market]
    percent = np.where(coupon, conditions.percent[day].astype(np.int64), 0)[lines.order]
    discount = payable(lines.worth * percent, 100, shop)
    low, high = assumed.TIKTOK_PERCENT
    cheap = draws.of("tiktok coupons", came.id) < assumed.TIKTOK_TAKES_OFF
    percent = np.where(cheap, draws.whole(low, high, "tiktok percent", came.id), 0)[lines.order]
    return discount, payable((lines.worth - discount) * percent, 100, shop)


def _parcels(came: Visits, given: Given) -> tuple[Ints, Ints, Ints]:
    """Return when each order's parcel is ready, is handed to TikTok's line and comes; it takes as long as others do."""
    conditions, draws, who, day = given.conditions, given.draws, came.id, given.when.day(came.at)
    low, high = (hours * HOUR for hours in assumed.HANDLING_HOURS)
    handled = (draws.whole(low, high, "handling", who) * conditions.handling[day]).astype(np.int64)
    sent = told_apart(came.at + handled)
    days, spread = (
        np.array([getattr(lane, name) for lane in assumed.LANES])[LANE_OF[came.market]] for name in ("days", "spread")
    )
    transit = (
        days * np.exp(spread * draws.normal("transit", who)) * conditions.transit[given.when.day(sent), came.market]
    )
    ready = sent + np.maximum((transit * DAY_SECONDS).astype(np.int64), 6 * HOUR)
    hour = draws.whole(8 * HOUR, 19 * HOUR, "doorbells", who)
    return came.at + handled // 2, sent, brought(ready, hour, draws.of("weekends", who))


def _give_back(sales: SocialSales, given: Given) -> SocialSales:
    """Return the sales with what is given back: all of what was called off or sent back, a third for damage."""
    came, lines, conditions, draws = sales.came, sales.lines, given.conditions, given.draws
    day, who, amount = given.when.day(came.at), came.id, sales.amount
    defects = lines.most(conditions.defects[day[lines.order], lines.article], len(who))
    complaints = lines.most(conditions.complaints[day[lines.order], lines.article], len(who))
    share = assumed.RETURNED_DEFECT * defects + assumed.RETURNED_OTHER * conditions.returns[day, came.market]
    off, sent_back = sales.off_at > 0, draws.of("returns", who) < share
    damaged = draws.of("damages", who) < assumed.DAMAGED * complaints
    third = payable(amount, 3, sales.shop)
    soon, late = (days * DAY_SECONDS for days in assumed.REFUND_DAYS)
    at = np.where(off, sales.off_at, came.at + draws.whole(soon, late, "refund days", who))
    back = np.select([off | sent_back, damaged], [amount, third], default=0)
    return replace(sales, back=back, back_at=np.where(back > 0, at, 0))
