"""eBay's orders report: totals above the items where an order has several, and no column for the currency.

- The first line is nothing but commas, the header is the second, a row of commas follows, and the last lines
  count the records and name the seller (seen in published exports; generators of test data confirm the
  footer's wording).
- ``Sold For`` is the price of one unit: published rows of 3 at $20.00 with $6.00 shipping total $66.00.
- An order of several items has a row without item number above them, with the order's shipping, taxes, total,
  buyer and dates; its items' own shipping and taxes are not added to those but shared anew over the items by
  price.
- Tax that eBay collects and keeps, and its collected charges (recycling, delivery fees), are part of ``Total
  Price``; who hands the tax on is therefore known: channel or seller. One line cannot say both, eBay's is
  named then.
- There is no currency column. ``£`` and ``€`` say it, also ``AU $`` and ``C $``; a bare ``$`` is the
  account's own dollar by its settings, else the US dollar.
- ``Ship By`` and ``Maximum Estimated Delivery`` are days: promised until their end in the account's zone.
- British files say Postage and packaging, Post by, Dispatched; German ones have semicolons and a decimal
  comma (German header words from general knowledge; German month names are not read).
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, day_of, end_of_day, fact, first_of, numbered, occurrence
from argosy.intake.formats import Format
from argosy.lake.sharing import shared
from argosy.model.money import MONEY

SIGNS = (
    (r"£|GBP", "GBP"),
    (r"€|EUR", "EUR"),
    (r"AU ?\$|AUD", "AUD"),
    (r"(^|[^A-Z])C ?\$|CAD", "CAD"),
    (r"US ?\$|USD", "USD"),
    (r"CHF", "CHF"),
    (r"PLN|zł", "PLN"),
)
WHOLE = ("shipping", "seller_tax", "ebay_tax", "ebay_charges", "total")


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return orders, order lines and shipments."""
    rows = rows.mutate(order_id=origin.key(rows.order_ref), money=_currency(rows, origin))
    order = ibis.window(group_by=rows.order_id)
    several = rows.row_no.count().over(order) > 1
    rows = rows.mutate(heads=several & rows.item.isnull(), money=rows.money.max().over(order))
    return Facts(
        {
            "orders": _orders(rows, origin),
            "order_lines": _lines(_shares(rows)),
            "shipments": _shipments(rows, origin),
        }
    )


def _currency(rows: Table, origin: Origin) -> Any:
    words = ibis.coalesce(rows.total_words, rows.price_words, "")
    return ibis.cases(
        *((words.re_search(sign), code) for sign, code in SIGNS),
        (words.contains("$"), origin.currency or "USD"),
        else_=ibis.literal(origin.currency, type="string"),
    )


def _headed(rows: Table, column: str) -> Any:
    """Return an order's amount: what its row of totals says, else the sum over its items."""
    order = ibis.window(group_by=rows.order_id)
    head = ibis.ifelse(rows.heads, rows[column], ibis.null(MONEY)).max().over(order)
    return ibis.coalesce(head, rows[column].sum().over(order)).cast(MONEY)


def _orders(rows: Table, origin: Origin) -> Table:
    rows = rows.mutate(total=_headed(rows, "total"))
    orders = first_of(
        rows,
        by="order_id",
        order_name=rows.order_ref,
        customer_key=rows.customer_key,
        placed_at=rows.sold_at,
        paid_at=rows.paid_at,
        shipped_at=rows.shipped_at,
        currency=rows.money,
        ship_by=end_of_day(rows.ship_by, origin),
        deliver_by=end_of_day(rows.deliver_by, origin),
        country=rows.country,
        region=rows.region,
        city=rows.city,
        postcode_prefix=rows.postcode.left(3),
        payment_method=rows.payment_method,
        total=rows.total,
    )
    return orders.mutate(
        channel_id=ibis.literal(origin.channel_id),
        placed_on=day_of(orders.placed_at, origin),
        status=ibis.cases((orders.shipped_at.notnull(), "shipped"), (orders.paid_at.isnull(), "pending"), else_="open"),
    ).drop("shipped_at")


def _shares(rows: Table) -> Table:
    """Return the items with each one's part of what the order has in all."""
    items = rows.mutate(**{name: _headed(rows, name) for name in WHOLE}).filter(~rows.heads)
    items = items.mutate(
        quantity=items.quantity.fill_null(1),
        article=ibis.coalesce(items.sku, items.item, items.title, ""),
        tax=(items.seller_tax.fill_null(0) + items.ebay_tax.fill_null(0) + items.ebay_charges.fill_null(0)).cast(MONEY),
    )
    items = items.mutate(
        worth=(items.price * items.quantity).cast(MONEY),
        by_ebay=(items.ebay_tax.fill_null(0) + items.ebay_charges.fill_null(0)) != 0,
    )
    return items.mutate(
        **{
            f"{name}_part": shared(
                items,
                name,
                weight=items.worth,
                by=items.order_id,
                order_by=items.row_no,
                currency=items.money,
            )
            for name in ("shipping", "tax")
        }
    )


def _lines(items: Table) -> Table:
    alike = occurrence(items, "order_id", "article")
    return fact(
        items,
        order_id=items.order_id,
        line_no=ibis.coalesce(items.transaction, numbered(items.article, alike)),
        kind=ibis.literal("goods"),
        sku=ibis.coalesce(items.sku, items.item),
        title=items.title,
        quantity=items.quantity,
        unit_price=items.price,
        tax=items.tax_part,
        tax_collected_by=ibis.cases(
            (items.by_ebay, "channel"), (items.seller_tax > 0, "seller"), else_=ibis.null("string")
        ),
        shipping=items.shipping_part,
        shipped_at=items.shipped_at,
        currency=items.money,
    )


def _shipments(rows: Table, origin: Origin) -> Table:
    sent = rows.filter(rows.shipped_at.notnull() | rows.tracking.notnull())
    order = ibis.window(group_by=sent.order_id)
    sent = sent.mutate(
        shipment_id=sent.order_id.concat("/", ibis.coalesce(sent.tracking, sent.tracking.max().over(order), "1")),
    )
    parcels = first_of(
        sent,
        by="shipment_id",
        order_id=sent.order_id,
        service=sent.service,
        tracking_no=sent.tracking,
        shipped_at=sent.shipped_at,
        ship_by=end_of_day(sent.ship_by, origin),
    )
    return parcels
