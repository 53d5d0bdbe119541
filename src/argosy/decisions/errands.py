"""Tasks that somebody wants done before their time; a worker does them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from argosy.decisions.state import State
from argosy.decisions.tables import ERRANDS

WATCH = "watch"


@dataclass(frozen=True)
class Errand:
    """A task by its name; words: why it could not be done; ended_at: None while it waits or is being done."""

    number: int
    task: str
    who: str
    at: datetime
    words: str
    ended_at: datetime | None


def ask(state: State, task: str, *, who: str, at: datetime) -> None:
    """Ask for a task; one that already waits is enough."""
    with state.write() as connection:
        if not any(one.task == task for one in waiting(connection)):
            connection.execute(sa.insert(ERRANDS).values(task=task, who=who, at=at, words=""))


def end(state: State, number: int, *, at: datetime, words: str = "") -> None:
    """Write down that a task was done, or why not."""
    with state.write() as connection:
        connection.execute(sa.update(ERRANDS).where(ERRANDS.c.number == number).values(ended_at=at, words=words))


def waiting(connection: sa.Connection) -> list[Errand]:
    """Return what is asked for and not done."""
    query = sa.select(ERRANDS).where(ERRANDS.c.ended_at.is_(None)).order_by(ERRANDS.c.number)
    return [Errand(**row) for row in connection.execute(query).mappings()]


def last(connection: sa.Connection, task: str) -> Errand | None:
    """Return when a task was last asked for."""
    query = sa.select(ERRANDS).where(ERRANDS.c.task == task).order_by(ERRANDS.c.number.desc()).limit(1)
    row = connection.execute(query).mappings().first()
    return Errand(**row) if row else None
