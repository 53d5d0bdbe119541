"""What world is asked for, and why some cannot be had."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from argosy.model.errors import PlanImpossible

END = date(2026, 10, 1)  # the day after the last one; the exchange rates that come with Argosy reach it
MOST_MONTHS = 60
MOST_ORDERS = 20_000_000


@dataclass(frozen=True)
class Plan:
    """One world: everything in it follows from the seed.

    months: whole calendar months up to ``END``. orders: about how many orders are placed in them.
    """

    seed: int
    months: int = 18
    orders: int = 200_000

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise PlanImpossible(reason="seed", value=self.seed)
        if not 1 <= self.months <= MOST_MONTHS:
            raise PlanImpossible(reason="months", value=self.months)
        if not 1 <= self.orders <= MOST_ORDERS:
            raise PlanImpossible(reason="orders", value=self.orders)

    @property
    def start(self) -> date:
        """The first day."""
        before = END.year * 12 + END.month - 1 - self.months
        return date(before // 12, before % 12 + 1, 1)

    @property
    def days(self) -> int:
        """How many days there are."""
        return (END - self.start).days
