"""How things stand on each day: what incidents and actions alter, and everything else rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from argosy.world import assumptions as assumed
from argosy.world.columns import Floats
from argosy.world.draws import Draws
from argosy.world.goods import FAMILIES, Article
from argosy.world.plan import Plan

COUNTRIES = tuple(market.country for market in assumed.MARKETS)
PLACES = ("shopify", *(place.name for place in assumed.ELSEWHERE))
PAYERS = (*(provider.channel_id for provider in assumed.PROVIDERS), *(site.name for site in assumed.SITES))
CURRENCIES = ("USD", "JPY")  # those that can move by an incident
RATING_LAG, RATING_MEMORY = 20, 40  # days until reviews of what was sent stand there, and until they are forgotten


@dataclass(frozen=True)
class Conditions:
    """One column per day in every table; the other axes as named. 1 is as usual where nothing else is said.

    demand, search, rival (articles, markets): how much is wanted and searched for, and what rivals charge against
    usual. loyal (markets): what those want who bought twice before. mailed (markets): 1 when old buyers are written
    to. price (articles): against the list. blocked (articles, places): 1 where it cannot be bought. coupons
    (markets): share of orders with one, percent: what it takes off. offered (providers, markets): whether buyers
    may pay so, opened: how many more do. approval (providers, markets), fraud (markets). handling, transit
    (markets), held (markets): more parcels held at customs, as a share. postage (markets): price of parcels to it.
    freight, twice (carriers): price, and share of parcels billed twice. duty (markets). referral, fulfilment
    (sites), charged_twice (sites): share of fees charged twice. short (payers): part of a payout that does not
    come; late (payers): days it comes later. lead (articles): more days on what is ordered; lots (articles): how
    much is ordered. reorder, transfer (articles, warehouses): units ordered, or brought from the warehouse at home,
    beyond the plan. defects (articles), returns (markets), complaints (articles). replies: hours. budget, creative
    (campaigns). storage: price. worth (currencies): of one unit, against its real rates.
    """

    tables: Mapping[str, Floats]

    def __getattr__(self, name: str) -> Floats:
        try:
            return self.tables[name]
        except KeyError as error:
            raise AttributeError(name) from error


def axes(articles: tuple[Article, ...]) -> dict[str, tuple[tuple[str, ...], ...]]:
    """Return what each condition is told of, axis by axis after the day: the words subjects are named by."""
    skus, carriers = tuple(article.sku for article in articles), assumed.CARRIERS
    sites, campaigns = tuple(site.name for site in assumed.SITES), tuple(c.name for c in assumed.CAMPAIGNS)
    providers = tuple(provider.channel_id for provider in assumed.PROVIDERS)
    pools = tuple(pool.name for pool in assumed.POOLS)
    return {
        "demand": (skus, COUNTRIES), "search": (skus, COUNTRIES), "rival": (skus, COUNTRIES), "loyal": (COUNTRIES,),
        "price": (skus,), "blocked": (skus, PLACES), "coupons": (COUNTRIES,), "percent": (),
        "approval": (providers, COUNTRIES), "fraud": (COUNTRIES,), "handling": (), "transit": (COUNTRIES,),
        "held": (COUNTRIES,), "freight": (carriers,), "twice": (carriers,), "duty": (COUNTRIES,),
        "referral": (sites,), "fulfilment": (sites,), "charged_twice": (sites,), "short": (PAYERS,),
        "late": (PAYERS,), "lead": (skus,), "lots": (skus,), "defects": (skus,), "returns": (COUNTRIES,),
        "complaints": (skus,), "replies": (), "budget": (campaigns,), "creative": (campaigns,), "storage": (),
        "worth": (CURRENCIES,), "offered": (providers, COUNTRIES), "opened": (providers, COUNTRIES),
        "postage": (COUNTRIES,), "mailed": (COUNTRIES,), "reorder": (skus, pools), "transfer": (skus, pools),
    }  # fmt: skip


NOTHING_AS_USUAL = (
    "blocked", "held", "twice", "charged_twice", "short", "late", "lead", "mailed", "reorder", "transfer", "opened",
)  # fmt: skip


def usual(plan: Plan, articles: tuple[Article, ...], draws: Draws) -> Conditions:
    """Return how things stand when nothing happens: festivals, promotions and the weekly choice of budgets."""
    tables: dict[str, Floats] = {}
    for name, words in axes(articles).items():
        shape = (plan.days, *(len(axis) for axis in words))
        tables[name] = np.zeros(shape) if name in NOTHING_AS_USUAL else np.ones(shape)
    tables["coupons"] *= assumed.COUPON_SHARE
    tables["percent"] *= assumed.COUPON_PERCENT
    _celebrate(tables["demand"], plan)
    _promote(tables["price"], plan, articles, draws)
    weeks = -(-plan.days // 7)
    spent = draws.stream("budgets").uniform(0.75, 1.3, (weeks, len(assumed.CAMPAIGNS)))
    tables["budget"] *= np.repeat(spent, 7, axis=0)[: plan.days]
    return Conditions(tables)


def _celebrate(demand: Floats, plan: Plan) -> None:
    for countries, month, day, length, more in assumed.FESTIVALS:
        markets = [place for place, country in enumerate(COUNTRIES) if country in countries]
        for year in range(plan.start.year, plan.day(plan.days).year + 1):
            first = (date(year, month, day) - plan.start).days
            days = slice(max(first, 0), max(first + length, 0))
            demand[days, :, markets] *= more


def _promote(price: Floats, plan: Plan, articles: tuple[Article, ...], draws: Draws) -> None:
    chance = draws.stream("promotions")
    times = max(round(assumed.PROMOTIONS_A_YEAR * plan.days / 365), 1)
    for family in FAMILIES:
        mine = [place for place, article in enumerate(articles) if article.family == family]
        for first in chance.integers(0, plan.days, times):
            price[first : first + assumed.PROMOTION_DAYS, mine] = assumed.PROMOTION_PRICE


def response(conditions: Conditions, articles: tuple[Article, ...]) -> Floats:
    """Return how much is bought of each article in each market on each day against usual: days, articles, markets.

    Price and rivals act with constant elasticities, search and advertising on the part of demand they bring, stars as
    reviews of the last weeks stand.
    """
    price = conditions.price**-assumed.PRICE_ELASTICITY * _stars(conditions) ** assumed.STARS_ELASTICITY
    searched = 1 - assumed.BY_SEARCH + assumed.BY_SEARCH * conditions.search
    lift = 1 + assumed.COUPON_LIFT * (
        conditions.coupons * conditions.percent[:, None] / assumed.COUPON_PERCENT - assumed.COUPON_SHARE
    )
    wanted = conditions.demand * searched * conditions.rival**assumed.RIVAL_ELASTICITY
    wanted *= price[:, :, None] * lift[:, None, :]
    for place, campaign in enumerate(assumed.CAMPAIGNS):
        mine = [n for n, article in enumerate(articles) if article.family == campaign.family]
        wanted[:, mine, COUNTRIES.index(campaign.country)] *= (1 - campaign.brings + brought(conditions, place))[
            :, None
        ]
    return np.asarray(wanted)


def brought(conditions: Conditions, place: int) -> Floats:
    """Return the part of its family's usual demand that a campaign brings on each day: it saturates with spending."""
    budget, room = conditions.budget[:, place], assumed.AD_ROOM
    spent = budget * (1 + room) / (budget + room)
    return np.asarray(assumed.CAMPAIGNS[place].brings * spent * conditions.creative[:, place])


def _stars(conditions: Conditions) -> Floats:
    """Return how an article's stars stand against usual: days, articles."""
    worse = conditions.defects * assumed.RETURNED_DEFECT * 4 + conditions.complaints * assumed.DAMAGED
    usual = assumed.RETURNED_DEFECT * 4 + assumed.DAMAGED
    weight = np.exp(-np.arange(3 * RATING_MEMORY) / RATING_MEMORY)
    weight /= weight.sum()
    lagged = np.concatenate((np.full((RATING_LAG + len(weight) - 1, worse.shape[1]), usual), worse))[
        : -RATING_LAG or None
    ]
    mean = np.zeros_like(worse)
    if (worse == usual).all():
        return np.ones_like(worse)
    for back, part in enumerate(weight):
        start = len(weight) - 1 - back
        mean += part * lagged[start : start + len(worse)]
    return np.asarray(1 - np.clip(mean - usual, 0, 0.8))


def day_number(plan: Plan, day: date) -> int:
    """Return the number of a day, the plan's first being 0."""
    return (day - plan.start) // timedelta(days=1)
