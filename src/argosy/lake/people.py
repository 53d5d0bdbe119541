"""Contact data of buyers, kept away from the lake in one file that only its owner can read."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

DDL = """
CREATE TABLE IF NOT EXISTS contacts (
  customer_key TEXT NOT NULL, kind TEXT NOT NULL, value TEXT NOT NULL, file_hash TEXT NOT NULL,
  PRIMARY KEY (customer_key, kind, value, file_hash)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS forgotten (customer_key TEXT PRIMARY KEY, at TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Contact:
    """One thing known of a buyer: kind is name, email, phone or street."""

    customer_key: str
    kind: str
    value: str
    file_hash: str


def remember(path: Path, contacts: Iterable[Contact]) -> None:
    """Write contacts down; those of a forgotten buyer are left out, the same ones twice are one."""
    with _opened(path) as people:
        people.executemany(
            """INSERT OR IGNORE INTO contacts SELECT ?1, ?2, ?3, ?4
               WHERE NOT EXISTS (SELECT 1 FROM forgotten WHERE customer_key = ?1)""",
            ((c.customer_key, c.kind, c.value, c.file_hash) for c in contacts),
        )


def contacts_of(path: Path, customer_key: str) -> list[Contact]:
    """Return all that is known of one buyer."""
    if not path.exists():
        return []
    with _opened(path) as people:
        rows = people.execute(
            "SELECT customer_key, kind, value, file_hash FROM contacts WHERE customer_key = ?",
            (customer_key,),
        )
        return [Contact(*row) for row in rows]


def customers_with(path: Path, value: str) -> list[str]:
    """Return the keys of the buyers with this e-mail, name or phone, so that a person can be found by one."""
    if not path.exists():
        return []
    with _opened(path) as people:
        rows = people.execute(
            "SELECT DISTINCT customer_key FROM contacts WHERE lower(value) = lower(?) ORDER BY 1", (value,)
        )
        return [key for (key,) in rows]


def forget(path: Path, customer_key: str, *, at: str) -> None:
    """Erase one buyer and remember only the key, so that a later import does not bring the person back."""
    with _opened(path) as people:
        people.execute("DELETE FROM contacts WHERE customer_key = ?", (customer_key,))
        people.execute("INSERT OR IGNORE INTO forgotten VALUES (?, ?)", (customer_key, at))
    with _opened(path) as people:
        people.isolation_level = None
        people.execute("VACUUM")


def forgotten(path: Path) -> frozenset[str]:
    """Return the keys of all buyers that were erased."""
    if not path.exists():
        return frozenset()
    with _opened(path) as people:
        return frozenset(key for (key,) in people.execute("SELECT customer_key FROM forgotten"))


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    if not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    with closing(sqlite3.connect(path, timeout=60)) as people:
        people.execute("PRAGMA secure_delete = ON")
        people.executescript(DDL)
        with people:
            yield people
