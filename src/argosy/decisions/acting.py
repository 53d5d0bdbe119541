"""The life of an action as whoever carries it out reports it: it waits, runs, and is done, refused or has failed.

Each step may be reported again after an interruption and then changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from argosy.decisions import audit, gate, load
from argosy.decisions.decide import asked_of, business_day, reopen
from argosy.decisions.records import (
    ACTED,
    AGENT_ROLE,
    DONE,
    FAILED,
    IN_FLIGHT,
    REFUSED,
    RUNNING,
    UNDONE,
    WAITING,
    Action,
    Member,
)
from argosy.decisions.state import State
from argosy.decisions.tables import ACTIONS, MEASURES, PROPOSALS
from argosy.model.actions import AGENT, Outcome, Receipt, Request
from argosy.model.decisions import VIEWER
from argosy.model.errors import DecisionRefused, NotStanding


def begin(
    state: State, number: int, *, request: Request, so_now: Mapping[str, str], at: datetime
) -> Action | DecisionRefused:
    """Return the action, now running, or why it must not be made: then it is refused for good, unless it is only
    frozen, and its proposal is open again. so_now: what is so of the things its proposal rests on.

    An action that runs already, after an interruption, runs on unless it is frozen.
    """
    with state.write() as connection:
        action = load.action(connection, number)
        if action.state not in IN_FLIGHT:
            return NotStanding(name=action.name, state=action.state)
        asked = _asked(connection, state, action, so_now=so_now, at=at)
        held = gate.frozen(asked)
        refused = held or (gate.refusal(asked) if action.state == WAITING else None)
        if held is not None:
            return held
        if refused is not None:
            _end(connection, action, REFUSED, at=at, words=refused)
            return refused
        if action.state == WAITING:
            _set(connection, action, state=RUNNING, began_at=at, request=request)
            audit.append(connection, "began", action.name, who=AGENT, at=at, after=_told(action))
        return load.action(connection, number)


def finish(state: State, number: int, *, receipt: Receipt, at: datetime) -> Action:
    """Write down that an action was done, with the receipt of the far end; measuring begins that day."""
    with state.write() as connection:
        action = load.action(connection, number)
        if action.state == RUNNING:
            _set(connection, action, state=ACTED, ended_at=at, receipt=receipt, words="")
            audit.append(
                connection, "done", action.name, who=AGENT, at=at, after={**_told(action), "number": receipt.number}
            )
            if action.undoes is None:
                proposal = sa.update(PROPOSALS).where(PROPOSALS.c.number == action.proposal)
                connection.execute(proposal.values(state=DONE, changed_at=at))
                measured = sa.update(MEASURES).where(MEASURES.c.action == number)
                connection.execute(measured.values(first=business_day(load.last_run(connection), at)))
            else:
                undone = sa.update(ACTIONS).where(ACTIONS.c.number == action.undoes)
                connection.execute(undone.values(state=UNDONE))
        return load.action(connection, number)


def fail(state: State, number: int, *, words: str, at: datetime) -> Action:
    """Write down that an action could not be done, and why in words a person understands; its proposal is open
    again. Only for what certainly did not happen at the far end."""
    with state.write() as connection:
        action = load.action(connection, number)
        if action.state in IN_FLIGHT:
            _end(connection, action, FAILED, at=at, words=words)
        return load.action(connection, number)


def refuse(state: State, number: int, *, words: str, at: datetime) -> Action:
    """Write down that an action must not be done, because what it replaces is not there, and why in words a person
    understands; its proposal is open again. Only for one that was never sent."""
    with state.write() as connection:
        action = load.action(connection, number)
        if action.state == WAITING:
            _end(connection, action, REFUSED, at=at, words=words)
        return load.action(connection, number)


def hold(state: State, number: int, *, words: str, at: datetime) -> Action:
    """Write down why an action is not done yet, or not known to be; it stays in flight. Told once, however often it
    is tried."""
    with state.write() as connection:
        action = load.action(connection, number)
        if action.state in IN_FLIGHT and action.words != words:
            _set(connection, action, words=words)
            audit.append(connection, "held", action.name, who=AGENT, at=at, after={**_told(action), "words": words})
        return load.action(connection, number)


def post_outcome(state: State, number: int, outcome: Outcome, *, at: datetime) -> None:
    """Write down what an action brought, beside what was expected; a later figure replaces an earlier one."""
    brought = outcome.brought
    with state.write() as connection:
        measured = sa.update(MEASURES).where(MEASURES.c.action == number)
        connection.execute(
            measured.values(
                first=outcome.first, last=outcome.last, compared=outcome.comparison, why=outcome.reason,
                brought_low=brought and brought.low, brought_mid=brought and brought.mid,
                brought_high=brought and brought.high, measured_at=at,
            )
        )  # fmt: skip
        told = {"brought": brought.mid if brought else None, "currency": outcome.currency, "last": outcome.last}
        audit.append(connection, "measured", f"A{number}", who=AGENT, at=at, after=told)


def _asked(
    connection: sa.Connection, state: State, action: Action, *, so_now: Mapping[str, str], at: datetime
) -> gate.Asked:
    card = load.card(connection, action.proposal)
    role = AGENT_ROLE if action.ordered_by == AGENT else load.role(connection, action.ordered_by)
    approver = Member(action.ordered_by, role or VIEWER)
    asked = asked_of(connection, state, card, approver, at=at)
    return replace(
        asked, name=action.name, change=action.change, so_now=so_now, state=card.kept.state,
        undoing=action.undoes is not None,
    )  # fmt: skip


def _end(connection: sa.Connection, action: Action, how: str, *, at: datetime, words: str | DecisionRefused) -> None:
    said = words if isinstance(words, str) else words.sentence()
    _set(connection, action, state=how, ended_at=at, words=said)
    if action.undoes is None:
        reopen(connection, load.proposal(connection, action.proposal), at=at)
    audit.append(connection, how, action.name, who=AGENT, at=at, after={**_told(action), "words": said})


def _set(connection: sa.Connection, action: Action, **values: object) -> None:
    connection.execute(sa.update(ACTIONS).where(ACTIONS.c.number == action.number).values(**values))


def _told(action: Action) -> dict[str, str]:
    return {"kind": action.change.kind, "of": action.change.subject}
