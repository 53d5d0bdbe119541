"""The money of one order: its entries as steps of the money bridge, each said estimated or settled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from ibis.expr.types import Table

from argosy.books.profit import earned
from argosy.model.entries import BRIDGE, ESTIMATED, MARGINS

Row = dict[str, Any]


def money_of(entries: Table, fetch: Callable[[Table], list[Row]], *, currency: str) -> Row:
    """Return the bridge of these entries.

    ``steps``: name, amount in ``currency`` (None: the ledger has nothing on it), settled, and whether it is a
    ``margin`` up to there. ``settled``: no part is an estimate, None: there are no entries; ``unbooked``: entries
    without a rate, which are in no amount; ``costed``: the articles whose goods have a cost; ``accounts``: where
    there are entries.
    """
    kept = earned(entries)
    parts = fetch(kept.group_by("account", "state").aggregate(
        amount=kept.earned.sum().fill_null(0).cast("decimal(28,4)"),
        unbooked=kept.book_amount.isnull().cast("int64").sum(),
    ))  # fmt: skip
    goods = kept.filter(kept.account.startswith("cost:goods"), kept.book_amount != 0)
    costed = fetch(goods.select("sku").distinct().filter(goods.sku.notnull()).order_by("sku"))
    return {
        "currency": currency,
        "steps": _steps(parts),
        "settled": _settled(parts),
        "unbooked": sum(part["unbooked"] for part in parts),
        "costed": [row["sku"] for row in costed],
        "accounts": sorted({part["account"] for part in parts}),
    }


def _steps(parts: Sequence[Row]) -> list[Row]:
    steps, running, margins = [], [], {last: name for name, last in MARGINS.items()}
    for name, heads in BRIDGE.items():
        mine = [part for part in parts if part["account"].startswith(heads)]
        running += mine
        if mine:
            steps.append(_step(name, mine, margin=False))
        if name in margins and running:
            steps.append(_step(margins[name], running, margin=True))
    return steps


def _step(name: str, parts: Sequence[Row], *, margin: bool) -> Row:
    amount = sum((part["amount"] for part in parts), Decimal("0.0000"))
    return {"name": name, "amount": amount, "settled": _settled(parts), "margin": margin}


def _settled(parts: Sequence[Row]) -> bool | None:
    """Return whether nothing of these parts is an estimate: one that was taken back adds up to nothing."""
    return sum(part["amount"] for part in parts if part["state"] == ESTIMATED) == 0 if parts else None
