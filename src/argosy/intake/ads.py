"""Advertising by day, alike on every platform: one row per ad, country and day, however a report splits them.

- Google's console writes title lines above the header and ``Total: ...`` rows below the data; the attribution models
  share one sale among several clicks, so conversions have decimals.
- TikTok's report has a row of totals too.
- Amazon's report of sponsored products names the article advertised: one ad each. What it claims was sold within seven
  days of a click and is restated that long.

Headers as the consoles name these columns, from general knowledge of their reports.
"""

from __future__ import annotations

import ibis
from ibis.expr.types import Table, Value

from argosy.intake.facts import Facts, Origin
from argosy.intake.formats import Format

NAMES = ("campaign", "ad_group", "ad")
AMOUNTS = ("impressions", "clicks", "spend", "revenue")


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return ad days."""
    ad = rows.sku if "sku" in rows.columns else ibis.null("string")
    return Facts({"ad_days": ad_days(rows.mutate(ad=ad), origin, currency=origin.currency)})


def ad_days(rows: Table, origin: Origin, *, currency: str | None) -> Table:
    """Return one ad day per campaign, group, ad, country and day: the sum of its rows.

    currency: of rows that name none (ISO 4217). Orders are whole: halves of their sum are rounded up.
    """
    days = rows.mutate(
        ad_day_id=origin.key(_name(rows)),
        currency=ibis.coalesce(rows.currency, ibis.literal(currency, type="string")),
    )
    article = ("sku",) if "sku" in rows.columns else ()
    summed = days.group_by("ad_day_id", *NAMES, *article, "country", "day", "currency").aggregate(
        row_no=days.row_no.min(),
        version_at=days.version_at.max(),
        orders=days.orders.sum().round(0).cast("int64"),
        **{name: days[name].sum() for name in AMOUNTS},
    )
    return summed.mutate(platform=ibis.literal(origin.channel_id))


def _name(rows: Table) -> Value:
    parts = [rows[name].fill_null("") for name in (*NAMES, "country")]
    return ibis.literal("/").join([*parts, rows.day.strftime("%Y-%m-%d")])
