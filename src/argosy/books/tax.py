"""Whether prices contain their tax, told from the amounts where the export does not say."""

from __future__ import annotations

import ibis
from ibis.expr.types import BooleanValue, Table, Value

from argosy.books.sales import gross_of
from argosy.model.money import times


def untold_tax(lines: Table) -> BooleanValue:
    """Return which order lines have a tax and do not say whether their price contains it."""
    return (lines.tax > 0) & lines.tax_included.isnull() & lines.unit_price.notnull()


def tell_tax(lines: Table, orders: Table, rate_shares: Table) -> Table:
    """Return the order lines with ``tax_included`` filled where the amounts tell it.

    rate_shares: ``argosy.rules.vat.rate_share_table``. Of the rates in force in the country the goods go to, the one
    that explains a tax best speaks for the price containing it or not, before or after the discount. A site writes
    all its prices alike: what most lines of a channel to a country say holds for all of them, for a single small
    amount may fit both. Lines that go where no rate is known stay untold.
    """
    sold = orders.select("order_id", "channel_id", "country", day=orders.placed_at.date())
    open_ = lines.filter(untold_tax(lines)).inner_join(sold, "order_id")
    met = open_.inner_join(
        rate_shares, ["country", open_.day >= rate_shares.valid_from, open_.day < rate_shares.valid_to]
    )
    whole = gross_of(met) + met.shipping.fill_null(0)
    net = whole - met.discount.fill_null(0)
    tried = met.mutate(inside=_off(met.tax, whole, net, met.in_price), outside=_off(met.tax, whole, net, met.on_top))
    best = tried.group_by("order_id", "line_no", "channel_id", "country").aggregate(
        inside=tried.inside.min(), outside=tried.outside.min()
    )
    votes = best.group_by("channel_id", "country").aggregate(
        told=(best.inside < best.outside).cast("int64").sum() > (best.inside > best.outside).cast("int64").sum()
    )
    verdict = sold.inner_join(votes, ["channel_id", "country"]).select("order_id", "told")
    joined = lines.left_join(verdict, "order_id", rname="told_{name}")
    told = ibis.ifelse(untold_tax(joined), joined.told, joined.tax_included)
    return joined.mutate(tax_included=told).select(*lines.columns)


def _off(tax: Value, whole: Value, net: Value, share: Value) -> Value:
    """Return how far a tax is from this share of a price, before or after its discount."""
    return ibis.least(
        (tax - times(whole, share, digits=4)).abs(),
        (tax - times(net, share, digits=4)).abs(),
    )
