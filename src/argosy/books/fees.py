"""What a channel will charge for a sale, estimated from dated rules until its statement says."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from argosy.books.legs import Posting
from argosy.model.entries import ESTIMATED
from argosy.model.money import payable, times

HUNDREDTH = ibis.literal("0.01").cast("decimal(19,6)")


def estimate_fees(sold: Table, channels: Table, fee_rates: Table) -> Posting:
    """Return one transaction per sold line of a statement channel with the referral fee its default rule gives.

    fee_rates: ``argosy.rules.fees.fee_rate_table`` with ``rate_pct`` in percent; the row of the site's country
    (the channel's own, else the one the goods go to) goes before the row for all countries. A line no rule speaks
    of gets no estimate.
    """
    rows = with_fee_rule(sold, channels, fee_rates)
    rows = rows.filter(rows.rate_pct.notnull())
    base = ibis.cases(
        (rows.fee_base == "item_price", rows.item_price),
        (rows.fee_base == "item_and_shipping", rows.item_price + rows.shipping.fill_null(0)),
        else_=rows.item_price + rows.shipping.fill_null(0) + rows.tax.fill_null(0),
    )
    fee = payable(times(base, rows.rate_pct, digits=4) * HUNDREDTH, rows.currency)
    rows = rows.mutate(
        transaction_id=ibis.literal("fee_estimate:").concat(rows.order_id, "/", rows.line_no),
        state=ibis.literal(ESTIMATED),
        market=rows.country,
        fee=fee,
    )
    return Posting(rows, {"fee:channel": rows.fee}, ibis.literal("asset:receivable:").concat(rows.channel_id))


def with_fee_rule(sold: Table, channels: Table, fee_rates: Table) -> Table:
    """Return the goods of statement channels with ``rate_pct``, ``fee_base`` and ``rule_id``, NULL without a rule.

    Channels charge what is delivered: an order called off has no fee.
    """
    goods = sold.filter(sold.statement, sold.kind == "goods", (sold.status != "cancelled").fill_null(True))
    sites = channels.select("channel_id", channel_country=channels.country)
    goods = goods.left_join(sites, "channel_id", rname="site_{name}")
    goods = goods.mutate(
        platform=goods.channel_id.split(":")[0],
        sold_on=goods.posted_at.date(),
        site=ibis.coalesce(goods.channel_country, goods.country),
        item_price=(goods.gross - goods.tax_in_price - goods.discount.fill_null(0)).cast("decimal(18,4)"),
    )
    rules = fee_rates.filter(fee_rates.fee_kind == "referral", fee_rates.scope == "default").select(
        "platform",
        "valid_from",
        "valid_to",
        rule_country=fee_rates.country,
        rule_id=fee_rates.rule_id,
        rate_pct=fee_rates.rate_pct,
        fee_base=fee_rates.base,
    )
    local = _joined(goods, rules.filter(rules.rule_country.notnull()), "local", by_country=True)
    both = _joined(local, rules.filter(rules.rule_country.isnull()), "wide", by_country=False)
    return both.mutate(
        rate_pct=ibis.coalesce(both.local_rate_pct, both.wide_rate_pct),
        fee_base=ibis.coalesce(both.local_fee_base, both.wide_fee_base),
        rule_id=ibis.coalesce(both.local_rule_id, both.wide_rule_id),
    )


def _joined(goods: Table, rules: Table, prefix: str, *, by_country: bool) -> Table:
    named = rules.rename({f"{prefix}_{name}": name for name in rules.columns})
    day = goods.sold_on
    on = [
        goods.platform == named[f"{prefix}_platform"],
        named[f"{prefix}_valid_from"].isnull() | (named[f"{prefix}_valid_from"] <= day),
        named[f"{prefix}_valid_to"].isnull() | (named[f"{prefix}_valid_to"] > day),
    ]
    if by_country:
        on.append(goods.site == named[f"{prefix}_rule_country"])
    return goods.left_join(named, on)
