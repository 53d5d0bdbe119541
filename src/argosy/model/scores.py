"""How right Argosy was in worlds whose truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from statistics import fmean, median

from argosy.model.findings import Range

NEAR = Decimal("1.5")
# By so much, of the truth, may an exact amount differ: which day's rate is taken, and rounding.
SAME = Decimal("0.005")


@dataclass(frozen=True)
class Agreement:
    """How a ledger agrees with the truth, grouped one way.

    groups: how many there are in either; off: how many differ; largest: the largest difference, of money in the book
    currency, of promises in hours.
    """

    by: str
    groups: int
    off: int
    largest: str


@dataclass(frozen=True)
class Quoted:
    """How delivery times quoted for the last third of the orders did, each by what was known before its day.

    asked: the probability they were quoted for; kept, days: the share of ``n`` quotes that was kept and the mean days
    quoted; own_kept, own_days: what the shop itself promised for the same orders.
    """

    n: int
    asked: float
    kept: float
    days: float
    own_kept: float
    own_days: float


@dataclass(frozen=True)
class Case:
    """Something that really was so and a check should have noticed.

    kind: of the finding; cause: what really happened. first, last: the days it held. worth: the money it came to in
    all, in the book currency. found_on: the first day looked on which it was noticed; None: never. told: what was then
    last said to be at stake, and true: what that really was; None where nobody can say, or nothing was found.
    """

    kind: str
    cause: str
    subject: str
    first: date
    last: date
    worth: Decimal
    found_on: date | None = None
    told: Range | None = None
    true: Decimal | None = None

    @property
    def near(self) -> bool | None:
        """Whether the money told lies within a factor ``NEAR`` of the truth; None: not compared."""
        if self.told is None or self.true is None:
            return None
        return self.true > 0 and self.true / NEAR <= self.told.mid <= self.true * NEAR

    @property
    def covered(self) -> bool | None:
        """Whether the range told holds the truth; None: not compared."""
        if self.told is None or self.true is None:
            return None
        same = abs(self.true) * SAME
        return self.told.low - same <= self.true <= self.told.high + same


@dataclass(frozen=True)
class Told:
    """A run of findings of one subject, look after look, with the first day it was told; so: whether it was so at all;
    else it was a false alarm."""

    kind: str
    subject: str
    day: date
    so: bool


@dataclass(frozen=True)
class Held:
    """Money in what was going on in a world on a day, in the book currency: ``open``: what it comes to in all;
    noticed: the part any finding was about; top: the part the first cards of the queue were about."""

    day: date
    open: Decimal
    noticed: Decimal
    top: Decimal


@dataclass(frozen=True)
class Score:
    """One world's result; seconds: what reading and posting its files took; months: it sold for."""

    seed: int
    orders: int
    seconds: float
    agreements: tuple[Agreement, ...]
    quoted: Quoted | None = None
    months: int = 0
    cases: tuple[Case, ...] = ()
    told: tuple[Told, ...] = ()
    held: tuple[Held, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether both ledgers are the truth, however they are grouped."""
        return not any(agreement.off for agreement in self.agreements)


@dataclass(frozen=True)
class Judged:
    """How one kind of check did in some worlds.

    there, found: what it should have noticed, and did; right, false: runs of findings of what was so and of what was
    not; what need not be noticed may be told rightly. alarm_rate: false ones for each ten thousand orders. days: until
    it was noticed, median. near, covered: shares of the ``compared`` amounts that lie within a factor ``NEAR`` of the
    truth, and of the ranges that hold it.
    """

    kind: str
    there: int
    found: int
    right: int
    false: int
    alarm_rate: float
    days: float | None
    compared: int
    near: float | None
    covered: float | None

    @property
    def recall(self) -> float | None:
        """The share of what was there that was found."""
        return self.found / self.there if self.there else None

    @property
    def precision(self) -> float | None:
        """The share of what was told that was so."""
        told = self.right + self.false
        return self.right / told if told else None


def judged(scores: Sequence[Score]) -> list[Judged]:
    """Return how each kind of check did in all these worlds together."""
    orders = sum(score.orders for score in scores)
    cases = [case for score in scores for case in score.cases]
    told = [one for score in scores for one in score.told]
    kinds = {case.kind for case in cases} | {one.kind for one in told if not one.so}
    return [_judged(kind, cases, told, orders) for kind in sorted(kinds)]


def _judged(kind: str, cases: Sequence[Case], told: Sequence[Told], orders: int) -> Judged:
    mine = [case for case in cases if case.kind == kind]
    days = [(case.found_on - case.first).days for case in mine if case.found_on is not None]
    near = [case.near for case in mine if case.near is not None]
    covered = [case.covered for case in mine if case.covered is not None]
    right, false = (sum(one.kind == kind and one.so is so for one in told) for so in (True, False))
    return Judged(
        kind,
        len(mine),
        len(days),
        right,
        false,
        10_000 * false / max(orders, 1),
        median(days) if days else None,
        len(near),
        fmean(near) if near else None,
        fmean(covered) if covered else None,
    )


@dataclass(frozen=True)
class Acted:
    """What one way of choosing among proposals brought in a world: the difference to the same world in which nothing
    is done, and the cost of the attention and cash it took, both in the book currency; how many changes and minutes."""

    way: str
    seed: int
    brought: Decimal
    cost: Decimal
    changes: int
    minutes: int
