"""What was given back to buyers, each refund once, whoever reported it."""

from __future__ import annotations

import ibis
from ibis.expr.types import NumericValue, Table, Value

from argosy.books.legs import Posting
from argosy.books.sales import made_orders, tax_part
from argosy.model.entries import ESTIMATED, SETTLED
from argosy.model.money import MONEY


def given_back(refunds: Table) -> NumericValue:
    """Return what each refund of the shop gave back in all: goods, tax and shipping."""
    return refunds.amount.fill_null(0) + refunds.tax.fill_null(0) + refunds.shipping.fill_null(0)


def post_refunds(refunds: Table, orders: Table) -> Posting:
    """Return one transaction per refund the shop itself reports, line by line."""
    made = refunds.inner_join(
        orders.select("order_id", "channel_id", "placed_at", market=orders.country),
        "order_id",
        rname="order_{name}",
    )
    rows = made.mutate(
        transaction_id=ibis.literal("refund:").concat(made.refund_id),
        posted_at=ibis.coalesce(made.refunded_at, made.requested_at, made.placed_at),
        state=ibis.literal(SETTLED),
        line_no=ibis.null("string"),
        rule_id=ibis.null("string"),
        vat=ibis.literal("liability:vat:").concat(made.market.fill_null("unknown")),
    )
    given = rows.amount.fill_null(0) + rows.shipping.fill_null(0)
    legs = {"contra:refund": given.cast(MONEY), rows.vat: rows.tax.fill_null(0)}
    return Posting(rows, legs, ibis.literal("asset:receivable:").concat(rows.channel_id))


def post_undated_refunds(orders: Table, refunds: Table, matched: Table, taxed: Table) -> Posting:
    """Return what an order says was given back in all and no dated refund explains.

    Such a figure has no day and no line: it is posted on the order's day as estimated, with its part of the
    order's tax (``taxed``: ``argosy.books.sales.tax_shares``), until a provider's or the shop's own refund takes
    its place. An order that never was a sale gives nothing back.
    """
    by_shop = _per_order(refunds, given_back(refunds))
    provider = matched.filter(matched.kind.isin(("charge_refund", "refund", "refund_tax")), matched.order_id.notnull())
    by_provider = _per_order(provider, -provider.amount)
    rows = made_orders(orders).filter(orders.refunded > 0, orders.paid_at.notnull() | orders.placed_at.notnull())
    rows = rows.left_join(by_shop, "order_id", rname="shop_{name}").rename(by_shop="given")
    rows = rows.left_join(by_provider, "order_id", rname="provider_{name}").rename(by_provider="given")
    open_ = (rows.refunded - ibis.greatest(rows.by_shop.fill_null(0), rows.by_provider.fill_null(0))).cast(MONEY)
    rows = rows.mutate(open_refund=open_).filter(open_ > 0)
    rows = rows.left_join(taxed, "order_id", rname="taxed_{name}")
    rows = rows.mutate(
        transaction_id=ibis.literal("refund:").concat(rows.order_id, "/undated"),
        posted_at=ibis.coalesce(rows.paid_at, rows.placed_at),
        state=ibis.literal(ESTIMATED),
        market=rows.country,
        line_no=ibis.null("string"),
        sku=ibis.null("string"),
        rule_id=ibis.null("string"),
        vat=ibis.literal("liability:vat:").concat(rows.country.fill_null("unknown")),
        tax_back=tax_part(rows.open_refund, rows.tax_share, rows.currency),
    )
    legs = {"contra:refund": rows.open_refund - rows.tax_back, rows.vat: rows.tax_back}
    return Posting(rows, legs, ibis.literal("asset:receivable:").concat(rows.channel_id))


def _per_order(rows: Table, given: Value) -> Table:
    return rows.mutate(part=given).group_by("order_id").aggregate(given=lambda t: t.part.sum().cast(MONEY))
