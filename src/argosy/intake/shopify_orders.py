"""Shopify orders export: one row per line item, what belongs to the whole order only on its first row.

Quirks, as the exports of several shops and the tools that read them show:

- The rows below an order's first carry its other lines; they repeat ``Name`` or leave even that blank. A
  row that belongs to no order above it (its first row was refused, or its name is another) is refused,
  never guessed at.
- ``Name`` is not always unique: where one file has several ``Id`` for a name, the order is called
  ``Name~Id``.
- The same order may stand in a file twice with all its fields; the last block holds.
- ``Subtotal`` is after discounts, ``Lineitem price`` before. ``Discount Amount`` may hold the discounts of
  lines and of shipping too, so the goods' discount is what lies between the lines and ``Subtotal`` wherever
  ``Discount Amount`` and ``Lineitem discount`` together can account for it.
- Shipping, taxes and the order's discount are shared over the lines by price, so that no cent is lost.
- Whether prices contain the tax is not said: taken from the arithmetic of ``Total`` where it proves it.
- ``Refunded Amount`` is for the whole order and undated. Postal codes start with an apostrophe.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis.expr.types import BooleanValue, Table, Value

from argosy.intake.facts import Facts, Origin, fact
from argosy.intake.formats import Format
from argosy.lake.sharing import shared
from argosy.model.money import MONEY

UNPAID = {"pending": "pending", "authorized": "pending", "expired": "pending", "voided": "cancelled"}
ORDER_FIELDS = ("financial_status", "currency", "subtotal", "total", "id")


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return orders and order lines."""
    blocks = _blocks(rows)
    whole = _named(blocks.filter(~blocks.stray), origin)
    last = whole.filter(whole.block == whole.block.max().over(ibis.window(group_by=whole.order_id)))
    refused = blocks.filter(blocks.stray).select("row_no", bad=ibis.literal("name|order_missing"))
    lines = _shares(last, origin)
    return Facts(
        {"orders": _orders(last, origin), "order_lines": _lines(lines)},
        refused=refused,
        counts={"orders_not_adding_up": (lines.first & ~lines.explained).sum().fill_null(0)},
    )


def _blocks(rows: Table) -> Table:
    """Add ``block`` (one order as it stands in the file), ``first``, and ``stray`` for rows without an order."""
    first: BooleanValue = ibis.or_(*(rows[name].notnull() for name in ORDER_FIELDS))
    began = rows.mutate(first=first, id=rows.id.re_replace("^'", ""))
    block = began.first.cast("int64").sum().over(ibis.cumulative_window(order_by=began.row_no))
    numbered = began.mutate(block=block)
    inside = ibis.window(group_by=numbered.block)
    known = numbered.mutate(
        first_row=numbered.row_no.min().over(inside),
        place=ibis.row_number().over(ibis.window(group_by=numbered.block, order_by=numbered.row_no)),
        order_name=ibis.ifelse(numbered.first, numbered.name, ibis.null("string")).max().over(inside),
    )
    other = (known.name != known.order_name).fill_null(False)
    marked = known.mutate(other=other)
    passed = (
        marked.other.cast("int64").sum().over(ibis.cumulative_window(group_by=marked.block, order_by=marked.row_no))
    )
    # A row is missing above a nameless one: whose line it is cannot be told.
    torn = marked.row_no - marked.first_row != marked.place
    nameless = marked.name.isnull() & ((passed > 0) | torn)
    return marked.mutate(stray=marked.order_name.isnull() | marked.other | nameless)


def _named(rows: Table, origin: Origin) -> Table:
    """Add ``order_id``, with the shop's own number where several orders of the file share a name."""
    numbered = rows.mutate(number=rows.id.max().over(ibis.window(group_by=rows.block)))
    alike = ibis.window(group_by=numbered.order_name)
    several = numbered.number.min().over(alike) != numbered.number.max().over(alike)
    name = numbered.order_name.concat(
        ibis.ifelse(several & numbered.number.notnull(), ibis.literal("~").concat(numbered.number), "")
    )
    return numbered.mutate(order_id=origin.key(name))


