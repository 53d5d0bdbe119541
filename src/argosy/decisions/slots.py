"""Which worker a process is: the first number no living process has, held until it ends, however it ends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import count

import sqlalchemy as sa
from filelock import FileLock, Timeout

from argosy.decisions.state import State
from argosy.model.errors import CatalogUnreachable

NAMED = 0x41726779  # the advisory locks of workers in one PostgreSQL database: "Argy", and the number


@dataclass(frozen=True)
class Slot:
    """The number of a worker, and the connection that holds it, where a database does."""

    number: int
    connection: sa.Connection | None = None

    def check(self) -> None:
        """``CatalogUnreachable`` when the number is lost, for another process may have it now."""
        try:
            if self.connection is not None:
                self.connection.execute(sa.text("SELECT 1"))
        except sa.exc.DBAPIError as error:
            raise CatalogUnreachable(reason=str(error.orig).strip().splitlines()[0]) from None


@contextmanager
def first_free(state: State) -> Iterator[Slot]:
    """Yield the lowest number nobody has and hold it."""
    for number in count(1):
        with held(state, number) as slot:
            if slot is not None:
                yield slot
                return


@contextmanager
def held(state: State, number: int) -> Iterator[Slot | None]:
    """Yield a number if nobody has it, and hold it until the block ends."""
    with _in_database(state, number) if state.engine.dialect.name == "postgresql" else _on_disk(state, number) as slot:
        yield slot


def anybody(state: State, *, most: int = 8) -> bool:
    """Return whether a worker runs: whether one of the first numbers is held."""
    for number in range(1, most + 1):
        with held(state, number) as free:
            if free is None:
                return True
    return False


@contextmanager
def _on_disk(state: State, number: int) -> Iterator[Slot | None]:
    lock = FileLock(state.workspace.folder / f".worker-{number}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        yield None
        return
    try:
        yield Slot(number)
    finally:
        lock.release()


@contextmanager
def _in_database(state: State, number: int) -> Iterator[Slot | None]:
    key = {"named": NAMED, "number": number}
    with state.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        mine = connection.execute(sa.text("SELECT pg_try_advisory_lock(:named, :number)"), key).scalar()
        try:
            yield Slot(number, connection) if mine else None
        finally:
            with suppress(sa.exc.DBAPIError):  # a lost connection has given it back
                if mine:
                    connection.execute(sa.text("SELECT pg_advisory_unlock(:named, :number)"), key)
