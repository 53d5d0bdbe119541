"""How right Argosy was in worlds whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass


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
class Detected:
    """How one kind of check did against the faults that are really there.

    there: faults; found: those of them that were found; false: findings that are no fault. money: what the findings say
    is at stake, for what really is; None when none was found.
    """

    kind: str
    there: int
    found: int
    false: int
    money: float | None

    @property
    def recall(self) -> float | None:
        """The share of the faults that was found."""
        return self.found / self.there if self.there else None

    @property
    def precision(self) -> float | None:
        """The share of the findings that are faults."""
        told = self.found + self.false
        return self.found / told if told else None


@dataclass(frozen=True)
class Score:
    """One world's result; seconds: what reading and posting its files took."""

    seed: int
    orders: int
    seconds: float
    agreements: tuple[Agreement, ...]
    quoted: Quoted | None = None
    detected: tuple[Detected, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether both ledgers are the truth, however they are grouped."""
        return not any(agreement.off for agreement in self.agreements)
