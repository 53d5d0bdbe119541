"""What is sold on a site of Amazon's: orders, and the statements that say two weeks later what they brought."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from argosy.world import assumptions as assumed
from argosy.world.buyers import Visits
from argosy.world.columns import DAY_SECONDS, Flags, Floats, Ints, text
from argosy.world.conditions import PAYERS
from argosy.world.draws import Draws
from argosy.world.given import Given
from argosy.world.goods import Article
from argosy.world.orders import Lines, rounded
from argosy.world.provider import Payouts, payouts_of
from argosy.world.when import When

FIRST_SETTLEMENT = 21_000_000_001


@dataclass(frozen=True)
class Sales:
    """Orders of one site and their lines; by order: the purchase, whether it was called off, when it was sent (and
    charged), when it was paid back, 0 for never; by line, in hundredths of the site's currency: discount, tax, fee,
    fulfilment; twice: whether its fee is charged twice; settled: whether a statement has told of the line."""

    site: assumed.Site
    came: Visits
    called_off: Flags
    posted_at: Ints
    back_at: Ints
    lines: Lines
    discount: Ints
    tax: Ints
    fee: Ints
    fulfilment: Ints
    twice: Flags
    settled: Flags
    when: When

    @property
    def at(self) -> Ints:
        """When each was ordered."""
        return self.came.at

    @property
    def start(self) -> int:
        """When the first settlement begins."""
        return self.when.start

    @property
    def charged(self) -> Flags:
        """Which lines are of orders that were not called off."""
        return np.asarray(~self.called_off[self.lines.order])

    @property
    def names(self) -> list[str]:
        """The numbers of the orders, all of one width and rising."""
        return [f"{self.site.prefix}-{n + 1:07}-{(n + 1) * 7919 % 10_000_000:07}" for n in range(len(self.at))]

    @property
    def tax_inside(self) -> Ints:
        """The part of each line's price that is tax."""
        return self.tax if self.site.tax_inside else np.zeros_like(self.tax)


@dataclass(frozen=True)
class Amount:
    """One kind of amount in the statements: its words, the account it really moves, whether it stands there a second
    time by mistake, and by row the line it is of, the moment, the amount (signed, minor units) and the number of the
    statement from 0."""

    transaction: str
    kind: str
    description: str
    account: str
    again: bool
    line: Ints
    at: Ints
    amount: Ints
    settlement: Ints


def sell(came: Visits, lines: Lines, site: assumed.Site, given: Given) -> Sales:
    """Return what buyers bought on a site."""
    conditions, when, draws, articles = given.conditions, given.when, given.draws, given.articles
    who, day = came.id, when.day(came.at)
    place, orders = assumed.SITES.index(site), len(who)
    lines = priced(lines, conditions.price[day[lines.order], lines.article], site, articles)
    off = called_off(came, draws)
    low, high = assumed.AMAZON_SHIP_HOURS
    posted = came.at + draws.whole(low * 3600, high * 3600, "amazon ships", who)
    worse = lines.most(conditions.defects[day[lines.order], lines.article], orders)
    worse = 1 + assumed.AMAZON_DEFECTS * (worse - 1)
    back_share = assumed.AMAZON_REFUNDED * worse * conditions.returns[day, came.market]
    refunded = (draws.of("amazon refunds", who) < back_share) & ~off
    soon, late = assumed.REFUND_DAYS
    back = posted + draws.whole(soon * DAY_SECONDS, late * DAY_SECONDS, "refund days", who)
    coupon = (draws.of("coupons", who) < conditions.coupons[day, came.market])[lines.order]
    percent = conditions.percent[day[lines.order]].astype(np.int64)
    discount = np.where(coupon, payable(lines.worth * percent, 100, site), 0)
    net = lines.worth - discount
    electronics = np.array([article.family == "ELEC" for article in articles])[lines.article]
    permille = np.where(electronics, assumed.ELECTRONICS_PERMILLE, assumed.OTHER_PERMILLE)
    permille = np.round(permille * conditions.referral[day[lines.order], place]).astype(np.int64)
    unit_fee = np.round(site.unit_fee * conditions.fulfilment[day, place] / site.step).astype(np.int64) * site.step
    tax = payable(net * site.tax, 10_000 + (site.tax if site.tax_inside else 0), site)
    twice = draws.of("amazon twice", who) < conditions.charged_twice[day, place]
    told = ~off & (_closes(_settlement(posted, when.start), when.start) <= when.until)
    return Sales(
        site=site, came=came, called_off=off, posted_at=posted, back_at=np.where(refunded, back, 0), lines=lines,
        discount=discount, tax=tax, fee=np.maximum(payable(net * permille, 1000, site), site.least),
        fulfilment=lines.units * unit_fee[lines.order], twice=twice[lines.order], settled=told[lines.order], when=when,
    )  # fmt: skip


