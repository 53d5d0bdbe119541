"""Who may let Argosy do what: roles, levels and limits."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

OWNER, OPERATOR, FINANCE, VIEWER = "owner", "operator", "finance", "viewer"
ROLES = (OWNER, OPERATOR, FINANCE, VIEWER)
OBSERVE, PROPOSE, APPROVED, LIMITED = "observe", "propose", "approved", "limited"
LEVELS = (OBSERVE, PROPOSE, APPROVED, LIMITED)


@dataclass(frozen=True)
class Policy:
    """What Argosy may do by itself with one kind of change.

    level: OBSERVE: nothing is proposed; PROPOSE: shown, done by people elsewhere; APPROVED: done when a person approved
    it; LIMITED: done at once inside the limits, else after approval. most_amount: of cash or price moved by one change,
    in the book currency; most_percent: by which a value may move; most_a_day: changes of the kind in a day. None: no
    limit. Limits hold for approved changes too: what lies beyond them only an owner approves.
    """

    kind: str
    level: str = APPROVED
    most_amount: Decimal | None = None
    most_percent: Decimal | None = None
    most_a_day: int | None = None
