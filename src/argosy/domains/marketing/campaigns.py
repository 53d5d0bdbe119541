"""What each campaign cost and really brought, day by day.

Platforms claim orders they did not bring. What is claimed tells the ups and downs; how much of it is real is told by
the seller's own orders that came by the campaign (touchpoints), raised by the part of the country's orders that are
made where visits are not followed; without touchpoints by what is usually over-claimed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import numpy as np
from ibis.expr.types import Table

from argosy.books.profit import earned
from argosy.domains.marketing import settings
from argosy.outlook.known import Known
from argosy.outlook.series import Numbers, series


@dataclass(frozen=True)
class Campaigns:
    """Days x campaigns, from ``first`` on: spend in the book currency, clicks, orders counted: claimed, and
    traced to it.

    real: orders really brought for one counted. margin: what such an order leaves over before advertising, in the
    book currency; NaN: no order tells. platform: where each runs.
    """

    first: date
    names: Sequence[str]
    platform: Sequence[str]
    spend: Numbers
    clicks: Numbers
    orders: Numbers
    real: Numbers
    margin: Numbers

    def day(self, number: float) -> date:
        """Return the day with this number."""
        return self.first + timedelta(days=int(number))


def campaigns(known: Known) -> Campaigns | None:
    """Return all campaigns that spent in the last ``settings.DAYS``; None: there are none."""
    days = _days(known)
    told = series(known, _daily(known), days=days, names=("spend", "clicks", "claimed", "traced"))
    if not told.subjects or days < settings.LEAST_DAYS:
        return None
    platforms = dict(_platforms(known))
    real, margin = _real(known, told.subjects, told["claimed"], told["traced"])
    return Campaigns(
        told.first,
        told.subjects,
        [platforms[name] for name in told.subjects],
        told["spend"],
        told["clicks"],
        told["claimed"] + told["traced"],
        real,
        margin,
    )


def _days(known: Known) -> int:
    ads = known.facts["ad_days"]
    first = known.rows(ads.aggregate(day=ads.day.min()))[0]["day"]
    return min((known.day - first).days, settings.DAYS) if first else 0


def _daily(known: Known) -> Table:
    """Return subject (campaign), day, spend in the book currency, clicks, claimed and traced orders."""
    ads, rates = known.facts["ad_days"], known.facts["fx_rates"]
    ads = ads.filter(ads.day >= ibis.literal(known.day - timedelta(days=settings.DAYS)))
    ads = ads.left_join(rates.select("day", "currency", "per_unit"), ["day", "currency"], rname="rate_{name}")
    rate = ibis.ifelse(ads.currency == known.book_currency, 1.0, ads.per_unit.cast("float64"))
    spent = ads.select(
        subject=ads.campaign,
        day=ads.day,
        spend=ads.spend.cast("float64") * rate,
        clicks=ads.clicks.cast("float64"),
        claimed=ads.orders.cast("float64"),
        traced=ibis.literal(0.0),
    )
    came = _came(known)
    came = came.semi_join(spent, came.campaign == spent.subject)
    traced = came.select(
        subject=came.campaign,
        day=came.at.date(),
        spend=ibis.literal(0.0),
        clicks=ibis.literal(0.0),
        claimed=ibis.literal(0.0),
        traced=ibis.literal(1.0),
    )
    both = spent.union(traced)
    names = ("spend", "clicks", "claimed", "traced")
    return both.group_by("subject", "day").aggregate(**{name: both[name].sum() for name in names})


def _came(known: Known) -> Table:
    """Return the orders that came by a campaign: order_id, campaign, at, channel_id, country."""
    points = known.facts["touchpoints"]
    return points.filter(points.event == "purchase", points.campaign.notnull(), points.order_id.notnull())


def _platforms(known: Known) -> list[tuple[str, str]]:
    ads = known.facts["ad_days"]
    found = ads.group_by("campaign").aggregate(platform=ads.platform.min())
    return [(row["campaign"], row["platform"]) for row in known.rows(found)]


def _real(known: Known, names: Sequence[str], claimed: Numbers, traced: Numbers) -> tuple[Numbers, Numbers]:
    """Return for each campaign how many orders one counted really is, and what an order leaves over."""
    raised = {row["campaign"]: float(row["raised"] or 1) for row in known.rows(_raised(known))}
    alike = {row["campaign"]: row for row in known.rows(_alike(known))}
    counted, seen, all_claimed = (claimed + traced).sum(axis=0), traced.sum(axis=0), claimed.sum(axis=0)
    # Few orders traced say little of what is real: drawn towards what is usually real of what is claimed.
    k = settings.PSEUDO_ORDERS
    times = np.array([raised.get(name, 1.0) for name in names])
    known_to = (seen * times + k * settings.REAL_SHARE) / (all_claimed + k)
    real = np.where(seen > 0, known_to, settings.REAL_SHARE)
    orders, left = (np.array([float(alike.get(name, {}).get(key) or 0) for name in names]) for key in ("n", "left"))
    usual = left.sum() / orders.sum() if orders.sum() else _usual_order(known)
    return real * all_claimed / np.maximum(counted, 1e-9), (left + k * usual) / (orders + k)


def _raised(known: Known) -> Table:
    """Return by campaign how many times as many orders its country has in all as where visits are followed."""
    came, orders = _came(known), known.facts["orders"]
    followed = came.select("channel_id").distinct().mutate(followed=ibis.literal(1))
    there = orders.filter(orders.cancelled_at.isnull()).left_join(followed, "channel_id", rname="f_{name}")
    times = there.group_by("country").aggregate(all=there.count(), followed=there.followed.sum())
    times = times.filter(times.followed > 0).mutate(raised=times.all / times.followed)
    both = came.select("campaign", "country").inner_join(times.select("country", "raised"), "country")
    return both.group_by("campaign").aggregate(raised=both.raised.mean())


def _alike(known: Known) -> Table:
    """Return by campaign the settled orders, by whatever way they came, of the articles it brings in its countries: how
    many, and what they left over before advertising. Those traced to it are too few to tell."""
    orders, ads, lines = (known.facts[name] for name in ("orders", "ad_days", "order_lines"))
    first, last = (
        ibis.literal(known.day - timedelta(days=days)).cast("timestamp")
        for days in (settings.DAYS, settings.SETTLE_DAYS)
    )
    settled = orders.filter(orders.placed_at >= first, orders.placed_at < last, orders.cancelled_at.isnull())
    there = settled.select("order_id", "country").inner_join(ads.select("campaign", "country").distinct(), "country")
    came = _came(known)
    brought = came.filter(came.sku.notnull()).select("campaign", "sku").distinct()
    sold = there.select("order_id", "campaign").inner_join(lines.select("order_id", "sku").distinct(), "order_id")
    alike = sold.inner_join(brought, ["campaign", "sku"]).select("order_id", "campaign").distinct()
    kept = earned(known.entries)
    kept = kept.filter(~kept.account.startswith("fx:"), ~kept.account.startswith("marketing:"))
    kept = kept.semi_join(alike, "order_id")
    each = kept.group_by("order_id").aggregate(left=kept.earned.sum().cast("float64"))
    both = alike.inner_join(each, "order_id")
    return both.group_by("campaign").aggregate(n=both.count(), left=both.left.sum())


def praise(known: Known) -> dict[str, dict[str, float]]:
    """Return for each campaign the articles it praises and the part of its visits that each has."""
    ads, points = known.facts["ad_days"], known.facts["touchpoints"]
    said = ads.filter(ads.sku.notnull()).select("campaign", "sku", n=ads.clicks.fill_null(0) + 1)
    seen = points.filter(points.campaign.notnull(), points.sku.notnull())
    seen = seen.select("campaign", "sku", n=ibis.literal(1).cast("int64"))
    both = said.union(seen)
    visits = known.rows(both.group_by("campaign", "sku").aggregate(n=both.n.sum()))
    whole: dict[str, int] = {}
    for row in visits:
        whole[row["campaign"]] = whole.get(row["campaign"], 0) + row["n"]
    found: dict[str, dict[str, float]] = {}
    for row in visits:
        found.setdefault(row["campaign"], {})[row["sku"]] = row["n"] / whole[row["campaign"]]
    return found


def _usual_order(known: Known) -> float:
    """Return what an order usually leaves over before advertising; NaN: none tells."""
    kept = earned(known.entries).filter(lambda t: t.order_id.notnull())
    found = known.rows(kept.aggregate(left=kept.earned.sum().cast("float64"), n=kept.order_id.nunique()))[0]
    return float(found["left"] / found["n"]) if found["n"] else float("nan")
