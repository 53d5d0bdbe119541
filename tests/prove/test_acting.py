"""The ways of choosing among cards that are held against each other: what each does with the same minutes."""

from __future__ import annotations

import pytest
from tests.decisions.samples import card, claim, price

from argosy.decisions.queue import rank
from argosy.prove.acting import MINUTES, WAYS

# The first that came is small and long; the third claims most, for all the minutes; the others are short and good.
CARDS = (
    card(1, claim("a", mid=60, minutes=MINUTES)),
    card(2, claim("b", mid=200, minutes=MINUTES // 2)),
    card(3, claim("c", mid=250, minutes=MINUTES)),
    card(4, claim("d", mid=180, minutes=MINUTES // 2)),
)


@pytest.mark.parametrize(
    ("way", "chosen"), [("top", ["P2", "P4"]), ("everything", ["P1"]), ("by_claim", ["P3"])]
)  # fmt: skip
def test_each_way_spends_the_same_minutes_in_its_own_order(way: str, chosen: list[str]) -> None:
    assert [place.card.kept.name for place in WAYS[way](rank(CARDS, book_currency="EUR"))] == chosen


def test_the_top_leaves_what_gives_way_and_what_costs_more_than_it_brings() -> None:
    cards = (card(1, price(to="11.00", mid=90, minutes=5)), card(2, price(to="12.00", mid=80, minutes=5)),
             card(3, claim("c", mid=1, minutes=5)))  # fmt: skip
    places = rank(cards, book_currency="EUR")
    assert [place.card.kept.name for place in WAYS["top"](places)] == ["P1"]
    assert [place.card.kept.name for place in WAYS["everything"](places)] == ["P1", "P2", "P3"]
