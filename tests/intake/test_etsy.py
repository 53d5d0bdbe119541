"""Etsy: two exports of the same sales, and a statement that hides its deposits in words."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations
from pathlib import Path
from typing import Any

EXPORTS = ("etsy_sold_orders_small.csv", "etsy_sold_order_items_small.csv")


def test_orders_and_items_together_are_one_sale(open_shop: Any, shared: Path) -> None:
    for order in permutations(EXPORTS):
        shop = open_shop()
        for name in order:
            shop.read(shared / "data/exports" / name)
        orders = {row["order_name"]: row for row in shop.facts("orders")}
        assert list(orders) == ["9001", "9002", "9003"]
        assert orders["9002"]["total"] == Decimal("30.30")
        # The items alone know 9003; what they say of the others does not replace the orders export.
        assert orders["9003"]["total"] is None
        assert orders["9001"]["status"] == "shipped"
        assert orders["9002"]["customer_key"] == orders["9003"]["customer_key"]
        lines = {row["line_no"]: row for row in shop.facts("order_lines")}
        assert {name: row["quantity"] * row["unit_price"] for name, row in lines.items()} == {
            "4001": 68,
            "4002": 27,
            "4003": 9,
        }
        assert lines["4001"]["shipping"] == 8


def test_a_deposit_is_read_from_its_title(shop: Any) -> None:
    shop.read_text(
        "Date,Type,Title,Info,Currency,Amount,Fees & Taxes,Net,Tax Details\n"
        '"March 31, 2026",Deposit,"$1,012.21 sent to your bank account",,USD,--,--,--,--\n'
        '"March 30, 2026",Deposit,"$40 sent to your bank account",,USD,--,--,--,--\n'
        '"March 29, 2026",Deposit,sent,,USD,--,--,--,--\n'
    )
    assert sorted(row["amount"] for row in shop.facts("payouts")) == [40, Decimal("1012.21")]
    assert {row["kind"] for row in shop.facts("payout_lines")} == {"transfer"}
    assert shop.rejects() == [(4, "net", "missing")]
