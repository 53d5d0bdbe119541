"""Approved actions, made as a watch and a person make them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal

from argosy.decisions import decide, load, watch
from argosy.decisions.records import Action
from argosy.decisions.state import State
from argosy.model.findings import Finding, Range
from argosy.model.proposals import BEFORE_AFTER, LOW, Change, Measure, Proposal

DAY, FAR = date(2026, 6, 1), date(2099, 1, 1)
MONEY = Range(Decimal(1), Decimal(2), Decimal(3))


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def offer(
    state: State,
    changes: Sequence[Change],
    *,
    rests_on: Mapping[str, str] | None = None,
    expires_on: date = FAR,
    at: datetime | None = None,
) -> list[int]:
    """Let a watch find something for each change and return the numbers of the proposals."""
    noticed = [
        watch.Noticed(
            Finding(f"pricing.{change.kind}", change.subject, date(2026, 1, 1), MONEY, "EUR", 0.9),
            (
                Proposal(
                    change, MONEY, Decimal(0), 5, LOW, expires_on,
                    Measure("margin", change.subject, 30, BEFORE_AFTER), rests_on=rests_on or {},
                ),
            ),
        )
        for change in changes
    ]  # fmt: skip
    rates = {"USD": Decimal("0.9")}
    made = watch.record(state, noticed, day=DAY, at=at or now(), rates=rates)
    return [kept.number for kept in made.offered]


def order(state: State, *changes: Change, rests_on: Mapping[str, str] | None = None) -> list[Action]:
    """Offer changes and approve them all, as the owner."""
    return [decide.approve(state, one, who="owner", at=now()) for one in offer(state, changes, rests_on=rests_on)]


def actions(state: State) -> list[Action]:
    """Return all actions."""
    with state.read() as connection:
        return load.actions(connection)
