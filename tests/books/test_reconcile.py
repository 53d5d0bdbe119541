"""What does not add up is found with its amount, and what adds up is left alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.books.test_money_ledger import facts, sale

from argosy.books.reconcile import total_against_lines
from argosy.books.sales import sold_lines


def found(total: str, **line: Any) -> list[tuple[Decimal, Decimal, Decimal]]:
    """Return total, lines and difference of the orders whose own total is another than that of their lines."""
    made = sale(**line)
    made["orders"][0]["total"] = Decimal(total)
    tables = facts(**made)
    sold = sold_lines(tables["orders"], tables["order_lines"])
    rows = total_against_lines(sold, tables["order_lines"], tables["orders"]).to_pyarrow().to_pylist()
    return [(row["expected"], row["found"], row["amount"]) for row in rows]


@pytest.mark.parametrize(
    ("total", "line"),
    [
        ("23.80", {}),
        ("27.60", {"tax": Decimal("3.80")}),
        ("23.80", {"tax": Decimal("3.80"), "tax_included": True}),
        ("27.60", {"tax": Decimal("3.80"), "tax_collected_by": "channel"}),
        ("26.80", {"shipping": Decimal("5.00"), "discount": Decimal("2.00")}),
        ("23.82", {}),  # rounding of an export
        ("99.00", {"unit_price": None}),  # a price nobody told yet
    ],
)
def test_an_order_whose_lines_make_its_total(total: str, line: dict[str, Any]) -> None:
    assert found(total, **line) == []


def test_a_coupon_that_only_the_order_tells_of() -> None:
    assert found("21.10") == [(Decimal("21.10"), Decimal("23.80"), Decimal("-2.70"))]
