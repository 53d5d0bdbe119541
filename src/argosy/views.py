"""Every table a seller can ask for by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import ibis
from ibis.expr.types import Table

from argosy.books.profit import where, with_margin
from argosy.business import Business
from argosy.flow import now
from argosy.model.entries import BRIDGE, FIGURES
from argosy.model.findings import CannotTell


@dataclass(frozen=True)
class Asked:
    """How a table is asked for: grouped ``by``, ``as_known`` at a UTC moment, ``since`` another one; from the day
    ``start`` up to but without ``end``, and only ``where`` dimensions have these values, for tables that know days and
    dimensions."""

    by: tuple[str, ...] = ()
    as_known: datetime | None = None
    since: datetime | None = None
    start: date | None = None
    end: date | None = None
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class View:
    """A table by name.

    aside: columns a terminal leaves to files, for want of room. kinds: the subject under which the words for its
    column ``kind`` stand. marks: the column that names the others of which a part is estimated. blind: the key of the
    sentence that says what cannot be told in it, and the fact tables it needs; None: all is told.
    """

    table: Callable[[Business, Asked], Table]
    aside: tuple[str, ...] = ()
    kinds: str = ""
    marks: str = ""
    blind: Callable[[Business], tuple[str, tuple[str, ...]] | None] = lambda business: None


PERIODS = ("day", "week", "month")
STEPS = tuple(step for step in BRIDGE if step not in ("gross_sales", "marketing"))  # what a terminal has no room for


def _in_order(table: Table, by: tuple[str, ...], *then: Any) -> Table:
    """Periods in their order, then what is asked for, then the other groups."""
    periods = [name for name in by if name in PERIODS]
    return table.order_by(*periods, *then, *(name for name in by if name not in PERIODS))


def _as_read(table: Table) -> Table:
    """Lay out the figures as they are read: each margin after its last step, then what is said about them."""
    names = list(table.columns)
    head = names[: names.index("gross_sales")]
    return table.select(*head, *FIGURES, *(name for name in names if name not in (*head, *FIGURES)))


def _profit(business: Business, asked: Asked) -> Table:
    table = business.profit(
        by=asked.by, start=asked.start, end=asked.end, where=dict(asked.where), marked=True, as_known=asked.as_known
    )
    return _in_order(_as_read(with_margin(table)), asked.by, ibis.desc("gross_sales"))


def _products(business: Business, asked: Asked) -> Table:
    table = business.products(start=asked.start, end=asked.end, as_known=asked.as_known)
    return _as_read(table).order_by(ibis.desc("net_sales"), "sku")


def _without_cover(business: Business) -> tuple[str, tuple[str, ...]] | None:
    told = business.cover()
    if not isinstance(told, CannotTell):
        return None
    return ("loop.stock_cover", told.needs) if told.needs else ("loop.stock_cover_later", ())


def _markets(business: Business, asked: Asked) -> Table:
    table = business.markets(start=asked.start, end=asked.end, as_known=asked.as_known)
    return _as_read(table).order_by(ibis.desc("net_sales"), "market")


def _entries(business: Business, asked: Asked) -> Table:
    entries = where(business.entries(as_known=asked.as_known), dict(asked.where))
    if asked.start is not None:
        entries = entries.filter(entries.posted_at >= ibis.timestamp(asked.start.isoformat()))
    if asked.end is not None:
        entries = entries.filter(entries.posted_at < ibis.timestamp(asked.end.isoformat()))
    return entries.order_by("posted_at", "transaction_id", "entry_no")


def _kept(business: Business, asked: Asked) -> Table:
    by = asked.by or ("kind",)
    return _in_order(business.kept(by=by, start=asked.start, end=asked.end, as_known=asked.as_known), by)


def _restatements(business: Business, asked: Asked) -> Table:
    by = asked.by or ("month",)
    since = asked.since or now() - timedelta(days=30)
    return _in_order(business.restatements(before=since, after=asked.as_known, by=by), by)


def _findings(business: Business, asked: Asked) -> Table:
    table = business.findings(as_known=asked.as_known)
    return table.order_by(table.amount.abs().desc(), "subject", "kind")


VIEWS: Mapping[str, View] = {
    "profit": View(_profit, aside=(*STEPS, "unbooked", "estimates"), marks="estimates"),
    "products": View(
        _products,
        aside=(*STEPS, "on_hand", "gross_sales", "marketing", "unbooked", "profit", "estimates"),
        marks="estimates",
        blind=_without_cover,
    ),
    "markets": View(
        _markets,
        aside=(*STEPS, "gross_sales", "marketing", "unbooked", "cm1", "cm2", "profit", "estimates", "kept"),
        marks="estimates",
    ),
    "balances": View(
        lambda business, asked: business.balances(as_known=asked.as_known).order_by("account", "currency"),
        aside=("estimated", "entries"),
    ),
    "cash": View(
        lambda business, asked: business.cash(by=(*asked.by, "week")[0], as_known=asked.as_known).order_by(
            "period", "account", "currency"
        )
    ),
    "cash_flow": View(
        lambda business, asked: business.cash_flow(by=(*asked.by, "week")[0], as_known=asked.as_known).order_by(
            "period"
        )
    ),
    "receivables": View(
        lambda business, asked: business.receivables(as_known=asked.as_known).order_by("account", "currency", "age")
    ),
    "coverage": View(
        lambda business, asked: business.coverage(as_known=asked.as_known).order_by(ibis.desc("sales"), "channel_id")
    ),
    "variance": View(
        lambda business, asked: business.variance(as_known=asked.as_known).order_by("channel_id", "account")
    ),
    "restatements": View(_restatements),
    "kept": View(_kept, aside=("open", "low", "high"), kinds="promises"),
    "findings": View(_findings, aside=("channel_id", "source_row"), kinds="findings"),
    "gaps": View(
        lambda business, asked: business.gaps(as_known=asked.as_known).order_by("kind", "subject"),
        aside=("subject", "count"),
        kinds="gaps",
    ),
    "entries": View(
        _entries,
        aside=(
            *("entry_no", "known_at", "order_id", "line_no", "sku", "market", "channel_id", "source_row", "rule_id"),
        ),
    ),
    "promises": View(
        lambda business, asked: business.promises(as_known=asked.as_known).order_by("due_at", "promise_id"),
        aside=("promise_id", "direction", "party", "channel_id", "made_at", "source_row", "rule_id"),
        kinds="promises",
    ),
    "orders": View(
        lambda business, asked: business.orders(as_known=asked.as_known),
        aside=("order_id", "day", "late_hours", "due_at", "currency"),
    ),
    "due": View(
        lambda business, asked: business.due(as_known=asked.as_known),
        aside=(
            "promise_id",
            "direction",
            "party",
            "channel_id",
            "made_at",
            "kept_at",
            "late_hours",
            "source_row",
            "rule_id",
        ),
        kinds="promises",
    ),
    "imports": View(
        lambda business, asked: business.imports(as_known=asked.as_known).order_by("imported_at", "name"),
        aside=("file_hash", "kept", "reading", "encoding", "notes", "modified_at"),
    ),
}
