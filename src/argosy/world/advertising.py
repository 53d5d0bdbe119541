"""What advertising cost and brought, and what the platforms claim it brought."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from argosy.world import assumptions as assumed
from argosy.world.columns import Ints
from argosy.world.conditions import COUNTRIES, brought
from argosy.world.given import Given
from argosy.world.goods import popularity


@dataclass(frozen=True)
class AdDays:
    """A row per campaign and day: place in CAMPAIGNS, day since 1970, cents spent, times shown, clicks, orders and
    revenue (cents) the platform claims."""

    campaign: Ints
    day: Ints
    spend: Ints
    shown: Ints
    clicks: Ints
    orders: Ints
    revenue: Ints


def advertise(given: Given) -> AdDays:
    """Return what every campaign did on every day so far."""
    plan, when, conditions, draws, articles = given.plan, given.when, given.conditions, given.draws, given.articles
    days = when.last - when.first
    campaign, day = (axis.ravel() for axis in np.indices((len(assumed.CAMPAIGNS), days)))
    size = plan.orders / plan.days / 100
    budget = np.array([one.budget for one in assumed.CAMPAIGNS])[campaign] * size * conditions.budget[day, campaign]
    spend = np.round(budget * (0.9 + 0.2 * draws.of("ad spend", campaign, day))).astype(np.int64)
    click = np.array([one.click for one in assumed.CAMPAIGNS])[campaign]
    # A worn-out creative is clicked less: the same money buys fewer clicks, and less comes of each.
    creative = np.sqrt(conditions.creative[day, campaign])
    clicks = np.round(spend / click * creative * (0.9 + 0.2 * draws.of("ad clicks", campaign, day))).astype(np.int64)
    rate = np.array([one.clicked for one in assumed.CAMPAIGNS])[campaign] * creative
    shown = np.round(clicks * 1000 / np.maximum(rate, 0.1)).astype(np.int64)
    share = popularity(articles, draws)
    orders, price = np.zeros(len(day)), np.zeros(len(day))
    markets = np.array([market.share for market in assumed.MARKETS])
    for place, one in enumerate(assumed.CAMPAIGNS):
        mine = np.array([n for n, article in enumerate(articles) if article.family == one.family])
        usual = plan.orders / plan.days * markets[COUNTRIES.index(one.country)] / markets.sum() * share[mine].sum()
        now = np.arange(days)
        orders[campaign == place] = usual * brought(conditions, place)[now] * assumed.CLAIMED
        price[campaign == place] = np.average([articles[n].price for n in mine], weights=share[mine])
    claimed = np.floor(orders * (0.8 + 0.4 * draws.of("ad orders", campaign, day)) + draws.of("ad odd", campaign, day))
    sold = claimed.astype(np.int64)
    revenue = np.round(sold * price * (0.85 + 0.4 * draws.of("ad revenue", campaign, day))).astype(np.int64)
    return AdDays(campaign, day + when.first, spend, shown, clicks, sold, revenue)
