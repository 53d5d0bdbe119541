"""Shopify Payments transactions: what each payment, refund and dispute moved, and the payout it went out with.

Quirks, as exports of several shops show:

- Rows have no number. A row is named by when, what, which order, which checkout and how much, so that it is
  the same fact wherever it stands; ``Payout ID`` is not part of the name, for it is empty until the payout
  is made.
- ``Fee`` is a positive number to subtract; a refund gives no fee back. The fee line is what lies between
  ``Amount`` and ``Net``, so that the lines always add up to the payout, whatever a shop's export adds to it
  (``VAT``).
- ``Currency`` is that of the payout; the buyer's own stands in ``Presentment Currency`` and is not booked.
  The sign of ``Presentment Amount`` on refunds differs from shop to shop; ``Amount`` is negative in all.
- A payout is the sum of the rows the file holds of it: an export that starts in the middle of one holds
  less.
"""

from __future__ import annotations

import ibis
from ibis.expr.types import Table, Value

from argosy.intake.facts import Facts, Origin, numbered, occurrence
from argosy.intake.formats import Format
from argosy.intake.ledger import payout_lines, payouts_of

KINDS = {
    "charge": "charge",
    "refund": "charge_refund",
    "refund_failure": "charge_refund",
    "dispute": "dispute",
    "dispute_reversal": "dispute",
    "chargeback": "dispute",
    "chargeback_reversal": "dispute",
    "reserve": "reserve",
    "reserved_funds": "reserve",
    "payout": "transfer",
    "payout_failure": "transfer",
    "payout_cancellation": "transfer",
    "transfer": "transfer",
}
PAYOUT_STATUS = {"paid": "paid", "failed": "failed", "canceled": "failed", "cancelled": "failed"}


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return payout lines and payouts."""
    alike = occurrence(rows, "posted_at", "type", "order", "checkout", "amount", "currency")
    moves = rows.mutate(alike=alike)
    moves = moves.mutate(
        line_id=origin.key(_name(moves)),
        kind=_kind(moves),
        fee=moves.net - moves.amount,
        payout_id=origin.key(moves.payout_number.re_replace("^'", "")),
        order_ref=moves.order,
        description=moves.type,
    )
    word = moves.payout_status.lower()
    status = ibis.cases(*((word == said, status) for said, status in PAYOUT_STATUS.items()), else_="pending")
    sent = word.isin(("paid", "in_transit", "failed"))
    nothing = ibis.null("date")
    payouts = payouts_of(
        moves,
        origin,
        status=status,
        sent_on=ibis.ifelse(sent, moves.payout_date, nothing),
        due_on=ibis.ifelse(sent, nothing, moves.payout_date),
    )
    return Facts({"payout_lines": payout_lines(moves, origin), "payouts": payouts})


def _name(rows: Table) -> Value:
    parts = [
        rows.posted_at.strftime("%Y-%m-%dT%H:%M:%S"),
        rows.type,
        rows.order.fill_null(""),
        rows.checkout.fill_null(""),
        rows.amount.cast("string"),
        rows.currency.fill_null(""),
    ]
    return numbered(ibis.literal("/").join(parts), rows.alike)


def _kind(rows: Table) -> Value:
    word = rows.type.lower().re_replace("[^a-z]+", "_")
    return ibis.cases(*((word == said, kind) for said, kind in KINDS.items()), else_="other_fee")