def called_off(came: Visits, draws: Draws) -> Flags:
    """Return which orders are called off before they are charged."""
    return draws.of("fates", came.id) < assumed.AMAZON_CANCELLED


def payable(numerator: Ints, denominator: int, place: assumed.Place) -> Ints:
    """Return a quotient rounded to what can be paid in the place's currency, half away from zero."""
    return np.asarray(rounded(numerator, denominator * place.step) * place.step)


def priced(lines: Lines, factor: Floats, place: assumed.Place, articles: tuple[Article, ...]) -> Lines:
    """Return the lines at the place's prices; factor: what each line's price is of the usual one."""
    there = np.array([article.price * place.price / place.step for article in articles])
    price = np.maximum(np.round(there[lines.article] * factor), 1).astype(np.int64) * place.step
    return replace(lines, worth=price * lines.units)


def _settlement(at: Ints, start: int) -> Ints:
    return (at - start) // (assumed.SETTLEMENT_DAYS * DAY_SECONDS)


def _closes(settlement: Ints, start: int) -> Ints:
    """Return when statements are out: after their last day and the days until the deposit."""
    days = (settlement + 1) * assumed.SETTLEMENT_DAYS + assumed.DEPOSIT_LAG_DAYS + 1
    return np.asarray(start + days * DAY_SECONDS)


def expected_fee(sales: Sales) -> Ints:
    """Return the fee anybody would expect of each line: the going rate of what the buyer pays, 0 without a rule."""
    return payable((sales.lines.worth - sales.discount) * (sales.site.going or 0), 1000, sales.site)


def statements(sales: Sales) -> list[Amount]:
    """Return every amount of every statement that is out."""
    site, worth = sales.site, sales.lines.worth - sales.tax_inside
    most = round(assumed.KEPT_MOST * site.price / site.step) * site.step
    keeps = np.minimum(payable(sales.fee * assumed.KEPT_PERMILLE, 1000, site), most)
    posted, back = sales.posted_at[sales.lines.order], sales.back_at[sales.lines.order]
    price, fees, vat = "ItemPrice", "ItemFees", f"liability:vat:{site.country}"
    withheld = sales.tax if site.handed_on else np.zeros_like(sales.tax)
    facilitator = ("ItemWithheldTax", "MarketplaceFacilitatorTax-Principal", vat)
    again = np.where(sales.twice, -sales.fee, 0)
    kinds = [
        ("Order", price, "Principal", "income:sales", worth, posted),
        ("Order", price, "Tax", vat, sales.tax, posted),
        ("Order", *facilitator, -withheld, posted),
        ("Order", "Promotion", "Principal", "contra:discount", -sales.discount, posted),
        ("Order", fees, "Commission", "fee:channel", -sales.fee, posted),
        ("Order", fees, "Commission", "fee:channel", again, posted),
        ("Order", fees, "FBAPerUnitFulfillmentFee", "fee:fulfilment", -sales.fulfilment, posted),
        ("Refund", price, "Principal", "contra:refund", -worth, back),
        ("Refund", price, "Tax", vat, -sales.tax, back),
        ("Refund", *facilitator, withheld, back),
        ("Refund", "Promotion", "Principal", "contra:discount", sales.discount, back),
        ("Refund", fees, "Commission", "fee:channel", sales.fee, back),
        ("Refund", fees, "RefundCommission", "fee:channel", -keeps, back),
    ]
    made = []
    for transaction, kind, description, account, amount, at in kinds:
        number = _settlement(at, sales.start)
        out = sales.charged & (at > 0) & (_closes(number, sales.start) <= sales.when.until) & (amount != 0)
        line = np.flatnonzero(out)
        made.append(
            Amount(
                transaction,
                kind,
                description,
                account,
                amount is again,
                line,
                at[line],
                np.asarray(amount)[line],
                number[line],
            )
        )
    return made


def settlement_names(numbers: Ints, site: assumed.Site) -> pa.Array:
    """Return what statements of a site are called."""
    return text(pa.array(numbers + FIRST_SETTLEMENT + int(site.prefix) * 1_000_000))


def deposits(sales: Sales, amounts: list[Amount], given: Given) -> tuple[Payouts, Ints]:
    """Return the payouts of the statements, and in which each amount went out, in the order of the amounts."""
    number = np.concatenate([part.settlement for part in amounts])
    numbers, place = np.unique(number, return_inverse=True)
    last = sales.start // DAY_SECONDS + (numbers + 1) * assumed.SETTLEMENT_DAYS
    net = np.concatenate([part.amount for part in amounts])
    days, payer = last + assumed.DEPOSIT_LAG_DAYS, PAYERS.index(sales.site.name)
    return payouts_of(days, place, net, payer=payer, given=given), place
