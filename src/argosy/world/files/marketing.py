"""Advertising, visits, searches and rivals' prices, as the platforms and tools export them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from argosy.world import assumptions as assumed
from argosy.world.buyers import Visits, calendar
from argosy.world.columns import DAY_SECONDS, Ints, joined, moment, money, picked, same, text, where, write_rows
from argosy.world.conditions import COUNTRIES, brought
from argosy.world.demand import SHOP
from argosy.world.goods import popularity
from argosy.world.happened import World

META = (
    "Reporting starts", "Reporting ends", "Campaign name", "Ad set name", "Country", "Amount spent (USD)",
    "Impressions", "Link clicks", "Purchases", "Purchases conversion value",
)  # fmt: skip
GOOGLE = (
    "Campaign",
    "Day",
    "Currency code",
    "Country/Territory",
    "Cost",
    "Impr.",
    "Clicks",
    "Conversions",
    "Conv. value",
)
TIKTOK = (
    "Date", "Campaign name", "Ad group name", "Country", "Cost", "Currency", "Impressions", "Clicks", "Conversions",
    "Total purchase value",
)  # fmt: skip
TOUCHPOINTS = (
    "Visitor",
    "Session",
    "At",
    "Source",
    "Medium",
    "Campaign",
    "Country",
    "Event",
    "SKU",
    "Channel",
    "Order",
)
SEARCHES = ("Market", "Keyword", "Day", "Searches", "Clicks", "Rank")
RIVALS = ("Market", "SKU", "Competitor", "At", "Price", "Currency", "In stock", "Delivery days")
DAY, CLOCK = "%Y-%m-%d", "%Y-%m-%d %H:%M:%S"
UNPAID = (("google", "organic"), ("direct", "none"), ("newsletter", "email"), ("instagram", "social"))
UNPAID_SHARES = np.array((0.45, 0.25, 0.18, 0.12))
RIVAL_NAMES, RIVAL_LEVELS = ("Brightnest", "Lowland Goods"), (0.97, 1.06)
RIVAL_MARKETS, RIVAL_ARTICLES, RIVAL_DAYS = 5, 20, 7
SEARCH_MARKETS = 6
LOOKED_SECONDS = (30, 1_800)


def write_ads(folder: Path, world: World) -> None:
    """Write the reports of Meta, Google and TikTok, a row per campaign and day."""
    ads, names = world.ads, [one.name for one in assumed.CAMPAIGNS]
    platform = np.array([one.platform for one in assumed.CAMPAIGNS])[ads.campaign]
    for which, header in (("meta_ads", META), ("google_ads", GOOGLE), ("tiktok_ads", TIKTOK)):
        mine = np.flatnonzero(platform == which)
        mine = mine[np.lexsort((ads.campaign[mine], ads.day[mine]))]
        day = moment(ads.day[mine] * DAY_SECONDS, DAY)
        campaign = picked(names, ads.campaign[mine])
        spend, revenue = (text(money(x[mine])) for x in (ads.spend, ads.revenue))
        shown, clicks, orders = (text(pa.array(x[mine])) for x in (ads.shown, ads.clicks, ads.orders))
        told = {
            "Reporting starts": day, "Reporting ends": day, "Day": day, "Date": day, "Campaign name": campaign,
            "Campaign": campaign, "Country": picked([one.country for one in assumed.CAMPAIGNS], ads.campaign[mine]),
            "Country/Territory": picked([one.country for one in assumed.CAMPAIGNS], ads.campaign[mine]),
            "Amount spent (USD)": spend, "Cost": spend, "Currency code": same("USD", len(mine)),
            "Currency": same("USD", len(mine)), "Impressions": shown, "Impr.": shown, "Link clicks": clicks,
            "Clicks": clicks, "Purchases": orders, "Conversions": orders, "Purchases conversion value": revenue,
            "Conv. value": revenue, "Total purchase value": revenue,
        }  # fmt: skip
        write_rows(folder / f"{which}.csv", {name: told[name] for name in header if name in told}, header=header)


def write_touchpoints(path: Path, world: World) -> None:
    """Write how visitors came to the shop and what they did there, those who bought and those who did not."""
    bought, dropped = world.orders.came, world.dropped.only(world.dropped.place == SHOP)
    first = world.lines.article[world.lines.number == 1]
    parts = [_steps(world, bought, first, _FULL), _steps(world, dropped.visits, dropped.article, _LOOKED)]
    names = [world.shop_names, pa.nulls(len(dropped.place), pa.string())]
    columns: dict[str, list[pa.Array]] = {name: [] for name in TOUCHPOINTS}
    for (told, whose, ends), orders in zip(parts, names, strict=True):
        for name, column in told.items():
            columns[name].append(column)
        columns["Order"].append(where(ends, orders.take(pa.array(whose))))
        columns["Channel"].append(where(ends, same("shopify:main", len(whose))))
    table = pa.table({name: pa.chunked_array(columns[name]) for name in TOUCHPOINTS}).sort_by(
        [("At", "ascending"), ("Visitor", "ascending"), ("Event", "descending")]
    )
    write_rows(path, {name: table[name].combine_chunks() for name in TOUCHPOINTS}, header=TOUCHPOINTS)


_FULL, _LOOKED = ("view", "cart", "purchase"), ("view",)


def _steps(
    world: World, came: Visits, article: Ints, events: tuple[str, ...]
) -> tuple[dict[str, pa.Array], Ints, pa.Array]:
    many, steps = len(came.id), len(events)
    whose, step = np.repeat(np.arange(many), steps), np.tile(np.arange(steps), many)
    looked = world.given.draws.whole(*LOOKED_SECONDS, "looked", came.id)
    at = came.at[whose] - looked[whose] * (steps - 1 - step) // max(steps - 1, 1)
    source, medium, campaign = _sources(world, came, article)
    visitor = joined("v", text(pa.array(came.buyer)))
    told = {
        "Visitor": visitor.take(pa.array(whose)),
        "Session": joined("s", text(pa.array(came.id))).take(pa.array(whose)),
        "At": moment(at, CLOCK),
        "Source": source.take(pa.array(whose)),
        "Medium": medium.take(pa.array(whose)),
        "Campaign": campaign.take(pa.array(whose)),
        "Country": picked(COUNTRIES, came.market[whose]),
        "Event": picked(events, step),
        "SKU": picked([a.sku for a in world.given.articles], article[whose]),
    }
    return told, whose, (step == steps - 1) & (steps > 1)


def _sources(world: World, came: Visits, article: Ints) -> tuple[pa.Array, pa.Array, pa.Array]:
    """Return source, medium and campaign: advertising has the part that it really brings."""
    day, u = world.given.when.day(came.at), world.given.draws.of("sources", came.id)
    paid = np.full(len(day), -1, np.int64)
    families = np.array([a.family for a in world.given.articles])[article]
    for place, one in enumerate(assumed.CAMPAIGNS):
        now = brought(world.given.conditions, place)[day]
        share = now / (1 - one.brings + now)
        mine = (families == one.family) & (came.market == COUNTRIES.index(one.country)) & (u < share) & (paid < 0)
        paid[mine] = place
    free = world.given.draws.chosen(UNPAID_SHARES, "unpaid", came.id)
    words = [(one.platform.split("_")[0], "cpc", one.name) for one in assumed.CAMPAIGNS]
    words += [(source, medium, "") for source, medium in UNPAID]
    which = np.where(paid >= 0, paid, len(assumed.CAMPAIGNS) + free)
    source, medium, campaign = (picked(column, which) for column in zip(*words, strict=True))
    return source, medium, campaign


def write_searches(path: Path, world: World) -> None:
    """Write how often people searched for the goods' names in the largest markets."""
    words = sorted({a.keyword for a in world.given.articles})
    mine = [[n for n, a in enumerate(world.given.articles) if a.keyword == word] for word in words]
    days = world.given.when.last - world.given.when.first
    market, word, day = (axis.ravel() for axis in np.indices((SEARCH_MARKETS, len(words), days)))
    share = popularity(world.given.articles, world.given.draws)
    wanted = np.stack([world.given.conditions.search[:days, goods, :SEARCH_MARKETS].mean(axis=1) for goods in mine])
    usual = (
        np.array([share[goods].sum() for goods in mine])[word] * np.array([m.share for m in assumed.MARKETS])[market]
    )
    mean = (
        usual
        * wanted[word, day, market]
        * calendar(world.given.plan)[day]
        * 60
        * world.given.plan.orders
        / world.given.plan.days
    )
    noise = 1 + 0.12 * world.given.draws.normal("searches", market, word, day)
    searches = np.maximum(np.round(mean * noise), 0).astype(np.int64)
    clicks = np.round(searches * (0.02 + 0.03 * world.given.draws.of("search clicks", market, word))).astype(np.int64)
    columns = {
        "Market": picked(COUNTRIES, market),
        "Keyword": picked(words, word),
        "Day": moment((day + world.given.when.first) * DAY_SECONDS, DAY),
        "Searches": text(pa.array(searches)),
        "Clicks": text(pa.array(clicks)),
        "Rank": text(pa.array(world.given.draws.whole(1, 30, "ranks", market, word))),
    }
    write_rows(path, columns, header=SEARCHES)