def _orders(rows: Table, origin: Origin) -> Table:
    heads = rows.filter(rows.first)
    paid = heads.financial_status.lower()
    unpaid = paid.isin(tuple(UNPAID))
    return fact(
        heads,
        order_id=heads.order_id,
        channel_id=ibis.literal(origin.channel_id),
        order_name=heads.order_name,
        customer_key=heads.customer_key,
        placed_at=heads.created_at,
        placed_on=heads.placed_on,
        paid_at=ibis.ifelse(unpaid.fill_null(False), ibis.null("timestamp"), heads.paid_at),
        cancelled_at=heads.cancelled_at,
        status=ibis.cases(
            (heads.cancelled_at.notnull(), "cancelled"),
            *((paid == word, status) for word, status in UNPAID.items()),
            (paid == "refunded", "refunded"),
            (heads.fulfillment_status.lower() == "fulfilled", "shipped"),
            else_="open",
        ),
        currency=heads.currency.fill_null(ibis.literal(origin.currency, type="string")),
        country=ibis.coalesce(heads.shipping_country, heads.billing_country),
        region=heads.shipping_region,
        city=heads.shipping_city,
        postcode_prefix=heads.shipping_zip.re_replace("^'", "").left(3),
        payment_method=heads.payment_method,
        refunded=heads.refunded,
        total=heads.total,
    )


def _shares(rows: Table, origin: Origin) -> Table:
    """Add every line's part of what the order has in all: ``tax``, ``shipping_part``, ``discount_part``."""
    order = ibis.window(group_by=rows.order_id)
    amounts = ("subtotal", "shipping", "taxes", "duties", "total", "discount")
    spread = rows.mutate(
        worth=(rows.price * rows.quantity).cast(MONEY),
        currency=rows.currency.max().over(order).fill_null(ibis.literal(origin.currency, type="string")),
        fulfilled_at=rows.fulfilled_at.max().over(order),
        **{name: rows[name].max().over(order) for name in amounts},
    )
    order = ibis.window(group_by=spread.order_id)
    summed = spread.mutate(
        tax_included=_tax_included(spread),
        between=spread.worth.sum().over(order) - spread.subtotal,
        own=spread.line_discount.sum().over(order).fill_null(0),
    )
    told = summed.discount.fill_null(0) + summed.own
    goods = summed.between.between(summed.own, told).fill_null(False)
    ready = summed.mutate(
        rest=ibis.ifelse(goods, summed.between - summed.own, summed.discount).cast(MONEY),
        explained=summed.between.between(0, told).fill_null(True),
        line_no=_place(summed),
    )
    totals = {"tax": "taxes", "shipping_part": "shipping", "discount_part": "rest"}
    line = {"weight": ready.worth, "by": ready.order_id, "order_by": ready.row_no, "currency": ready.currency}
    return ready.mutate(**{name: shared(ready, total, **line) for name, total in totals.items()})


def _tax_included(rows: Table) -> Value:
    paid = rows.subtotal + rows.shipping.fill_null(0) + rows.duties.fill_null(0)
    taxed = rows.taxes != 0
    return ibis.cases((taxed & (paid + rows.taxes == rows.total), False), (taxed & (paid == rows.total), True))


def _place(rows: Table) -> Any:
    place = ibis.row_number().over(ibis.window(group_by=rows.order_id, order_by=rows.row_no)) + 1
    return place.cast("string")


def _lines(rows: Table) -> Table:
    shipped = (rows.line_status.lower() == "fulfilled").fill_null(True)
    whole = (rows.line_discount.fill_null(0) + rows.discount_part.fill_null(0)).cast(MONEY)
    said = rows.line_discount.notnull() | rows.discount_part.notnull()
    return fact(
        rows,
        order_id=rows.order_id,
        line_no=rows.line_no,
        kind=ibis.literal("goods"),
        sku=rows.sku,
        title=rows.title,
        quantity=rows.quantity,
        unit_price=rows.price,
        discount=ibis.ifelse(said, whole, ibis.null(MONEY)),
        tax=rows.tax,
        tax_included=rows.tax_included,
        shipping=rows.shipping_part,
        shipped_at=ibis.ifelse(shipped, rows.fulfilled_at, ibis.null("timestamp")),
        currency=rows.currency,
    )
