"""Books and outlook in, findings about payments out."""

from __future__ import annotations

from collections.abc import Iterator

import ibis
from ibis.expr.types import Table

from argosy.books.bank import TRANSFER_DAYS, arrivals, first_day
from argosy.domains.payments import settings
from argosy.model.findings import Finding, Range
from argosy.model.money import round_half_up
from argosy.outlook.known import Known


def payout_short(known: Known) -> Iterator[Finding]:
    """Return the payouts of which the bank booked less than the payer says it sent; subject: the payout.

    A booking that no payout of the same amount explains is taken for the payout of its currency that it lies nearest
    below, in the days a transfer takes. A payout without any booking is late, not short.
    """
    short = _short(known)
    for row in known.rows(short):
        rate = known.rate(row["currency"], on=row["booked_on"])
        if rate is not None:
            missing = round_half_up(row["missing"] * rate, 2)
            yield Finding(
                "payments.payout_short", row["payout_id"], row["booked_on"], Range.exactly(missing),
                known.book_currency, 0.95, told={
                    "payer": row["channel_id"], "sent": row["amount"], "arrived": row["arrived"],
                    "missing": row["missing"], "currency": row["currency"], "on": row["booked_on"],
                },
                evidence=(known.evidence("payout_and_booking", short.filter(short.payout_id == row["payout_id"])),),
            )  # fmt: skip


def _short(known: Known) -> Table:
    """Return each payout that came short: payout_id, channel_id, amount, currency, arrived, missing, booked_on."""
    payouts, bank = known.facts["payouts"], known.facts["bank_lines"]
    met = arrivals(payouts, bank)
    bank = bank.anti_join(met, "bank_line_id").filter(bank.amount > 0)
    open_ = payouts.anti_join(met, "payout_id").mutate(first_on=first_day(payouts)).filter(payouts.amount > 0)
    both = open_.inner_join(bank, "currency", rname="bank_{name}")
    last_on = (both.first_on.cast("timestamp") + ibis.interval(days=TRANSFER_DAYS)).date()
    both = both.filter(
        both.booked_on >= both.first_on,
        both.booked_on <= last_on,
        both.bank_amount < both.amount,
        both.bank_amount >= both.amount * settings.LEAST_ARRIVED,
    )
    # Each booking goes to the payout just above it, each payout takes the largest booking left to it.
    nearest = both.group_by("bank_line_id").aggregate(payout_id=both.payout_id.argmin(both.amount))
    taken = both.semi_join(nearest, ["bank_line_id", "payout_id"])
    place = ibis.row_number().over(ibis.window(group_by="payout_id", order_by=ibis.desc("bank_amount")))
    taken = taken.mutate(place=place).filter(lambda t: t.place == 0)
    return taken.select(
        "payout_id", "channel_id", "amount", "currency", "booked_on", "bank_line_id", arrived="bank_amount",
        missing=(taken.amount - taken.bank_amount).cast("decimal(18,4)"),
    )  # fmt: skip
