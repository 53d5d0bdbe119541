"""What the API takes and gives, as its description tells programs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from ninja import Field, Schema


class Money(Schema):
    """An amount with its range: one time in ten below, one in ten above."""

    low: Decimal
    mid: Decimal
    high: Decimal


class Change(Schema):
    """An exact change: of what kind, of what, where, with which values."""

    kind: str
    subject: str
    channel: str
    values: dict[str, str]


class Measure(Schema):
    """How an action is to be measured."""

    metric: str
    subject: str
    days: int
    comparison: str
    reason: str


class Finding(Schema):
    """What a check found."""

    name: str = Field(examples=["F12"])
    kind: str
    subject: str
    sense: str
    since: date
    says: str
    stake: Money
    currency: str
    confidence: float
    told: dict[str, Any]
    missing: list[str]
    seen_first_at: datetime
    seen_last_at: datetime
    gone_at: datetime | None


class WholeFinding(Finding):
    """A finding with the queries it rests on and the cards it led to."""

    evidence: list[dict[str, Any]]
    proposals: list[str]


class Card(Schema):
    """A proposal with its place in the queue."""

    name: str = Field(examples=["P31"])
    says: str
    state: str
    until: date | None
    change: Change
    undo: Change | None
    expected: Money
    currency: str
    cash: Decimal
    minutes: int
    risk: str
    expires_on: date
    rests_on: dict[str, str]
    measure: Measure
    gain: Decimal
    cost: Decimal
    gives_way_to: str
    why: str
    others: list[str]
    finding: Finding


class Decision(Schema):
    """What a person decided about a card."""

    number: int
    proposal: int
    who: str
    role: str
    at: datetime
    what: str
    reason: str
    change: Change


class Action(Schema):
    """A change that was ordered, and how far it is."""

    name: str = Field(examples=["A7"])
    number: int
    key: str
    proposal: int
    undoes: int | None
    change: Change
    state: str
    ordered_by: str
    ordered_at: datetime
    began_at: datetime | None
    ended_at: datetime | None
    request: dict[str, Any] | None
    receipt: dict[str, Any] | None
    words: str


class WholeCard(Card):
    """A card with what was decided and done about it."""

    decisions: list[Decision]
    actions: list[Action]


class Page(Schema):
    """Some rows of a table, and how many it has."""

    table: str
    columns: list[str]
    rows: list[dict[str, Any]]
    offset: int
    total: int


class Event(Schema):
    """One event of the log."""

    number: int
    at: datetime
    who: str
    what: str
    subject: str
    before: dict[str, Any]
    after: dict[str, Any]
    previous: str
    hash: str
    says: str


class Edit(Schema):
    """Values of a change to be set instead."""

    values: dict[str, str] = Field(examples=[{"units": "100"}])


class Snooze(Schema):
    """The day a card comes back."""

    until: date


class Reject(Schema):
    """Why not."""

    reason: str = Field(min_length=1, max_length=2000)
