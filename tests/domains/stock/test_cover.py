"""How many days stock lasts."""

from __future__ import annotations

import pytest
from tests.domains.stock.shop import counted, shop

from argosy.domains.stock.cover import LONGEST, cover
from argosy.model.findings import CannotTell


def test_stock_lasts_as_many_days_as_sales_take_to_use_it_up() -> None:
    levels = [*counted("A", lambda _: 20), *counted("A", lambda _: 10, warehouse="abroad"), *counted("B", lambda _: 0),
              *counted("never sold", lambda _: 5)]  # fmt: skip
    told = cover(shop({"A": lambda _: 2, "B": lambda _: 3}, facts={"stock_levels": levels}))
    assert not isinstance(told, CannotTell)
    found = {row["sku"]: (row["on_hand"], row["cover_days"]) for row in told.to_pylist()}
    assert found["A"] == (30, pytest.approx(15, abs=2))  # two a day
    assert found["B"] == (0, 0)
    assert found["never sold"] == (5, LONGEST)


def test_beyond_the_days_foreseen_sales_go_on_and_a_thousand_days_are_enough() -> None:
    levels = [*counted("A", lambda _: 800), *counted("B", lambda _: 8000)]
    told = cover(shop({"A": lambda _: 2, "B": lambda _: 2}, facts={"stock_levels": levels}))
    assert not isinstance(told, CannotTell)
    assert [row["cover_days"] for row in told.to_pylist()] == [pytest.approx(400, rel=0.1), LONGEST]


def test_without_counts_or_sales_it_cannot_be_told() -> None:
    assert cover(shop({"A": lambda _: 2})) == CannotTell("stock.cover", ("stock_levels",))
    nothing = cover(shop({}, facts={"stock_levels": counted("A", lambda _: 9)}))
    assert nothing == CannotTell("stock.cover", ("orders", "order_lines"))
