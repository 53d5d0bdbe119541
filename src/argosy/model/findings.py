"""What the books notice: findings that carry an amount, and gaps that say what cannot be told and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Finding:
    """Something that does not add up.

    kind: reconcile.header_against_lines and the like, the key of its sentence in ``locale/findings.toml``.
    subject: the payout, order or line. amount: what is at stake, in ``currency``. evidence: the figures and rows
    it rests on.
    """

    kind: str
    subject: str
    amount: Decimal
    currency: str
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Gap:
    """Something that cannot be told: what is missing, how much it touches, and which file would tell it."""

    kind: str
    subject: str
    count: int
    amount: Decimal | None = None
    currency: str | None = None
    needs: str = ""
