"""What reached the bank: which bank line is which payout, and what the bank's other lines are kept as."""

from __future__ import annotations

import ibis
from ibis.expr.types import DateValue, Table, TimestampValue

from argosy.books.legs import Posting, unknown
from argosy.model.entries import SETTLED

# A transfer not seen this many days after it was sent or due is taken as not arrived (SEPA 1, ACH 2, SWIFT up to
# 5 working days).
TRANSFER_DAYS = 10


def sent_at(payouts: Table) -> TimestampValue:
    """Return when a payout left the payer's account for the bank, as it is posted."""
    return ibis.coalesce(payouts.sent_on.cast("timestamp"), payouts.period_end)


def first_day(payouts: Table) -> DateValue:
    """Return the first day a payout can reach the bank: the day it was sent or is due, whichever is earlier."""
    return ibis.least(ibis.coalesce(payouts.sent_on, payouts.due_on), ibis.coalesce(payouts.due_on, payouts.sent_on))


def arrivals(payouts: Table, bank: Table) -> Table:
    """Return which bank line is which payout: ``payout_id``, ``bank_line_id``, ``booked_on``, each once at most.

    Same amount and currency, booked within ``TRANSFER_DAYS`` of the day sent or due. Payouts alike take such
    lines in turn, first come first served.
    """
    alike = ibis.window(group_by=["amount", "currency"], order_by=["booked_on", "bank_line_id"])
    lines = bank.select("bank_line_id", "amount", "currency", "booked_on", place=ibis.row_number().over(alike))
    dated = payouts.mutate(first_on=first_day(payouts)).filter(lambda t: t.first_on.notnull(), payouts.amount != 0)
    last_on = ibis.coalesce(dated.due_on, dated.first_on) + ibis.interval(days=TRANSFER_DAYS)
    waiting = dated.select("payout_id", "amount", "currency", "first_on", last_on=last_on)
    met = waiting.inner_join(lines, ["amount", "currency"], rname="line_{name}")
    met = met.filter(met.booked_on >= met.first_on, met.booked_on <= met.last_on)
    found = met.group_by("payout_id", "amount", "currency", "first_on", "last_on").aggregate(earliest=met.place.min())
    turns = {"group_by": ["amount", "currency"], "order_by": ["first_on", "payout_id"]}
    found = found.mutate(turn=ibis.row_number().over(ibis.window(**turns)))
    # Nobody gets a line before its window opens, nor before the one ahead has got the line before it.
    free = (found.earliest - found.turn).max().over(ibis.cumulative_window(**turns))
    served = found.mutate(place=(found.turn + free).cast("int64"))
    booked = served.inner_join(lines, ["amount", "currency", "place"], rname="line_{name}")
    return booked.filter(booked.booked_on <= booked.last_on).select("payout_id", "bank_line_id", "booked_on")


def post_bank(bank: Table, payouts: Table) -> Posting:
    """Return one transaction per bank line: a payout out of what was in transit, anything else against suspense.

    Money in transit is the seller's own already: it arrives at the worth it was sent with, and a rate that moved on
    the way has earned or cost nothing.
    """
    sent = payouts.select("payout_id", sent_at=sent_at(payouts))
    arrived = arrivals(payouts, bank).inner_join(sent, "payout_id").select("bank_line_id", "sent_at")
    rows = bank.left_join(arrived, "bank_line_id", rname="arrived_{name}")
    rows = rows.mutate(
        transaction_id=ibis.literal("bank:").concat(rows.bank_line_id),
        posted_at=rows.booked_on.cast("timestamp"),
        rate_at=ibis.coalesce(rows.sent_at, rows.booked_on.cast("timestamp")),
        state=ibis.literal(SETTLED),
        **unknown("channel_id", "order_id", "line_no", "sku", "market", "rule_id"),
    )
    other = ibis.ifelse(rows.sent_at.notnull(), "asset:bank:in_transit", "asset:suspense")
    return Posting(rows, {ibis.literal("asset:bank:").concat(rows.account): rows.amount}, other)
