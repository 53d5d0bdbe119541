"""What happened that people want to know, told from what the state store holds anyway."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from argosy.decisions.records import ACTED, FAILED, IN_FLIGHT, OPEN, REFUSED, UNDONE
from argosy.decisions.tables import ACTIONS, FINDINGS, MEASURES, PROPOSALS, UPLOADS
from argosy.decisions.uploads import DONE as READ
from argosy.decisions.uploads import FAILED as UNREAD
from argosy.model.decisions import FINANCE, OWNER, ROLES, VIEWER

FOUND, WAITS, DONE, STUCK, MEASURED = "found", "waits", "done", "stuck", "measured"
GONE, IMPORTS, TEST = "gone", "imports", "test"
# What one can be told of, and who: what an action brought is for those who see what was earned.
KINDS: Mapping[str, tuple[str, ...]] = {
    FOUND: ROLES, WAITS: ROLES, DONE: ROLES, STUCK: ROLES, MEASURED: (OWNER, FINANCE, VIEWER), GONE: ROLES,
    IMPORTS: ROLES,
}  # fmt: skip
HELD = "held"
BAD = ("unknown", "unreadable")  # outcomes of a file that was not read


@dataclass(frozen=True)
class Event:
    """Something that happened, without a word about any buyer.

    kind: one of ``KINDS``, or TEST. how: the state it came to, where there are several. name: F12, P31, A7, U3. about:
    kind of the finding or change; domain: who noticed it. amount: at stake, expected or brought, None where there is
    none. card: number of the proposal that shows it. files, rows: of an import, that were refused.
    """

    kind: str
    name: str
    at: datetime
    how: str = ""
    about: str = ""
    subject: str = ""
    domain: str = ""
    amount: Decimal | None = None
    currency: str = ""
    card: int | None = None
    files: int = 0
    rows: int = 0

    @property
    def key(self) -> str:
        """What tells it from all others."""
        return "/".join(part for part in (self.kind, self.name, self.how) if part)


def happened(connection: sa.Connection, *, since: datetime) -> list[Event]:
    """Return what happened from ``since`` (UTC) on, the oldest first."""
    parts = (_found, _gone, _waits, _acted, _stuck, _measured, _imports)
    return sorted((event for part in parts for event in part(connection, since)), key=lambda one: (one.at, one.key))


def _found(connection: sa.Connection, since: datetime) -> Iterator[Event]:
    first = sa.select(sa.func.min(PROPOSALS.c.number)).where(PROPOSALS.c.finding == FINDINGS.c.number)
    query = sa.select(FINDINGS, first.scalar_subquery().label("card"))
    for row in _rows(connection, query.where(FINDINGS.c.seen_first_at >= since, FINDINGS.c.gone_at.is_(None))):
        yield _of_finding(FOUND, row, row["seen_first_at"], card=row["card"])


def _gone(connection: sa.Connection, since: datetime) -> Iterator[Event]:
    for row in _rows(connection, sa.select(FINDINGS).where(FINDINGS.c.gone_at >= since)):
        yield _of_finding(GONE, row, row["gone_at"])


def _of_finding(kind: str, row: Mapping[str, Any], at: datetime, *, card: int | None = None) -> Event:
    domain = str(row["kind"]).partition(".")[0]
    return Event(
        kind, f"F{row['number']}", at, row["sense"] if kind == FOUND else "", row["kind"], row["subject"], domain,
        row["mid"], row["currency"], card,
    )  # fmt: skip


def _waits(connection: sa.Connection, since: datetime) -> Iterator[Event]:
    query = sa.select(PROPOSALS, _domain()).join(FINDINGS)
    for row in _rows(connection, query.where(PROPOSALS.c.state == OPEN, PROPOSALS.c.offered_at >= since)):
        yield Event(
            WAITS, f"P{row['number']}", row["offered_at"], "", row["kind"], row["subject"], row["domain"], row["mid"],
            row["currency"], row["number"],
        )  # fmt: skip


def _acted(connection: sa.Connection, since: datetime) -> Iterator[Event]:
    ended = ACTIONS.c.state.in_((ACTED, UNDONE, FAILED, REFUSED)) & (ACTIONS.c.ended_at >= since)
    for row in _rows(connection, _actions().where(ended)):
        # One that was taken back later was done all the same.
        how = row["state"] if row["state"] in (FAILED, REFUSED) else ""
        yield _of_action(STUCK if how else DONE, row, row["ended_at"], how=how)


def _stuck(connection: sa.Connection, since: datetime) -> Iterator[Event]:
    # What is held keeps no time of it; it was last begun or ordered.
    at = sa.func.coalesce(ACTIONS.c.began_at, ACTIONS.c.ordered_at)
    held = ACTIONS.c.state.in_(IN_FLIGHT) & (ACTIONS.c.words != "") & (at >= since)
    for row in _rows(connection, _actions().where(held)):
        yield _of_action(STUCK, row, row["began_at"] or row["ordered_at"], how=HELD)


def _measured(connection: sa.Connection, since: datetime) -> Iterator[Event]:
    query = _actions(MEASURES.c.measured_at, MEASURES.c.brought_mid, MEASURES.c.currency).join(MEASURES)
    for row in _rows(connection, query.where(MEASURES.c.measured_at >= since)):
        yield _of_action(MEASURED, row, row["measured_at"], amount=row["brought_mid"], currency=row["currency"])


def _actions(*more: sa.ColumnElement[Any]) -> sa.Select[Any]:
    return sa.select(ACTIONS, _domain(), *more).select_from(ACTIONS).join(PROPOSALS).join(FINDINGS)


def _domain() -> sa.ColumnElement[Any]:
    return FINDINGS.c.kind.label("domain_kind")


def _of_action(kind: str, row: Mapping[str, Any], at: datetime, **more: Any) -> Event:
    return Event(
        kind, f"A{row['number']}", at, about=row["change"]["kind"], subject=row["change"]["subject"],
        domain=row["domain"], card=row["proposal"], **more,
    )  # fmt: skip


def _imports(connection: sa.Connection, since: datetime) -> Iterator[Event]:
    query = sa.select(UPLOADS).where(UPLOADS.c.state.in_((READ, UNREAD)), UPLOADS.c.ended_at >= since)
    for row in _rows(connection, query):
        rows = sum(report.get("rejected", 0) for report in row["reports"])
        files = sum(report.get("outcome") in BAD for report in row["reports"])
        if rows or files or row["state"] == UNREAD:
            yield Event(IMPORTS, f"U{row['number']}", row["ended_at"], row["state"], files=files, rows=rows)


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> Iterator[Mapping[str, Any]]:
    for row in connection.execute(query).mappings():
        told = dict(row)
        if "domain_kind" in told:
            told["domain"] = told["domain_kind"].partition(".")[0]
        yield told
