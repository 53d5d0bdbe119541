"""The days of a world: from moments to numbers of days, and the moment from on which nothing is known yet."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from argosy.world.columns import DAY_SECONDS, Ints, seconds_of
from argosy.world.plan import Plan


@dataclass(frozen=True)
class When:
    """start: the first second, until: the first one of which nothing is known, both since 1970; days: how many there
    are, known or not."""

    start: int
    until: int
    days: int

    @classmethod
    def of(cls, plan: Plan) -> When:
        """Return the days of a plan."""
        return cls(seconds_of(plan.start), seconds_of(plan.until), plan.days)

    @property
    def first(self) -> int:
        """The first day, in days since 1970."""
        return self.start // DAY_SECONDS

    @property
    def last(self) -> int:
        """The first day of which nothing is known, in days since 1970."""
        return self.until // DAY_SECONDS

    def day(self, at: Ints) -> Ints:
        """Return the number of the day on which each moment falls; what lies outside counts as the nearest day."""
        return np.clip(at // DAY_SECONDS - self.first, 0, self.days - 1)
