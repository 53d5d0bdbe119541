"""eBay: reports with lines that are no data, totals above their items, and a column for every fee."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

GOLDEN = Path(__file__).parent / "golden"


def test_the_lines_of_an_order_add_up_to_its_total(shop: Any) -> None:
    report = shop.read(GOLDEN / "ebay_orders/eBay-OrdersReport.csv")
    assert (report.rows, report.ignored, report.accepted) == (8, 3, 5)
    totals = {row["order_id"]: row["total"] for row in shop.facts("orders")}
    sums = dict.fromkeys(totals, Decimal(0))
    for line in shop.facts("order_lines"):
        sums[line["order_id"]] += line["quantity"] * line["unit_price"] + line["tax"] + line["shipping"]
    assert sums == totals


@pytest.mark.parametrize(
    ("account", "sign", "currency"),
    [
        ("", "$", "USD"),
        ('[accounts."ebay:main"]\ncurrency = "AUD"\n', "$", "AUD"),
        ("", "AU $", "AUD"),
        ("", "C $", "CAD"),
        ('[accounts."ebay:main"]\ncurrency = "AUD"\n', "£", "GBP"),
    ],
)
def test_the_sign_says_the_currency(open_shop: Any, account: str, sign: str, currency: str) -> None:
    shop = open_shop(account)
    shop.read_text(
        ",,,,,,,,\n"  # this line alone ends without a carriage return
        "Sales Record Number,Order Number,Item Number,Item Title,Quantity,Sold For,Total Price,Sale Date\r\n"
        f"1,26-1,256,Mug,1,{sign}25.00,{sign}25.00,Sep-27-26\r\n"
    )
    assert [(row["unit_price"], row["currency"]) for row in shop.facts("order_lines")] == [(25, currency)]


def test_every_row_of_the_transactions_comes_to_its_net(shop: Any) -> None:
    shop.read(GOLDEN / "ebay_transactions/Transaction_report.csv")
    (payout,) = shop.facts("payouts")
    lines = [row for row in shop.facts("payout_lines") if row["payout_id"] == payout["payout_id"]]
    in_dollars = [row for row in lines if row["currency"] == "USD" and row["kind"] != "transfer"]
    assert sum(row["amount"] for row in in_dollars) == payout["amount"] == Decimal("100.10")
    assert sum(row["amount"] for row in lines if row["currency"] == "GBP") == 0


def test_a_row_paid_out_later_is_the_same_row(shop: Any) -> None:
    text = (GOLDEN / "ebay_transactions/Transaction_report.csv").read_text(encoding="utf-8")
    open_rows = text.replace('"7001"', '"--"').replace('"Funds sent"', '"Available"')
    shop.read_text("".join(line for line in open_rows.splitlines(keepends=True) if '"Payout"' not in line))
    before = {row["line_id"] for row in shop.facts("payout_lines")}
    shop.read_text(text, written_at=1_793_100_000)
    after = shop.facts("payout_lines")
    assert before == {row["line_id"] for row in after if row["kind"] != "transfer"}
    assert {row["payout_id"] for row in after if row["kind"] == "sale"} == {"ebay:main:7001"}
