"""Etsy's sold orders and sold order items: two exports of the same sales that are read together or alone.

- Goods, discounts, shipping and tax come from the items alone, the order's total, status and refunds from the
  orders alone, so that a sale read from both is counted once. The items also say when and where an order
  went; that holds only while the orders export does not say it, whichever was read first.
- ``Discount Amount`` and ``Shipping Discount`` belong to the item's row; ``Order Shipping`` and ``Order Sales
  Tax`` repeat on every row of an order and are shared over its items by price. Order Total = value - both
  discounts + shipping + tax (headers of a header-mapping test; the arithmetic of a sample of the orders
  export).
- ``Adjusted Order Total`` is what was left after refunds, undated. Orders nobody touched have it empty, equal
  to the total, or all three adjusted columns at 0; 0 with a net of its own, or with a status that says so, is
  a full refund (a public test of another importer).
- ``Card Processing Fees`` is left to the monthly statement, which has every fee.
- Header words follow the shop's region (Ship, Delivery, Dispatch); dates are days without a zone.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, day_of, fact, first_of
from argosy.intake.formats import Format
from argosy.lake.sharing import shared
from argosy.model.money import MONEY

BEFORE_ALL = datetime(1970, 1, 1)


def orders_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return orders and their shipments."""
    status = rows.status.lower()
    rows = rows.mutate(
        order_id=origin.key(rows.order_ref),
        state=ibis.cases(
            (status.contains("cancel"), "cancelled"),
            (status.contains("refund") & ~status.contains("part"), "refunded"),
            (rows.shipped_at.notnull(), "shipped"),
            else_="open",
        ),
    )
    orders = fact(
        rows,
        order_id=rows.order_id,
        channel_id=ibis.literal(origin.channel_id),
        order_name=rows.order_ref,
        customer_key=rows.customer_key,
        placed_at=rows.sold_at,
        placed_on=day_of(rows.sold_at, origin),
        status=rows.state,
        currency=_currency(rows, origin),
        country=rows.country,
        region=rows.region,
        city=rows.city,
        postcode_prefix=rows.postcode.left(3),
        payment_method=rows.payment_method,
        refunded=_refunded(rows),
        total=rows.total,
    )
    sent = rows.filter(rows.shipped_at.notnull())
    shipments = fact(
        sent,
        shipment_id=sent.order_id.concat("/1"),
        order_id=sent.order_id,
        shipped_at=sent.shipped_at,
    )
    return Facts({"orders": orders, "shipments": shipments})


def _currency(rows: Table, origin: Origin) -> Any:
    return ibis.coalesce(rows.currency, ibis.literal(origin.currency, type="string"))


def _refunded(rows: Table) -> Any:
    adjusted = (rows.adjusted_total, rows.adjusted_fees, rows.adjusted_net)
    untouched = ibis.and_(*(amount.fill_null(0) == 0 for amount in adjusted))
    given_back = rows.state.isin(("cancelled", "refunded"))
    return ibis.cases(
        (rows.adjusted_total.isnull(), ibis.null(MONEY)),
        (untouched & ~given_back, ibis.literal(0).cast(MONEY)),
        else_=(rows.total - rows.adjusted_total).cast(MONEY),
    )


def items_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return the order lines, and orders for as long as the orders export has not said more."""
    rows = rows.mutate(
        order_id=origin.key(rows.order_ref),
        money=_currency(rows, origin),
        worth=(rows.price * rows.quantity).cast(MONEY),
    )
    whole = ibis.window(group_by=rows.order_id)
    rows = rows.mutate(shipping=rows.shipping.max().over(whole), tax=rows.tax.max().over(whole))
    return Facts({"orders": _provisional_orders(rows, origin), "order_lines": _lines(rows)})


def _provisional_orders(rows: Table, origin: Origin) -> Table:
    orders = first_of(
        rows,
        by="order_id",
        order_name=rows.order_ref,
        customer_key=rows.customer_key,
        placed_at=rows.sold_at,
        paid_at=rows.paid_at,
        shipped_at=rows.shipped_at,
        currency=rows.money,
        country=rows.country,
        region=rows.region,
        city=rows.city,
        postcode_prefix=rows.postcode.left(3),
    )
    return orders.mutate(
        channel_id=ibis.literal(origin.channel_id),
        placed_on=day_of(orders.placed_at, origin),
        status=ibis.ifelse(orders.shipped_at.notnull(), "shipped", "open"),
        # Older than any orders export, so that the order as that one has it always holds.
        version_at=ibis.literal(BEFORE_ALL).cast("timestamp"),
    ).drop("shipped_at")


def _lines(rows: Table) -> Table:
    def part(total: str) -> Any:
        return shared(rows, total, weight=rows.worth, by=rows.order_id, order_by=rows.row_no, currency=rows.money)

    return fact(
        rows,
        order_id=rows.order_id,
        line_no=rows.transaction,
        kind=ibis.literal("goods"),
        sku=ibis.coalesce(rows.sku, rows.listing),
        title=rows.title,
        quantity=rows.quantity,
        unit_price=rows.price,
        discount=(rows.discount.fill_null(0) + rows.shipping_discount.fill_null(0)).cast(MONEY),
        tax=part("tax"),
        shipping=part("shipping"),
        shipped_at=rows.shipped_at,
        currency=rows.money,
    )
