"""What people send and ask for, as a worker finds it: in turn, and again when who had it died."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from tests.decisions.samples import AT

from argosy.decisions import errands, uploads
from argosy.decisions.carry_out import Hands
from argosy.decisions.jobs import working
from argosy.decisions.slots import anybody, first_free
from argosy.decisions.state import State
from argosy.decisions.worker import asked_for, wait, work
from argosy.model.errors import DiskFull, NoSuchEntry


def sent(state: State, *names: str) -> uploads.Upload:
    upload = uploads.announce(state, [(name, 1, 0) for name in names], who="ann", at=AT)
    uploads.order(state, upload.number, at=AT)
    return upload


def test_names_on_disk_are_ours(state: State) -> None:
    names = ("../../x.csv", "a" * 300 + ".ZIP", "con.txt.exe", "b.csv.gz", ".csv")
    stored = [one.stored for one in sent(state, *names).files]
    assert stored == ["00000.csv", "00001.zip", "00002", "00003.gz", "00004.csv"]


def test_uploads_are_read_in_turn(state: State) -> None:
    first, second = sent(state, "a.csv"), sent(state, "b.csv")
    uploads.announce(state, [("c.csv", 1, 0)], who="ann", at=AT)  # has not arrived yet
    assert asked_for(state) == [("uploads", str(first.number))]
    uploads.begin(state, first.number, at=AT)
    assert asked_for(state) == [("uploads", str(first.number))]
    uploads.end(state, first.number, reports=[{"name": "a.csv", "assumed": ("x",)}], at=AT)
    assert asked_for(state) == [("uploads", str(second.number))]
    uploads.fail(state, second.number, words="no room", at=AT)
    assert asked_for(state) == []
    with state.read() as connection:
        assert [one.number for one in uploads.latest(connection, count=9)] == [second.number, first.number]
        assert uploads.upload(connection, first.number).reports == [{"name": "a.csv", "assumed": ["x"]}]
        with pytest.raises(NoSuchEntry):
            uploads.upload(connection, 99)
    assert not uploads.folder_of(state, first.number).exists()
    assert uploads.folder_of(state, second.number).exists()


def test_what_does_not_fit_on_the_disk_is_refused(state: State) -> None:
    with pytest.raises(DiskFull):
        uploads.announce(state, [("a.csv", 1 << 60, 0)], who="ann", at=AT)
    with state.read() as connection:
        assert uploads.unread(connection) is None


def test_what_never_came_whole_is_given_up(state: State) -> None:
    left = uploads.announce(state, [("a.csv", 1, 0)], who="ann", at=AT)
    whole = sent(state, "b.csv")
    uploads.announce(state, [("c.csv", 1, 0)], who="ann", at=AT + uploads.ABANDONED + timedelta(seconds=1))
    assert not uploads.folder_of(state, left.number).exists()
    with state.read() as connection:
        assert [one.number for one in uploads.latest(connection, count=9)] == [whole.number]
        with pytest.raises(NoSuchEntry):
            uploads.upload(connection, left.number)


def test_an_errand_is_asked_for_once(state: State) -> None:
    for _ in range(2):
        errands.ask(state, errands.WATCH, who="ann", at=AT)
    assert asked_for(state) == [("errand-watch", "1")]
    errands.end(state, 1, at=AT)
    assert asked_for(state) == []
    errands.ask(state, errands.WATCH, who="ann", at=AT)
    assert asked_for(state) == [("errand-watch", "2")]


def test_a_worker_does_what_is_asked_for_and_tries_again_what_came_to_nothing(state: State) -> None:
    upload = sent(state, "a.csv")
    errands.ask(state, errands.WATCH, who="ann", at=AT)
    did: list[str] = []

    def read() -> None:
        did.append("read")
        if did.count("read") == 1:
            raise RuntimeError("cut off")
        uploads.end(state, upload.number, reports=[], at=AT)

    def look() -> None:
        did.append("look")
        errands.end(state, 1, at=AT)

    tasks: Mapping[str, Any] = {"uploads": read, "errand-watch": look}
    with working(Hands(state, _nobody, lambda kept: {}), tasks=tasks, poll=0.05) as jobs:
        work(jobs, asked=True, once=True)
        assert sorted(did) == ["look", "read"]
        jobs.order_asked("uploads", of=str(upload.number))  # too soon
        assert jobs.live() == 0
        jobs.order_asked("uploads", of=str(upload.number), rest=0)
        wait(jobs)
    assert did.count("read") == 2
    assert asked_for(state) == []


def test_whether_a_worker_runs_can_be_seen(state: State) -> None:
    assert not anybody(state)
    with first_free(state):
        assert anybody(state)
    assert not anybody(state)


def _nobody(change: object) -> Any:
    raise AssertionError
