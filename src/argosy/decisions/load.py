"""What the tables hold, as records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from argosy.decisions.policies import usual
from argosy.decisions.records import (
    UNDECIDED,
    Action,
    Card,
    Decision,
    Freeze,
    KeptFinding,
    KeptProposal,
    Member,
    Planned,
    Run,
)
from argosy.decisions.tables import (
    ACTIONS,
    BLIND,
    DECISIONS,
    FINDINGS,
    FREEZES,
    MEASURES,
    MEMBERS,
    POLICIES,
    PROPOSALS,
    RUNS,
)
from argosy.model.actions import Outcome, Receipt, Request
from argosy.model.decisions import Policy
from argosy.model.errors import NoSuchEntry
from argosy.model.findings import CannotTell, Evidence, Finding, Range
from argosy.model.proposals import Change, Measure, Proposal

Row = Mapping[str, Any]


def findings(connection: sa.Connection, *, kind: str = "", subject: str = "", gone: bool = False) -> list[KeptFinding]:
    """Return the findings that are so now, the one with most at stake first; with those that are gone if asked."""
    query = sa.select(FINDINGS)
    query = query if gone else query.where(FINDINGS.c.gone_at.is_(None))
    query = query.where(FINDINGS.c.kind == kind) if kind else query
    query = query.where(FINDINGS.c.subject == subject) if subject else query
    found = [finding_of(row) for row in _rows(connection, query)]
    return sorted(found, key=lambda kept: (kept.gone_at is not None, -kept.finding.stake.mid, kept.number))


def finding(connection: sa.Connection, number: int) -> KeptFinding:
    """Return one finding; ``NoSuchEntry``."""
    return finding_of(_one(connection, sa.select(FINDINGS).where(FINDINGS.c.number == number), f"F{number}"))


def finding_of(row: Row) -> KeptFinding:
    """Return the finding a row holds."""
    found = Finding(
        row["kind"], row["subject"], row["since"], _range(row), row["currency"], row["confidence"],
        told=row["told"], evidence=tuple(Evidence(**e) for e in row["evidence"]), missing=tuple(row["missing"]),
        sense=row["sense"],
    )  # fmt: skip
    return KeptFinding(row["number"], found, row["seen_first_at"], row["seen_last_at"], row["gone_at"])


def proposals(
    connection: sa.Connection, *, states: Iterable[str] = (), finding: int | None = None
) -> list[KeptProposal]:
    """Return the proposals in some states, or of one finding, by number."""
    query = sa.select(PROPOSALS).order_by(PROPOSALS.c.number)
    query = query.where(PROPOSALS.c.state.in_(tuple(states))) if states else query
    query = query.where(PROPOSALS.c.finding == finding) if finding is not None else query
    return [proposal_of(row) for row in _rows(connection, query)]


def count(connection: sa.Connection, *, state: str) -> int:
    """Return how many proposals are in a state."""
    query = sa.select(sa.func.count()).select_from(PROPOSALS).where(PROPOSALS.c.state == state)
    return int(connection.execute(query).scalar_one())


def count_actions(connection: sa.Connection) -> dict[str, int]:
    """Return how many actions are in each state that any is in."""
    query = sa.select(ACTIONS.c.state, sa.func.count()).group_by(ACTIONS.c.state)
    return {state: int(n) for state, n in connection.execute(query)}


def proposal(connection: sa.Connection, number: int) -> KeptProposal:
    """Return one proposal; ``NoSuchEntry``."""
    return proposal_of(_one(connection, sa.select(PROPOSALS).where(PROPOSALS.c.number == number), f"P{number}"))


def proposal_of(row: Row) -> KeptProposal:
    """Return the proposal a row holds."""
    offered = Proposal(
        Change(**row["change"]), _range(row), row["cash"], row["minutes"], row["risk"], row["expires_on"],
        Measure(**row["measure"]), undo=Change(**row["undo"]) if row["undo"] else None, rests_on=row["rests_on"],
        told=row["told"], words=row["words"],
    )  # fmt: skip
    kept = {name: row[name] for name in ("state", "until", "reason", "offered_at", "changed_at")}
    return KeptProposal(row["number"], row["finding"], offered, row["currency"], row["edited"], **kept)


def cards(connection: sa.Connection, *, states: Sequence[str] = UNDECIDED) -> list[Card]:
    """Return the proposals in some states with their findings, by number."""
    query = sa.select(FINDINGS).where(
        FINDINGS.c.number.in_(sa.select(PROPOSALS.c.finding).where(PROPOSALS.c.state.in_(states)))
    )
    found = {row["number"]: finding_of(row) for row in _rows(connection, query)}
    return [Card(kept, found[kept.finding]) for kept in proposals(connection, states=states)]


def card(connection: sa.Connection, number: int) -> Card:
    """Return one proposal with its finding; ``NoSuchEntry``."""
    kept = proposal(connection, number)
    return Card(kept, finding(connection, kept.finding))


def decisions(connection: sa.Connection, *, proposal: int) -> list[Decision]:
    """Return what was decided about a proposal, in order."""
    query = sa.select(DECISIONS).where(DECISIONS.c.proposal == proposal).order_by(DECISIONS.c.number)
    return [Decision(**{**row, "change": Change(**row["change"])}) for row in _rows(connection, query)]


def actions(
    connection: sa.Connection, *, states: Iterable[str] = (), proposal: int | None = None, undoes: int | None = None
) -> list[Action]:
    """Return the actions in some states, of one proposal, or that take one back, by number."""
    query = sa.select(ACTIONS).order_by(ACTIONS.c.number)
    query = query.where(ACTIONS.c.state.in_(tuple(states))) if states else query
    query = query.where(ACTIONS.c.proposal == proposal) if proposal is not None else query
    query = query.where(ACTIONS.c.undoes == undoes) if undoes is not None else query
    return [_action(row) for row in _rows(connection, query)]


def action(connection: sa.Connection, number: int) -> Action:
    """Return one action; ``NoSuchEntry``."""
    return _action(_one(connection, sa.select(ACTIONS).where(ACTIONS.c.number == number), f"A{number}"))


def action_of_key(connection: sa.Connection, key: str) -> Action:
    """Return the action the far end knows by ``key``; ``NoSuchEntry``."""
    return _action(_one(connection, sa.select(ACTIONS).where(ACTIONS.c.key == key), key))


def _action(row: Row) -> Action:
    sent, got = row["request"], row["receipt"]
    records = {
        "change": Change(**row["change"]),
        "request": Request(**sent) if sent else None,
        "receipt": Receipt(**got) if got else None,
    }
    return Action(**{**row, **records})


def planned(connection: sa.Connection, *, action: int | None = None) -> list[Planned]:
    """Return how actions are measured and what was measured so far, by action."""
    query = sa.select(MEASURES).order_by(MEASURES.c.action)
    query = query.where(MEASURES.c.action == action) if action is not None else query
    return [_planned(row) for row in _rows(connection, query)]


def _planned(row: Row) -> Planned:
    measure = Measure(row["metric"], row["subject"], row["days"], row["comparison"], row["reason"])
    outcome = None
    if row["measured_at"] is not None:
        brought = None if row["brought_mid"] is None else _range(row, "brought_")
        outcome = Outcome(row["first"], row["last"], brought, row["currency"], row["compared"], row["why"])
    return Planned(row["action"], measure, _range(row, "expected_"), row["currency"], row["first"], outcome)


def policy(connection: sa.Connection, kind: str, *, book_currency: str) -> Policy:
    """Return what Argosy may do with a kind of change: as somebody set it, else the usual."""
    row = connection.execute(sa.select(POLICIES).where(POLICIES.c.kind == kind)).mappings().first()
    return _policy(dict(row)) if row else usual(kind, book_currency=book_currency)


def policies(connection: sa.Connection) -> dict[str, Policy]:
    """Return the policies that somebody set, by kind."""
    return {row["kind"]: _policy(row) for row in _rows(connection, sa.select(POLICIES))}


def _policy(row: Row) -> Policy:
    return Policy(row["kind"], row["level"], row["most_amount"], row["most_percent"], row["most_a_day"])


def freezes(connection: sa.Connection) -> list[Freeze]:
    """Return what is frozen now."""
    query = sa.select(FREEZES).where(FREEZES.c.ended_at.is_(None)).order_by(FREEZES.c.number)
    return [Freeze(row["channel"], row["since"], row["by"], row["reason"]) for row in _rows(connection, query)]


def members(connection: sa.Connection) -> list[Member]:
    """Return who may decide, by name."""
    return [Member(*row) for row in connection.execute(sa.select(MEMBERS.c.name, MEMBERS.c.role).order_by("name"))]


def role(connection: sa.Connection, name: str) -> str:
    """Return the role of somebody; empty: none."""
    return connection.execute(sa.select(MEMBERS.c.role).where(MEMBERS.c.name == name)).scalar_one_or_none() or ""


def last_run(connection: sa.Connection) -> Run | None:
    """Return the last watch."""
    row = connection.execute(sa.select(RUNS).order_by(RUNS.c.number.desc()).limit(1)).mappings().first()
    return Run(**row) if row else None


def cannot_tell(connection: sa.Connection, *, run: int) -> list[CannotTell]:
    """Return what a watch could not see."""
    query = sa.select(BLIND).where(BLIND.c.run == run).order_by(BLIND.c.kind)
    return [CannotTell(row["kind"], tuple(row["needs"])) for row in _rows(connection, query)]


def _range(row: Row, prefix: str = "") -> Range:
    return Range(row[prefix + "low"], row[prefix + "mid"], row[prefix + "high"])


def _rows(connection: sa.Connection, query: sa.Select[Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(query).mappings()]


def _one(connection: sa.Connection, query: sa.Select[Any], name: str) -> Row:
    row = connection.execute(query).mappings().first()
    if row is None:
        raise NoSuchEntry(name=name)
    return dict(row)
