"""What is charged outside a statement: fees, parcels, customs and advertising."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from argosy.books.legs import Posting, unknown
from argosy.model.entries import SETTLED

FEE_ACCOUNTS = {
    "referral": "fee:channel",
    "fulfilment": "fee:fulfilment",
    "storage": "fee:storage",
    "payment": "fee:payment",
    "ad": "marketing:ads",
    "customs": "cost:duty",
}

CUSTOMS_ACCOUNTS = {"duty": "cost:duty", "vat": "cost:import_tax_unrecovered"}


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


def post_freight(shipments: Table, orders: Table, carrier_charges: Table) -> Posting:
    """Return one transaction per parcel whose cost is known, owed to its carrier.

    A parcel on a carrier's bill costs what the bill says (``post_carrier_bills``), whatever was expected.
    """
    known = shipments.filter(shipments.cost.notnull(), shipments.shipped_at.notnull())
    known = known.anti_join(carrier_charges.select("tracking_no").distinct(), "tracking_no")
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


def post_carrier_bills(carrier_charges: Table, shipments: Table, orders: Table) -> Posting:
    """Return one transaction per line of a carrier's bill, on the day charged, for the parcel's order if known."""
    rows = _of_parcels(carrier_charges, "carrier", shipments=shipments, orders=orders)
    return Posting(
        rows,
        {"cost:freight": rows.amount},
        ibis.literal("liability:payable:").concat(rows.carrier.fill_null("carrier")),
    )


def post_customs(customs_charges: Table, shipments: Table, orders: Table) -> Posting:
    """Return one transaction per customs charge, on the day charged, for the parcel's order if known.

    Import VAT is a cost until somebody recovers it.
    """
    rows = _of_parcels(customs_charges, "customs", shipments=shipments, orders=orders)
    cost = ibis.cases(*((rows.kind == kind, account) for kind, account in CUSTOMS_ACCOUNTS.items()), else_="fee:other")
    rows = rows.mutate(cost=cost)
    return Posting(rows, {rows.cost: rows.amount}, "liability:payable:customs")


def _of_parcels(charges: Table, name: str, *, shipments: Table, orders: Table) -> Table:
    """Return charges as rows to post, each with the order of its parcel.

    A tracking number that stands on several parcels is taken for the first order of them: the charge came once.
    """
    tracked = shipments.filter(shipments.tracking_no.notnull())
    parcels = tracked.group_by("tracking_no").aggregate(order_id=tracked.order_id.min())
    buyers = orders.select("order_id", "channel_id", market=orders.country)
    rows = charges.left_join(parcels, "tracking_no", rname="parcel_{name}")
    rows = rows.left_join(buyers, "order_id", rname="order_{name}")
    return rows.mutate(
        transaction_id=ibis.literal(f"{name}:").concat(rows.charge_id),
        posted_at=rows.charged_on.cast("timestamp"),
        state=ibis.literal(SETTLED),
        **unknown("line_no", "sku", "rule_id"),
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
