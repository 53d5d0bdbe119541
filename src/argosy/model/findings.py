"""What Argosy notices: money or promises about to change, with what it rests on and what is missing to be sure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

# What a sentence about a finding or a proposal speaks of; plain values, so that they can be kept and shown anywhere.
Told = Mapping[str, str | int | Decimal | date]
RISK, CHANCE = "risk", "chance"


@dataclass(frozen=True)
class Range:
    """What an amount of money comes to: one time in ten below ``low`` (P10), one in ten above ``high`` (P90)."""

    low: Decimal
    mid: Decimal
    high: Decimal

    def __post_init__(self) -> None:
        if not self.low <= self.mid <= self.high:
            raise ValueError(f"{self.low} <= {self.mid} <= {self.high}")

    @classmethod
    def exactly(cls, amount: Decimal) -> Range:
        """Return the range of an amount that is known."""
        return cls(amount, amount, amount)

    @classmethod
    def shares(cls, amount: Decimal, parts: Iterable[Decimal | str]) -> Range:
        """Return the range of an amount of which a low, a middle and a high part is meant, to the cent, half up."""
        return cls(*((amount * Decimal(part)).quantize(Decimal("0.01"), ROUND_HALF_UP) for part in parts))

    def times(self, factor: Decimal) -> Range:
        """Return the range of so many times the amount, to the cent; the factor is not below zero."""
        return Range(*(_cents(part * factor) for part in (self.low, self.mid, self.high)))


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))


@dataclass(frozen=True)
class Evidence:
    """Rows a finding rests on: ``name`` of what they are (a key of ``locale/evidence.toml``), and the query over the
    lake that gives them again."""

    name: str
    query: str


@dataclass(frozen=True)
class Finding:
    """Something that changes money or promises.

    kind: domain and what it is, ``logistics.lane_slowed``. subject: what it is about, in the words facts use (market,
    SKU, payout_id, supplier_id ...), several parts parted by a stroke, ``stripe:main/BR``. since: the day it began, as
    far as can be told. stake: the money, in ``currency``: what it has cost or brought since it began, and for a kind
    that looks ahead what it will, if nobody does anything; always above zero. sense: RISK or CHANCE. confidence: how
    probable it is that it is so, 0 to 1. told: values its sentence speaks of. missing: fact tables that would make it
    surer.
    """

    kind: str
    subject: str
    since: date
    stake: Range
    currency: str
    confidence: float
    told: Told = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    sense: str = RISK

    @property
    def domain(self) -> str:
        """The domain that noticed it."""
        return self.kind.partition(".")[0]

    def is_about(self, name: str) -> bool:
        """Return whether it speaks of an article, a market, a supplier: as part of its subject or in its sentence."""
        spoken = (value for value in self.told.values() if isinstance(value, str))
        return name in (self.subject, *self.subject.split("/"), *spoken)


@dataclass(frozen=True)
class CannotTell:
    """A check that cannot see: ``kind`` of the finding it would make, and the fact tables it ``needs``."""

    kind: str
    needs: tuple[str, ...]
