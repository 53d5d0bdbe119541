"""What a campaign has lost since it changed: against what it cost and brought before."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from argosy.domains.marketing import settings
from argosy.domains.marketing.campaigns import Campaigns
from argosy.outlook.change import TENTH, changes
from argosy.outlook.series import Numbers

WORN, DEAR = "worn", "overspent"


@dataclass(frozen=True)
class Lost:
    """A campaign that loses money against how it was; amounts in the book currency.

    start, end: numbers of the first day and of the day after the last. cause: WORN (brings less for the money) or DEAR
    (spends more than it brings). low, mid, high: lost from start to end. cost, brought: a day, between them; cost_was,
    brought_was: a day, before.
    """

    start: int
    end: int
    cause: str
    confidence: float
    low: float
    mid: float
    high: float
    cost: float
    brought: float
    cost_was: float
    brought_was: float


def lost(ads: Campaigns) -> list[Lost | None]:
    """Return for each campaign what it has lost since its money brings less or it spends more; None: neither lately."""
    days = len(ads.spend)
    worn = changes(ads.clicks, ads.spend, sense=-1, within=settings.WITHIN_DAYS)
    daily = np.var(ads.spend, axis=0) / 7  # budgets are set by the week
    dear = changes(ads.spend, np.ones_like(ads.spend), sense=1, within=settings.WITHIN_DAYS, unit=daily)
    found: list[Lost | None] = [None] * len(ads.names)
    for cause, told, least in ((WORN, worn, settings.FALLEN), (DEAR, dear, settings.RISEN)):
        clear = (told.confidence > settings.SURE) & (np.abs(told.share) > least)
        for place in np.flatnonzero(clear & (told.end >= days - settings.OVER_DAYS)):
            stretch = int(told.start[place]), int(told.end[place])
            found[place] = _lost(ads, int(place), *stretch, cause, float(told.confidence[place]))
    return found


def _lost(ads: Campaigns, place: int, start: int, end: int, cause: str, confidence: float) -> Lost:
    before, now = slice(max(start - settings.BASE_DAYS, 0), start), slice(start, end)
    spend, orders = ads.spend[:, place], ads.orders[:, place]
    usual, worth, days = float(spend[before].mean()), float(ads.real[place] * ads.margin[place]), end - start
    of, got = saturated(spend / max(usual, 1e-9)), float(orders[now].sum())
    base, ought = float(of[before].sum()), float(of[now].sum())
    rate = float(orders[before].sum()) / max(base, 1e-9)
    weight = settings.PRIOR_ORDERS if cause == DEAR else 0.0
    share = (got + weight) / max(rate * ought + weight, 1e-9)
    counted = np.sqrt(got + (ought / max(base, 1e-9)) ** 2 * float(orders[before].sum()) + 1)
    fewer = rate * ought * (1 - share)
    mid = worth * fewer
    if cause == DEAR:
        mid = float(spend[now].sum()) - usual * days - worth * rate * (ought * share - days)
    error = float(np.hypot(worth * counted, settings.MARGIN_ERROR * worth * rate * abs(ought * share - days)))
    spread = TENTH * max(error, settings.MARGIN_ERROR * abs(mid))
    return Lost(
        start, end, cause, confidence, mid - spread, mid, mid + spread,
        cost=float(spend[now].mean()), brought=worth * rate * ought * share / days,
        cost_was=usual, brought_was=worth * rate,
    )  # fmt: skip


def saturated(budget: Numbers) -> Numbers:
    """Return what spending so many times the usual brings against what the usual spending does."""
    return budget * (1 + settings.ROOM) / (budget + settings.ROOM)
