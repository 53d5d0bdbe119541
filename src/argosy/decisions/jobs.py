"""Durable running of approved actions and daily tasks, on DBOS: what was begun is ended, whoever was killed meanwhile.

The state store alone says what is to be done; DBOS says who does it and remembers what was begun. So nothing is lost
between the two: whatever waits or runs in the state and has no live job is given a new one. Its jobs are kept in
``jobs.sqlite`` beside the settings, or in a schema of its own in the PostgreSQL that holds the state.
"""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from threading import Event
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig
from dbos._serialization import DBOSPortableJSON

from argosy.decisions.carry_out import AGAIN, Came, Hands, act, note
from argosy.decisions.records import Action
from argosy.decisions.slots import Slot, first_free, held
from argosy.decisions.state import State
from argosy.lake.workspace import disk_errors

# Raised when the parts of a workflow change: jobs begun by an older program then wait for one that knows them.
JOBS_VERSION = "1"
SCHEMA = "argosy_jobs"
ACTIONS_QUEUE, DAILY_QUEUE, ASKED_QUEUE, NOTICES_QUEUE = "actions", "daily", "asked", "notices"
LIVE = ["PENDING", "ENQUEUED"]
AT_ONCE = 4  # actions one worker carries out at the same time
PAUSES = (1.0, 4.0, 15.0, 40.0)  # seconds between attempts at a far end that does not answer; then it rests
MOST_PAUSE = 120.0  # seconds; a far end that asks for more is left to rest
REST = 300.0  # seconds until a worker tries again what it could not do; `argosy run` does at once
ASKED_REST = 10.0  # seconds until a task that somebody asked for, and that came to nothing, is tried again
SECOND = 1.0
LAST_CALLS = 25  # seconds that calls under way are given when a worker is told to end
Task = Callable[[], None]


