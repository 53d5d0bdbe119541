"""Whether prices contain their tax, told from the amounts where the export does not say."""

from __future__ import annotations

import ibis
from ibis.expr.types import BooleanValue, Table, Value

from argosy.model.money import times


def untold_tax(lines: Table) -> BooleanValue:
    """Return which order lines have a tax and do not say whether their price contains it."""
    return (lines.tax > 0) & lines.tax_included.isnull() & lines.unit_price.notnull()


def tell_tax(lines: Table, orders: Table, rate_shares: Table) -> Table:
    """Return the order lines with ``tax_included`` filled where the amounts tell it.

    rate_shares: ``argosy.rules.vat.rate_share_table``. Of all rates of the country the goods go to, the one that
    explains the tax best decides, as part of the price or on top of it, before or after the discount. Lines that
    go where no rate is known stay untold.
    """
    open_ = lines.filter(untold_tax(lines))
    met = open_.inner_join(orders.select("order_id", "country"), "order_id").inner_join(rate_shares, "country")
    gross = (met.unit_price.cast("decimal(19,4)") * met.quantity.cast("decimal(18,0)")).cast("decimal(18,4)")
    whole = gross + met.shipping.fill_null(0)
    net = whole - met.discount.fill_null(0)
    tried = met.mutate(inside=_off(met.tax, whole, net, met.in_price), outside=_off(met.tax, whole, net, met.on_top))
    told = tried.group_by("order_id", "line_no").aggregate(
        told=lambda t: t.inside.min() < t.outside.min(),
    )
    joined = lines.left_join(told, ["order_id", "line_no"], rname="told_{name}")
    return joined.mutate(tax_included=ibis.coalesce(joined.tax_included, joined.told)).select(*lines.columns)


def _off(tax: Value, whole: Value, net: Value, share: Value) -> Value:
    """Return how far a tax is from this share of a price, before or after its discount."""
    return ibis.least(
        (tax - times(whole, share, digits=4)).abs(),
        (tax - times(net, share, digits=4)).abs(),
    )
