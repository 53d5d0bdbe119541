"""Books and outlook in, findings about advertising out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from argosy.domains.marketing import settings
from argosy.domains.marketing.campaigns import Campaigns, campaigns, praise
from argosy.domains.marketing.lost import Lost, lost
from argosy.model.findings import Finding, Range
from argosy.model.money import round_half_up
from argosy.outlook.known import Known
from argosy.outlook.margin import month_of_sales
from argosy.outlook.stock_outs import part_out


def campaign_loses_money(known: Known) -> Iterator[Finding]:
    """Return the campaigns that bring less for their money than they used to, or spend more than it brings; subject:
    the campaign.

    The stake is what was lost since against how it was: what is no longer brought, or what was spent beyond the usual
    less what that brought, by the orders counted and a curve of saturation.
    """
    ads = known.once(campaigns)
    if ads is None:
        return
    least = settings.LEAST_OF_SALES * known.once(month_of_sales)
    for place, one in enumerate(lost(ads)):
        if one is not None and one.mid > least:
            yield _loses(known, ads, place, one)


def _loses(known: Known, ads: Campaigns, place: int, one: Lost) -> Finding:
    days = known.facts["ad_days"]
    name = ads.names[place]
    return Finding(
        "marketing.campaign_loses_money",
        name,
        ads.day(one.start),
        Range(*(money(max(part, 0.01)) for part in (one.low, one.mid, one.high))),
        known.book_currency,
        min(one.confidence, 0.95),
        told={
            "campaign": name, "cause": one.cause, "platform": ads.platform[place], "currency": known.book_currency,
            "until": ads.day(one.end), "cost": money(one.cost), "cost_was": money(one.cost_was),
            "brought": money(one.brought), "brought_was": money(one.brought_was),
        },
        evidence=(known.evidence("campaign_days", days.filter(days.campaign == name).order_by("day")),),
    )  # fmt: skip


def ad_on_sold_out(known: Known) -> Iterator[Finding]:
    """Return the campaigns that praise what cannot be had; subject: the campaign; stake: what was spent since on visits
    to articles of which most is out.

    What a campaign praises is told by its own article, else by the articles its visitors looked at.
    """
    ads = known.once(campaigns)
    out, days = known.once(part_out)
    gone = {sku: part for sku, part in out.items() if part >= settings.MOSTLY_OUT}
    if ads is None or not gone:
        return
    least = settings.LEAST_OF_SALES * known.once(month_of_sales)
    praised = praise(known)
    for place, name in enumerate(ads.names):
        parts = {sku: gone[sku] * part for sku, part in praised.get(name, {}).items() if sku in gone}
        wasted = sum(float(ads.spend[-days[sku] :, place].sum()) * part for sku, part in parts.items())
        if wasted <= least:
            continue
        lately = float(ads.spend[-settings.WEEK_DAYS :, place].mean()) * sum(parts.values())
        since = known.day - timedelta(days=max(days[sku] for sku in parts))
        yield Finding(
            "marketing.ad_on_sold_out", name, since,
            Range(money(wasted * settings.WASTED[0]), money(wasted), money(wasted * settings.WASTED[1])),
            known.book_currency, 0.85, told={
                "campaign": name, "sku": ", ".join(sorted(parts)), "platform": ads.platform[place], "since": since,
                "percent": round(100 * sum(parts.values())), "a_day": money(lately), "currency": known.book_currency,
            },
        )  # fmt: skip


def money(amount: float) -> Decimal:
    """Return an estimate as an amount to the cent."""
    return round_half_up(Decimal(repr(float(amount))), 2)
