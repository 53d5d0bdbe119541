"""What a unit leaves over: shared costs, few units, goods without a cost."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from tests.domains.conftest import known

from argosy.outlook.margin import PSEUDO_UNITS, margins

DAY = date(2026, 7, 1)


def order(name: str, lines: dict[str, tuple[int, int, int]], *, freight: int, days_ago: int = 30,
          country: str = "US") -> tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]:  # fmt: skip
    """Return an order, its lines and its entries; lines: SKU -> units, sales and cost of goods in all."""
    at = datetime(2026, 7, 1) - timedelta(days=days_ago)
    entries = [{"account": "cost:freight", "order_id": name, "book_amount": freight, "posted_at": at}]
    for sku, (_, sales, goods) in lines.items():
        told = {"order_id": name, "sku": sku, "posted_at": at}
        entries.append(told | {"account": "income:sales", "book_amount": -sales})
        if goods:
            entries.append(told | {"account": "cost:goods", "book_amount": goods})
    rows = [{"order_id": name, "line_no": sku, "kind": "goods", "sku": sku, "quantity": units}
            for sku, (units, _, _) in lines.items()]  # fmt: skip
    return {"order_id": name, "placed_at": at, "country": country}, rows, entries


def told(*orders: tuple[dict[str, Any], list[dict[str, Any]], list[dict[str, Any]]]) -> Any:
    facts = {"orders": [one[0] for one in orders], "order_lines": [row for one in orders for row in one[1]]}
    return margins(known(facts, day=DAY, entries=[row for one in orders for row in one[2]]))


def test_freight_is_shared_by_what_the_articles_were_sold_for() -> None:
    found = told(order("1", {"A": (100, 3000, 1000), "B": (50, 1000, 500)}, freight=400))
    assert (found.of["A"].price, found.of["A"].goods, found.of["A"].other) == pytest.approx((30.0, 10.0, 3.0))
    assert found.of["B"].each == pytest.approx(20 - 10 - 2)


def test_costs_of_few_units_are_drawn_towards_those_of_all() -> None:
    found = told(order("1", {"A": (990, 9900, 1000)}, freight=990), order("2", {"B": (10, 100, 50)}, freight=50))
    usual, own = 1040 / 10_000, 0.5
    assert found.of["B"].other / found.of["B"].price == pytest.approx((own * 10 + usual * PSEUDO_UNITS) / 20)


def test_what_has_no_cost_of_goods_has_no_margin() -> None:
    found = told(order("1", {"A": (10, 100, 50), "B": (10, 100, 0)}, freight=10))
    assert set(found.of) == {"A"}
    assert found.get("B") is None


def test_nothing_sold_yet_or_not_settled_yet_tells_nothing() -> None:
    assert told(order("1", {"A": (10, 100, 50)}, freight=10, days_ago=3)).of == {}


def test_a_market_where_all_is_dearer_to_reach_leaves_less_over() -> None:
    found = told(
        order("1", {"A": (100, 1000, 100)}, freight=50), order("2", {"A": (100, 1000, 100)}, freight=400, country="BR")
    )
    assert found.get("A", "BR").each < found.of["A"].each < found.get("A", "US").each
    assert found.get("A", "AU") == found.of["A"]
