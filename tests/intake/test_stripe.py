"""Stripe's itemised payout reconciliation."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any


def test_the_sample_nets_to_what_was_paid_out(shop: Any, shared: Path) -> None:
    sample = shared / "data/exports/stripe_payout_reconciliation_itemized_small.csv"
    shop.read(sample)
    lines = shop.facts("payout_lines")
    assert sum(line["amount"] for line in lines) == Decimal("900.50")
    assert [row["amount"] for row in shop.facts("payouts")] == [Decimal("900.50")]
    assert {line["order_ref"] for line in lines} == {"1041", "1042", "1039"}
    assert {line["currency"] for line in lines} == {"EUR"}


def test_a_ledger_read_twice_is_read_once(shop: Any, shared: Path) -> None:
    sample = shared / "data/exports/stripe_payout_reconciliation_itemized_small.csv"
    shop.read(sample)
    once = [(row["line_id"], row["amount"]) for row in shop.facts("payout_lines")]
    shop.read_text(sample.read_text(encoding="utf-8") + "\n", "again.csv")
    assert [(row["line_id"], row["amount"]) for row in shop.facts("payout_lines")] == once
