"""The head of the audit log, kept in a small file beside the settings, so that a log cut off at its end is noticed.

``audit.head`` begins with a line of ``sealed`` and the head, or, while a change is being written, ``promised`` and both
ends: a process killed in between leaves a promise, and either end is sound. A line of ``broken`` follows for each time
the log did not end as sealed; it stays there, however much is written afterwards.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from argosy.decisions.tables import AUDIT

FILE = "audit.head"
SHORT = 8  # digits of a hash that are compared at least


@dataclass(frozen=True, order=True)
class Head:
    """How many entries the log has, and the hash of the last one; empty when it has none."""

    count: int
    hash: str

    @classmethod
    def read(cls, text: str) -> Head:
        """Return the head written as ``41:9f2c...``; of what is no head, one that no log has."""
        count, _, digest = text.partition(":")
        return cls(int(count), digest) if count.isdecimal() else cls(-1, text)

    def __str__(self) -> str:
        return f"{self.count}:{self.hash}"

    @property
    def short(self) -> str:
        """The head as people note it: sixteen digits of the hash are enough."""
        return f"{self.count}:{self.hash[:16]}"


EMPTY = Head(0, "")


def head(connection: sa.Connection) -> Head:
    """Return the head of the log in the database."""
    last = sa.select(AUDIT.c.number, AUDIT.c.hash).order_by(AUDIT.c.number.desc()).limit(1)
    found = connection.execute(last).first()
    return Head(*found) if found else EMPTY


def holds(connection: sa.Connection, end: Head) -> bool:
    """Return whether the log had this head once: the entry is there, with the hash."""
    found = connection.execute(sa.select(AUDIT.c.hash).where(AUDIT.c.number == end.count)).scalar()
    return end == EMPTY or (found is not None and len(end.hash) >= SHORT and str(found).startswith(end.hash))


class Seal:
    """The file in one folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE
        lines = self.path.read_text(encoding="utf-8", errors="replace").splitlines() if self.path.exists() else []
        self.ends = tuple(Head.read(word) for line in lines[:1] for word in line.split()[1:])
        self.breaks = tuple(Head.read(line.split()[-1]) for line in lines[1:] if line.strip())

    def sound(self, connection: sa.Connection) -> bool:
        """Return whether the log ends as sealed. Where several folders share a database, others may have gone on."""
        if not self.ends:
            return connection.dialect.name != "sqlite" or head(connection) == EMPTY
        if connection.dialect.name == "sqlite":
            return head(connection) in self.ends
        return any(holds(connection, end) for end in self.ends)

    def promise(self, connection: sa.Connection, *, before: Head, sound: bool) -> None:
        """Write down both ends, before the database is told to keep the new one."""
        if not sound:
            self.breaks += (max(self.ends, default=EMPTY),)
        self._write(f"promised {before} {head(connection)}")

    def keep(self, after: Head) -> None:
        """Write down the end that holds."""
        self._write(f"sealed {after}")

    def _write(self, first: str) -> None:
        lines = [first, *(f"broken {end}" for end in self.breaks)]
        beside = self.path.with_name(f"{FILE}.{os.getpid()}")
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n")
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self.path)
