"""The life of an action: the gate is asked again at the moment of acting, and each step holds once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal

import pytest
from tests.decisions.samples import AT, DAY, claim, finding, price

from argosy.decisions import acting, audit, decide, load
from argosy.decisions.members import set_member
from argosy.decisions.records import ACTED, DONE, FAILED, OPEN, REFUSED, RUNNING, UNDONE, WAITING, Action
from argosy.decisions.rules import freeze, set_policy, unfreeze
from argosy.decisions.state import State
from argosy.decisions.watch import Noticed, record
from argosy.model.actions import Outcome, Receipt, Request
from argosy.model.decisions import LIMITED, PROPOSE, Policy
from argosy.model.errors import DecisionRefused
from argosy.model.findings import Range

REQUEST = Request("shopify", "PUT", "https://shop/price", {"Idempotency-Key": "k"}, '{"price": "11.00"}')
RECEIPT = Receipt("shopify", "n1", AT, "ok")
SO = {"price": "10.00", "missing": "300.50"}


def ordered(state: State, *, who: str = "ann") -> Action:
    record(state, [Noticed(finding(), (price(),))], day=DAY, at=AT)
    return decide.approve(state, 1, who=who, at=AT)


def begun(state: State, action: Action, so_now: Mapping[str, str] = SO, *, days: int = 0) -> Action | DecisionRefused:
    return acting.begin(state, action.number, request=REQUEST, so_now=so_now, at=AT + timedelta(days=days))


def refused(state: State, action: Action, so_now: Mapping[str, str] = SO, *, days: int = 0) -> str:
    found = begun(state, action, so_now, days=days)
    return found.code if isinstance(found, DecisionRefused) else ""


def states(state: State, number: int) -> tuple[str, str]:
    with state.read() as connection:
        action = load.action(connection, number)
        return action.state, load.proposal(connection, action.proposal).state


def test_an_action_runs_and_is_done(state: State) -> None:
    action = ordered(state)
    running = begun(state, action)
    assert isinstance(running, Action)
    assert (running.state, running.request, running.began_at) == (RUNNING, REQUEST, AT)
    done = acting.finish(state, action.number, receipt=RECEIPT, at=AT + timedelta(days=2))
    assert (done.state, done.receipt) == (ACTED, RECEIPT)
    assert states(state, action.number) == (ACTED, DONE)
    with state.read() as connection:
        assert load.planned(connection)[0].first == DAY + timedelta(days=2)
        assert load.action_of_key(connection, action.key) == done


def test_every_step_may_be_reported_again(state: State) -> None:
    action = ordered(state)
    assert begun(state, action) == begun(state, action, {})
    done = acting.finish(state, action.number, receipt=RECEIPT, at=AT)
    assert acting.finish(state, action.number, receipt=Receipt("shopify", "n2", AT), at=AT) == done
    assert acting.fail(state, action.number, words="too late", at=AT) == done
    assert refused(state, action) == "not_standing"
    with state.read() as connection:
        assert [one.what for one in audit.entries(connection)][-3:] == ["approved", "began", "done"]


def test_a_moved_world_refuses_and_lets_people_decide_again(state: State) -> None:
    action = ordered(state)
    assert refused(state, action, {"price": "10.20"}) == "world_moved"
    assert states(state, action.number) == (REFUSED, OPEN)
    with state.read() as connection:
        assert "10.20" in load.action(connection, action.number).words
    assert refused(state, action) == "not_standing"
    again = decide.approve(state, 1, who="ann", at=AT)
    assert refused(state, again) == ""


def test_what_cannot_be_told_refuses(state: State) -> None:
    assert refused(state, ordered(state), {}) == "world_unknown"


def test_a_freeze_holds_an_action_back_until_it_is_let_go(state: State) -> None:
    action = ordered(state)
    freeze(state, "shopify:main", who="ann", at=AT)
    assert refused(state, action) == "channel_frozen"
    assert states(state, action.number)[0] == WAITING
    unfreeze(state, "shopify:main", who="ann", at=AT)
    assert refused(state, action) == ""
    freeze(state, who="ann", at=AT)
    assert refused(state, action) == "frozen"
    assert states(state, action.number)[0] == RUNNING


def test_an_approval_lapses_with_its_finding_its_time_its_policy_and_its_approver(state: State) -> None:
    assert refused(state, ordered(state), days=31) == "lapsed"
    decide.approve(state, 1, who="ann", at=AT)
    record(state, [], day=DAY, at=AT)
    with state.read() as connection:
        (action,) = load.actions(connection, states=(WAITING,))
    assert refused(state, action) == "finding_gone"
    action = ordered_again(state)
    set_policy(state, Policy("price.set", PROPOSE), who="ann", at=AT)
    assert refused(state, action) == "level_off"
    set_policy(state, Policy("price.set"), who="ann", at=AT)
    set_member(state, "bob", "owner", who="ann", at=AT)
    with state.read() as connection:
        number = load.proposals(connection, states=(OPEN,))[0].number
    action = decide.approve(state, number, who="ann", at=AT)
    set_member(state, "ann", "viewer", who="bob", at=AT)
    assert refused(state, action) == "role_may_not"


def ordered_again(state: State) -> Action:
    changes = record(state, [Noticed(finding(), (price(),))], day=DAY, at=AT)
    return decide.approve(state, changes.offered[0].number, who="ann", at=AT)


def test_limits_that_became_narrower_hold(state: State) -> None:
    set_member(state, "ann", "owner", who="ann", at=AT)
    set_member(state, "bob", "operator", who="ann", at=AT)
    action = ordered(state, who="bob")
    set_policy(state, Policy("price.set", most_percent=Decimal(5)), who="ann", at=AT)
    assert refused(state, action) == "beyond_percent"


def test_an_action_counts_itself_not_among_those_of_the_day(state: State) -> None:
    set_policy(state, Policy("price.set", LIMITED, most_a_day=1), who="ann", at=AT)
    record(state, [Noticed(finding(), (price(),))], day=DAY, at=AT)
    (action,) = decide.approve_within_limits(state, at=AT)
    assert refused(state, action) == ""


def test_what_failed_can_be_approved_again_with_a_new_key(state: State) -> None:
    action = ordered(state)
    begun(state, action)
    acting.fail(state, action.number, words="the token has expired", at=AT)
    assert states(state, action.number) == (FAILED, OPEN)
    assert decide.approve(state, 1, who="ann", at=AT).key != action.key


def test_taking_back_marks_what_was_taken_back(state: State) -> None:
    action = ordered(state)
    begun(state, action)
    acting.finish(state, action.number, receipt=RECEIPT, at=AT)
    back = decide.undo(state, action.number, who="ann", at=AT)
    record(state, [], day=DAY, at=AT)  # the finding is gone: taking back is allowed all the same
    assert refused(state, back, {}) == ""
    acting.finish(state, back.number, receipt=RECEIPT, at=AT)
    assert states(state, action.number) == (UNDONE, DONE)
    assert states(state, back.number) == (ACTED, DONE)


@pytest.mark.parametrize("brought", [Range.exactly(Decimal("12.34")), None])
def test_an_outcome_stands_beside_what_was_expected(state: State, brought: Range | None) -> None:
    record(state, [Noticed(finding(), (claim(),))], day=DAY, at=AT)
    action = decide.approve(state, 1, who="ann", at=AT)
    begun(state, action)
    acting.finish(state, action.number, receipt=RECEIPT, at=AT)
    outcome = Outcome(DAY, DAY + timedelta(days=44), brought, "EUR", "before_after", "" if brought else "too_few")
    acting.post_outcome(state, action.number, outcome, at=AT + timedelta(days=45))
    with state.read() as connection:
        (planned,) = load.planned(connection, action=action.number)
    assert planned.outcome == outcome
    assert planned.expected == claim().expected
