"""What people decide: once, by those who may, refused with a sentence where it cannot be."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pytest
from tests.decisions.samples import AT, DAY, change, claim, finding, price, proposal

from argosy.decisions import decide, load
from argosy.decisions.members import set_member, whoami
from argosy.decisions.records import ACTED, ANOTHER, APPROVED, OPEN, SNOOZED, UNDONE, WAITING, WITHDRAWN
from argosy.decisions.rules import freeze, set_policy, unfreeze
from argosy.decisions.state import State
from argosy.decisions.tables import ACTIONS
from argosy.decisions.watch import Noticed, record
from argosy.model.actions import AGENT
from argosy.model.decisions import LIMITED, Policy
from argosy.model.errors import (
    BeyondAmount,
    BeyondCount,
    BeyondPercent,
    DecisionRefused,
    EditInvalid,
    Frozen,
    InTheWay,
    Lapsed,
    LastOwner,
    MemberUnknown,
    NotDecidable,
    NotFound,
    NothingToUndo,
    OwnerOnly,
    RoleMayNot,
)
from argosy.model.proposals import Proposal

APPROVE = """
import sys
from datetime import datetime
from pathlib import Path
from argosy.decisions.decide import approve
from argosy.decisions.state import State
from argosy.lake.workspace import open_workspace
from argosy.model.errors import NotDecidable
with State(open_workspace(Path(sys.argv[1]))) as state:
    try:
        print(approve(state, 1, who="ann", at=datetime(2026, 7, 1, 9)).name)
    except NotDecidable as refused:
        print(refused.sentence())
