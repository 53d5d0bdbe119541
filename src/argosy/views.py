"""Every table a seller can ask for by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import ibis
from ibis.expr.types import Table

from argosy.business import Business
from argosy.model.entries import BRIDGE


@dataclass(frozen=True)
class View:
    """A table by name.

    aside: columns a terminal leaves to files, for want of room. kinds: the subject under which the words for its
    column ``kind`` stand.
    """

    table: Callable[[Business, tuple[str, ...]], Table]
    aside: tuple[str, ...] = ()
    kinds: str = ""


PERIODS = ("day", "week", "month")


def _profit(business: Business, by: tuple[str, ...]) -> Table:
    """Periods in their order, anything else by what it sold."""
    periods = [name for name in by if name in PERIODS]
    others = [name for name in by if name not in PERIODS]
    return business.profit(by=by).order_by(*periods, ibis.desc("gross_sales"), *others)


def _kept(business: Business, by: tuple[str, ...]) -> Table:
    groups = by or ("kind",)
    return business.kept(by=groups).order_by(*groups)


VIEWS: Mapping[str, View] = {
    "profit": View(_profit, aside=(*(step for step in BRIDGE if step not in ("gross_sales", "marketing")), "unbooked")),
    "balances": View(
        lambda business, by: business.balances().order_by("account", "currency"), aside=("estimated", "entries")
    ),
    "cash": View(lambda business, by: business.cash(by=by[0] if by else "week").order_by("period", "account")),
    "receivables": View(lambda business, by: business.receivables().order_by("account", "currency", "age")),
    "coverage": View(lambda business, by: business.coverage().order_by(ibis.desc("sales"))),
    "variance": View(lambda business, by: business.variance().order_by("channel_id", "account")),
    "kept": View(_kept, kinds="promises"),
    "findings": View(
        lambda business, by: business.findings().order_by(lambda t: t.amount.abs().desc(), "subject"),
        aside=("channel_id", "source_row"),
        kinds="findings",
    ),
    "gaps": View(lambda business, by: business.gaps().order_by("kind", "subject")),
    "entries": View(
        lambda business, by: business.entries().order_by("posted_at", "transaction_id", "entry_no"),
        aside=(
            *("entry_no", "known_at", "order_id", "line_no", "sku", "market", "channel_id", "source_row", "rule_id"),
        ),
    ),
    "promises": View(
        lambda business, by: business.promises().order_by("due_at", "promise_id"),
        aside=("promise_id", "direction", "party", "channel_id", "made_at", "source_row", "rule_id"),
        kinds="promises",
    ),
    "imports": View(
        lambda business, by: business.lake.table("imports").order_by("imported_at", "name"),
        aside=("file_hash", "kept", "reading", "encoding", "notes", "modified_at"),
    ),
}
