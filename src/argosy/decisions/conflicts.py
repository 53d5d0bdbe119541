"""Which proposals contradict what else is so or proposed: two small tables of rules."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from decimal import Decimal, DecimalException

from argosy.decisions.records import Card, KeptFinding, KeptProposal
from argosy.decisions.settings import LOSES, RUNS_OUT
from argosy.model.findings import Finding
from argosy.model.proposals import Change

# Kinds of changes that turn the same screw: two of them on one subject are not done together.
SCREW = {
    "campaign.pause": "campaign",
    "campaign.budget": "campaign",
    "method.on": "method",
    "method.off": "method",
}


def claims(card: Card) -> dict[str, Hashable]:
    """Return what a card wants for itself, by the key of the sentence that tells why no other may have it."""
    wanted = {why: claim(card.kept) for why, claim in BETWEEN}
    return {why: claimed for why, claimed in wanted.items() if claimed is not None}


def contradicts(card: Card, other: Card) -> str:
    """Return why two proposals cannot both be done, the first of the reasons; empty: they can."""
    one, two = claims(card), claims(other)
    shared = (why for why, claimed in one.items() if two.get(why) == claimed)
    return "" if card.number == other.number else next(shared, "")


def stops(findings: Sequence[KeptFinding]) -> dict[tuple[str, str], str]:
    """Return the name of the finding that stops changes of an article, by why and which."""
    return {
        (why, sku): kept.name
        for kept in reversed(findings)
        for why, kinds, _ in UNTIL
        if kept.finding.kind in kinds
        for sku in _about(kept.finding)
    }


def stopped_by(card: Card, stopping: Mapping[tuple[str, str], str]) -> tuple[str, str]:
    """Return the finding a proposal must wait for to be dealt with, and why; both empty: it need not."""
    change = card.kept.change
    reasons = [why for why, _, applies in UNTIL if applies(change)]
    skus = _skus(change, card.finding.finding) if reasons else ()
    found = ((stopping[why, sku], why) for why in reasons for sku in skus if (why, sku) in stopping)
    return next(found, ("", ""))


def _price(kept: KeptProposal) -> Hashable:
    """The price of one article, wherever it is sold."""
    return kept.change.subject if kept.change.kind == "price.set" else None


def _thing(kept: KeptProposal) -> Hashable:
    """The thing that is changed."""
    change = kept.change
    return SCREW.get(change.kind, change.kind), change.subject


def _finding(kept: KeptProposal) -> Hashable:
    """The finding that is answered."""
    return kept.finding


def _reorders(change: Change) -> bool:
    return change.kind == "stock.reorder"


def _wakes_demand(change: Change) -> bool:
    """Return whether a change makes more people buy: more advertising, a lower price, a letter to buyers."""
    values = change.values
    if change.kind == "campaign.budget":
        return _above(values.get("share"), values.get("was", "1"))
    if change.kind == "price.set":
        return _above(values.get("was"), values.get("price"))
    return change.kind == "buyers.write"


def _above(one: str | None, other: str | None) -> bool:
    try:
        return one is not None and other is not None and Decimal(one) > Decimal(other)
    except DecimalException:
        return False


def _skus(change: Change, answered: Finding) -> list[str]:
    """Return the articles a change is about, as far as it, its subject or its finding says."""
    named = change.values.get("sku") or str(answered.told.get("sku", ""))
    if change.kind == "price.set" or change.kind.startswith("stock."):
        named = change.subject.partition("/")[0]
    return [sku.strip() for sku in named.split(",") if sku.strip()]


def _about(finding: Finding) -> list[str]:
    """Return the articles a finding is about: those it tells of, else the first part of its subject."""
    named = str(finding.told.get("sku") or finding.subject.partition("/")[0])
    return [sku.strip() for sku in named.split(",") if sku.strip()]


# What only one of two cards can have, by the key of the sentence that tells why.
BETWEEN: tuple[tuple[str, Callable[[KeptProposal], Hashable]], ...] = (
    ("one_price", _price),
    ("one_thing", _thing),
    ("one_finding", _finding),
)
# Findings of some kinds stop some changes of the articles they are about: more demand for what will run out, more of
# what loses money with each sale.
UNTIL: tuple[tuple[str, tuple[str, ...], Callable[[Change], bool]], ...] = (
    ("runs_out", RUNS_OUT, _wakes_demand),
    ("loses_money", LOSES, _reorders),
)