"""


def offer(state: State, *proposals: Proposal, apart: bool = True) -> None:
    """Offer proposals, each of a finding of its own, or all of one."""
    if apart:
        found = [Noticed(finding(subject=f"s{n}"), (one,)) for n, one in enumerate(proposals)]
    else:
        found = [Noticed(finding(), proposals)]
    record(state, found, day=DAY, at=AT, rates={"USD": Decimal("0.9")})


def state_of(state: State, number: int) -> str:
    with state.read() as connection:
        return load.proposal(connection, number).state


def team(state: State) -> None:
    set_member(state, "ann", "owner", who="ann", at=AT)
    for name, role in (("bob", "operator"), ("fin", "finance"), ("vi", "viewer")):
        set_member(state, name, role, who="ann", at=AT)


def done(state: State, number: int) -> None:
    with state.write() as connection:
        connection.execute(ACTIONS.update().where(ACTIONS.c.number == number).values(state=ACTED))


def test_approving_orders_an_action_and_writes_down_how_it_is_measured(state: State) -> None:
    offer(state, claim())
    action = decide.approve(state, 1, who="ann", at=AT)
    assert (action.name, action.state, action.change, action.ordered_by) == ("A1", WAITING, claim().change, "ann")
    with state.read() as connection:
        (planned,) = load.planned(connection)
        (decision,) = load.decisions(connection, proposal=1)
    assert (planned.action, planned.measure, planned.first) == (1, claim().measure, DAY)
    assert planned.expected == claim().expected
    assert planned.outcome is None
    assert (decision.who, decision.role, decision.what) == ("ann", "owner", "approved")
    assert state_of(state, 1) == APPROVED


def test_the_second_to_decide_is_told_who_was_first(state: State) -> None:
    offer(state, claim())
    team(state)
    decide.approve(state, 1, who="bob", at=AT)
    for second in (decide.approve, lambda *a, **k: decide.reject(*a, reason="no", **k)):
        with pytest.raises(NotDecidable) as refused:
            second(state, 1, who="ann", at=AT)
        assert "bob" in refused.value.sentence()
        assert "已批准" in refused.value.sentence("zh")
    with state.read() as connection:
        assert len(load.actions(connection)) == 1


def test_processes_that_approve_at_once_order_one_action(state: State) -> None:
    offer(state, claim())
    command = [sys.executable, "-c", APPROVE, str(state.workspace.folder)]
    environment = os.environ | {"PYTHONPATH": "src"}
    running = [subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    said = sorted(process.communicate(timeout=60)[0].strip() for process in running)
    assert said[0] == "A1"
    assert all(other.startswith("P1 is approved since") for other in said[1:])
    with state.read() as connection:
        assert len(load.actions(connection)) == 1


def test_the_first_person_is_the_owner_and_others_are_added(state: State) -> None:
    offer(state, claim(), claim("b"))
    decide.approve(state, 1, who="ann", at=AT)
    with pytest.raises(MemberUnknown):
        decide.approve(state, 2, who="bob", at=AT)
    set_member(state, "bob", "operator", who="ann", at=AT)
    decide.approve(state, 2, who="bob", at=AT)


def test_only_owners_set_roles_policies_and_let_go(state: State) -> None:
    team(state)
    freeze(state, who="fin", at=AT)
    attempts: list[Callable[[str], object]] = [
        lambda who: set_member(state, "eve", "owner", who=who, at=AT),
        lambda who: set_policy(state, Policy("price.set"), who=who, at=AT),
        lambda who: unfreeze(state, who=who, at=AT),
    ]
    for attempt in attempts:
        for who in ("bob", "fin", "vi"):
            with pytest.raises(OwnerOnly):
                attempt(who)
        attempt("ann")


def test_there_is_always_an_owner(state: State) -> None:
    team(state)
    with pytest.raises(LastOwner):
        set_member(state, "ann", "viewer", who="ann", at=AT)
    set_member(state, "bob", "owner", who="ann", at=AT)
    set_member(state, "ann", "viewer", who="bob", at=AT)


@pytest.mark.parametrize(
    ("who", "proposed", "may"),
    [("bob", price(), True), ("fin", price(), False), ("fin", claim(), True), ("vi", claim(), False)],
)
def test_roles_hold_for_every_decision(state: State, who: str, proposed: Proposal, may: bool) -> None:
    offer(state, proposed)
    team(state)
    key, value = ("price", "10.50") if proposed.change.kind == "price.set" else ("amount", "20")
    decisions: list[Callable[[], object]] = [
        lambda: decide.edit(state, 1, {key: value}, who=who, at=AT),
        lambda: decide.snooze(state, 1, until=DAY, who=who, at=AT),
        lambda: decide.approve(state, 1, who=who, at=AT),
        lambda: decide.undo(state, 1, who=who, at=AT),
        lambda: decide.reject(state, 1, reason="no", who=who, at=AT),
    ]
    for decision in decisions:
        if may:
            decision()
        else:
            with pytest.raises((RoleMayNot, NotFound)):
                decision()


def test_limits_hold_for_operators_and_not_for_owners(state: State) -> None:
    offer(state, price(to="20.00"), claim(amount="9000"))
    team(state)
    with pytest.raises(BeyondPercent):
        decide.approve(state, 1, who="bob", at=AT)
    with pytest.raises(BeyondAmount) as refused:
        decide.approve(state, 2, who="fin", at=AT)
    assert "5000" in refused.value.sentence()
    decide.approve(state, 1, who="ann", at=AT)
    decide.approve(state, 2, who="ann", at=AT)


def test_so_many_a_day(state: State) -> None:
    offer(state, *(claim(f"s{n}") for n in range(4)))
    team(state)
    set_policy(state, Policy("claim.send", most_a_day=2), who="ann", at=AT)
    decide.approve(state, 1, who="bob", at=AT)
    called_off = decide.approve(state, 2, who="bob", at=AT)
    with pytest.raises(BeyondCount):
        decide.approve(state, 3, who="bob", at=AT)
    decide.undo(state, called_off.number, who="bob", at=AT)
    decide.approve(state, 3, who="bob", at=AT)
    decide.approve(state, 4, who="bob", at=AT + timedelta(days=1))


def test_editing_changes_what_is_done_and_keeps_inside_the_limits(state: State) -> None:
    offer(state, price(to="11.00"))
    team(state)
    with pytest.raises(BeyondPercent):
        decide.edit(state, 1, {"price": "13"}, who="bob", at=AT)
    kept = decide.edit(state, 1, {"price": "10.50"}, who="bob", at=AT)
    assert kept.change.values["price"] == "10.50"
    assert decide.approve(state, 1, who="bob", at=AT).change.values == {
        "price": "10.50", "was": "10.00", "currency": "EUR"
    }  # fmt: skip


@pytest.mark.parametrize(
    "values", [{"was": "1"}, {"currency": "USD"}, {"colour": "red"}, {"price": "cheap"}, {"price": "-1"},
               {"price": "NaN"}, {"price": ""}, {"price": "Infinity"}]
)  # fmt: skip
def test_only_values_a_change_has_can_be_set(state: State, values: dict[str, str]) -> None:
    offer(state, price())
    with pytest.raises(EditInvalid) as refused:
        decide.edit(state, 1, values, who="ann", at=AT)
    assert "price" in refused.value.sentence()
    with state.read() as connection:
        assert load.proposal(connection, 1).change == price().change


def test_texts_take_any_text(state: State) -> None:
    offer(state, proposal(change("task.do", "x", text="call them")))
    kept = decide.edit(state, 1, {"text": "write to them, -1"}, who="ann", at=AT)
    assert kept.change.values["text"] == "write to them, -1"


def test_a_snoozed_proposal_can_still_be_approved(state: State) -> None:
    offer(state, claim())
    assert decide.snooze(state, 1, until=date(2026, 7, 9), who="ann", at=AT).state == SNOOZED
    decide.approve(state, 1, who="ann", at=AT)


def test_the_other_remedy_is_withdrawn_and_comes_back_when_nothing_was_done(state: State) -> None:
    offer(state, claim(), price(), apart=False)
    action = decide.approve(state, 1, who="ann", at=AT)
    with state.read() as connection:
        other = load.proposal(connection, 2)
    assert (other.state, other.reason) == (WITHDRAWN, ANOTHER)
    decide.undo(state, action.number, who="ann", at=AT)
    assert (state_of(state, 1), state_of(state, 2)) == (OPEN, OPEN)


def test_two_price_changes_of_one_article_are_not_both_approved(state: State) -> None:
    offer(state, price(to="11.00"), price(to="9.00"))
    decide.approve(state, 1, who="ann", at=AT)
    with pytest.raises(InTheWay) as refused:
        decide.approve(state, 2, who="ann", at=AT)
    assert "never two price changes" in refused.value.sentence()
    assert "P1" in refused.value.sentence("zh")


def test_what_is_frozen_is_not_approved(state: State) -> None:
    offer(state, claim())
    freeze(state, who="ann", at=AT)
    assert freeze(state, reason="again", who="ann", at=AT).reason == ""
    with pytest.raises(Frozen):
        decide.approve(state, 1, who="ann", at=AT)
    assert unfreeze(state, who="ann", at=AT)
    assert not unfreeze(state, who="ann", at=AT)
    decide.approve(state, 1, who="ann", at=AT)


def test_time_is_that_of_the_last_watch_and_the_days_since(state: State) -> None:
    late = AT + timedelta(days=2000)
    record(state, [Noticed(finding(), (claim(),))], day=DAY, at=late)
    with pytest.raises(Lapsed):
        decide.approve(state, 1, who="ann", at=late + timedelta(days=31))
    decide.approve(state, 1, who="ann", at=late + timedelta(days=30))


def test_what_waits_is_called_off(state: State) -> None:
    offer(state, claim())
    action = decide.approve(state, 1, who="ann", at=AT)
    assert decide.undo(state, action.number, who="ann", at=AT).state == UNDONE
    assert state_of(state, 1) == OPEN
    assert decide.approve(state, 1, who="ann", at=AT).key != action.key


def test_what_was_done_is_taken_back_by_an_action_of_its_own_and_once(state: State) -> None:
    offer(state, price())
    action = decide.approve(state, 1, who="ann", at=AT)
    done(state, action.number)
    back = decide.undo(state, action.number, who="ann", at=AT)
    assert (back.state, back.undoes, back.change) == (WAITING, action.number, price().undo)
    with pytest.raises(NothingToUndo):
        decide.undo(state, action.number, who="ann", at=AT)
    assert decide.undo(state, back.number, who="ann", at=AT).state == UNDONE
    assert decide.undo(state, action.number, who="ann", at=AT).undoes == action.number


def test_what_nothing_takes_back_is_not_undone(state: State) -> None:
    offer(state, claim())
    action = decide.approve(state, 1, who="ann", at=AT)
    done(state, action.number)
    with pytest.raises(NothingToUndo):
        decide.undo(state, action.number, who="ann", at=AT)


def test_policies_let_argosy_act_at_once_inside_the_limits(state: State) -> None:
    offer(state, price("A", to="10.50"), price("B", to="15.00"), price("C", to="10.50"), claim(), price("A", mid=100))
    set_policy(state, Policy("price.set", LIMITED, most_percent=Decimal(10)), who="ann", at=AT)
    ordered = decide.approve_within_limits(state, at=AT)
    assert [(action.change.subject, action.ordered_by) for action in ordered] == [("A", AGENT), ("C", AGENT)]
    assert decide.approve_within_limits(state, at=AT) == []
    assert state_of(state, 2) == OPEN


def test_what_does_not_exist_is_said(state: State) -> None:
    for decision in (decide.approve, decide.undo):
        with pytest.raises(NotFound):
            decision(state, 7, who="ann", at=AT)


def test_nothing_is_left_of_a_decision_that_was_refused(state: State) -> None:
    offer(state, claim())
    freeze(state, who="ann", at=AT)
    with state.read() as connection:
        before = len(load.decisions(connection, proposal=1))
    with pytest.raises(DecisionRefused):
        decide.approve(state, 1, who="ann", at=AT)
    with state.read() as connection:
        assert len(load.decisions(connection, proposal=1)) == before
        assert load.actions(connection) == []
    assert state_of(state, 1) == OPEN


def test_who_somebody_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "login")
    monkeypatch.delenv("ARGOSY_USER", raising=False)
    assert whoami() == "login"
    monkeypatch.setenv("ARGOSY_USER", "bob")
    assert whoami() == "bob"
    assert whoami("ann") == "ann"
