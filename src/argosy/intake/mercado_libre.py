"""Mercado Libre's orders: one row per order and item, as tools flatten what the orders resource tells.

Quirks, from the resource's reference:

- A cart is a pack of several orders; each of them stands for itself here.
- Times carry the offset -04:00 whatever the country, with a colon or without.
- ``sale_fee`` is what Mercado Libre keeps of each unit: known with the sale, so it is a fee, not an estimate.
- ``unit_price`` is what the buyer pays; whether and which tax is in it nobody says.
- ``date_closed`` is when stock was taken off, that is when the order was paid; of one called off it does not count.
- Shipping stands in the shipment, not here. The site says the country: MLM is Mexico.
"""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, day_of, fact, first_of, numbered, occurrence
from argosy.intake.formats import Format
from argosy.model.money import times

COUNTRIES = {
    "MLA": "AR", "MLB": "BR", "MLC": "CL", "MLM": "MX", "MCO": "CO", "MLU": "UY", "MPE": "PE", "MLV": "VE",
    "MEC": "EC",
}  # fmt: skip
STATUS = {
    "confirmed": "pending", "payment_required": "pending", "payment_in_process": "pending", "partially_paid": "pending",
    "paid": "open", "partially_refunded": "open", "pending_cancel": "open", "cancelled": "cancelled",
    "invalid": "cancelled",
}  # fmt: skip
PAID = ("paid", "partially_refunded", "pending_cancel")


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return orders, order lines and what Mercado Libre keeps of each."""
    status = rows.status.lower()
    rows = rows.mutate(
        order_id=origin.key(rows.id),
        line_no=numbered(rows.item, occurrence(rows, "id", "item")),
        paid_at=ibis.ifelse(status.isin(PAID), rows.date_closed, ibis.null("timestamp")),
        state=ibis.cases(*((status == word, kind) for word, kind in STATUS.items()), else_="open"),
        country=ibis.cases(
            *((rows.site == site, country) for site, country in COUNTRIES.items()),
            else_=ibis.literal(origin.country, type="string"),
        ),
    )
    return Facts({"orders": _orders(rows, origin), "order_lines": _lines(rows), "fees": _fees(rows, origin)})


def _orders(rows: Table, origin: Origin) -> Table:
    orders = first_of(
        rows,
        by="order_id",
        order_name=rows.id,
        customer_key=rows.customer_key,
        placed_at=rows.date_created,
        paid_at=rows.paid_at,
        status=rows.state,
        currency=rows.currency,
        country=rows.country,
        total=rows.total,
    )
    return orders.mutate(channel_id=ibis.literal(origin.channel_id), placed_on=day_of(orders.placed_at, origin))


def _lines(rows: Table) -> Table:
    return fact(
        rows,
        order_id=rows.order_id,
        line_no=rows.line_no,
        kind=ibis.literal("goods"),
        sku=ibis.coalesce(rows.sku, rows.item),
        title=rows.title,
        quantity=rows.quantity,
        unit_price=rows.unit_price,
        currency=rows.currency,
    )


def _fees(rows: Table, origin: Origin) -> Table:
    # Told as nothing where the order is not paid, so that what is called off later takes its fee back.
    kept = rows.filter(rows.sale_fee.notnull()).mutate(
        sale_fee=ibis.ifelse(rows.paid_at.notnull(), rows.sale_fee, ibis.literal(0).cast(rows.sale_fee.type()))
    )
    return fact(
        kept,
        fee_id=kept.order_id.concat("/", kept.line_no),
        channel_id=ibis.literal(origin.channel_id),
        order_id=kept.order_id,
        sku=ibis.coalesce(kept.sku, kept.item),
        kind=ibis.literal("referral"),
        amount=times(kept.sale_fee, kept.quantity, digits=4),
        currency=kept.currency,
        charged_at=ibis.coalesce(kept.paid_at, kept.date_created),
    )
