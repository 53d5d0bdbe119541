"""What a moving exchange rate brought or cost between a sale and its payout or withdrawal."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table, Value

from argosy.books.bank import sent_at
from argosy.model.entries import ENTRIES, SETTLED
from argosy.model.money import MONEY, minor_units, times


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
    now = times(met.amount, met.per_unit, digits=minor_units(book_currency))
    return _entries(met.mutate(lost=(met.was - now).cast(MONEY)))


def wallet_lines(lines: Table) -> Table:
    """Return the lines of accounts the seller draws on himself, as far as no payout but such a withdrawal holds them.

    lines: payout lines or ``matched_lines``.
    """
    running = lines.filter(lines.payout_id.isnull() | (lines.payout_id == lines.line_id))
    drawn = running.filter(running.kind == "transfer").select("channel_id").distinct()
    return running.semi_join(drawn, "channel_id")


def post_wallet_fx(entries: Table, lines: Table, *, book_currency: str) -> Table:
    """Return one transaction per withdrawal that left nothing in a foreign currency on the account it was made from.

    Such a withdrawal settles all that stood there: what the account is still worth in the book currency leaves it for
    ``fx:realised`` (IAS 21.28). While something is left, and where the lines begin in the middle of an account's life,
    nothing is realised: no line says which money a withdrawal took. entries: those of ``lines`` (``wallet_lines``).
    """
    tied = lines.select(
        "kind",
        payout_id=lines.line_id,
        transaction_id=ibis.literal("payout_line:").concat(lines.channel_id, "/", lines.line_id),
        account=ibis.literal("asset:receivable:").concat(lines.channel_id),
    )
    moves = entries.filter(entries.currency != book_currency).inner_join(tied, ["transaction_id", "account"])
    alone = {"group_by": ["account", "currency"], "order_by": ["posted_at", moves.kind == "transfer", "payout_id"]}
    so_far = ibis.cumulative_window(**alone)
    running = moves.mutate(
        left=moves.amount.sum().over(so_far).cast("decimal(28,4)"),
        worth=moves.book_amount.sum().over(so_far).cast("decimal(28,4)"),
        unvalued=moves.book_amount.isnull().sum().over(so_far),
    )
    emptied = running.filter(running.kind == "transfer", running.left == 0, running.unvalued == 0)
    before = emptied.worth.lag().over(
        ibis.window(group_by=["account", "currency"], order_by=["posted_at", "payout_id"])
    )
    return _entries(emptied.mutate(lost=(emptied.worth - before.fill_null(0)).cast(MONEY)))


def _entries(moved: Table) -> Table:
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
