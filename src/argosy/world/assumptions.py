"""Every number the world rests on, with where it comes from; "assumed" where nobody told.

Change a number here and the world changes; nothing is hidden elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
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

BOUGHT = 0.97  # of the purchases somebody has in mind, what is bought in the end: the rest is declined or sold out

FREE_SHIPPING_FROM = 60_00  # of the shop's smallest unit; below it the buyer pays the flat rate
FLAT_SHIPPING = 5_95
COUPON_SHARE, COUPON_PERCENT = 0.12, 10  # assumed
CANCELLED = 0.012  # paid and called off before it was sent, all given back; assumed
# Given back in full, by cause; assumed, low because sending back across a border is dear.
RETURNED_DEFECT, RETURNED_OTHER = 0.015, 0.04
DAMAGED = 0.02  # a third given back for damage or what was missing; assumed
LATE_REFUNDED = 0.25  # of what came more than LATE_DAYS late: a third given back; assumed
LATE_DAYS = 2
HANDLING_HOURS = (6, 60)  # from payment to the carrier; assumed
SHIP_BY_HOURS = 72  # when it is to be handed over; assumed
REFUND_DAYS = (12, 45)  # from the order to the refund of a return; assumed


@dataclass(frozen=True)
class Place:
    """A place beside the brand's own shop where it sells.

    country: of its buyers; share: the part of them who buy there, out of habit. step: the smallest unit that can be
    paid, in hundredths of the currency. price: what a cent of the shop's price is there, in hundredths. pool: the
    warehouse its goods leave.
    """

    country: str
    name: str
    currency: str
    share: float
    step: int
    price: float
    pool: str


@dataclass(frozen=True)
class Site(Place):
    """A site of Amazon's the brand sells on.

    tax: in hundredths of a percent; tax_inside: whether prices contain it; handed_on: whether Amazon hands it on
    itself. going: the referral fee anybody would expect, in permille; None: no rule is known. least: of a fee;
    unit_fee: fulfilment of a unit. clock: how its settlements write moments, comma: whether they write amounts with
    one.
    """

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
        "US", "Amazon.com", "USD", share=0.5, step=1, price=1.0, pool="amazon-us", tax=700, tax_inside=False,
        handed_on=True, going=150, least=30, unit_fee=3_86, prefix="113", clock="%Y-%m-%d %H:%M:%S UTC", comma=False,
    ),
    Site(
        "DE", "Amazon.de", "EUR", share=0.6, step=1, price=0.99, pool="amazon-de", tax=1900, tax_inside=True,
        handed_on=False, going=150, least=30, unit_fee=3_40, prefix="302", clock="%d.%m.%Y %H:%M:%S UTC", comma=True,
    ),
    Site(
        "JP", "Amazon.co.jp", "JPY", share=0.4, step=100, price=155.0, pool="amazon-jp", tax=1000, tax_inside=True,
        handed_on=False, going=None, least=0, unit_fee=514_00, prefix="250", clock="%Y/%m/%d %H:%M:%S UTC",
        comma=False,
    ),
)  # fmt: skip


@dataclass(frozen=True)
class TikTokShop(Place):
    """A shop on TikTok, in one country as all of them are.

    tax: what TikTok puts on top of the price and hands on itself, in hundredths of a percent. going: the referral fee
    anybody would expect, in permille, from the day going_from on (None: always; no fee: no rule is known); fee_on_tax:
    whether it is taken of the tax too. free_from, postage: from which worth on parcels cost the buyer nothing, and what
    they cost below. service: what TikTok charges the buyer for each order. number: the first digits of its orders.
    mark: how the export writes the currency; asian: whether it writes the columns and amounts of the Asian shops.
    """

    tax: int
    going: int
    going_from: date | None
    fee_on_tax: bool
    free_from: int
    postage: int
    service: int
    number: int
    mark: str
    asian: bool


# Fees: rules table fee_rates (United States 6 % of goods and shipping since 2024-04-01, United Kingdom 9 % of all the
# buyer pays; no rule for Indonesia and Thailand). Tax: TikTok is the marketplace facilitator in the United States and
# the deemed supplier of goods from abroad in the United Kingdom; the Asian exports name none. Indonesia: whole rupiah,
# Thailand: whole baht. How exports are written: public samples. Shares, prices and postage: assumed.
TIKTOK_SHOPS = (
    TikTokShop(
        "US", "TikTok Shop US", "USD", share=0.08, step=1, price=1.0, pool="shenzhen", tax=700, going=60,
        going_from=date(2024, 4, 1), fee_on_tax=False, free_from=30_00, postage=4_99, service=0, number=576,
        mark="$", asian=False,
    ),
    TikTokShop(
        "GB", "TikTok Shop GB", "GBP", share=0.12, step=1, price=0.78, pool="shenzhen", tax=2000, going=90,
        going_from=None, fee_on_tax=True, free_from=25_00, postage=2_99, service=0, number=577, mark="£", asian=False,
    ),
    TikTokShop(
        "ID", "TikTok Shop ID", "IDR", share=0.6, step=100, price=15_800.0, pool="shenzhen", tax=0, going=0,
        going_from=None, fee_on_tax=False, free_from=400_000_00, postage=18_000_00, service=1_000_00, number=578,
        mark="IDR ", asian=True,
    ),
    TikTokShop(
        "TH", "TikTok Shop TH", "THB", share=0.4, step=100, price=34.5, pool="shenzhen", tax=0, going=0,
        going_from=None, fee_on_tax=False, free_from=900_00, postage=45_00, service=0, number=579, mark="THB ",
        asian=True,
    ),
)  # fmt: skip
TIKTOK_CANCELLED = 0.03  # paid and called off before it was sent, all given back; assumed
TIKTOK_TAKES_OFF, TIKTOK_PERCENT = 0.3, (4, 16)  # orders TikTok makes cheaper at its own cost, and by how much; assumed
TIKTOK_PAID_SECONDS = (5, 120)  # from the order to its payment; assumed
TIKTOK_COMPLETED_DAYS = 7  # from delivery on an order counts as completed; assumed


@dataclass(frozen=True)
class MercadoSite(Place):
    """A site of Mercado Libre's. code: what it is called; number: the first digits of its orders; keeps: what is kept
    of the price, in permille."""

    code: str
    number: int
    keeps: int


# Shares, prices and what is kept (a classic listing's range): assumed.
MERCADO_SITES = (
    MercadoSite(
        "MX", "Mercado Libre MX", "MXN", share=0.4, step=100, price=18.4, pool="shenzhen", code="MLM", number=2000,
        keeps=155,
    ),
    MercadoSite(
        "BR", "Mercado Libre BR", "BRL", share=0.45, step=10, price=5.5, pool="shenzhen", code="MLB", number=2001,
        keeps=165,
    ),
)  # fmt: skip
MERCADO_CANCELLED = 0.02  # called off before it was paid; assumed

# All places beside the shop. One buyer keeps to one place: the shares of a country's places add up to less than 1.
ELSEWHERE: tuple[Place, ...] = (*SITES, *TIKTOK_SHOPS, *MERCADO_SITES)
# Electronics cost 8 % everywhere. What is kept of the fee when a buyer is paid back: 20 %, at most the worth of 5
# dollars (Amazon's refund administration fee).
ELECTRONICS_PERMILLE, OTHER_PERMILLE = 80, 150
AMAZON_CANCELLED = 0.02  # called off before it was charged; assumed
AMAZON_REFUNDED, AMAZON_DEFECTS = 0.07, 0.3  # given back, and the part of it for defects; assumed
AMAZON_SHIP_HOURS = (10, 70)
KEPT_PERMILLE, KEPT_MOST = 200, 5_00
SETTLEMENT_DAYS = 14
DEPOSIT_LAG_DAYS = 2

# What is claimed from payers and carriers with papers: how often it is paid, and after how many days; assumed.
CLAIM_PAID, CLAIM_DAYS = 0.85, 10
PAYOUT_LAG_DAYS = 3  # providers pay out what was taken so many days before
WITHDRAWN_ON, WITHDRAWN_AT = (1, 16), 2 * 3600  # days of the month and second of the day, UTC; assumed
BANK_LAG_DAYS = 2

# Goods: what they cost of their price, the way in, how often a lot comes.
COST_SHARE = (0.18, 0.34)  # of the price; assumed
FREIGHT_SHARE = (0.03, 0.09)  # of the lot's price, paid in dollars; assumed
DUTY_SHARE = (0.0, 0.05)  # of the lot's price, paid in the book currency; assumed
LOT_DAYS = 45  # every article is ordered anew this often, for as long and a safety of SAFETY_DAYS; assumed
SAFETY_DAYS = 14


@dataclass(frozen=True)
class Pool:
    """Where stock lies: countries served from it ("" for all others), days from the maker's door to its shelf, and
    what a kilogram costs there a month in cents."""

    name: str
    country: str
    kind: str
    way_days: int
    storage: int


# Days by truck at home, by sea and train abroad: assumed. Storage of others' warehouses: assumed, about 0.80 USD a
# month for a kilogram abroad, a quarter of it at home.
POOLS = (
    Pool("shenzhen", "CN", "own", 3, 20),
    Pool("ontario-3pl", "US", "third_party", 34, 80),
    Pool("amazon-us", "US", "channel", 36, 0),
    Pool("amazon-de", "DE", "channel", 38, 0),
    Pool("amazon-jp", "JP", "channel", 12, 0),
)
HOME_POOL, NEAR_POOL = 0, 1
NEAR_SHARE = 0.6  # of the shop's orders from the United States that are sent from there; assumed


@dataclass(frozen=True)
class Lane:
    """How parcels go to a country: the carrier, days from hand to hand (median) and their spread (of the logarithm),
    the share held at customs, what a parcel and a kilogram cost in cents, and the duty the seller pays in permille."""

    country: str
    carrier: str
    days: float
    spread: float
    held: float
    parcel: int
    kilogram: int
    duty: int


# Days: assumed, as lines from southern China promise them. Spread: that of real deliveries around the median of their
# region (docs/calibration.md). Duty: parcels to the United States pay it since the exemption for low values
# ended on 2025-08-29 (Executive Order 14324; rules table de_minimis), at an assumed mean rate; elsewhere low values
# are free or the buyer pays.
CARRIERS = ("Pearl River Line", "Silk Parcel", "Harbour Post", "Prairie Last Mile")
LANES = (
    Lane("US", "Pearl River Line", 9.0, 0.51, 0.02, 4_80, 6_90, 150),
    Lane("GB", "Silk Parcel", 8.5, 0.48, 0.015, 3_60, 6_20, 0),
    Lane("DE", "Silk Parcel", 9.0, 0.48, 0.015, 3_80, 6_10, 0),
    Lane("FR", "Silk Parcel", 9.5, 0.51, 0.015, 3_90, 6_30, 0),
    Lane("JP", "Harbour Post", 5.5, 0.41, 0.01, 2_60, 4_40, 0),
    Lane("CA", "Pearl River Line", 11.0, 0.54, 0.025, 4_90, 7_40, 0),
    Lane("AU", "Harbour Post", 9.5, 0.51, 0.01, 3_90, 6_80, 0),
    Lane("ES", "Silk Parcel", 10.0, 0.54, 0.02, 3_80, 6_20, 0),
    Lane("NL", "Silk Parcel", 9.0, 0.48, 0.015, 3_70, 6_00, 0),
    Lane("MX", "Pearl River Line", 12.5, 0.63, 0.04, 4_20, 7_90, 0),
    Lane("BR", "Pearl River Line", 16.0, 0.68, 0.06, 4_60, 9_80, 0),
    Lane("AE", "Harbour Post", 8.0, 0.51, 0.02, 4_10, 6_90, 0),
    Lane("SA", "Harbour Post", 9.5, 0.56, 0.04, 4_40, 7_40, 0),
    Lane("SG", "Harbour Post", 5.0, 0.45, 0.01, 2_40, 4_10, 0),
    Lane("TH", "Harbour Post", 6.5, 0.51, 0.02, 2_60, 4_60, 0),
    Lane("ID", "Harbour Post", 9.0, 0.63, 0.04, 3_10, 5_40, 0),
    Lane("TR", "Silk Parcel", 11.0, 0.60, 0.05, 4_00, 6_80, 0),
)
NEAR_LANE = Lane("US", "Prairie Last Mile", 3.2, 0.45, 0.0, 4_20, 1_60, 0)
# What is worth less than this in cents goes by post, the rest by line-haul: longer on the way, at a part (permille) of
# the price; assumed.
POST_BELOW, POST_LONGER, POST_PERMILLE = 22_00, 1.4, 620
PROMISED_SPREADS = 1.4  # promised for the median and so many spreads: about nine of ten come in time
HELD_DAYS = (4, 15)  # what customs keeps it; assumed
CUSTOMS_HANDLING = 1_50  # for each parcel that pays duty; assumed
BROUGHT_ON_SATURDAYS, BROUGHT_ON_MONDAYS = 0.35, 0.7  # of what comes at a weekend; docs/calibration.md
BILL_WEEKDAY = 0  # carriers bill on Mondays


CARD = "card"  # the method that is declined more from abroad


@dataclass(frozen=True)
class Provider:
    """Who takes the shop's payments.

    name, bank: in the shop's orders and in the bank's statement. shares: part of a country's buyers; none elsewhere.
    approved: at the first attempt. fee, fixed: hundredths of a percent and cents of a payment, abroad: hundredths of a
    percent more on one from abroad, dispute: cents of a lost one. weekday: when it pays out; None: it does not, the
    seller withdraws what is there. payouts: how their numbers begin; None: they have none.
    """

    channel_id: str
    name: str
    bank: str
    method: str
    shares: Mapping[str, float]
    approved: float
    fee: int
    fixed: int
    abroad: int
    dispute: int
    weekday: int | None
    payouts: str | None


def _cards(*countries: str) -> dict[str, float]:
    """Return the part of buyers who pay by card in these countries: all who do not pay by PayPal."""
    return {country: 1 - PAYPAL.get(country, 0.0) for country in countries}


# PayPal's part of the buyers. Germany: of turnover, rules table payment_preferences; the others: assumed; none in
# Turkey, which PayPal left in 2016.
PAYPAL = {
    "US": 0.12, "DE": 0.285, "GB": 0.18, "FR": 0.10, "NL": 0.10, "ES": 0.10, "AU": 0.10, "CA": 0.10, "JP": 0.05,
    "SG": 0.05, "MX": 0.05, "BR": 0.05, "AE": 0.05, "SA": 0.05, "TH": 0.05, "ID": 0.05,
}  # fmt: skip
# Fees: rules table fee_rates, on international payments where it says so (Shopify's abroad: assumed as the others').
# Where each takes cards, approval, weekdays and the fees of disputes: assumed, the last as listed in the United States.
PROVIDERS = (
    Provider(
        "shopify_payments:main", "Shopify Payments", "SHOPIFY PAYMENTS", CARD,
        _cards("US", "CA", "GB", "DE", "FR", "NL", "ES", "AU", "JP", "SG"), approved=0.88,
        fee=2_90, fixed=30, abroad=1_50, dispute=15_00, weekday=0, payouts="",
    ),
    Provider(
        "stripe:main", "Stripe", "STRIPE", CARD, _cards("MX", "BR", "AE", "SA", "TH", "ID", "TR"), approved=0.88,
        fee=2_90, fixed=30, abroad=1_50, dispute=15_00, weekday=3, payouts="po_",
    ),
    Provider(
        "paypal:main", "PayPal Express Checkout", "PAYPAL TRANSFER", "wallet", PAYPAL, approved=0.97,
        fee=3_49, fixed=49, abroad=1_50, dispute=20_00, weekday=None, payouts=None,
    ),
)  # fmt: skip
APPROVED_HARDER = {"BR": 0.82, "MX": 0.84, "ID": 0.85, "TR": 0.84, "SA": 0.9, "AE": 0.92, "TH": 0.9}  # of the usual
TRIES, TRIED_AGAIN, APPROVED_AGAIN = 3, 0.57, 0.45  # tried again: docs/calibration.md; approved then: assumed
WALLET_DECLINE = "instrument_declined"  # the one reason a wallet gives
DECLINES = (("insufficient_funds", 0.38), ("do_not_honor", 0.31), ("incorrect_cvc", 0.12), ("expired_card", 0.08),
            ("fraud_suspected", 0.11))  # fmt: skip
FRAUD = 0.0012  # orders that are disputed as not the cardholder's; assumed
DISPUTE_DAYS = (20, 60)  # assumed

# How demand answers. Price: assumed, the mean of measured elasticities is about -2.6 (Bijmolt, van Heerde and Pieters,
# "New Empirical Generalizations on the Determinants of Price Elasticity", Journal of Marketing Research 42, 2005), a
# brand's own somewhat less. A rival's price: assumed. Search: the part of demand that comes by search; assumed.
PRICE_ELASTICITY, RIVAL_ELASTICITY, BY_SEARCH = 2.0, 0.8, 0.4
STARS_ELASTICITY = 1.2  # assumed
SURGE_ROOM = 1.5  # how much more than usual can be sold
BY_LOYAL = 0.2  # of what is sold beyond the usual, by buyers who came before; assumed
COUPON_LIFT = 0.25  # more orders when every order may have a coupon of COUPON_PERCENT; assumed


@dataclass(frozen=True)
class Campaign:
    """Advertising on a platform for a family of goods in a country: usual cents a day for a hundred orders a day of
    the whole business, the part of that demand it brings, cents for a click, clicks per thousand times shown."""

    platform: str
    name: str
    country: str
    family: str
    budget: int
    brings: float
    click: int
    clicked: float


# Assumed; costs of clicks in the range platforms' public benchmarks give.
CAMPAIGNS = (
    Campaign("meta_ads", "US home - prospecting", "US", "HOME", 42_00, 0.30, 85, 11.0),
    Campaign("meta_ads", "US pet - prospecting", "US", "PET", 38_00, 0.30, 80, 12.0),
    Campaign("meta_ads", "GB beauty - broad", "GB", "CARE", 10_00, 0.30, 70, 10.0),
    Campaign("meta_ads", "DE home - broad", "DE", "HOME", 12_00, 0.28, 75, 9.0),
    Campaign("google_ads", "US electronics - search", "US", "ELEC", 64_00, 0.30, 95, 32.0),
    Campaign("google_ads", "GB electronics - search", "GB", "ELEC", 18_00, 0.28, 85, 30.0),
    Campaign("google_ads", "JP electronics - search", "JP", "ELEC", 14_00, 0.26, 60, 28.0),
    Campaign("google_ads", "DE pet - search", "DE", "PET", 10_00, 0.26, 70, 29.0),
    Campaign("tiktok_ads", "US toys - video", "US", "KIDS", 22_00, 0.32, 40, 8.0),
    Campaign("tiktok_ads", "GB toys - video", "GB", "KIDS", 7_00, 0.30, 38, 8.0),
    Campaign("tiktok_ads", "US beauty - video", "US", "CARE", 20_00, 0.32, 36, 9.0),
)
MAIL_LIFT, MAIL_CENTS = (
    0.5,
    2,
)  # more orders of old buyers on days they are written to, and what a letter costs; assumed
CARRIED_CENTS = 1_60  # for a kilogram brought from home to another warehouse; assumed
AD_ROOM = 1.0  # spending without end would bring so much more than usual; assumed (a saturating curve)
CLAIMED = 1.35  # platforms claim more orders than they brought; assumed

# When people buy more: country, month, day, days, how much more. Assumed; names as in rules table shopping_calendar.
# Black Friday is the fourth Friday of November, here by its date in the world's years.
FESTIVALS = (
    (("US", "CA", "GB", "DE", "FR", "ES", "NL", "AU", "BR"), 11, 24, 8, 1.8),  # Black Friday week
    (("AE", "SA"), 11, 24, 7, 1.7),  # White Friday
    (("MX",), 11, 13, 5, 1.7),  # Buen Fin
    (("SG", "TH", "ID"), 11, 11, 2, 1.9),  # Double 11
    (("SG", "TH", "ID"), 12, 12, 2, 1.6),
    (("US", "CA", "GB", "DE", "JP"), 7, 8, 4, 1.4),  # Prime Day
    (("JP",), 1, 1, 5, 1.4),  # New Year sale
    (("US", "GB", "MX", "BR", "JP"), 2, 10, 5, 1.15),  # Valentine
    (("US", "AU", "DE", "CA"), 5, 6, 5, 1.15),  # Mother's Day
    (("IN", "TR"), 11, 11, 3, 1.3),
)
PROMOTIONS_A_YEAR, PROMOTION_DAYS, PROMOTION_PRICE = 3, 9, 0.85  # of each family; assumed

# Service: how many write, how soon they are answered, how they rate. Stars by how late it came: as
# published of the Brazilian marketplace Olist, mean 4.29 in time, 3.29 up to three days late, about 1.9 later.
REVIEWED, ANGRY = 0.09, 1.4  # of orders; more of those that were harmed; assumed
REPLY_HOURS = (1.0, 14.0)  # assumed
WRITES_LATE, WRITES_DEFECT, WRITES_FIRST = 0.45, 0.55, 0.015  # of those concerned; the last: before buying; assumed
UNANSWERED_REFUNDED = (
    0.02  # of who would wait longer than a day for an answer: a third given back to calm them; assumed
)
STARS_IN_TIME = (0.066, 0.026, 0.08, 0.19, 0.638)
STARS_LATE = (0.25, 0.07, 0.15, 0.21, 0.32)
STARS_VERY_LATE, VERY_LATE_DAYS = (0.62, 0.11, 0.10, 0.07, 0.10), 4
STARS_DEFECT = (0.55, 0.22, 0.13, 0.06, 0.04)
