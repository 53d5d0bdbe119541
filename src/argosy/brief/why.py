"""Any figure opened: the accounts it adds up, the entries on them, the rows of the files they came from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import ibis
from ibis.expr.types import Table

from argosy.books.profit import earned
from argosy.books.profit import where as only
from argosy.intake.kept import raw_rows
from argosy.lake.engine import Lake
from argosy.model.entries import ACCOUNTS, BRIDGE, MARGINS
from argosy.model.errors import NotFound


def open_figure(
    entries: Table,
    lake: Lake,
    figure: str,
    *,
    start: date | None,
    end: date | None,
    limit: int,
    where: Mapping[str, str],
) -> dict[str, Any]:
    """Return what ``figure`` is made of, as plain values.

    figure: a step or margin of the money bridge (gross_sales, cm2), an account or the head of one
    (asset:receivable), or a transaction. where: dimension -> value (market, sku, channel, order ...), empty for
    entries that tell none. Returned:
    ``total`` in the book currency as the figure shows it, ``accounts`` with their parts and number of entries,
    and the ``limit`` largest ``entries``, each with the file, row number and raw text it came from. ``NotFound``
    when no such figure exists.
    """
    chosen = only(_chosen(entries, figure, start=start, end=end), where)
    accounts = chosen.group_by("account", "state").aggregate(
        amount=chosen.shown.sum().cast("decimal(28,4)"), entries=chosen.count()
    )
    parts = sorted(lake.rows(accounts), key=lambda row: (-abs(row["amount"] or 0), row["account"]))
    largest = chosen.order_by(chosen.shown.abs().desc(), chosen.transaction_id, chosen.entry_no).limit(limit)
    rows = lake.rows(largest)
    raw = raw_rows(lake, [row["source_row"] for row in rows if row["source_row"]])
    return {
        "figure": figure,
        "total": sum((row["amount"] or 0) for row in parts),
        "accounts": parts,
        "entries": [{**row, **raw.get(row["source_row"], {})} for row in rows],
    }


def _chosen(entries: Table, figure: str, *, start: date | None, end: date | None) -> Table:
    """Return the entries behind a figure with ``shown``: the amount as the figure counts it."""
    steps = list(BRIDGE)
    if figure in BRIDGE or figure in MARGINS:
        last = MARGINS.get(figure, figure)
        chosen = steps[: steps.index(last) + 1] if figure in MARGINS else [figure]
        heads = [head for step in chosen for head in BRIDGE[step]]
        kept = earned(entries, start=start, end=end)
        return kept.filter(ibis.or_(*(kept.account.startswith(head) for head in heads))).mutate(
            shown=lambda t: t.earned
        )
    within = entries
    if start is not None:
        within = within.filter(within.posted_at >= ibis.timestamp(start.isoformat()))
    if end is not None:
        within = within.filter(within.posted_at < ibis.timestamp(end.isoformat()))
    if any(account.startswith(figure) or figure.startswith(account) for account in ACCOUNTS):
        return within.filter(within.account.startswith(figure)).mutate(shown=lambda t: t.book_amount)
    if ":" in figure:
        return within.filter(within.transaction_id == figure).mutate(shown=lambda t: t.book_amount)
    raise NotFound(what="figure", name=figure)
