"""Kinds of events: what each alters, what it can happen to, and which of them cannot be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from argosy.model.errors import PlanImpossible
from argosy.world.conditions import CURRENCIES, Conditions, axes, day_number
from argosy.world.goods import FAMILIES, Article, suppliers
from argosy.world.plan import Event, Plan

Alter = Callable[[Any, float], Any]
EVERYTHING, ORDER, FAULT = "all", "order", "fault"
EXAMPLES = 6
MOST_STRENGTH = 20.0  # times the strongest one placed at random


@dataclass(frozen=True)
class Kind:
    """A kind of event: its domain, the conditions it alters and how, what its subject is, and how strong and long
    one placed at random is.

    alters: condition -> the new value, given the old one and the strength. subject: article, market, provider/market,
    family/place, article/place, article/warehouse, carrier, site, place (beside the shop), payer, supplier, currency,
    campaign, order, fault (its number) or all.
    """

    domain: str
    subject: str
    alters: dict[str, Alter]
    strength: tuple[float, float]
    days: tuple[int, int]
    meaning: str


def more(value: Any, strength: float) -> Any:
    """Return a value raised by a part of itself."""
    return value * (1 + strength)


def less(value: Any, strength: float) -> Any:
    """Return a value lowered by a part of itself."""
    return value * (1 - strength)


def by(value: Any, strength: float) -> Any:
    """Return a value raised by so much."""
    return value + strength


def to(value: Any, strength: float) -> Any:
    """Return so much, whatever it was."""
    return np.full_like(value, strength)


def closed(value: Any, strength: float) -> Any:
    """Return 1 for closed."""
    return np.ones_like(value)


def never(value: Any, strength: float) -> Any:
    """Return nothing at all."""
    return value * 0


def subjects(kind: Kind, articles: tuple[Article, ...]) -> tuple[str, ...]:
    """Return what a kind of incident can happen to, in the words a plan names it by."""
    words = axes(articles)
    skus, countries = words["demand"]
    sites, elsewhere = words["referral"][0], words["blocked"][1][1:]
    if kind.subject in (ORDER, FAULT):
        return ()
    return {
        "article": skus,
        "market": countries,
        "article/warehouse": tuple(f"{sku}/{pool}" for sku in skus for pool in words["reorder"][1]),
        "article/place": tuple(f"{sku}/{place}" for sku in skus for place in words["blocked"][1]),
        "provider/market": tuple(f"{p}/{c}" for p in words["approval"][0] for c in countries),
        "family/place": tuple(f"{family}/{place}" for family in FAMILIES for place in elsewhere),
        "carrier": words["freight"][0],
        "site": sites,
        "place": elsewhere,
        "currency": CURRENCIES,
        "payer": words["short"][0],
        "supplier": tuple(supplier.name for supplier in suppliers()),
        "campaign": words["budget"][0],
        "all": (EVERYTHING,),
    }[kind.subject]


def alter(conditions: Conditions, events: Sequence[Event], kinds: dict[str, Kind], plan: Plan,
          articles: tuple[Article, ...]) -> Conditions:  # fmt: skip
    """Return the conditions as events have altered them."""
    tables = dict(conditions.tables)
    words = axes(articles)
    for event in events:
        days = slice(max(day_number(plan, event.first), 0), max(day_number(plan, event.last) + 1, 0))
        for name, change in kinds[event.kind].alters.items():
            table = tables[name] = tables[name].copy()
            where = (days, *_places(event.subject, words[name], articles))
            table[where] = change(table[where], event.strength)
    return Conditions(tables)


def _places(subject: str, axes: tuple[tuple[str, ...], ...], articles: tuple[Article, ...]) -> tuple[Any, ...]:
    """Return which places of each axis a subject stands for; an axis it does not name, all of it."""
    named = subject.split("/")
    skus = {
        word: [article.sku for article in articles if word in (article.sku, article.family, article.supplier.name)]
        for word in named
    }
    found = []
    for axis in axes:
        mine = [n for n, word in enumerate(axis) if word in named or any(word in skus[name] for name in named)]
        found.append(np.array(mine) if mine else np.arange(len(axis)))
    return tuple(np.ix_(*found)) if len(found) > 1 else tuple(found)


def check(events: Sequence[Event], kinds: dict[str, Kind], plan: Plan, articles: tuple[Article, ...]) -> None:
    """Refuse events nobody can make: ``PlanImpossible`` says which and why."""
    for event in events:
        kind = kinds.get(event.kind)
        if kind is None:
            raise PlanImpossible(reason="kind", value=event.kind)
        if event.subject not in subjects(kind, articles) and not _named(kind, event.subject):
            able = subjects(kind, articles)
            some = ", ".join(able[:EXAMPLES]) + (" ..." if len(able) > EXAMPLES else "")
            raise PlanImpossible(reason="subject", value=f"{event.kind}: {event.subject} ({some or '#100001 ...'})")
        # Nothing can be lowered by all of itself, or more.
        most = 0.999 if less in kind.alters.values() else MOST_STRENGTH * kind.strength[1]
        if not 0 < event.strength <= most:
            raise PlanImpossible(reason="strength", value=f"{event.kind}: {event.strength:g}")
        if not plan.start <= event.first <= event.last < plan.day(plan.days):
            raise PlanImpossible(reason="days", value=f"{event.kind}: {event.first} - {event.last}")
    for place, event in enumerate(events):
        for other in events[:place]:
            if clash(event, other, kinds, articles):
                raise PlanImpossible(reason="clash", value=f"{other.name} / {event.name}")


def _named(kind: Kind, name: str) -> bool:
    """Return whether a subject is one that has no list: an order of the shop, the number of what was got wrong."""
    return kind.subject == FAULT or (kind.subject == ORDER and name.startswith("#") and name[1:].isdigit())


def clash(one: Event, other: Event, kinds: dict[str, Kind], articles: tuple[Article, ...]) -> bool:
    """Return whether two events alter the same condition of the same subject on the same day."""
    both = kinds[one.kind].alters.keys() & kinds[other.kind].alters.keys()
    if not both or one.last < other.first or other.last < one.first:
        return False
    words = axes(articles)
    return any(
        all(
            np.intersect1d(mine, theirs).size
            for mine, theirs in zip(
                _places(one.subject, words[name], articles), _places(other.subject, words[name], articles), strict=True
            )
        )
        for name in both
    )
