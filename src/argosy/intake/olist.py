"""Olist's public data set: nine tables of one Brazilian marketplace that refer to each other.

- Every file names an order by the same ``order_id``; who bought is told by ``customer_id``, which is new for
  each order: ``customer_unique_id`` in the customers file is the person. Orders therefore carry
  ``customer_ref`` alone, and the table customers says where that buyer is.
- An item row is one unit; ``freight_value`` is that unit's part of the freight. Prices are BRL.
- Times are local to Sao Paulo. The estimated delivery date is a moment, midnight
  at the beginning of a day: a parcel that comes in the course of that day is late, as the data set counts it.
- An order ``unavailable`` was taken back by the marketplace: cancelled. Payments say no time and no outcome;
  all of the file's are taken as made, except ``not_defined`` (of 0.00).
- Postal prefixes have five digits and lose their leading zero wherever a spreadsheet touched the file.
- Review numbers repeat over orders: a review is its number and its order. The geolocation file has dozens of
  points per prefix, some outside Brazil: counted, but not averaged.
- Reviews and geolocation headers as the public data set has them.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, day_of, fact
from argosy.intake.formats import Format
from argosy.model.money import RATE

CURRENCY = "BRL"
COUNTRY = "BR"
STATUS = {
    "created": "pending",
    "delivered": "delivered",
    "shipped": "shipped",
    "canceled": "cancelled",
    "unavailable": "cancelled",
}
SOUTH, NORTH, WEST, EAST = -34.0, 5.3, -74.0, -28.8  # Brazil with its islands, degrees (IBGE)


def orders_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return orders and shipments."""
    rows = rows.mutate(order_id=origin.key(rows.order_ref))
    orders = fact(
        rows,
        order_id=rows.order_id,
        channel_id=ibis.literal(origin.channel_id),
        order_name=rows.order_ref,
        customer_ref=origin.key(rows.customer_ref),
        placed_at=rows.placed_at,
        placed_on=day_of(rows.placed_at, origin),
        paid_at=rows.approved_at,
        status=rows.status.substitute(STATUS, else_="open"),
        currency=ibis.literal(CURRENCY),
        deliver_by=rows.deliver_by,
        country=ibis.literal(COUNTRY),
    )
    sent = rows.filter(rows.shipped_at.notnull() | rows.delivered_at.notnull())
    shipments = fact(
        sent,
        shipment_id=sent.order_id.concat("/1"),
        order_id=sent.order_id,
        shipped_at=sent.shipped_at,
        delivered_at=sent.delivered_at,
    )
    return Facts({"orders": orders, "shipments": shipments})


def items_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return order lines."""
    lines = fact(
        rows,
        order_id=origin.key(rows.order_ref),
        line_no=rows.line_no,
        kind=ibis.literal("goods"),
        sku=rows.sku,
        quantity=ibis.literal(1, type="int64"),
        unit_price=rows.price,
        shipping=rows.freight,
        ship_by=rows.ship_by,
        seller_id=origin.key(rows.seller),
        currency=ibis.literal(CURRENCY),
    )
    return Facts({"order_lines": lines})


def payments_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return payments."""
    payments = fact(
        rows,
        payment_id=origin.key(rows.order_ref).concat("/", rows.number),
        order_id=origin.key(rows.order_ref),
        provider=ibis.literal(origin.channel_id),
        method=rows.method,
        installments=rows.installments,
        amount=rows.amount,
        currency=ibis.literal(CURRENCY),
        outcome=ibis.ifelse(rows.method == "not_defined", ibis.null("string"), "captured"),
    )
    return Facts({"payments": payments})


def customers_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return customers."""
    customers = fact(
        rows,
        customer_ref=origin.key(rows.customer_ref),
        customer_key=rows.customer_key,
        **_place(rows, origin),
    )
    return Facts({"customers": customers})


def sellers_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return sellers."""
    return Facts({"sellers": fact(rows, seller_id=origin.key(rows.seller), **_place(rows, origin))})


def _place(rows: Table, origin: Origin) -> dict[str, Any]:
    return {
        "channel_id": ibis.literal(origin.channel_id),
        "country": ibis.literal(COUNTRY),
        "region": rows.region,
        "city": rows.city,
        "postcode_prefix": rows.postcode.lpad(5, "0").left(3),
    }


def products_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return products."""

    def millimetres(centimetres: Any) -> Any:
        return (centimetres * 10).round(0).cast("int64")

    products = fact(
        rows,
        sku=rows.sku,
        category=rows.category,
        weight_g=rows.weight_g,
        length_mm=millimetres(rows.length_cm),
        width_mm=millimetres(rows.width_cm),
        height_mm=millimetres(rows.height_cm),
    )
    return Facts({"products": products})


def reviews_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return reviews."""
    reviews = fact(
        rows,
        review_id=origin.key(rows.review).concat("/", rows.order_ref),
        order_id=origin.key(rows.order_ref),
        stars=rows.stars,
        title=rows.title,
        text=rows.message,
        locale=ibis.literal("pt-BR"),
        written_at=rows.asked_at,
        answered_at=rows.answered_at,
    )
    return Facts({"reviews": reviews})


def places_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return the middle of every postal code area's points."""
    points = rows.mutate(
        area=rows.postcode.lpad(5, "0").left(3),
        latitude=rows.latitude.try_cast("float64"),
        longitude=rows.longitude.try_cast("float64"),
    )
    inside = points.latitude.between(SOUTH, NORTH) & points.longitude.between(WEST, EAST)
    unread = points.latitude.isnull() | points.longitude.isnull()
    refused = points.filter(unread).select("row_no", bad=ibis.literal("latitude|not_number"))
    found = points.filter(inside)
    areas = found.group_by("region", "area").aggregate(
        row_no=found.row_no.min(),
        version_at=found.version_at.max(),
        latitude=found.latitude.mean().round(6).cast(RATE),
        longitude=found.longitude.mean().round(6).cast(RATE),
        points=found.row_no.count(),
    )
    places = areas.mutate(
        place_id=ibis.literal(f"{COUNTRY}:").concat(areas.region, ":", areas.area),
        country=ibis.literal(COUNTRY),
        postcode_prefix=areas.area,
    )
    return Facts({"places": places}, refused=refused, counts={"points_outside": (~inside & ~unread).sum()})
