"""Orders exported without their lines (WooCommerce, BigCommerce): one line of goods holds what the total leaves.

The line's price is the total less tax and shipping plus the discount, as far as the file says them, so that
the line adds up to what the buyer paid; it is without tax exactly when the file states the tax. Which
article was sold, and how many, these exports do not say. Times are the shop's own, without an offset.
WooCommerce writes statuses with or without ``wc-`` before them and its plugins add words of their own;
BigCommerce names no currency, so that the account's own setting stands in. An order refunded as a whole
says so by its status alone.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, day_of, fact
from argosy.intake.formats import Format
from argosy.model.money import MONEY

STATUS = {
    "pending": (
        "pending",
        "pending payment",
        "on-hold",
        "on hold",
        "checkout-draft",
        "draft",
        "awaiting payment",
    ),
    "cancelled": ("cancelled", "canceled", "failed", "declined", "incomplete"),
    "refunded": ("refunded",),
    "shipped": ("completed", "shipped", "partially shipped"),
}


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return orders and one order line each."""
    orders = rows.mutate(
        order_id=origin.key(rows.number.re_replace("^'", "")),
        currency=rows.currency.fill_null(ibis.literal(origin.currency, type="string")),
        status=_status(rows),
    )
    return Facts({"orders": _orders(orders, origin), "order_lines": _lines(orders)})


def _status(rows: Table) -> Any:
    word = rows.status.lower().re_replace("^wc-", "")
    return ibis.cases(*((word.isin(said), status) for status, said in STATUS.items()), else_="open")


def _orders(rows: Table, origin: Origin) -> Table:
    whole = ibis.ifelse(rows.status == "refunded", rows.total, ibis.null(MONEY))
    return fact(
        rows,
        order_id=rows.order_id,
        channel_id=ibis.literal(origin.channel_id),
        order_name=ibis.coalesce(rows.name, rows.number).re_replace("^'", ""),
        customer_key=rows.customer_key,
        placed_at=rows.placed_at,
        placed_on=day_of(rows.placed_at, origin),
        paid_at=rows.paid_at,
        status=rows.status,
        currency=rows.currency,
        country=ibis.coalesce(rows.country, rows.billing_country),
        region=rows.region,
        city=rows.city,
        postcode_prefix=rows.zip.re_replace("^'", "").left(3),
        payment_method=rows.payment_method,
        refunded=ibis.coalesce(rows.refunded.nullif(0), whole, rows.refunded),
        total=rows.total,
    )


def _lines(rows: Table) -> Table:
    goods = rows.total - rows.tax.fill_null(0) - rows.shipping.fill_null(0) + rows.discount.fill_null(0)
    return fact(
        rows,
        order_id=rows.order_id,
        line_no=ibis.literal("1"),
        kind=ibis.literal("goods"),
        quantity=ibis.literal(1, "int64"),
        unit_price=goods.cast(MONEY),
        discount=rows.discount,
        tax=rows.tax,
        tax_included=ibis.ifelse(rows.tax.notnull(), False, ibis.null("boolean")),
        shipping=rows.shipping,
        currency=rows.currency,
    )
