"""WooCommerce and BigCommerce orders, exported without their lines."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any


def header(shared: Path, platform: str) -> str:
    lines = (shared / "data/exports/HEADERS_woocommerce_bigcommerce_etsy.txt").read_text(encoding="utf-8")
    return next(line.partition(": ")[2] for line in lines.splitlines() if line.startswith(f"{platform}:"))


def test_the_headers_seen_in_the_wild_are_recognised(shop: Any, shared: Path) -> None:
    for platform in ("woocommerce", "bigcommerce"):
        report = shop.read_text(header(shared, platform) + "\n", f"{platform}.csv")
        assert (report.outcome, report.format) == ("imported", f"{platform}_orders")


def test_a_total_without_its_parts_stays_whole(shop: Any, shared: Path) -> None:
    row = "7,2026-09-05 12:00:00,processing,,,,kai@example.sg,,,,,018956,SG,,,,018956,SG,64.50,SGD,stripe"
    shop.read_text(f"{header(shared, 'woocommerce')}\n{row}\n")
    line = shop.facts("order_lines")[0]
    assert (line["unit_price"], line["tax"], line["tax_included"]) == (Decimal("64.5"), None, None)


def test_the_line_adds_up_to_the_total(shop: Any) -> None:
    shop.read_text(
        "order_id,order_date,order_status,billing_address_1,order_total,order_currency,shipping_total,tax_total,"
        "discount_total\n7,2026-09-05 12:00:00,wc-completed,,119.00,EUR,9.00,22.00,8.00\n"
    )
    line, order = shop.facts("order_lines")[0], shop.facts("orders")[0]
    assert line["unit_price"] - line["discount"] + line["tax"] + line["shipping"] == order["total"]
    assert order["status"] == "shipped"


def test_an_order_read_again_has_its_newest_status(shop: Any) -> None:
    text = (
        "order_id,order_date,order_status,billing_address_1,order_total,order_currency\n"
        "7,2026-09-05 12:00:00,{},,5,EUR\n"
    )
    shop.read_text(text.format("pending"), "early.csv")
    shop.read_text(text.format("refunded"), "late.csv", written_at=1_793_000_100)
    assert [(row["status"], row["refunded"]) for row in shop.facts("orders")] == [("refunded", Decimal(5))]
