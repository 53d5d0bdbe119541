"""Stripe payout reconciliation, itemised: one row per balance transaction, immutable, in major units.

Quirks, from Stripe's reference of the report and of its reporting categories:

- ``reporting_category`` decides, not ``type``: adjustments are disputes, failed refunds or fees, and what a
  partial capture gives back is no refund. ``fee`` is a positive number to subtract, and stays when a
  payment is refunded.
- Columns are chosen by whoever asks for the report; ``created_utc`` is UTC, ``created`` in the zone asked
  for.
- The report has no column for the shop's order: metadata says it where the shop sends some, else the
  description ("Order 1041") does.
- Only automatic payouts can be told from their transactions; the payout's own row is not part of its sum.
"""

from __future__ import annotations

import ibis
from ibis.expr.types import Table, Value

from argosy.intake.facts import Facts, Origin
from argosy.intake.formats import Format
from argosy.intake.ledger import payout_lines, payouts_of

KINDS = {
    # A partial capture is first booked in full, then its rest is taken back: that money was never the seller's.
    "charge": ("charge", "charge_failure", "partial_capture_reversal"),
    "charge_refund": ("refund", "refund_failure"),
    "dispute": ("dispute", "dispute_reversal"),
    "payment_fee": ("fee", "network_cost"),
    "reserve": (
        "risk_reserved_funds",
        "connect_reserved_funds",
        "payment_network_reserved_funds",
        "payout_minimum_balance_hold",
        "payout_minimum_balance_release",
        "unreconciled_customer_funds",
    ),
    "transfer": (
        *("payout", "payout_reversal", "topup", "topup_reversal", "transfer", "transfer_reversal"),
        *("advance", "advance_funding", "anticipation_repayment", "connect_collection_transfer"),
        *("financing_paydown", "financing_paydown_reversal", "financing_payout", "financing_payout_reversal"),
    ),
    "conversion": ("currency_conversion",),
}
ORDER = r"(?i)\border\s*(?:number|no\.?|id)?\s*[:#]?\s*([A-Z-]*\d[\w-]*)"


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return payout lines and payouts."""
    moves = rows.mutate(
        line_id=origin.key(rows.number),
        kind=_kind(rows),
        amount=rows.gross,
        fee=-rows.fee,
        payout_id=origin.key(rows.payout_number),
        order_ref=ibis.coalesce(rows.order_said, rows.description.re_extract(ORDER, 1).nullif(""), rows.order),
        posted_at=ibis.coalesce(rows.created_utc, rows.created),
    )
    payouts = payouts_of(moves, origin, status=ibis.literal("paid"), sent_on=moves.payout_on)
    return Facts({"payout_lines": payout_lines(moves, origin), "payouts": payouts})


def _kind(rows: Table) -> Value:
    category = rows.category.lower()
    return ibis.cases(*((category.isin(said), kind) for kind, said in KINDS.items()), else_="other_fee")
