"""A provider's ledger into payout lines: what each row moved and, on a line of its own, what it cost."""

from __future__ import annotations

from typing import Any

import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Origin, fact
from argosy.model.money import MONEY

COLUMNS = ("payout_id", "order_ref", "description", "currency", "posted_at", "country")


def payout_lines(moves: Table, origin: Origin) -> Table:
    """Return one payout line per move and a second one, ``<line_id>/fee``, for every fee that is not 0.

    moves: ``row_no``, ``version_at``, ``line_id``, ``kind``, ``amount``, ``fee`` (both signed from the seller's
    view) and any of ``COLUMNS``; what is not there is not known.
    """
    return _lines(moves, origin, "", moves.kind, moves.amount).union(
        extra_lines(moves, origin, suffix="/fee", kind="payment_fee", column="fee")
    )


def extra_lines(moves: Table, origin: Origin, *, suffix: str, kind: str, column: str) -> Table:
    """Return a line of ``kind`` beside every move whose ``column`` is not 0."""
    costly = moves.filter(moves[column].fill_null(0) != 0)
    return _lines(costly, origin, suffix, ibis.literal(kind), costly[column])


def _lines(moves: Table, origin: Origin, suffix: str, kind: Any, amount: Any) -> Table:
    return fact(
        moves,
        line_id=moves.line_id.concat(suffix) if suffix else moves.line_id,
        channel_id=ibis.literal(origin.channel_id),
        kind=kind,
        amount=amount.cast(MONEY),
        **{name: moves[name] for name in COLUMNS if name in moves.columns},
    )


def payouts_of(moves: Table, origin: Origin, *, status: Any, sent_on: Any, due_on: Any = None) -> Table:
    """Return one payout per ``payout_id``: the sum of ``net`` over its moves other than the transfer itself."""
    inside = moves.mutate(status=status, sent_on=sent_on, due_on=due_on if due_on is not None else ibis.null("date"))
    inside = inside.filter(inside.payout_id.notnull(), inside.kind != "transfer")
    summed = inside.group_by("payout_id").aggregate(
        row_no=inside.row_no.min(),
        version_at=inside.version_at.max(),
        amount=inside.net.sum().cast(MONEY),
        currency=inside.currency.min(),
        period_start=inside.posted_at.min(),
        period_end=inside.posted_at.max(),
        sent_on=inside.sent_on.max(),
        due_on=inside.due_on.max(),
        status=inside.status.min(),
    )
    return summed.mutate(channel_id=ibis.literal(origin.channel_id))
