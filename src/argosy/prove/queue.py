"""How much of the money in what is going wrong in a world the top of the queue holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from argosy import flow
from argosy.decisions.queue import rank
from argosy.decisions.records import OPEN, Card, KeptFinding, KeptProposal
from argosy.model.findings import Finding
from argosy.model.scores import Held
from argosy.outlook.known import Known
from argosy.prove.findings import means
from argosy.prove.truths import TRUTHS, Real, in_truth, tolerated

TOP = 10
EVERY = 3  # of the days looked on, one is asked for its queue: proposals take time
TO_COME = ("stock.running_out",)  # what has not begun yet is not open


def held(world: Path, known: Known, looks: Mapping[date, Sequence[Finding]]) -> list[Held]:
    """Return for every third day looked on how much money was in what was open, and how much of it the queue's first
    ``TOP`` cards were about."""
    reals = {
        kind: [*in_truth(world, known, truth), *tolerated(world, known, truth)]
        for kind, truth in TRUTHS.items()
        if truth.sign < 0  # what goes wrong: of a market that buys more there is nothing to save
    }
    days = list(looks)[EVERY - 1 :: EVERY]
    return [_held(day, reals, looks[day], first(looks[day], known.before(day))) for day in days]


def first(found: Sequence[Finding], known: Known) -> list[Finding]:
    """Return what the first cards of the queue are about, where these findings are all that is so."""
    kept = [KeptFinding(number, one, _at(known), _at(known)) for number, one in enumerate(found, 1)]
    offered = [(one, proposal) for one in kept for proposal in flow.answered(one.finding, known).proposals]
    cards = [
        Card(
            KeptProposal(
                number, one.number, proposal, one.finding.currency, {}, OPEN, None, "", _at(known), _at(known)
            ),
            one,
        )
        for number, (one, proposal) in enumerate(offered, 1)
    ]
    places = rank(cards, findings=kept, book_currency=known.book_currency)
    return [place.card.finding.finding for place in places[:TOP] if not place.gives_way_to]


def _at(known: Known) -> datetime:
    return datetime.combine(known.day, datetime.min.time())


def _held(day: date, reals: Mapping[str, Sequence[Real]], found: Sequence[Finding], top: Sequence[Finding]) -> Held:
    """Return what was open on a day; what several checks should notice counts once."""
    worth: dict[tuple[str, str], Decimal] = {}
    noticed: set[tuple[str, str]] = set()
    leading: set[tuple[str, str]] = set()
    for kind, real in ((kind, real) for kind, mine in reals.items() for real in mine):
        named = (real.cause, real.subject)
        if kind not in TO_COME and real.first < day <= real.last:
            worth[named] = max(worth.get(named, Decimal(0)), sum(real.worth.values(), Decimal(0)))
        for ones, into in ((found, noticed), (top, leading)):
            if any(one.kind == kind and means(one, day, real, TRUTHS[kind]) for one in ones):
                into.add(named)
    parts = (
        sum((worth[name] for name in names), Decimal(0))
        for names in (worth, noticed & set(worth), leading & set(worth))
    )
    return Held(day, *parts)
