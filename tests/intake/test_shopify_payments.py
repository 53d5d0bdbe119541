"""Shopify Payments: rows without a number, payouts that get theirs later."""

from __future__ import annotations

from typing import Any

HEADER = (
    "Transaction Date,Type,Order,Card Brand,Card Source,Payout Status,Payout Date,Payout ID,Available On,Amount,Fee,"
    "Net,Checkout,Payment Method Name,Presentment Amount,Presentment Currency,Currency\n"
)
PENDING = (
    "2026-03-01 10:00:00 +0100,charge,#1,visa,online,pending,2026-03-05,,2026-03-05,10.00,0.50,9.50,"
    "#c1,card,10.00,EUR,EUR\n"
)
PAID = PENDING.replace("pending,2026-03-05,,", "paid,2026-03-05,777,")
TIP = "2026-03-01 10:00:00 +0100,adjustment,,,,paid,2026-03-05,777,2026-03-05,-1.00,0.00,-1.00,,card,-1.00,EUR,EUR\n"


def amounts(shop: Any) -> list[tuple[str, str, str | None]]:
    return [(row["kind"], str(row["amount"]), row["payout_id"]) for row in shop.facts("payout_lines")]


def test_a_payout_made_later_is_put_on_the_lines_already_there(shop: Any) -> None:
    shop.read_text(HEADER + PENDING, "early.csv")
    assert amounts(shop) == [("charge", "10.0000", None), ("payment_fee", "-0.5000", None)]
    assert shop.facts("payouts") == []
    shop.read_text(HEADER + PAID, "late.csv", written_at=1_793_500_000)
    payout = "shopify_payments:main:777"
    assert amounts(shop) == [("charge", "10.0000", payout), ("payment_fee", "-0.5000", payout)]
    assert [(row["payout_id"], str(row["amount"])) for row in shop.facts("payouts")] == [(payout, "9.5000")]


def test_a_row_is_the_same_wherever_it_stands(shop: Any) -> None:
    shop.read_text(HEADER + PAID + TIP + TIP, "one.csv")
    once = amounts(shop)
    shop.read_text(HEADER + TIP + PAID + TIP, "other.csv", written_at=1_793_500_000)
    assert amounts(shop) == once
    assert len(once) == 4


def test_the_payout_itself_is_not_part_of_its_sum(shop: Any) -> None:
    out = "2026-03-05 10:00:00 +0100,payout,,,,paid,2026-03-05,777,2026-03-05,-9.50,0.00,-9.50,,,,,EUR\n"
    shop.read_text(HEADER + PAID + out)
    assert [str(row["amount"]) for row in shop.facts("payouts")] == ["9.5000"]
    assert ("transfer", "-9.5000", "shopify_payments:main:777") in amounts(shop)
