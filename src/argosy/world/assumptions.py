"""Every number the world rests on, with where it comes from; "assumed" where nobody told.

Change a number here and the world changes; nothing is hidden elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

BOOK_CURRENCY = "CNY"  # the brand sits in Shenzhen
HOME = "CN"
SHOP_CURRENCY = "USD"  # its own store sells to the world in dollars


@dataclass(frozen=True)
class Market:
    """A country the brand sells to.

    share: part of all orders. hours_east: its usual clock against UTC. collects: the tax the seller hands on is in
    the price ("in"), comes on top ("on") or is none of the seller's ("").
    """

    country: str
    share: float
    hours_east: int
    collects: str


# Shares: assumed, a brand strongest in the United States, then western Europe and Japan. Who hands the tax on:
# goods sent from abroad in parcels under the limits of the import schemes (EU IOSS, Directive (EU) 2017/2455;
# UK, Australia, Singapore alike); the United States by economic nexus; elsewhere the buyer pays at import.
MARKETS = (
    Market("US", 0.34, -5, "on"),
    Market("GB", 0.10, 0, "in"),
    Market("DE", 0.10, 1, "in"),
    Market("FR", 0.07, 1, "in"),
    Market("JP", 0.07, 9, ""),
    Market("CA", 0.05, -5, ""),
    Market("AU", 0.05, 10, "in"),
    Market("ES", 0.03, 1, "in"),
    Market("NL", 0.03, 1, "in"),
    Market("MX", 0.03, -6, ""),
    Market("BR", 0.03, -3, ""),
    Market("AE", 0.025, 4, ""),
    Market("SA", 0.02, 3, ""),
    Market("SG", 0.02, 8, "in"),
    Market("TH", 0.015, 7, ""),
    Market("ID", 0.01, 7, ""),
    Market("TR", 0.01, 3, ""),
)
US_SALES_TAX = Decimal("7.00")  # percent; assumed: about the mean of state and local rates over the states that tax

# Weight of each weekday from Monday: assumed, after the shape common to online shops (start of the week strong,
# Saturday weak). Weight of each hour of the day: assumed, an evening peak.
WEEKDAYS = (1.12, 1.08, 1.03, 1.00, 0.94, 0.86, 0.97)
HOURS = (2, 1, 1, 1, 1, 2, 3, 5, 6, 7, 8, 8, 8, 8, 8, 8, 8, 8, 9, 10, 11, 10, 7, 4)
GROWTH_A_YEAR = 0.25  # assumed
# Month of the year, January first: assumed, a quiet start and the weeks before Christmas.
MONTHS = (0.88, 0.86, 0.92, 0.93, 0.95, 0.94, 0.97, 0.96, 0.98, 1.04, 1.32, 1.28)

# How buyers come back: BG/NBD, fitted to CDNOW by Fader, Hardie and Lee, "Counting Your Customers the Easy Way",
# Marketing Science 24 (2005), table 1; time in weeks.
REPEAT_R, REPEAT_ALPHA, REPEAT_A, REPEAT_B = 0.243, 4.414, 0.793, 2.426

# Articles in an order, units of one article: assumed.
ARTICLES = (0.76, 0.17, 0.07)
UNITS = (0.86, 0.11, 0.03)
POPULARITY = 0.9  # exponent of the Zipf law over articles; assumed

FREE_SHIPPING_FROM = 60_00  # of the shop's smallest unit; below it the buyer pays the flat rate
FLAT_SHIPPING = 5_95
COUPON_SHARE, COUPON_PERCENT = 0.12, 10  # assumed
CANCELLED = 0.012  # paid and called off before it was sent, all given back; assumed
RETURNED = 0.055  # given back in full; assumed, low because sending back across a border is dear
PARTLY_REFUNDED = 0.02  # a third of it given back, for damage or delay; assumed
HANDLING_HOURS = (6, 60)  # from payment to the carrier; assumed
REFUND_DAYS = (12, 45)  # from the order to the refund of a return; assumed


@dataclass(frozen=True)
class Site:
    """A site of Amazon's the brand sells on.

    share: part of the country's buyers who buy there. step: the smallest unit that can be paid, in hundredths of the
    currency. price: what a cent of the shop's price is there, in hundredths. tax: in hundredths of a percent;
    tax_inside: whether prices contain it; handed_on: whether Amazon hands it on itself. going: the referral fee anybody
    would expect, in permille; None: no rule is known. least: of a fee; unit_fee: fulfilment of a unit. clock: how its
    settlements write moments, comma: whether they write amounts with one.
    """

    country: str
    name: str
    currency: str
    share: float
    step: int
    price: float
    tax: int
    tax_inside: bool
    handed_on: bool
    going: int | None
    least: int
    unit_fee: int
    prefix: str
    clock: str
    comma: bool


# Sites of Amazon's. Fees: rules table fee_rates (15 %, at least 0.30; no rule for Japan); Germany: prices with 19 %
# VAT, Principal in the settlement without it; Japan: whole yen with 10 % consumption tax. How settlements are written:
# public fixtures. Shares, prices and fulfilment fees: assumed.
SITES = (
    Site(
        "US", "Amazon.com", "USD", share=0.5, step=1, price=1.0, tax=700, tax_inside=False, handed_on=True, going=150,
        least=30, unit_fee=3_86, prefix="113", clock="%Y-%m-%d %H:%M:%S UTC", comma=False,
    ),
    Site(
        "DE", "Amazon.de", "EUR", share=0.6, step=1, price=0.99, tax=1900, tax_inside=True, handed_on=False, going=150,
        least=30, unit_fee=3_40, prefix="302", clock="%d.%m.%Y %H:%M:%S UTC", comma=True,
    ),
    Site(
        "JP", "Amazon.co.jp", "JPY", share=0.4, step=100, price=155.0, tax=1000, tax_inside=True, handed_on=False,
        going=None, least=0, unit_fee=514_00, prefix="250", clock="%Y/%m/%d %H:%M:%S UTC", comma=False,
    ),
)  # fmt: skip
# Electronics cost 8 % everywhere. What is kept of the fee when a buyer is paid back: 20 %, at most the worth of 5
# dollars (Amazon's refund administration fee).
ELECTRONICS_PERMILLE, OTHER_PERMILLE = 80, 150
AMAZON_CANCELLED = 0.02  # called off before it was charged; assumed
AMAZON_REFUNDED = 0.07  # assumed
AMAZON_SHIP_HOURS = (10, 70)
KEPT_PERMILLE, KEPT_MOST = 200, 5_00
SETTLEMENT_DAYS = 14
DEPOSIT_LAG_DAYS = 2

# The provider: Shopify Payments, 2.9 % + 0.30 USD, 1.5 % more on cards from abroad (rules table fee_rates).
FEE_PERMILLE, FEE_FIXED, FEE_ABROAD_PERMILLE = 29, 30, 15
PAYOUT_WEEKDAY = 0  # paid out on Mondays, what was taken up to the Friday before
PAYOUT_LAG_DAYS = 3
BANK_LAG_DAYS = 2

# Goods: what they cost of their price, the way in, how often a lot comes.
COST_SHARE = (0.18, 0.34)  # of the price; assumed
FREIGHT_SHARE = (0.03, 0.09)  # of the lot's price, paid in dollars; assumed
DUTY_SHARE = (0.0, 0.05)  # of the lot's price, paid in the book currency; assumed
LOT_DAYS = 45  # a new lot of each article about this often; assumed
