"""Olist's public tables: nine files that refer to each other and meet under the same keys."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def test_the_sample_arrives_whole(shop: Any, shared: Path) -> None:
    files = sorted((shared / "data/olist-10k").glob("*.csv.gz"), reverse=True)
    reports = [shop.read(file) for file in files]
    assert [(r.outcome, r.rejected) for r in reports] == [("imported", 0)] * 7
    lake = shop.lake.raw
    counts = {
        name: lake.execute(f"SELECT count(*) FROM lake.main.{name} WHERE superseded_at IS NULL").fetchone()[0]
        for name in ("orders", "order_lines", "payments", "customers", "sellers", "products", "categories")
    }
    assert counts == {
        "orders": 10_000,
        "order_lines": 11_513,
        "payments": 10_415,
        "customers": 10_000,
        "sellers": 3_095,
        "products": 32_951,
        "categories": 71,
    }
    met, agreed = lake.execute(
        """WITH owed AS (SELECT order_id, sum(quantity * unit_price + shipping) AS amount
                         FROM lake.main.order_lines GROUP BY order_id),
                paid AS (SELECT order_id, sum(amount) AS amount FROM lake.main.payments GROUP BY order_id)
           SELECT count(*), count(*) FILTER (abs(owed.amount - paid.amount) <= 0.02)
           FROM owed JOIN paid USING (order_id) JOIN lake.main.orders USING (order_id)"""
    ).fetchone()
    # In binary floating point two of them miss the two cents by a hair: 9,974.
    assert (met, agreed) == (10_000, 9_976)
    (placed,) = lake.execute(
        """SELECT count(*) FROM lake.main.orders JOIN lake.main.customers USING (customer_ref)
           WHERE customers.region IS NOT NULL"""
    ).fetchone()
    assert placed == 10_000
    (sent,) = lake.execute(
        "SELECT count(*) FROM lake.main.order_lines JOIN lake.main.sellers USING (seller_id)"
    ).fetchone()
    assert sent == 11_513


def test_the_promise_ends_at_the_moment_the_file_says(shop: Any) -> None:
    shop.read(Path(__file__).parent / "golden/olist_orders/olist_orders_dataset.csv")
    promised = {row["order_name"]: row["deliver_by"].isoformat() for row in shop.facts("orders")}
    # Sao Paulo was on summer time in January 2018: two hours behind UTC, three in July.
    assert promised["o1"] == "2018-01-31T02:00:00"
    assert promised["o3"] == "2018-07-20T03:00:00"
