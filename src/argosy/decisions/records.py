"""What the state store gives back: findings, proposals, decisions and actions with their numbers and what became of
them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal

from argosy.model.actions import Outcome, Receipt, Request
from argosy.model.findings import Finding, Range
from argosy.model.proposals import Change, Measure, Proposal

# States of a proposal.
OPEN, SNOOZED, APPROVED, REJECTED = "open", "snoozed", "approved", "rejected"
EXPIRED, WITHDRAWN, DONE = "expired", "withdrawn", "done"
UNDECIDED = (OPEN, SNOOZED)
# Why a proposal is withdrawn.
GONE, NOT_OFFERED, ANOTHER = "gone", "not_offered", "another"
# States of an action.
WAITING, RUNNING, ACTED, REFUSED, FAILED, UNDONE = "waiting", "running", "done", "refused", "failed", "undone"
IN_FLIGHT = (WAITING, RUNNING)
STATES = (*IN_FLIGHT, ACTED, REFUSED, FAILED, UNDONE)
# Who acts when nobody does: watches, expiry, what policies let it do.
AGENT_ROLE = "agent"


@dataclass(frozen=True)
class KeptFinding:
    """A finding with its number; ``gone_at`` when a later watch no longer saw it. Times UTC."""

    number: int
    finding: Finding
    seen_first_at: datetime
    seen_last_at: datetime
    gone_at: datetime | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return f"F{self.number}"


@dataclass(frozen=True)
class KeptProposal:
    """A proposal with its number, the number of its finding, and what was decided.

    currency: of its money. edited: values of the change a person has set instead. until: of a snooze. reason: of a
    rejection, in a person's words; of a withdrawal, GONE, NOT_OFFERED or ANOTHER.
    """

    number: int
    finding: int
    proposal: Proposal
    currency: str
    edited: Mapping[str, str]
    state: str
    until: date | None
    reason: str
    offered_at: datetime
    changed_at: datetime

    @property
    def name(self) -> str:
        """What people call it."""
        return f"P{self.number}"

    @property
    def change(self) -> Change:
        """The change as it would be made: with the values a person has set."""
        return replace(self.proposal.change, values={**self.proposal.change.values, **self.edited})

    @property
    def undo(self) -> Change | None:
        """The change that takes it back; what it replaces follows the values a person has set."""
        undo, planned = self.proposal.undo, self.proposal.change.values
        if undo is None:
            return None
        now = {planned[key]: value for key, value in self.edited.items() if key in planned}
        was = undo.values.get("was")
        return undo if was not in now else replace(undo, values={**undo.values, "was": now[was]})


@dataclass(frozen=True)
class Card:
    """A proposal with the finding it answers."""

    kept: KeptProposal
    finding: KeptFinding

    @property
    def number(self) -> int:
        """The number of the proposal."""
        return self.kept.number


@dataclass(frozen=True)
class Decision:
    """What a person decided about a proposal: approved, edited, snoozed, rejected, undone."""

    number: int
    proposal: int
    who: str
    role: str
    at: datetime
    what: str
    reason: str
    change: Change


@dataclass(frozen=True)
class Action:
    """A change ordered by a person, or by a policy: ``key`` is what the far end knows it by, ``undoes`` the action it
    takes back. words: why it was refused or failed."""

    number: int
    key: str
    proposal: int
    undoes: int | None
    change: Change
    state: str
    ordered_by: str
    ordered_at: datetime
    began_at: datetime | None = None
    ended_at: datetime | None = None
    request: Request | None = None
    receipt: Receipt | None = None
    words: str = ""

    @property
    def name(self) -> str:
        """What people call it."""
        return f"A{self.number}"


@dataclass(frozen=True)
class Planned:
    """How an action is to be measured, written down when it was ordered, and the outcome once it is known.

    first: the day it was ordered, from when it is done the day it was done.
    """

    action: int
    measure: Measure
    expected: Range
    currency: str
    first: date
    outcome: Outcome | None = None


@dataclass(frozen=True)
class Member:
    """Somebody who may decide, by name and role."""

    name: str
    role: str


@dataclass(frozen=True)
class Freeze:
    """Nothing is sent, to one channel or, where it is empty, at all."""

    channel: str
    since: datetime
    by: str
    reason: str


@dataclass(frozen=True)
class Run:
    """A watch: when, for which day, how long it took, how many findings it saw, how many were new, changed or gone;
    rates: what one unit of a currency was worth in the book currency."""

    number: int
    at: datetime
    day: date
    seconds: float
    found: int
    new: int
    changed: int
    gone: int
    rates: Mapping[str, Decimal]
