"""TikTok Shop: what repeats on every row counts once, in CSV and in XLSX."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl

EXPORT = Path(__file__).parent / "golden/tiktok_shop_orders/All order.csv"
OUTSIDE = ("source", "source_row", "version")


def _without_source(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if name not in OUTSIDE} for row in rows]


def test_the_workbook_says_the_same_as_the_csv(open_shop: Any, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "OrderSKUList"
    with EXPORT.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            sheet.append(row)
    book.save(tmp_path / "orders.xlsx")
    plain, workbook = open_shop(), open_shop()
    assert plain.read(EXPORT).ignored == workbook.read(tmp_path / "orders.xlsx").ignored == 1
    for table in ("orders", "order_lines", "shipments"):
        assert _without_source(plain.facts(table)) == _without_source(workbook.facts(table))


def test_the_seller_earns_what_the_platform_took_off(shop: Any) -> None:
    shop.read(EXPORT)
    order = next(row for row in shop.facts("orders") if row["order_name"] == "576461413038785752")
    lines = [row for row in shop.facts("order_lines") if row["order_id"] == order["order_id"]]
    earned = sum(row["quantity"] * row["unit_price"] - row["discount"] + row["shipping"] + row["tax"] for row in lines)
    paid, platform_discount = Decimal("1032.59"), Decimal("2.00")
    assert earned == paid + platform_discount
    assert order["total"] is None


def test_a_refund_gives_back_what_was_the_sellers(shop: Any) -> None:
    shop.read(EXPORT)
    orders = {row["order_name"]: row["refunded"] for row in shop.facts("orders")}
    # All of 14.89 with 0.90 tax, which TikTok gives back, and without the 1.00 that TikTok had taken off.
    assert orders["576461413038785754"] == Decimal("14.99")
    # 10.00 of 1032.59, of which 1031.99 were the seller's.
    assert orders["576461413038785752"] == Decimal("9.99")
    assert orders["576461413038785753"] == 0


def test_buyers_stay_out_of_the_lake(shop: Any) -> None:
    shop.read(EXPORT)
    held = repr([shop.facts(table) for table in ("orders", "order_lines", "shipments")])
    assert not [word for word in ("Invented", "Nowhere", "5550100", "ada_buys") if word in held]
