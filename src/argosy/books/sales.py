"""What buyers bought: order lines into sales, shipping, discounts, tax and what is owed for them."""

from __future__ import annotations

import ibis
from ibis.expr.types import NumericValue, Table, Value

from argosy.books.legs import Posting
from argosy.model.entries import ESTIMATED, SETTLED
from argosy.model.money import MONEY, payable, quotient

# Channels that hold the buyer's money and report it line by line: their statement settles the estimate.
STATEMENT_CHANNELS = ("amazon", "ebay", "etsy", "tiktok_shop", "mercado_libre")
LINE_ACCOUNTS = {
    "goods": "income:sales",
    "shipping": "income:shipping",
    "discount": "contra:discount",
    "gift_card": "liability:customer",
    "sample": "marketing:promotion",
    "write_off": "loss:write_off",
    "other": "income:other",
}
# What postings read of a sold line.
SOLD = (
    *("order_id", "line_no", "kind", "sku", "quantity", "discount", "shipping", "tax", "shipped_at", "posted_at"),
    *("channel_id", "currency", "country", "status", "gross", "tax_in_price", "tax_due", "owed", "statement"),
    *("source_row", "known_at"),
)


def made_orders(orders: Table) -> Table:
    """Return the orders that are sales: all but those not paid yet and those cancelled before payment."""
    return orders.filter(orders.paid_at.notnull() | ~orders.status.isin(("pending", "cancelled")))


def sold_lines(orders: Table, lines: Table) -> Table:
    """Return the order lines that are sales, each with its order's context and its money split up.

    Left out are orders not paid yet and orders cancelled before payment, and lines whose price is not known yet.
    Columns: ``SOLD``, of them DECIMAL(18,4) in the order's currency: ``gross`` (quantity x price), ``tax_in_price``,
    ``tax_due`` (tax the seller hands on), ``owed`` (what the buyer or channel owes the seller).
    """
    made = made_orders(orders)
    known = lines.filter(lines.unit_price.notnull(), lines.quantity.notnull())
    joined = known.inner_join(made, "order_id", rname="order_{name}")
    tax = joined.tax.fill_null(0)
    included, by_seller = (
        joined.tax_included.fill_null(False),
        joined.tax_collected_by.fill_null("seller") == "seller",
    )
    split = joined.mutate(
        posted_at=ibis.coalesce(joined.paid_at, joined.placed_at),
        gross=gross_of(joined),
        tax_in_price=ibis.ifelse(included, tax, ibis.literal(0).cast(MONEY)),
        tax_due=ibis.ifelse(by_seller, tax, ibis.literal(0).cast(MONEY)),
    )
    owed = split.gross - split.tax_in_price + split.tax_due + split.shipping.fill_null(0) - split.discount.fill_null(0)
    return split.mutate(
        owed=owed.cast(MONEY), statement=split.channel_id.split(":")[0].isin(STATEMENT_CHANNELS)
    ).select(*SOLD)


def gross_of(lines: Table) -> NumericValue:
    """Return quantity x price of order lines."""
    return (lines.unit_price.cast("decimal(19,4)") * lines.quantity.cast("decimal(18,0)")).cast(MONEY)


def tax_shares(sold: Table) -> Table:
    """Return what part of each order's price is tax the seller hands on: ``order_id``, ``tax_share`` to ten decimals.

    A refund told only as one amount gives back tax in this proportion (Directive 2006/112/EC, article 90: the
    taxable amount is reduced accordingly when the price is). Orders without such tax have no row.
    """
    per_order = sold.group_by("order_id").aggregate(due=sold.tax_due.sum(), owed=sold.owed.sum())
    taxed = per_order.filter(per_order.due > 0, per_order.owed >= per_order.due)
    return taxed.select("order_id", tax_share=quotient(taxed.due, taxed.owed))


def tax_part(amount: Value, tax_share: Value, currency: Value) -> Value:
    """Return the part of ``amount`` that is tax; ``tax_share`` as ``tax_shares`` gives it, NULL for none."""
    return payable(amount.cast(MONEY) * tax_share.fill_null(0).cast("decimal(19,10)"), currency)


def post_sales(sold: Table) -> Posting:
    """Return one transaction per sold line: income, shipping, discount and tax against what is owed.

    On channels with a statement of their own the sale is estimated until the statement says what was paid.
    """
    rows = sold.mutate(
        transaction_id=ibis.literal("sale:").concat(sold.order_id, "/", sold.line_no),
        state=ibis.ifelse(sold.statement, ESTIMATED, SETTLED),
        market=sold.country,
        rule_id=ibis.null("string"),
        income=ibis.cases(
            *((sold.kind == kind, account) for kind, account in LINE_ACCOUNTS.items()), else_="income:other"
        ),
        vat=ibis.literal("liability:vat:").concat(sold.country.fill_null("unknown")),
    )
    legs = {
        rows.income: -(rows.gross - rows.tax_in_price),
        "income:shipping": -rows.shipping.fill_null(0),
        "contra:discount": rows.discount.fill_null(0),
        rows.vat: -rows.tax_due,
    }
    return Posting(rows, legs, ibis.literal("asset:receivable:").concat(rows.channel_id))