class Jobs:
    """A process that carries out: one at a time in a process, as DBOS knows no more."""

    def __init__(self, hands: Hands, *, slot: Slot, pauses: Sequence[float] = PAUSES) -> None:
        self.hands, self.slot = hands, slot
        self.ending = Event()
        self._pauses = pauses
        self.name = _executor(slot.number)
        self._tried: dict[str, float] = {}
        self._at_work: set[str] = set()
        self._missed: set[str] = set()
        self._looked = -SECOND

    def order(self, to_do: Callable[[], Iterable[Action]], *, rest: float = REST) -> None:
        """Give every action a job that has no live one, unless this process tried it less than ``rest`` seconds ago."""
        # First who is at work, then what is to do: what was done meanwhile is then in neither.
        live = _live()
        for action in to_do():
            if action.key in live or time.monotonic() < self._tried.get(action.key, -rest) + rest:
                continue
            self._tried[action.key] = time.monotonic()
            ended = sum(job.status not in LIVE for job in _jobs(workflow_id_prefix=f"{action.key}#"))
            # Two workers who see the same give the same name, and a name is one job.
            _enqueue("carry_out", ACTIONS_QUEUE, f"{action.key}#{ended}", action.key)

    def order_task(self, name: str, *, day: str) -> None:
        """Give a daily task its job, once a day whoever asks."""
        _enqueue("daily", DAILY_QUEUE, f"{name}@{day}", name)

    def order_asked(self, name: str, *, of: str, rest: float = ASKED_REST, queue: str = ASKED_QUEUE) -> None:
        """Give a task that somebody asked for a job, unless it has a live one or was tried less than ``rest`` seconds
        ago; ``of`` tells one asking from another."""
        key = f"{name}@{of}"
        if time.monotonic() < self._tried.get(key, -rest) + rest or key in _live():
            return
        self._tried[key] = time.monotonic()
        _enqueue("daily", queue, f"{key}#{len(_jobs(workflow_id_prefix=f'{key}#'))}", name)

    def live(self, keys: Iterable[str] | None = None) -> int:
        """Return how many jobs are not ended, of these actions or at all."""
        return len(_live() if keys is None else _live() & set(keys))

    def adopt(self) -> None:
        """Take over what workers began that are dead, and what this one lost: a job that could not be kept, say for
        want of room on the disk, has nobody who runs it. Looks once a second at most."""
        if time.monotonic() < self._looked + SECOND:
            return
        self._looked = time.monotonic()
        begun = {str(job.executor_id) for job in _jobs(status="PENDING")}
        for executor in begun - {self.name}:
            with held(self.hands.state, int(executor.rpartition("-")[2])) as free:
                if free is not None:
                    _resume(_jobs(status="PENDING", executor_id=executor))
        mine = [job for job in _jobs(status="PENDING", executor_id=self.name) if job.workflow_id not in self._at_work]
        # One that is just being taken up is not lost: it must be so twice.
        _resume([job for job in mine if job.workflow_id in self._missed])
        self._missed = {job.workflow_id for job in mine}

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Know of the job that is run by this thread."""
        name = str(DBOS.workflow_id)
        self._at_work.add(name)
        try:
            yield
        finally:
            self._at_work.discard(name)

    def carry_out(self, key: str) -> str:
        """Carry one action out, trying again while the far end does not answer; return the state it is in."""
        came, fresh = Came(AGAIN), False

        def attempt() -> dict[str, Any]:
            nonlocal fresh
            fresh = True
            return asdict(act(self.hands, key))

        for pause in (*self._pauses, None):
            came = Came(**DBOS.run_step({"name": "act"}, attempt))
            if came.how != AGAIN or pause is None or came.seconds > MOST_PAUSE:
                break
            # An attempt of an earlier life has been waited for already.
            if fresh and self.ending.wait(max(pause, came.seconds)):
                break
        told = came
        return DBOS.run_step({"name": "note"}, lambda: note(self.hands, key, told))


@contextmanager
def working(
    hands: Hands, *, tasks: Mapping[str, Task] | None = None, poll: float = 0.5, pauses: Sequence[float] = PAUSES
) -> Iterator[Jobs]:
    """Yield a running worker; when the block ends, calls under way are ended and nothing new is begun."""
    with first_free(hands.state) as slot:
        jobs = Jobs(hands, slot=slot, pauses=pauses)
        DBOS(config=_config(hands.state, slot.number))

        # Never given up for having been cut off too often.
        @DBOS.workflow(name="carry_out", max_recovery_attempts=None)
        def carry_out(key: str) -> str:
            with jobs.at_work():
                return jobs.carry_out(key)

        @DBOS.workflow(name="daily", max_recovery_attempts=None)
        def daily(name: str) -> None:
            with jobs.at_work():
                DBOS.run_step({"name": name}, (tasks or {})[name])

        patience = 0
        try:
            with disk_errors(hands.state.workspace.folder):
                DBOS.launch()
                DBOS.register_queue(ACTIONS_QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=poll)
                DBOS.register_queue(DAILY_QUEUE, worker_concurrency=1, polling_interval_sec=poll)
                DBOS.register_queue(ASKED_QUEUE, worker_concurrency=1, polling_interval_sec=poll)
                # One place that is slow does not keep the others waiting, nor do files that are being read.
                DBOS.register_queue(NOTICES_QUEUE, worker_concurrency=AT_ONCE, polling_interval_sec=poll)
            patience = LAST_CALLS
            yield jobs
        finally:
            jobs.ending.set()
            if patience and not _jobs(status="PENDING", executor_id=jobs.name):
                patience = 0  # DBOS would look no sooner than in a second
            DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=patience)


def _config(state: State, number: int) -> DBOSConfig:
    config: DBOSConfig = {
        "name": "argosy",
        "application_version": JOBS_VERSION,
        "executor_id": _executor(number),
        "log_level": "ERROR",
        "serializer": DBOSPortableJSON,  # plain JSON: what is kept can be read, and nothing that is read is run
        "use_listen_notify": False,
        "notification_listener_polling_interval_sec": 0.2,
    }
    if state.engine.dialect.name == "postgresql":
        # The engine of the state: nothing DBOS logs can hold the password.
        return {**config, "system_database_engine": state.engine, "dbos_system_schema": SCHEMA}
    path = state.workspace.folder / "jobs.sqlite"
    with disk_errors(state.workspace.folder):
        if not path.exists():
            os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
        base = sqlite3.connect(path)
        base.execute("PRAGMA journal_mode = WAL")
        base.close()
    return {**config, "system_database_url": str(sa.URL.create("sqlite", database=str(path)))}


def _executor(number: int) -> str:
    return f"worker-{number}"


def _enqueue(workflow: str, queue: str, name: str, *arguments: str) -> None:
    DBOS.enqueue_workflow_with_options(
        {"workflow_name": workflow, "queue_name": queue, "workflow_id": name}, *arguments
    )


def _resume(jobs: Iterable[Any]) -> None:
    for job in jobs:
        DBOS.resume_workflow(job.workflow_id, queue_name=job.queue_name)


def _live() -> set[str]:
    """Return the keys of actions, and the names of tasks with their days, that have a job which is not ended."""
    return {job.workflow_id.partition("#")[0] for job in _jobs(status=LIVE)}


def _jobs(**which: Any) -> list[Any]:
    return DBOS.list_workflows(**which, load_input=False, load_output=False)
