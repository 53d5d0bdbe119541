"""Files that people sent: kept until a worker has read them, with how far it is and what became of each."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from argosy.decisions.state import State
from argosy.decisions.tables import UPLOADS
from argosy.lake.workspace import LITTLE, disk_errors
from argosy.model.errors import DiskFull, NoSuchEntry

# ARRIVING: its files are being sent; WAITING: for a worker; RUNNING: being read; DONE; FAILED: may be read again.
ARRIVING, WAITING, RUNNING, DONE, FAILED = "arriving", "waiting", "running", "done", "failed"
UNREAD = (WAITING, RUNNING)
FOLDER = "incoming"
ABANDONED = timedelta(days=1)  # what has not come whole by then is given up
# The endings that say how a file is opened; any other file is looked at as text.
OPENED_AS = (".csv", ".tsv", ".txt", ".tab", ".gz", ".zip", ".xlsx", ".xlsm")


@dataclass(frozen=True)
class Sent:
    """A file that somebody sent. name: what people call it; stored: what it is called on disk, never what its sender
    says; size in bytes; modified_at: when it was written, seconds since 1970."""

    name: str
    stored: str
    size: int
    modified_at: int


@dataclass(frozen=True)
class Upload:
    """Files sent together. done of total files are read and ``doing`` is the one in hand; reports: what became of
    each file, as ``FileReport`` has it."""

    number: int
    who: str
    at: datetime
    account: str
    files: tuple[Sent, ...]
    state: str
    done: int = 0
    total: int = 0
    doing: str = ""
    reports: Sequence[Mapping[str, Any]] = field(default=())
    words: str = ""
    began_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def unread(self) -> bool:
        """Whether a worker has yet to end it."""
        return self.state in UNREAD


def announce(
    state: State, files: Sequence[tuple[str, int, int]], *, who: str, at: datetime, account: str = "main"
) -> Upload:
    """Make room for files (name, size, modified_at) that are about to be sent; ``DiskFull`` when there is none."""
    folder = state.workspace.folder
    _forget(state, before=at - ABANDONED)
    if sum(size for _, size, _ in files) + LITTLE > shutil.disk_usage(folder).free:
        raise DiskFull(folder=folder)
    sent = [
        Sent(name, f"{place:05}{_ending(name)}", size, written) for place, (name, size, written) in enumerate(files)
    ]
    with state.write() as connection:
        row = {
            "who": who, "at": at, "account": account, "files": [vars(one) for one in sent], "state": ARRIVING,
            "done": 0, "total": len(sent), "doing": "", "reports": [], "words": "",
        }  # fmt: skip
        number = connection.execute(sa.insert(UPLOADS).values(row).returning(UPLOADS.c.number)).scalar_one()
    with disk_errors(folder):
        place = folder_of(state, number)
        place.parent.mkdir(mode=0o700, exist_ok=True)
        place.mkdir(mode=0o700)
    return Upload(number, who, at, account, tuple(sent), ARRIVING, total=len(sent))


def _forget(state: State, *, before: datetime) -> None:
    """Let go of uploads that never came whole."""
    left = UPLOADS.c.state == ARRIVING, UPLOADS.c.at < before
    with state.write() as connection:
        gone = connection.execute(sa.delete(UPLOADS).where(*left).returning(UPLOADS.c.number)).scalars().all()
    for number in gone:
        shutil.rmtree(folder_of(state, number), ignore_errors=True)


def folder_of(state: State, number: int) -> Path:
    """Return where the files of an upload lie."""
    return state.workspace.folder / FOLDER / str(number)


def order(state: State, number: int, *, at: datetime) -> None:
    """Let a worker read an upload, or read it again after it failed."""
    _put(state, number, state_=WAITING, at=at, words="", done=0, ended_at=None)


def begin(state: State, number: int, *, at: datetime) -> None:
    """Write down that an upload is being read."""
    _put(state, number, state_=RUNNING, began_at=at, done=0, doing="")


def progress(state: State, number: int, *, done: int, total: int, doing: str) -> None:
    """Write down how far the reading is."""
    _put(state, number, done=done, total=total, doing=doing)


def end(state: State, number: int, *, reports: Sequence[Mapping[str, Any]], at: datetime) -> None:
    """Write down what became of each file, and let go of the files: what was read is kept with the lake."""
    _put(state, number, state_=DONE, reports=list(reports), doing="", ended_at=at)
    shutil.rmtree(folder_of(state, number), ignore_errors=True)


def fail(state: State, number: int, *, words: str, at: datetime) -> None:
    """Write down why an upload could not be read; its files stay, so that it can be tried again."""
    _put(state, number, state_=FAILED, words=words, ended_at=at)


def unread(connection: sa.Connection) -> Upload | None:
    """Return the upload whose turn it is: the first that is not read to its end."""
    query = sa.select(UPLOADS).where(UPLOADS.c.state.in_(UNREAD)).order_by(UPLOADS.c.number).limit(1)
    row = connection.execute(query).mappings().first()
    return _upload(row) if row else None


def count_unread(connection: sa.Connection) -> int:
    """Return how many uploads a worker has yet to read to their end."""
    query = sa.select(sa.func.count()).select_from(UPLOADS).where(UPLOADS.c.state.in_(UNREAD))
    return int(connection.execute(query).scalar_one())


def latest(connection: sa.Connection, *, count: int) -> list[Upload]:
    """Return the last uploads, the newest first."""
    query = sa.select(UPLOADS).where(UPLOADS.c.state != ARRIVING).order_by(UPLOADS.c.number.desc()).limit(count)
    return [_upload(row) for row in connection.execute(query).mappings()]


def upload(connection: sa.Connection, number: int) -> Upload:
    """Return an upload; ``NoSuchEntry``."""
    row = connection.execute(sa.select(UPLOADS).where(UPLOADS.c.number == number)).mappings().first()
    if row is None:
        raise NoSuchEntry(name=f"U{number}")
    return _upload(row)


def _upload(row: sa.RowMapping) -> Upload:
    return Upload(**{**row, "files": tuple(Sent(**one) for one in row["files"])})


def _put(state: State, number: int, *, state_: str | None = None, **values: Any) -> None:
    changed = values | ({"state": state_} if state_ else {})
    with state.write() as connection:
        connection.execute(sa.update(UPLOADS).where(UPLOADS.c.number == number).values(changed))


def _ending(name: str) -> str:
    return next((ending for ending in OPENED_AS if name.lower().endswith(ending)), "")
