"""What world is asked for, and why some cannot be had."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from argosy.model.errors import PlanImpossible

END = date(2026, 10, 1)  # the day after the last one; the exchange rates that come with Argosy reach it
MOST_MONTHS = 60
MOST_ORDERS = 20_000_000


@dataclass(frozen=True)
class Event:
    """What makes a world differ from its usual run: an incident, or an action somebody takes.

    kind: one of ``incidents.KINDS`` or ``levers.KINDS``. subject: what it happens to, in the words of its kind. first,
    last: the days it holds, both counted. strength: how much, in the measure of its kind.
    """

    kind: str
    subject: str
    first: date
    last: date
    strength: float

    @property
    def name(self) -> str:
        """One name for it among others of its world."""
        return f"{self.kind}/{self.subject}/{self.first}"

    def told(self) -> dict[str, Any]:
        """Return it in plain words and numbers, for a file."""
        return vars(self) | {"first": self.first.isoformat(), "last": self.last.isoformat()}

    @classmethod
    def of(cls, told: Mapping[str, Any]) -> Event:
        """Return the event ``told`` in a file."""
        days = {name: date.fromisoformat(told[name]) for name in ("first", "last")}
        return cls(**{**told, **days})


@dataclass(frozen=True)
class Plan:
    """One world: everything in it follows from the seed, the incidents and the actions.

    months: whole calendar months up to ``END``. orders: about how many orders are placed in them. until: the day after
    the last one of which the files tell.
    """

    seed: int
    months: int = 18
    orders: int = 200_000
    incidents: tuple[Event, ...] = ()
    actions: tuple[Event, ...] = ()
    until: date = END

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise PlanImpossible(reason="seed", value=self.seed)
        if not 1 <= self.months <= MOST_MONTHS:
            raise PlanImpossible(reason="months", value=self.months)
        if not 1 <= self.orders <= MOST_ORDERS:
            raise PlanImpossible(reason="orders", value=self.orders)
        if not self.start < self.until <= END:
            raise PlanImpossible(reason="until", value=self.until)

    @property
    def start(self) -> date:
        """The first day."""
        before = END.year * 12 + END.month - 1 - self.months
        return date(before // 12, before % 12 + 1, 1)

    @property
    def days(self) -> int:
        """How many days there are, whether the files tell of them or not."""
        return (END - self.start).days

    @property
    def events(self) -> tuple[Event, ...]:
        """Incidents and actions."""
        return (*self.incidents, *self.actions)

    def day(self, number: int) -> date:
        """Return the day with this number, the first one being 0."""
        return self.start + timedelta(days=number)

    def without(self, event: Event) -> Plan:
        """Return the same plan in which one of its events does not happen."""
        return replace(
            self,
            incidents=tuple(e for e in self.incidents if e is not event),
            actions=tuple(e for e in self.actions if e is not event),
        )
