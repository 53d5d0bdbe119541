"""The log of who did what and when: each entry is signed with the one before it, so that no change goes unnoticed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa

from argosy.decisions.codec import text_of, value_of
from argosy.decisions.seal import Head, Seal, head, holds
from argosy.decisions.state import State
from argosy.decisions.tables import AUDIT

COLUMNS = ("number", "at", "who", "what", "subject", "before", "after", "previous")
PAGE = 1000  # entries read at a time
# What is wrong with a log, at the first entry where something is.
CHANGED, UNLINKED, MISSING, ENDING, UNSEALED = "changed", "unlinked", "missing", "ending", "unsealed"


@dataclass(frozen=True)
class Entry:
    """One event. what: a key of ``locale/audit.toml``. subject: P31, A7, a channel, a kind, a name. before, after:
    the values that changed. previous: the hash of the entry before."""

    number: int
    at: datetime
    who: str
    what: str
    subject: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True)
class Checked:
    """What a check of the log found: its head, and, where it is not sound, ``wrong`` and the entry it begins at.

    wrong: CHANGED: the entry is not what was signed; UNLINKED: it does not follow the one before, so one was put in,
    taken out or signed anew; MISSING: a number is left out; ENDING: the log does not end as sealed, or does not hold
    the head that was asked for; UNSEALED: there is no seal though there must be one. sealed: whether there was a seal
    to hold its end against.
    """

    head: Head
    sealed: bool
    wrong: str = ""
    number: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.wrong


def append(
    connection: sa.Connection,
    what: str,
    subject: str,
    *,
    who: str,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """Add an event to the log, in the transaction of the change it tells of."""
    last = head(connection)
    row = {
        "number": last.count + 1, "at": at.isoformat(), "who": who, "what": what, "subject": subject,
        "before": text_of(before or {}), "after": text_of(after or {}), "previous": last.hash,
    }  # fmt: skip
    connection.execute(sa.insert(AUDIT).values(**row, hash=signed(row)))


def signed(row: Mapping[str, Any]) -> str:
    """Return the hash of an entry: SHA-256 over all its columns, the hash of the entry before it among them."""
    columns = [row[name] for name in COLUMNS]
    return sha256(json.dumps(columns, ensure_ascii=False, separators=(",", ":"), default=repr).encode()).hexdigest()


def entries(connection: sa.Connection, *, after: int = 0, limit: int | None = None) -> Iterator[Entry]:
    """Return the events after one of them, in order."""
    rows = sa.select(AUDIT).where(AUDIT.c.number > after).order_by(AUDIT.c.number).limit(limit)
    return (_entry(dict(row)) for row in connection.execute(rows).mappings())


def _entry(row: Mapping[str, Any]) -> Entry:
    told = {name: value_of(row[name]) for name in ("before", "after")}
    return Entry(**{**row, **told, "at": datetime.fromisoformat(row["at"])})


def found(connection: sa.Connection, *, who: str = "", what: str = "", before: int = 0, limit: int = 50) -> list[Entry]:
    """Return events, the newest first: of one person or one kind where asked, and those before event ``before``."""
    rows = sa.select(AUDIT).order_by(AUDIT.c.number.desc()).limit(limit)
    rows = rows.where(AUDIT.c.who == who) if who else rows
    rows = rows.where(AUDIT.c.what == what) if what else rows
    rows = rows.where(AUDIT.c.number < before) if before else rows
    return [_entry(dict(row)) for row in connection.execute(rows).mappings()]


def kinds(connection: sa.Connection) -> tuple[list[str], list[str]]:
    """Return who did anything, and what kinds of events there are, by name."""
    who, what = (
        list(connection.execute(sa.select(column).distinct().order_by(column)).scalars())
        for column in (AUDIT.c.who, AUDIT.c.what)
    )
    return who, what


def verify(state: State, *, noted: Head | None = None) -> Checked:
    """Return whether the log is what was written: every entry, their order and its end; and, where a head was
    ``noted`` elsewhere, whether the log had it."""
    with state.read() as connection:
        seal, last = Seal(state.workspace.folder), head(connection)
        wrong = _first_wrong(connection)
        if wrong is not None:
            return Checked(last, bool(seal.ends), *wrong)
        if noted is not None and not holds(connection, noted):
            return Checked(last, bool(seal.ends), ENDING, noted.count)
        if not seal.ends and not seal.breaks and not seal.sound(connection):
            return Checked(last, False, UNSEALED, last.count)
        if seal.breaks or not seal.sound(connection):
            expected = seal.breaks[0] if seal.breaks else max(seal.ends, default=last)
            whole = holds(connection, expected)
            number = expected.count + 1 if whole else max(1, min(last.count + 1, expected.count))
            return Checked(last, bool(seal.ends), ENDING, number)
        return Checked(last, bool(seal.ends))


def _first_wrong(connection: sa.Connection) -> tuple[str, int] | None:
    previous, number = "", 0
    while page := _page(connection, number):
        for row in page:
            number += 1
            if row["number"] != number:
                return MISSING, number
            if row["previous"] != previous:
                return UNLINKED, number
            if signed(row) != row["hash"]:
                return CHANGED, number
            previous = row["hash"]
    return None


def _page(connection: sa.Connection, after: int) -> list[Mapping[str, Any]]:
    rows = sa.select(AUDIT).order_by(AUDIT.c.number).limit(PAGE)
    # A number below 1 was put in by hand.
    rows = rows.where(AUDIT.c.number > after) if after else rows
    return [dict(row) for row in connection.execute(rows).mappings()]
