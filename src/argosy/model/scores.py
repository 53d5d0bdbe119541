"""How right Argosy was in worlds whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Agreement:
    """How a ledger's sums agree with the truth, grouped one way.

    groups: how many there are in either; off: how many differ; largest: the largest difference in the book currency.
    """

    by: str
    groups: int
    off: int
    largest: str


@dataclass(frozen=True)
class Score:
    """One world's result; seconds: what reading and posting its files took."""

    seed: int
    orders: int
    seconds: float
    agreements: tuple[Agreement, ...]

    @property
    def exact(self) -> bool:
        """Whether the ledger is the truth to the cent, however it is grouped."""
        return not any(agreement.off for agreement in self.agreements)
