"""Payouts that come late: what is told, what is left alone, what is asked."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.domains.conftest import known
from tests.domains.selling import DAY, readable

from argosy.domains.payments.checks import payout_late
from argosy.domains.payments.remedies import claim_late
from argosy.model.findings import Finding

Sent = tuple[int, int | None]  # days ago, days until it was booked


def found(*sent: Sent, short: int = 0, bank_until: int = 1) -> list[Finding]:
    """Return what is told of payouts of the same payer; the bank's last line was booked ``bank_until`` days ago."""
    payouts: list[dict[str, Any]] = []
    bank: list[dict[str, Any]] = [line(99, "0.01", bank_until)]
    for number, (ago, took) in enumerate(sent):
        amount = 1000 + number
        payouts.append({"payout_id": f"p{number}", "channel_id": "stripe:main", "amount": amount, "currency": "CNY",
                        "sent_on": DAY - timedelta(days=ago), "status": "paid"})  # fmt: skip
        if took is not None:
            bank.append(line(number, str(amount - short), ago - took))
    return list(payout_late(known({"payouts": payouts, "bank_lines": bank}, day=DAY)))


def line(number: int, amount: str, days_ago: int) -> dict[str, Any]:
    booked = DAY - timedelta(days=days_ago)
    return {"bank_line_id": str(number), "account": "main", "amount": amount, "currency": "CNY", "booked_on": booked}


USUAL: list[Sent] = [(60 + 7 * n, 2) for n in range(5)]


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ([(9, None)], True),  # out for eight days instead of two
        ([(20, 8)], True),  # came late lately
        ([(50, 8)], False),  # came late long ago
        ([(4, None)], False),  # not out much longer than usual
        ([(9, 3)], False),  # a day later than usual
    ],
)
def test_what_takes_longer_than_the_payer_ever_takes_is_told(sent: list[Sent], told: bool) -> None:
    assert bool(found(*USUAL, *sent)) is told


def test_money_is_looked_for_up_to_the_last_day_the_bank_told_of() -> None:
    assert not found(*USUAL, (9, None), bank_until=8)


def test_a_payer_seen_too_seldom_is_left_alone() -> None:
    assert not found((60, 2), (67, 2), (9, None))


def test_what_is_told_and_asked_is_the_amount_that_is_out() -> None:
    (one,) = found(*USUAL, (9, None), (20, 8))
    assert one.subject == "stripe:main/CNY"
    assert (one.told["held"], one.told["open"], one.told["late"], one.told["usual"]) == (Decimal(1005), 1, 2, 2)
    # 1005 for six and 1006 for six days at 10 % a year.
    assert one.stake.mid == Decimal("3.31")
    (asked,) = claim_late(one, known({}, day=DAY))
    assert asked.change.values["amount"] == "1005.0000"
    assert asked.expected.mid == Decimal("2.01")
    assert "1005" in readable(one, [asked])[2]


def test_what_came_already_is_not_asked_for() -> None:
    (one,) = found(*USUAL, (20, 8))
    assert list(claim_late(one, known({}, day=DAY))) == []
