"""Which proposals contradict what else is so or proposed: small rules, each of two cards or of a card and a finding."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, DecimalException

from argosy.decisions.records import Card, KeptFinding
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


def contradicts(card: Card, other: Card) -> str:
    """Return why two proposals cannot both be done, the first of the reasons; empty: they can."""
    return next((why for why, rule in BETWEEN if card.number != other.number and rule(card, other)), "")


def stopped_by(card: Card, finding: KeptFinding) -> str:
    """Return why a proposal must wait for a finding to be dealt with; empty: it need not."""
    return next((why for why, rule in UNTIL if rule(card.kept.change, card.finding.finding, finding.finding)), "")


def _one_price(card: Card, other: Card) -> bool:
    """Two changes of the price of one article, wherever it is sold."""
    both = (card.kept.change, other.kept.change)
    return all(change.kind == "price.set" for change in both) and both[0].subject == both[1].subject


def _one_thing(card: Card, other: Card) -> bool:
    """Two changes of the same thing."""
    one, two = card.kept.change, other.kept.change
    return one.subject == two.subject and SCREW.get(one.kind, one.kind) == SCREW.get(two.kind, two.kind)


def _one_finding(card: Card, other: Card) -> bool:
    """Two remedies of one finding."""
    return card.kept.finding == other.kept.finding


def _runs_out(change: Change, answered: Finding, finding: Finding) -> bool:
    """More demand for an article that will run out."""
    return finding.kind in RUNS_OUT and _wakes_demand(change) and bool(_skus(change, answered) & _about(finding))


def _loses_money(change: Change, answered: Finding, finding: Finding) -> bool:
    """More of an article that loses money with each sale."""
    return finding.kind in LOSES and change.kind == "stock.reorder" and bool(_skus(change, answered) & _about(finding))


Between = Callable[[Card, Card], bool]
Until = Callable[[Change, Finding, Finding], bool]
# By the key of the sentence that tells why.
BETWEEN: tuple[tuple[str, Between], ...] = (
    ("one_price", _one_price),
    ("one_thing", _one_thing),
    ("one_finding", _one_finding),
)
UNTIL: tuple[tuple[str, Until], ...] = (("runs_out", _runs_out), ("loses_money", _loses_money))


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


def _skus(change: Change, answered: Finding) -> set[str]:
    """Return the articles a change is about, as far as it, its subject or its finding says."""
    named = change.values.get("sku") or str(answered.told.get("sku", ""))
    if change.kind == "price.set" or change.kind.startswith("stock."):
        named = change.subject.partition("/")[0]
    return {sku.strip() for sku in named.split(",") if sku.strip()}


def _about(finding: Finding) -> set[str]:
    """Return the articles a finding is about: those it tells of, else the first part of its subject."""
    named = str(finding.told.get("sku") or finding.subject.partition("/")[0])
    return {sku.strip() for sku in named.split(",") if sku.strip()}
