"""What does not add up is found with its amount, and what adds up is left alone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.books.test_money_ledger import DAY, facts, sale

from argosy.books.reconcile import orders_without_payout, refunds_above_sale, total_against_lines
from argosy.books.sales import sold_lines
from argosy.books.settlements import matched_lines


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


def moved(kind: str, amount: str, **told: Any) -> dict[str, Any]:
    """Return a line of the channel's statement about the order."""
    line: dict[str, Any] = {"line_id": f"{kind}{amount}", "payout_id": "p", "channel_id": "shopify:main", "kind": kind}
    line |= {
        "order_id": "shopify:main:1",
        "amount": Decimal(amount),
        "currency": "EUR",
        "posted_at": DAY + timedelta(days=3),
    }
    return line | told


@pytest.mark.parametrize(
    ("lines", "amount"),
    [
        ([("refund", "-23.80"), ("discount", "2.00")], None),
        ([("refund", "-23.80")], Decimal("2.00")),
        ([("refund", "-21.80")], None),
        ([("refund", "-21.80"), ("refund_tax", "-1.67"), ("tax_withheld", "1.67")], None),
        ([("refund", "-23.80"), ("discount", "-2.00")], Decimal("2.00")),
    ],
    ids=[
        "the discount is taken back too",
        "all of it",
        "what was paid",
        "tax the channel hands on",
        "the discount of the sale is none",
    ],
)
def test_more_given_back_than_was_sold(lines: list[tuple[str, str]], amount: Decimal | None) -> None:
    tables = facts(**sale(discount=Decimal("2.00")), payout_lines=[moved(*line) for line in lines])
    sold = sold_lines(tables["orders"], tables["order_lines"])
    matched = matched_lines(tables["payout_lines"], tables["orders"])
    rows = refunds_above_sale(sold, tables["refunds"], tables["orders"], matched).to_pyarrow().to_pylist()
    assert [row["amount"] for row in rows] == ([amount] if amount else [])


@pytest.mark.parametrize(("days", "missing"), [(13, False), (15, True)])
def test_an_order_may_be_sent_and_told_of_two_weeks_later(days: int, missing: bool) -> None:
    other = moved("sale", "5.00", order_id="another", posted_at=DAY + timedelta(days=days))
    first = moved("sale", "5.00", order_id="first", posted_at=DAY, line_id="first")
    tables = facts(**sale(), payout_lines=[first, other])
    sold = sold_lines(tables["orders"], tables["order_lines"])
    matched = matched_lines(tables["payout_lines"], tables["orders"])
    found_ = orders_without_payout(sold, matched, as_of=date(2026, 12, 1))
    assert bool(found_.to_pyarrow().num_rows) == missing
