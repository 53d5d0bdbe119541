"""What is charged outside a statement: fees, parcels and advertising."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from argosy.books.legs import Posting
from argosy.model.entries import SETTLED

FEE_ACCOUNTS = {
    "referral": "fee:channel",
    "fulfilment": "fee:fulfilment",
    "storage": "fee:storage",
    "payment": "fee:payment",
    "ad": "marketing:ads",
    "customs": "cost:duty",
}


def post_fees(fees: Table, orders: Table) -> Posting:
    """Return one transaction per fee: owed to its payee where it has one, else taken from what the channel owes."""
    market = orders.select("order_id", market=orders.country)
    joined = fees.left_join(market, "order_id", rname="order_{name}")
    rows = joined.mutate(
        transaction_id=ibis.literal("fee:").concat(joined.fee_id),
        posted_at=joined.charged_at,
        state=ibis.literal(SETTLED),
        line_no=ibis.null("string"),
        rule_id=ibis.null("string"),
        cost=ibis.cases(*((joined.kind == kind, a) for kind, a in FEE_ACCOUNTS.items()), else_="fee:other"),
    )
    taken = ibis.literal("asset:receivable:").concat(rows.channel_id)
    billed = ibis.literal("liability:payable:").concat(rows.payee)
    return Posting(rows, {rows.cost: rows.amount}, ibis.coalesce(billed, taken))


def post_freight(shipments: Table, orders: Table) -> Posting:
    """Return one transaction per parcel whose cost is known, owed to its carrier."""
    known = shipments.filter(shipments.cost.notnull(), shipments.shipped_at.notnull())
    joined = known.left_join(
        orders.select("order_id", "channel_id", market=orders.country), "order_id", rname="order_{name}"
    )
    rows = joined.mutate(
        transaction_id=ibis.literal("freight:").concat(joined.shipment_id),
        posted_at=joined.shipped_at,
        state=ibis.literal(SETTLED),
        line_no=ibis.null("string"),
        sku=ibis.null("string"),
        rule_id=ibis.null("string"),
    )
    return Posting(
        rows,
        {"cost:freight": rows.cost},
        ibis.literal("liability:payable:").concat(rows.carrier.fill_null("carrier")),
    )


def post_ads(ad_days: Table) -> Posting:
    """Return one transaction per advertising day, owed to the platform.

    Where a campaign's day was exported more than once, split up differently, the finest split counts: by ad, then
    by group, then by country.
    """
    days = _finest(ad_days)
    rows = days.mutate(
        transaction_id=ibis.literal("ad:").concat(days.ad_day_id),
        posted_at=days.day.cast("timestamp"),
        state=ibis.literal(SETTLED),
        market=days.country,
        channel_id=days.platform,
        order_id=ibis.null("string"),
        line_no=ibis.null("string"),
        rule_id=ibis.null("string"),
    )
    return Posting(rows, {"marketing:ads": rows.spend}, ibis.literal("liability:payable:").concat(rows.platform))


def _finest(ad_days: Table) -> Table:
    grain = sum(
        (
            ad_days[name].notnull().cast("int64") * weight
            for name, weight in (("ad", 4), ("ad_group", 2), ("country", 1))
        ),
        start=ibis.literal(0),
    )
    named = ad_days.mutate(grain=grain)
    whole = ibis.window(group_by=[named.platform, named.campaign, named.day])
    return named.mutate(finest=named.grain.max().over(whole)).filter(lambda t: t.grain == t.finest)
