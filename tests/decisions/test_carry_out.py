"""Carrying out in bad surroundings: a clear sentence, nothing lost, nothing done twice."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from tests.decisions.ordered import DAY, actions, now, offer, order

from argosy.decisions import audit, decide, load, rules
from argosy.decisions.carry_out import Hands, preview
from argosy.decisions.jobs import Jobs, working
from argosy.decisions.records import Action
from argosy.decisions.state import State
from argosy.decisions.worker import work
from argosy.lake.workspace import create_workspace, open_workspace
from argosy.model.actions import Receipt, Request
from argosy.model.errors import ArgosyError, ChangeRefused, DiskFull, OutsideBusy, OutsideUnreachable, TokenRefused
from argosy.model.proposals import Change

PRICE = Change("price.set", "MUG", "shopify:main", {"price": "12.00", "was": "10.00", "currency": "EUR"})
TASK = Change("task.do", "carrier/7", "carrier:main", {"text": "Ask"})


@dataclass
class Place:
    """A place outside that keeps what it was told, and says no when it is told to.

    refuses: what it raises, call by call; deaf: it acts and its answer is lost, so many times.
    """

    name: str = "place"
    stands: dict[str, str] = field(default_factory=lambda: {"MUG": "10.00"})
    done: dict[str, Change] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    refuses: list[ArgosyError] = field(default_factory=list)
    deaf: int = 0

    def takes(self, change: Change) -> bool:
        return True

    def preview(self, change: Change, *, key: str) -> Request:
        return Request(self.name, "DO", change.subject, {"key": key}, str(dict(change.values)))

    def current(self, change: Change) -> Mapping[str, str]:
        return {"was": self.stands[change.subject]} if change.subject in self.stands else {}

    def send(self, change: Change, *, key: str) -> Receipt:
        self.calls.append(key)
        if self.refuses:
            raise self.refuses.pop(0)
        again = key in self.done
        self.done[key] = change
        if change.subject in self.stands:
            self.stands[change.subject] = change.values["price"]
        if self.deaf:
            self.deaf -= 1
            raise OutsideUnreachable(connector=self.name, reason="no answer")
        return Receipt(self.name, f"N{len(self.done)}", datetime.now(UTC), "", again)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace in which a worker has been, for making its databases takes longer than a test."""
    folder = tmp_path_factory.mktemp("made") / "shop"
    with (
        State(create_workspace(folder, home="DE", book_currency="EUR")) as state,
        working(Hands(state, lambda change: Place(), lambda kept: {}), poll=0.02),
    ):
        return folder


@pytest.fixture
def state(tmp_path: Path, made: Path) -> Iterator[State]:
    with State(open_workspace(Path(shutil.copytree(made, tmp_path / "shop")))) as opened:
        yield opened


def ran(state: State, place: Place, *, so_now: Mapping[str, str] | None = None, times: int = 1) -> Action:
    """Let a worker do what there is to do and return the one action."""
    hands = Hands(state, lambda change: place, lambda kept: so_now or {})
    with working(hands, poll=0.02, pauses=(0.01, 0.01)) as jobs:
        for _ in range(times):
            work(jobs, once=True, tick=0.02)
    (action,) = actions(state)
    return action


def test_what_is_approved_is_done_once_and_told(state: State) -> None:
    (ordered,) = order(state, PRICE)
    place = Place()
    action = ran(state, place, times=2)
    assert action.state == "done"
    assert action.request is not None
    assert action.receipt is not None
    assert (action.request.target, action.receipt.number) == ("MUG", "N1")
    assert place.calls == [ordered.key]
    with state.read() as connection:
        told = [entry.what for entry in audit.found(connection, limit=2)[::-1]]
        assert load.proposal(connection, action.proposal).state == "done"
    assert told == ["began", "done"]
    assert audit.verify(state).sound


def test_a_dry_run_shows_and_does_nothing(state: State) -> None:
    (ordered,) = order(state, PRICE)
    place = Place()
    request = preview(Hands(state, lambda change: place, lambda kept: {}), ordered.number)
    assert request.headers == {"key": ordered.key}
    assert place.calls == []
    assert actions(state)[0].state == "waiting"


def test_a_dead_connector_holds_the_action_and_says_so(state: State) -> None:
    (ordered,) = order(state, TASK)
    place = Place(refuses=[OutsideUnreachable(connector="place", reason="refused") for _ in range(3)])
    action = ran(state, place)
    assert action.state == "running"
    assert "argosy run" in action.words
    assert len(place.calls) == 3
    action = ran(state, place)
    assert (action.state, action.words) == ("done", "")
    assert set(place.calls) == {ordered.key}


def test_an_answer_that_is_lost_again_and_again_leads_to_one_change(state: State) -> None:
    order(state, PRICE)
    place = Place(deaf=2)
    action = ran(state, place)
    assert action.state == "done"
    assert action.receipt is not None
    assert action.receipt.again
    assert len(place.done) == 1


