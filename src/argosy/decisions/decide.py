"""What people decide about proposals: approve, edit, snooze, reject, undo. Each decision holds once, whoever is first.

Every function takes who decides and when (UTC), and refuses with a ``DecisionRefused`` that says what to do; then
nothing was changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, DecimalException
from uuid import uuid4

import sqlalchemy as sa

from argosy.decisions import audit, gate, load, members
from argosy.decisions.conflicts import contradicts
from argosy.decisions.queue import waiting
from argosy.decisions.records import (
    ACTED,
    AGENT_ROLE,
    ANOTHER,
    APPROVED,
    GONE,
    IN_FLIGHT,
    OPEN,
    REJECTED,
    SNOOZED,
    UNDECIDED,
    UNDONE,
    WAITING,
    WITHDRAWN,
    Action,
    Card,
    KeptProposal,
    Member,
    Run,
)
from argosy.decisions.state import State
from argosy.decisions.tables import ACTIONS, DECISIONS, MEASURES, PROPOSALS
from argosy.model.actions import AGENT
from argosy.model.decisions import LIMITED
from argosy.model.errors import (
    DecisionRefused,
    EditInvalid,
    InTheWay,
    NotDecidable,
    NothingToUndo,
    RoleMayNot,
)
from argosy.model.proposals import Change

FIXED = ("was", "currency")  # values of a change nobody can choose


def approve(state: State, number: int, *, who: str, at: datetime) -> Action:
    """Order what a proposal proposes and return the action that waits for being done; how it will be measured is
    written down with it. Other remedies of the finding are withdrawn."""
    with state.write() as connection:
        person = members.person(connection, who, at=at)
        return _approved(connection, state, number, person, at=at)


def approve_within_limits(state: State, *, at: datetime) -> list[Action]:
    """Order, in nobody's name, what policies let Argosy do at once, the best first, and return the actions. What gives
    way to another card, or is outside the limits, waits for a person."""
    done = []
    book_currency, itself = state.workspace.settings.book_currency, Member(AGENT, AGENT_ROLE)
    with state.write() as connection:
        for place in waiting(connection, book_currency=book_currency):
            policy = load.policy(connection, place.card.kept.change.kind, book_currency=book_currency)
            if policy.level == LIMITED and not place.gives_way_to:
                with suppress(DecisionRefused):
                    done.append(_approved(connection, state, place.card.number, itself, at=at))
    return done


def _approved(connection: sa.Connection, state: State, number: int, person: Member, *, at: datetime) -> Action:
    card = _undecided(connection, number)
    asked = asked_of(connection, state, card, person, at=at)
    refused = gate.refusal(asked)
    if refused is not None:
        raise refused
    for standing in load.cards(connection, states=(APPROVED,)):
        if why := contradicts(card, standing):
            raise InTheWay(name=card.kept.name, other=standing.kept.name, why=why)
    _decide(connection, card.kept, person, "approved", at=at, state=APPROVED)
    for other in load.proposals(connection, states=UNDECIDED, finding=card.kept.finding):
        if other.number != number:
            _set(connection, other, at=at, state=WITHDRAWN, reason=ANOTHER)
    return _order(connection, card.kept, card.kept.change, person, at=at)


def asked_of(connection: sa.Connection, state: State, card: Card, person: Member, *, at: datetime) -> gate.Asked:
    """Return what the gate has to know of a proposal that somebody approves, or approved."""
    change, book_currency = card.kept.change, state.workspace.settings.book_currency
    run = load.last_run(connection)
    policy = load.policy(connection, change.kind, book_currency=book_currency)
    return gate.Asked(
        card.kept.name, change, card.kept.proposal.cash, policy, person.name, person.role,
        business_day(run, at), book_currency, card.kept.proposal.expires_on,
        today=_ordered(connection, change.kind, day=at.date(), besides=card.number), freezes=load.freezes(connection),
        rates=run.rates if run else {}, gone=card.finding.gone_at is not None, rests_on=card.kept.proposal.rests_on,
    )  # fmt: skip


def business_day(run: Run | None, at: datetime) -> date:
    """Return the day it is in the business: that of the last watch and the days gone by since then. Facts may end long
    before today, and what a watch proposed about them is judged by its own calendar."""
    return at.date() if run is None else run.day + (at.date() - run.at.date())


def _ordered(connection: sa.Connection, kind: str, *, day: date, besides: int) -> int:
    """Return how many changes of a kind were ordered on a day, and neither refused nor failed nor taken back."""
    query = (
        sa.select(ACTIONS.c.ordered_at)
        .join(PROPOSALS, PROPOSALS.c.number == ACTIONS.c.proposal)
        .where(PROPOSALS.c.kind == kind, ACTIONS.c.undoes.is_(None), PROPOSALS.c.number != besides)
        .where(ACTIONS.c.state.in_((*IN_FLIGHT, ACTED)))
    )
    return sum(ordered_at.date() == day for (ordered_at,) in connection.execute(query))


def edit(state: State, number: int, values: Mapping[str, str], *, who: str, at: datetime) -> KeptProposal:
    """Set values of the change a proposal proposes; the limits of who does it hold."""
    with state.write() as connection:
        person, card = _who_decides(connection, number, who, at=at)
        for key, given in values.items():
            _check_value(card.kept, key, given)
        edited = replace(card.kept, edited={**card.kept.edited, **values})
        refused = gate.beyond_limits(asked_of(connection, state, replace(card, kept=edited), person, at=at))
        if refused is not None:
            raise refused
        before = {key: card.kept.change.values[key] for key in values}
        _decide(connection, edited, person, "edited", at=at, before=before, after=dict(values), edited=edited.edited)
        return load.proposal(connection, number)


def _check_value(kept: KeptProposal, key: str, given: str) -> None:
    """Refuse a value the change does not have, or one of another sort; amounts are above zero."""
    values = kept.proposal.change.values
    keys = ", ".join(name for name in values if name not in FIXED)
    if key in FIXED or key not in values or not given.strip():
        raise EditInvalid(name=kept.name, key=key, given=given, keys=keys)
    try:
        Decimal(values[key])
    except DecimalException:
        return  # a text takes any text
    try:
        fine = Decimal(given).is_finite() and Decimal(given) >= 0
    except DecimalException:
        fine = False
    if not fine:
        raise EditInvalid(name=kept.name, key=key, given=given, keys=keys)


def snooze(state: State, number: int, *, until: date, who: str, at: datetime) -> KeptProposal:
    """Put a proposal away until a day."""
    with state.write() as connection:
        person, card = _who_decides(connection, number, who, at=at)
        _decide(connection, card.kept, person, "snoozed", at=at, after={"until": until}, state=SNOOZED, until=until)
        return load.proposal(connection, number)


def reject(state: State, number: int, *, reason: str, who: str, at: datetime) -> KeptProposal:
    """Say no to a proposal, and why; it is not offered again while its finding lasts."""
    with state.write() as connection:
        person, card = _who_decides(connection, number, who, at=at)
        _decide(connection, card.kept, person, "rejected", at=at, reason=reason, state=REJECTED)
        return load.proposal(connection, number)


def undo(state: State, number: int, *, who: str, at: datetime) -> Action:
    """Take an action back: one that still waits is not done at all, for one that was done its undo is ordered as an
    action of its own, which is returned."""
    with state.write() as connection:
        person, action = members.person(connection, who, at=at), load.action(connection, number)
        card = load.card(connection, action.proposal)
        if action.state == WAITING:
            return _called_off(connection, card.kept, action, person, at=at)
        change = card.kept.undo
        taken = [other for other in load.actions(connection, undoes=number) if other.state in (*IN_FLIGHT, ACTED)]
        if action.state != ACTED or change is None or action.undoes is not None or taken:
            raise NothingToUndo(name=action.name, state=action.state)
        asked = asked_of(connection, state, card, person, at=at)
        refused = gate.refusal(replace(asked, name=action.name, change=change, undoing=True))
        if refused is not None:
            raise refused
        _decide(connection, card.kept, person, "undone", at=at, subject=action.name)
        return _order(connection, card.kept, change, person, at=at, undoes=number)


def _called_off(
    connection: sa.Connection, kept: KeptProposal, action: Action, person: Member, *, at: datetime
) -> Action:
    if not gate.may_decide(person.role, action.change.kind):
        raise RoleMayNot(who=person.name, role=person.role, kind=action.change.kind)
    connection.execute(sa.update(ACTIONS).where(ACTIONS.c.number == action.number).values(state=UNDONE, ended_at=at))
    _decide(connection, kept, person, "called_off", at=at, subject=action.name)
    if action.undoes is None:
        reopen(connection, kept, at=at)
    return load.action(connection, action.number)


def reopen(connection: sa.Connection, kept: KeptProposal, *, at: datetime) -> None:
    """Let people decide again about a proposal that was not done, and about the others it was chosen over; where the
    finding is gone there is nothing to decide."""
    gone = load.finding(connection, kept.finding).gone_at is not None
    now = {"state": WITHDRAWN, "reason": GONE} if gone else {"state": OPEN, "reason": ""}
    _set(connection, kept, at=at, **now)
    for other in load.proposals(connection, states=(WITHDRAWN,), finding=kept.finding):
        if other.reason == ANOTHER:
            _set(connection, other, at=at, **now)


def _who_decides(connection: sa.Connection, number: int, who: str, *, at: datetime) -> tuple[Member, Card]:
    person, card = members.person(connection, who, at=at), _undecided(connection, number)
    kind = card.kept.change.kind
    if not gate.may_decide(person.role, kind):
        raise RoleMayNot(who=who, role=person.role, kind=kind)
    return person, card


def _undecided(connection: sa.Connection, number: int) -> Card:
    card = load.card(connection, number)
    kept = card.kept
    if kept.state in UNDECIDED:
        return card
    last = next(iter(reversed(load.decisions(connection, proposal=number))), None)
    by = last.who if last and kept.state in (APPROVED, REJECTED) else AGENT
    raise NotDecidable(name=kept.name, state=kept.state, who=by, at=kept.changed_at)


def _decide(
    connection: sa.Connection,
    kept: KeptProposal,
    person: Member,
    what: str,
    *,
    at: datetime,
    reason: str = "",
    subject: str = "",
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
    **changed: object,
) -> None:
    """Write a decision down: beside the proposal, in the log, and in the proposal itself."""
    connection.execute(
        sa.insert(DECISIONS).values(
            proposal=kept.number, who=person.name, role=person.role, at=at, what=what, reason=reason, change=kept.change
        )
    )
    if changed:
        _set(connection, kept, at=at, reason=reason, **changed)
    told = {**(after or {}), **({"reason": reason} if reason else {})}
    told |= {"kind": kept.change.kind, "of": kept.change.subject}
    audit.append(connection, what, subject or kept.name, who=person.name, at=at, before=before, after=told)


def _set(connection: sa.Connection, kept: KeptProposal, *, at: datetime, **values: object) -> None:
    where = PROPOSALS.c.number == kept.number
    connection.execute(sa.update(PROPOSALS).where(where).values(changed_at=at, **values))


def _order(
    connection: sa.Connection,
    kept: KeptProposal,
    change: Change,
    person: Member,
    *,
    at: datetime,
    undoes: int | None = None,
) -> Action:
    number = connection.execute(
        sa.insert(ACTIONS).values(
            key=str(uuid4()), proposal=kept.number, undoes=undoes, change=change, state=WAITING,
            ordered_by=person.name, ordered_at=at, words="",
        ).returning(ACTIONS.c.number)
    ).scalar_one()  # fmt: skip
    if undoes is None:
        measure, expected = kept.proposal.measure, kept.proposal.expected
        first = business_day(load.last_run(connection), at)
        connection.execute(
            sa.insert(MEASURES).values(
                action=number, metric=measure.metric, subject=measure.subject, days=measure.days,
                comparison=measure.comparison, reason=measure.reason, expected_low=expected.low,
                expected_mid=expected.mid, expected_high=expected.high, currency=kept.currency, first=first,
            )
        )  # fmt: skip
    return load.action(connection, number)
