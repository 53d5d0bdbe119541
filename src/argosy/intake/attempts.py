"""Payments tried and payments disputed, as plain sheets tell them: the words of several providers for one outcome.

A declined attempt often has no order: it counts for its shop alone. A dispute moves no money here, for the
provider's own statement tells what it took and gave back.
"""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, end_of_promise, fact
from argosy.intake.formats import Format
from argosy.intake.sheets import account_named, meaning, order_named, sorted_out

OUTCOMES = {
    "authorised": ("authorized", "requires_capture", "已授权"),
    "captured": ("succeeded", "success", "paid", "支付成功", "成功"),
    "declined": ("failed", "failure", "refused", "支付失败", "失败", "被拒"),
    "expired": ("已过期", "过期"),
    "voided": ("canceled", "cancelled", "void", "已取消", "已撤销"),
}
# Stripe's and Shopify's states beside the words of the marketplaces.
ENDINGS = {
    "won": ("granted", "胜诉"),
    "lost": ("denied", "accepted", "败诉"),
    "withdrawn": ("warning_closed", "charge_refunded", "prevented", "已撤回"),
    "": ("open", "pending", "needs_response", "under_review", "warning_needs_response", "warning_under_review",
         "处理中"),
}  # fmt: skip


def attempts_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return payments; a row whose outcome has no known word is refused, for a guess would count it as money."""
    told = rows.mutate(meant=meaning(rows.outcome, OUTCOMES))
    good, refused = sorted_out(told, (told.meant.isnull(), "outcome|unknown_word"))
    payments = fact(
        good,
        payment_id=origin.key(good.attempt),
        order_id=order_named(good.channel, good["order"]),
        channel_id=account_named(good.channel),
        provider=good.provider,
        method=good.method,
        amount=good.amount,
        currency=good.currency,
        attempted_at=good.attempted_at,
        outcome=good.meant,
        country=good.country,
        decline_code=good.decline_code,
        three_ds=good.three_ds,
    )
    return Facts({"payments": payments}, refused=refused)


def disputes_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return disputes; an outcome that no word is known for stays as it is written."""
    good, refused = sorted_out(rows)
    disputes = fact(
        good,
        dispute_id=origin.key(good.dispute),
        channel_id=account_named(good.channel),
        order_id=order_named(good.channel, good["order"]),
        amount=good.amount,
        currency=good.currency,
        reason=good.reason,
        opened_at=good.opened_at,
        respond_by=end_of_promise(good.respond_by, origin),
        outcome=ibis.coalesce(meaning(good.outcome, ENDINGS), good.outcome).nullif(""),
        closed_at=good.closed_at,
    )
    return Facts({"disputes": disputes}, refused=refused)
