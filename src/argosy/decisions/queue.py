"""The one queue over all domains: what brings most for the attention and the cash it takes comes first.

Worth of a card = expected gain x confidence of its finding / (minutes, at least five, at a rate an hour + cash x a
yearly rate for as long as its measure runs). A card that contradicts one that stands higher, or one that is approved,
gives way to it; one that a finding stops waits for that. What gives way stands after everything that does not, and
says why.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import sqlalchemy as sa

from argosy.decisions import load
from argosy.decisions.conflicts import claims, stopped_by, stops
from argosy.decisions.policies import round_sum
from argosy.decisions.records import APPROVED, OPEN, Card, KeptFinding
from argosy.decisions.settings import CASH_A_YEAR, HOUR, LEAST_MINUTES


@dataclass(frozen=True)
class Place:
    """A card in the queue. gain: expected money times confidence; cost: of attention and cash; both in the book
    currency. gives_way_to: P12 or F7, and ``why``, a key of ``locale/loop.toml``; empty: it leads. others: the names
    of the cards that give way to it."""

    card: Card
    gain: Decimal
    cost: Decimal
    gives_way_to: str = ""
    why: str = ""
    others: tuple[str, ...] = ()

    @property
    def worth(self) -> Decimal:
        """What it brings for one unit of what it costs."""
        return self.gain / self.cost


def waiting(connection: sa.Connection, *, book_currency: str) -> list[Place]:
    """Return the queue as it stands: what is open, beside all findings and what is on its way."""
    return rank(
        load.cards(connection, states=(OPEN,)),
        findings=load.findings(connection),
        approved=load.cards(connection, states=(APPROVED,)),
        book_currency=book_currency,
    )


def rank(
    cards: Sequence[Card],
    *,
    findings: Sequence[KeptFinding] = (),
    approved: Sequence[Card] = (),
    book_currency: str,
) -> list[Place]:
    """Return the cards in the order a person should look at them; ``findings``: all that are so now; ``approved``:
    cards whose actions are on their way."""
    in_order = sorted((weighed(card, book_currency) for card in cards), key=lambda p: (-p.worth, p.card.number))
    stopping, taken = stops(findings), {claim: card.kept.name for card in reversed(approved) for claim in _claims(card)}
    leading: list[Place] = []
    giving: list[Place] = []
    for place in in_order:
        claimed = _claims(place.card)
        to, why = stopped_by(place.card, stopping)
        if not to:
            to, why = next(((taken[claim], claim[0]) for claim in claimed if claim in taken), ("", ""))
        if not to:
            taken |= dict.fromkeys(claimed, place.card.kept.name)
        (giving if to else leading).append(replace(place, gives_way_to=to, why=why))
    others: dict[str, list[str]] = defaultdict(list)
    for place in giving:
        others[place.gives_way_to].append(place.card.kept.name)
    return [replace(place, others=tuple(others[place.card.kept.name])) for place in leading] + giving


def _claims(card: Card) -> list[tuple[str, Hashable]]:
    return list(claims(card).items())


def weighed(card: Card, book_currency: str) -> Place:
    """Return a card with what it brings and costs, beside no others."""
    proposal = card.kept.proposal
    confidence = Decimal(str(card.finding.finding.confidence))
    attention = Decimal(max(proposal.minutes, LEAST_MINUTES)) / 60 * round_sum(HOUR, book_currency)
    bound = proposal.cash * CASH_A_YEAR * proposal.measure.days / 365
    return Place(card, gain=_cents(proposal.expected.mid * confidence), cost=_cents(attention + bound))


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"))
