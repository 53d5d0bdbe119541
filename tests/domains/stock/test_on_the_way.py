"""For which warehouse open orders are."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from argosy.domains.stock.on_the_way import Order, Shelf, assigned

DAY = date(2026, 7, 28)
HOME: dict[str | None, float] = {"maker": 28.0}
ABROAD: dict[str | None, float] = {"maker": 60.0}


def order(units: float, promised: float = 60.0, ordered_on: date = date(2026, 7, 1)) -> Order:
    return Order("maker", ordered_on, units, promised)


def test_orders_add_up_to_what_is_on_its_way_to_each_warehouse() -> None:
    shelves = [Shelf(120, DAY, ABROAD), Shelf(120, DAY, ABROAD), Shelf(90, DAY, ABROAD), Shelf(0, DAY, HOME)]
    placed = assigned([order(50), order(90), order(120), order(70), order(320, 28, date(2026, 7, 31))], shelves)
    assert placed[1] == 2
    assert placed[0] == placed[3] != placed[2]
    assert placed[4] == 3  # ordered after the count: by the days promised


def test_days_promised_tell_warehouses_apart_that_await_as_much() -> None:
    shelves = [Shelf(100, DAY, HOME), Shelf(100, DAY, ABROAD)]
    assert assigned([order(100, 61), order(100, 27)], shelves) == [1, 0]


def test_without_warehouses_or_orders_nothing_is_assigned() -> None:
    assert assigned([order(10)], []) == []
    assert assigned([], [Shelf(5, DAY, {})]) == []


@given(st.lists(st.tuples(st.integers(1, 60), st.integers(0, 2)), max_size=5))
def test_what_can_be_explained_is(truth: list[tuple[int, int]]) -> None:
    inbound = [sum(units for units, place in truth if place == number) for number in range(3)]
    shelves = [Shelf(units, DAY, {}) for units in inbound]
    placed = assigned([order(units) for units, _ in truth], shelves)
    told = [sum(units for (units, _), at in zip(truth, placed, strict=True) if at == number) for number in range(3)]
    assert told == inbound