@pytest.mark.parametrize(
    "no",
    [
        TokenRefused(connector="place", where="ARGOSY_PLACE_TOKEN"),
        DiskFull(folder="here"),
        OutsideBusy(connector="place", seconds=9000),
    ],
    ids=["token", "disk", "busy"],
)
def test_what_somebody_must_see_to_is_kept_for_later(state: State, no: ArgosyError) -> None:
    order(state, TASK)
    place = Place(refuses=[no])
    action = ran(state, place)
    assert action.state == "running"
    assert action.words == no.sentence("en")
    assert len(place.calls) == 1
    assert ran(state, place).state == "done"


def test_a_refused_change_is_told_and_offered_again(state: State) -> None:
    order(state, TASK)
    action = ran(state, Place(refuses=[ChangeRefused(connector="place", words="we do not do that")]))
    assert action.state == "failed"
    assert "we do not do that" in action.words
    with state.read() as connection:
        assert load.proposal(connection, action.proposal).state == "open"


def test_a_connector_with_a_fault_of_its_own_loses_nothing(state: State) -> None:
    order(state, TASK)
    place = Place(refuses=[KeyError("oops")])  # type: ignore[list-item]
    action = ran(state, place)
    assert action.state == "running"
    assert "KeyError" in action.words
    assert ran(state, place).state == "done"


def test_a_price_that_moved_meanwhile_is_left_alone(state: State) -> None:
    order(state, PRICE)
    place = Place(stands={"MUG": "10.50"})
    action = ran(state, place)
    assert (action.state, place.calls) == ("refused", [])
    assert "10.50" in action.words


def test_a_world_that_moved_meanwhile_is_left_alone(state: State) -> None:
    order(state, TASK, rests_on={"missing": "12.40"})
    place = Place()
    action = ran(state, place, so_now={"missing": "0"})
    assert (action.state, place.calls) == ("refused", [])
    assert "12.40" in action.words


def test_what_cannot_be_told_any_more_is_left_alone(state: State) -> None:
    order(state, TASK, rests_on={"missing": "12.40"})
    place = Place()
    assert ran(state, place).state == "refused"
    assert place.calls == []


@pytest.mark.parametrize("channel", ["", "carrier:main"])
def test_a_freeze_meanwhile_stops_it_until_it_is_lifted(state: State, channel: str) -> None:
    order(state, TASK)
    place = Place()
    rules.freeze(state, channel, reason="stocktaking", who="owner", at=now())
    assert ran(state, place).state == "waiting"
    assert place.calls == []
    rules.unfreeze(state, channel, who="owner", at=now())
    assert ran(state, place).state == "done"


def test_what_was_called_off_is_not_done(state: State) -> None:
    (ordered,) = order(state, TASK)
    decide.undo(state, ordered.number, who="owner", at=now())
    place = Place()
    assert ran(state, place).state == "undone"
    assert place.calls == []


def test_what_came_too_late_is_left_alone(state: State) -> None:
    then = now() - timedelta(days=2)
    (number,) = offer(state, [TASK], expires_on=DAY + timedelta(days=1), at=then)
    decide.approve(state, number, who="owner", at=then)
    place = Place()
    assert ran(state, place).state == "refused"
    assert place.calls == []


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-400)], ids=["ahead", "back"])
def test_a_clock_that_jumps_between_two_tries_changes_nothing(state: State, jump: timedelta) -> None:
    (number,) = offer(state, [PRICE], expires_on=date(2099, 1, 1))
    decide.approve(state, number, who="owner", at=now() + jump)
    place = Place(deaf=3)
    assert ran(state, place).state == "running"
    action = ran(state, place)
    assert action.state == "done"
    assert len(place.done) == 1


def test_daily_tasks_run_once_a_day_whoever_looks(state: State) -> None:
    done: list[str] = []
    hands = Hands(state, lambda change: Place(), lambda kept: {})
    for _ in range(2):
        with working(hands, tasks={"watch": lambda: done.append("watch")}, poll=0.02) as jobs:
            for _ in range(2):
                work(jobs, tasks=["watch"], daily_at=time(0), once=True, tick=0.02)
    assert done == ["watch"]


def test_a_job_that_is_lost_is_made_anew(state: State) -> None:
    order(state, TASK)
    place = Place(refuses=[OutsideUnreachable(connector="place", reason="refused") for _ in range(3)])
    assert ran(state, place).state == "running"
    for file in state.workspace.folder.glob("jobs.sqlite*"):
        file.unlink()
    assert ran(state, place).state == "done"
    assert len(place.done) == 1


def test_a_worker_takes_over_from_a_dead_one(state: State) -> None:
    order(state, TASK)
    place = Place()
    hands = Hands(state, lambda change: place, lambda kept: {})
    with working(hands, poll=0.02) as jobs:
        assert jobs.slot.number == 1
        assert isinstance(jobs, Jobs)
        jobs.adopt()
        work(jobs, once=True, tick=0.02)
    assert actions(state)[0].state == "done"
