"""What a moving exchange rate brought or cost between a sale and its payout."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table, Value

from argosy.books.bank import sent_at
from argosy.model.entries import ENTRIES, SETTLED
from argosy.model.money import minor_units, times


def post_realised_fx(entries: Table, payout_lines: Table, payouts: Table, *, rates: Table, book_currency: str) -> Table:
    """Return one transaction per payout in a foreign currency whose value moved before it was sent.

    The lines were worth what their own days' rates said; the payout is worth what its day's rate says. The
    difference leaves the receivable for ``fx:realised``, a loss above zero, and moves nothing in the payout's own
    currency (IAS 21.28: exchange differences on settling monetary items go through profit and loss).
    """
    lines = payout_lines.filter(payout_lines.payout_id.notnull(), payout_lines.kind != "transfer")
    tied = lines.select(
        "payout_id",
        transaction_id=ibis.literal("payout_line:").concat(lines.channel_id, "/", lines.line_id),
        # The payer's own account: a charge also takes from the shop's.
        account=ibis.literal("asset:receivable:").concat(lines.channel_id),
    )
    owed = entries.filter(entries.currency != book_currency)
    worth = (
        owed.inner_join(tied, ["transaction_id", "account"])
        .group_by("payout_id", "currency")
        .aggregate(amount=lambda t: t.amount.sum().cast("decimal(18,4)"), was=lambda t: t.book_amount.sum())
    )
    sent = payouts.mutate(posted_at=sent_at(payouts))
    met = worth.inner_join(sent.drop("currency", "amount"), "payout_id")
    day = rates.select(day=rates.day, rate_currency=rates.currency, per_unit=rates.per_unit)
    met = met.inner_join(day, [met.posted_at.date() == day.day, met.currency == day.rate_currency])
    return _entries(met, book_currency)


def _entries(met: Table, book_currency: str) -> Table:
    now = times(met.amount, met.per_unit, digits=minor_units(book_currency))
    moved = met.mutate(lost=(met.was - now).cast("decimal(18,4)"))
    moved = moved.filter(moved.lost != 0)
    return _side(moved, ibis.literal("fx:realised"), moved.lost, 0).union(
        _side(moved, ibis.literal("asset:receivable:").concat(moved.channel_id), -moved.lost, 1)
    )


def _side(moved: Table, account: Value, book_amount: Value, number: int) -> Table:
    columns = {
        "transaction_id": ibis.literal("fx:").concat(moved.payout_id, "/", moved.currency),
        "entry_no": ibis.literal(number),
        "account": account,
        "amount": ibis.literal(0),
        "book_amount": book_amount,
        "state": ibis.literal(SETTLED),
    }
    kept = ("posted_at", "known_at", "currency", "channel_id", "source_row")
    return moved.select(
        **{
            name: (columns[name] if name in columns else moved[name] if name in kept else ibis.null()).cast(type_)
            for name, type_ in ENTRIES.items()
        }
    )
