"""Shopify's orders export: blocks, repeated blocks, and order totals shared over lines to the cent."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from argosy.model.money import minor_units

HEADER = (
    "Name,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Discount Amount,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Id"
)
AT = "2026-05-01 10:00:00 +0200"


def order(name: str, *, lines: list[tuple[int, str]], totals: str = "EUR,30.00,5.00,2.00,37.00,0.00") -> str:
    """Return the rows of one order: currency, subtotal, shipping, taxes, total and discount on the first."""
    rows = [f"{name},paid,{AT},{totals},{AT},{lines[0][0]},First,{lines[0][1]},SKU-0,"]
    rows += [f"{name},,,,,,,,,,{quantity},More,{price},SKU-1," for quantity, price in lines[1:]]
    return "\n".join(rows)


def export(*orders: str) -> str:
    return "\n".join((HEADER, *orders, ""))


def test_an_order_read_twice_in_one_file_is_one_order(shop: Any, shared: Path) -> None:
    report = shop.read(shared / "data/exports/shopify_orders_export_small.csv")
    lines = shop.facts("order_lines")
    assert (report.rows, report.accepted, report.rejected) == (15, 15, 0)
    assert len(shop.facts("orders")) == 12
    assert [line["line_no"] for line in lines if line["order_id"] == "shopify:main:#AA10412"] == ["1"]


def test_nameless_rows_belong_to_the_order_above(shop: Any, shared: Path) -> None:
    shop.read(shared / "data/exports/shopify_orders_export_small.csv")
    found = {(row["order_id"], row["line_no"]): row["sku"] for row in shop.facts("order_lines")}
    assert found["shopify:main:#AA10418", "2"] == "FL-UF"
    assert found["shopify:main:#AA10427", "2"] == "FL-TOTE"


def test_an_order_whose_lines_miss_the_subtotal_is_counted(shop: Any, shared: Path) -> None:
    shop.read(shared / "data/exports/shopify_orders_export_small.csv")
    # EUR 620.00 for one print of 540.00: what the other 80.00 were for, the file does not say.
    assert '"orders_not_adding_up": 1' in shop.lake.rows(shop.lake.table("imports"))[0]["notes"]


def test_the_last_of_two_blocks_holds(shop: Any) -> None:
    old = order("#1", lines=[(1, "10.00"), (1, "20.00")])
    new = order("#1", lines=[(3, "10.00")])
    shop.read_text(export(old, order("#2", lines=[(1, "30.00")]), new))
    lines = [line for line in shop.facts("order_lines") if line["order_id"].endswith("#1")]
    assert [(line["line_no"], line["quantity"]) for line in lines] == [("1", 3)]


def test_reading_again_changes_nothing_and_a_removed_line_disappears(shop: Any) -> None:
    shop.read_text(export(order("#1", lines=[(1, "10.00"), (1, "20.00")])), "first.csv")
    before = shop.facts("order_lines")
    shop.read_text(
        export(order("#1", lines=[(1, "10.00"), (1, "20.00")])) + "\n", "again.csv", written_at=1_793_000_100
    )
    drop = ("source_row", "version")
    again = shop.facts("order_lines")
    assert [{k: v for k, v in row.items() if k not in drop} for row in again] == [
        {k: v for k, v in row.items() if k not in drop} for row in before
    ]
    shop.read_text(export(order("#1", lines=[(3, "10.00")])), "later.csv", written_at=1_793_000_200)
    assert [line["line_no"] for line in shop.facts("order_lines")] == ["1"]


def test_a_file_of_headers_alone_is_read(shop: Any, shared: Path) -> None:
    report = shop.read(shared / "data/exports/shopify_orders_export.HEADER_FULL.csv")
    assert (report.outcome, report.format, report.rows) == ("imported", "shopify_orders", 0)


def test_what_the_order_says_is_shared_over_its_lines_to_the_last_cent(shop: Any) -> None:
    random = Random(1)  # noqa: S311 - the same orders every time
    orders, wanted = [], {}
    for number in range(60):
        currency = random.choice(["EUR", "JPY", "KWD"])
        unit = Decimal(1).scaleb(-minor_units(currency))
        lines = [(random.randint(1, 5), random.randint(0, 9999) * unit) for _ in range(random.randint(1, 7))]
        worth = sum((quantity * price for quantity, price in lines), Decimal(0))
        discount = random.randint(0, int(worth / unit)) * unit
        shipping, taxes = random.randint(0, 2000) * unit, random.randint(0, 2000) * unit
        total = worth - discount + shipping + taxes
        totals = f"{currency},{worth - discount},{shipping},{taxes},{total},{discount}"
        orders.append(order(f"#{number}", lines=[(q, str(p)) for q, p in lines], totals=totals))
        wanted[f"shopify:main:#{number}"] = (discount, shipping, taxes, total)
    shop.read_text(export(*orders))
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in shop.facts("order_lines"):
        found[line["order_id"]].append(line)
    for order_id, (discount, shipping, taxes, total) in wanted.items():
        parts = found[order_id]
        assert sum(line["discount"] for line in parts) == discount
        assert sum(line["shipping"] for line in parts) == shipping
        assert sum(line["tax"] for line in parts) == taxes
        goods = sum(line["unit_price"] * line["quantity"] for line in parts)
        assert goods - discount + shipping + taxes == total
        assert all(line["discount"] >= 0 and line["shipping"] >= 0 for line in parts)
