"""What a worker does until it is told to end: approved actions and what is asked for, at once; tasks, once a day."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, time

from argosy.decisions import errands, load, notices, uploads
from argosy.decisions.jobs import ASKED_QUEUE, NOTICES_QUEUE, REST, Jobs
from argosy.decisions.records import IN_FLIGHT, Action, Freeze
from argosy.decisions.state import State
from argosy.lake.workspace import LITTLE
from argosy.model.errors import ArgosyError, DiskFull

TICK = 1.0  # seconds between looks at what is to be done
# Names of the tasks that read what was sent, that do an errand, that send notices.
UPLOADS, ERRAND, NOTICES = "uploads", "errand-", "notices"
Tell = Callable[[str], None]


def work(
    jobs: Jobs,
    *,
    tasks: Iterable[str] = (),
    daily_at: time = time(6),
    asked: bool = False,
    once: bool = False,
    tick: float = TICK,
    tell: Tell = lambda words: None,
) -> None:
    """Carry out what is approved and run the daily ``tasks`` from ``daily_at`` on, until told to end; ``asked``: read
    what people sent, do the errands they ask for and tell them what they want to know, too; ``once``: only what there
    is to do now. What goes wrong is told, once, and looked at again."""
    told, names = "", tuple(tasks)
    while not jobs.ending.is_set():
        try:
            jobs.slot.check()
            _look(jobs, names, daily_at, rest=0 if once else REST)
            if asked:
                notices.plan(jobs.hands.state, at=_now(), here=datetime.now())
                for name, of in asked_for(jobs.hands.state):
                    jobs.order_asked(name, of=of, queue=NOTICES_QUEUE if name == NOTICES else ASKED_QUEUE)
            told = ""
        except ArgosyError as error:
            if once:
                raise
            if (words := error.sentence(jobs.hands.lang)) != told:
                tell(told := words)
        if once:
            wait(jobs, tick=tick)
            return
        jobs.ending.wait(tick)


def wait(jobs: Jobs, keys: Iterable[str] | None = None, *, tick: float = 0.1) -> None:
    """Wait until the jobs of these actions, or all, are ended, or until told to end."""
    named = None if keys is None else set(keys)
    while jobs.live(named) and not jobs.ending.wait(tick):
        room(jobs.hands.state)
        jobs.adopt()


def room(state: State) -> None:
    """``DiskFull`` when there is no room to write down what is done: then nothing is begun."""
    folder = state.workspace.folder
    if shutil.disk_usage(folder).free < LITTLE:
        raise DiskFull(folder=folder)


def to_do(state: State) -> list[Action]:
    """Return the actions that wait or run and are not frozen."""
    with state.read() as connection:
        freezes = load.freezes(connection)
        return [one for one in load.actions(connection, states=IN_FLIGHT) if not _frozen(one, freezes)]


def asked_for(state: State) -> list[tuple[str, str]]:
    """Return the tasks people wait for, and of what: the upload whose turn it is, the errands, the notice that is due
    with how often it was tried."""
    with state.read() as connection:
        upload, wanted = uploads.unread(connection), errands.waiting(connection)
        notice = notices.due(connection, at=_now())
    read = [(UPLOADS, str(upload.number))] if upload else []
    tell = [(NOTICES, f"{notice.number}.{notice.tries}")] if notice else []
    return read + tell + [(f"{ERRAND}{one.task}", str(one.number)) for one in wanted]


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


def _look(jobs: Jobs, tasks: Iterable[str], daily_at: time, *, rest: float) -> None:
    room(jobs.hands.state)
    jobs.adopt()
    jobs.order(lambda: to_do(jobs.hands.state), rest=rest)
    here = datetime.now().astimezone()
    if here.time() >= daily_at:
        for name in tasks:
            jobs.order_task(name, day=here.date().isoformat())


def _frozen(action: Action, freezes: Iterable[Freeze]) -> bool:
    return any(freeze.channel in ("", action.change.channel) for freeze in freezes)
