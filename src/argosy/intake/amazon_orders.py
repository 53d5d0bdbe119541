"""Amazon's All Orders report: order items without a number of their own, priced by the line.

- ``item-price`` is what all units of the row cost together. Where it cannot be shared over the units to four
  decimals, one more order line takes the units that cost 0.0001 more or less, so that the lines still add up
  to the file (general knowledge of the report; the column is often taken for the price of one unit).
- A pending order has neither price nor currency: its lines keep NULL until the report is read again.
- A cancelled item stays in the report with quantity 0; whatever amounts it still shows are not owed.
- A price without units (quantity blank or 0 on an item not cancelled) is kept as a line ``other`` of that
  price: money came, but the report names no goods whose cost could stand against it.
- Gift wrap is a line ``other`` of its own. Both promotion discounts are the discount of the item's line;
  shipping is before its discount, as settlements state it.
- Rows with sales-channel ``Non-Amazon`` are parcels that Amazon sends for a sale made elsewhere
  (multi-channel fulfilment). That sale comes with its own channel's export: here they are orders
  ``adjustment`` without lines.
- There is no order-item-id: a line is named by its SKU, else ASIN, and by how many alike came before it in
  the order.
- Whether prices contain the tax differs by marketplace and is not in the report: ``tax_included`` stays NULL and
  is told from the amounts (``argosy.books.tax``).
- In the United States Amazon hands the tax on itself (marketplace facilitator laws, in every state that taxes
  sales since Missouri's of 2023-01-01).
- Column list: schema of Airbyte's source-amazon-seller-partner 4.6.4,
  GET_FLAT_FILE_ALL_ORDERS_DATA_BY_LAST_UPDATE.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, day_of, fact, first_of, numbered, occurrence
from argosy.intake.formats import Format
from argosy.lake.parsing import exact_cut
from argosy.model.money import MONEY

STATUS = (
    ("cancel", "cancelled"),
    ("delivered", "delivered"),
    ("unshipped|partially|waiting", "open"),
    ("pending", "pending"),
    ("shipped|complete", "shipped"),
)
FINEST = 10_000  # parts of a currency's major unit that an amount can hold


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return orders and order lines of the report."""
    named = rows.mutate(
        order_id=origin.key(rows.order_ref),
        version_at=rows.version_at.max().over(ibis.window(group_by=rows.order_ref)),
        elsewhere=rows.sales_channel.lower().startswith("non-amazon").fill_null(False),
        article=ibis.coalesce(rows.sku, rows.asin, rows.title, ""),
    )
    items = _items(named.filter(~named.elsewhere))
    lines = _goods(items, extra=False).union(_goods(items, extra=True)).union(_gift_wrap(items))
    return Facts(
        {"orders": _orders(named, origin), "order_lines": lines},
        counts={"not_sold_here": named.filter(named.elsewhere).order_id.nunique()},
    )


def _orders(rows: Table, origin: Origin) -> Table:
    status = rows.order_status.lower()
    orders = first_of(
        rows,
        by="order_id",
        order_name=rows.order_ref,
        placed_at=rows.placed_at,
        status=ibis.ifelse(
            rows.elsewhere,
            "adjustment",
            ibis.cases(*((status.re_search(word), kind) for word, kind in STATUS), else_="open"),
        ),
        currency=rows.currency,
        ship_by=rows.ship_by,
        deliver_by=rows.deliver_by,
        country=rows.country,
        region=rows.region,
        city=rows.city,
        postcode_prefix=rows.postcode.left(3),
    )
    return orders.mutate(channel_id=ibis.literal(origin.channel_id), placed_on=day_of(orders.placed_at, origin))


def _items(rows: Table) -> Table:
    """Add what each row comes to: its units, what most of them cost, and how many cost ``step`` more."""
    status = rows.item_status.fill_null("").concat(" ", rows.order_status.fill_null("")).lower()
    items = rows.mutate(
        cancelled=status.contains("cancel"),
        line_no=numbered(rows.article, occurrence(rows, "order_id", "article")),
        unitless=(rows.quantity.fill_null(0) == 0) & (rows.price.fill_null(0) != 0),
    )
    items = items.mutate(
        units=ibis.cases((items.cancelled, 0), (items.unitless, 1), else_=items.quantity.fill_null(0)).cast("int64"),
        whole=ibis.ifelse(items.cancelled, ibis.null("int64"), (items.price * FINEST).round(0).cast("int64")),
    )
    # Not `/`: the engine would divide in floating point.
    each = ibis.ifelse(
        items.units == 0,
        items.whole,
        exact_cut(
            items.whole,
            ibis.literal(1).cast("decimal(38,0)"),
            items.units.abs().cast("decimal(38,0)").nullif(ibis.literal(0).cast("decimal(38,0)")),
        ),
    )
    items = items.mutate(each=each)
    rest = ibis.ifelse(items.units == 0, 0, items.whole - items.each * items.units).fill_null(0)
    return items.mutate(extra_units=rest.abs(), step=rest.sign().cast("int64"))


def _goods(items: Table, *, extra: bool) -> Table:
    if extra:
        items = items.filter(items.extra_units > 0)
    nothing = ibis.null(MONEY)
    owed = ~items.cancelled & ~ibis.literal(extra)

    def once(amount: Any) -> Any:
        return ibis.ifelse(owed, amount, nothing).cast(MONEY)

    return _line(
        items,
        line_no=items.line_no.concat("/rest") if extra else items.line_no,
        kind=ibis.ifelse(items.unitless & ~items.cancelled, "other", "goods"),
        sku=ibis.coalesce(items.sku, items.asin),
        title=items.title,
        quantity=items.extra_units if extra else items.units - items.extra_units,
        unit_price=_money(items.each + items.step if extra else items.each),
        discount=once(_sum(items.discount.abs(), items.shipping_discount.abs())),
        tax=once(_sum(items.tax, items.shipping_tax)),
        shipping=once(items.shipping),
    )


def _gift_wrap(items: Table) -> Table:
    wrapped = items.filter(~items.cancelled, items.gift_wrap.fill_null(0) + items.gift_wrap_tax.fill_null(0) != 0)
    nothing = ibis.null(MONEY)
    return _line(
        wrapped,
        line_no=wrapped.line_no.concat("/gift-wrap"),
        kind=ibis.literal("other"),
        sku=ibis.null("string"),
        title=ibis.literal("gift wrap"),
        quantity=ibis.literal(1, type="int64"),
        unit_price=wrapped.gift_wrap.fill_null(0).cast(MONEY),
        discount=nothing,
        tax=wrapped.gift_wrap_tax.cast(MONEY),
        shipping=nothing,
    )


def _line(rows: Table, **columns: Any) -> Table:
    return fact(
        rows,
        order_id=rows.order_id,
        currency=rows.currency,
        tax_collected_by=ibis.ifelse((columns["tax"] > 0) & (rows.currency == "USD"), "channel", ibis.null("string")),
        **columns,
    )


def _money(parts: Any) -> Any:
    return (parts.cast("decimal(18,0)") * ibis.literal("0.0001").cast(MONEY)).cast(MONEY)


def _sum(*amounts: Any) -> Any:
    """Return the sum of the amounts that are there, NULL when none is."""
    total = sum((amount.fill_null(0) for amount in amounts[1:]), start=amounts[0].fill_null(0))
    return ibis.ifelse(ibis.coalesce(*amounts).isnull(), ibis.null(MONEY), total.cast(MONEY))
