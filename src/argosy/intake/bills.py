"""Fees billed outside a channel's statement, such as a warehouse's storage: whoever sends the bill is owed."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, fact
from argosy.intake.formats import Format
from argosy.intake.sheets import account_named, meaning, order_named, sorted_out

KINDS = {
    "referral": ("commission", "佣金"),
    "fulfilment": ("fulfillment", "handling", "配送费", "操作费"),
    "storage": ("warehousing", "仓储费", "仓租"),
    "payment": ("payment fee", "支付手续费"),
    "subscription": ("monthly fee", "月租", "订阅费"),
    "ad": ("ads", "advertising", "广告费"),
    "customs": ("duty", "关税"),
    "other": ("其他",),
}


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return fees; a kind no word is known for is ``other``, and a fee that nobody charges is refused."""
    good, refused = sorted_out(rows, (rows.payee.isnull() & rows.channel.isnull(), "payee|missing"))
    fees = fact(
        good,
        fee_id=origin.key(good.fee),
        payee=good.payee,
        channel_id=account_named(good.channel),
        order_id=order_named(good.channel, good["order"]),
        sku=good.sku,
        kind=ibis.coalesce(meaning(good.kind, KINDS), "other"),
        amount=good.amount,
        currency=good.currency,
        charged_at=good.charged_on.cast("timestamp"),
    )
    return Facts({"fees": fees}, refused=refused)
