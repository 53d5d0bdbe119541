"""The promise ledger's one table: every dated commitment, in either direction, and what became of it."""

from __future__ import annotations

PROMISES = {
    "promise_id": "string",  # kind and subject: ship_by/shopify:main:#1001
    "kind": "string",  # one of KINDS
    "direction": "string",  # ours: we promised; owed: promised to us
    "party": "string",  # the other side: buyer's customer_key, channel_id of who pays, supplier, partner
    "subject": "string",  # the order, refund, message, payout, purchase order line or milestone it is about
    "market": "string",  # country the goods go to
    "channel_id": "string",
    "made_at": "timestamp",  # when it was given, UTC
    "due_at": "timestamp",  # last moment to keep it, UTC
    "kept_at": "timestamp",  # when it was kept, in time or late, UTC; NULL while it is not
    "state": "string",  # one of STATES
    "late_hours": "int64",  # hours begun since due, until kept or void, else today; 0: kept; NULL: open, void
    "stake": "decimal(18,4)",  # money at risk, in ``currency``
    "currency": "string",
    "source_row": "string",
    "rule_id": "string",  # the law or rule that set the day; NULL: the source itself did
}

KINDS = ("ship_by", "deliver_by", "refund_by", "reply_by", "pay_out_by", "supply_by", "milestone_by")
OURS, OWED = "ours", "owed"
OPEN, KEPT, BROKEN, VOID = "open", "kept", "broken", "void"
STATES = (OPEN, KEPT, BROKEN, VOID)