def write_rivals(path: Path, world: World) -> None:
    """Write what two rivals charged, seen once a week, for the best sellers in the largest markets, in dollars."""
    best = np.argsort(-popularity(world.given.articles, world.given.draws))[:RIVAL_ARTICLES]
    weeks = np.arange(0, world.given.when.last - world.given.when.first, RIVAL_DAYS)
    week, place, market, rival = (
        axis.ravel() for axis in np.indices((len(weeks), len(best), RIVAL_MARKETS, len(RIVAL_NAMES)))
    )
    article, day = best[place], weeks[week]
    usual = np.array([a.price for a in world.given.articles])[article] * np.array(RIVAL_LEVELS)[rival]
    noise = 1 + 0.015 * world.given.draws.normal("rivals", day, article, market, rival)
    price = np.round(usual * world.given.conditions.rival[day, article, market] * noise).astype(np.int64)
    columns = {
        "Market": picked(COUNTRIES, market),
        "SKU": picked([a.sku for a in world.given.articles], article),
        "Competitor": picked(RIVAL_NAMES, rival),
        "At": moment((day + world.given.when.first) * DAY_SECONDS + 6 * 3600, CLOCK),
        "Price": text(money(price)),
        "Currency": same(assumed.SHOP_CURRENCY, len(price)),
        "In stock": same("true", len(price)),
        "Delivery days": text(pa.array(world.given.draws.whole(3, 15, "rival days", market, rival))),
    }
    write_rows(path, columns, header=RIVALS)
