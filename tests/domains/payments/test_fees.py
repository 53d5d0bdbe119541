"""Fees taken twice and fees that have risen: what is told, what is left alone, what is claimed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.domains.conftest import known
from tests.domains.selling import DAY, at, readable

from argosy.domains.payments.fees import fee_charged_twice, fee_rate_up, fulfilment_up
from argosy.domains.payments.remedies import ask_for_rate, claim_twice
from argosy.outlook.known import Known

Rows = list[dict[str, Any]]


def statement(number: int, days_ago: int, *, price: float = 100, fee: float = 15, sending: float = 20,
              sku: str = "A") -> Rows:  # fmt: skip
    """Return the lines of a sale on a statement."""
    parts = (("sale", "Principal", price), ("referral", "Commission", -fee), ("fulfilment", "Sending", -sending))
    return [
        {
            "line_id": f"{number}/{kind}", "channel_id": "amazon:main", "kind": kind,
            "order_id": f"amazon:main:{number}", "sku": sku, "quantity": 1 if kind == "sale" else None,
            "description": words, "amount": amount, "currency": "CNY", "posted_at": at(days_ago), "country": "US",
        }
        for kind, words, amount in parts
    ]  # fmt: skip


def twice(rows: Rows, kind: str) -> Rows:
    return [*rows, *(row | {"line_id": row["line_id"] + "/again"} for row in rows if row["kind"] == kind)]


def world(*sales: Rows) -> Known:
    orders = [{"order_id": f"amazon:main:{n}", "order_name": f"{n}"} for n in range(20)]
    return known({"payout_lines": [row for rows in sales for row in rows], "orders": orders}, day=DAY)


def test_a_fee_taken_twice_is_told_and_claimed() -> None:
    here = world(statement(1, 9), twice(statement(2, 8), "referral"), twice(statement(3, 5, fee=7), "referral"))
    (one,) = fee_charged_twice(here)
    assert (one.subject, one.since, one.stake.mid) == ("amazon:main/US", at(8).date(), Decimal(22))
    assert one.told["orders"] == 2
    (claim,) = claim_twice(one, here)
    assert claim.change.subject == "amazon:main/amazon:main/US"
    assert claim.change.values == {"amount": "22.0000", "currency": "CNY", "papers": "2 3"}
    # Half, 85 % and all of it.
    readable(one, [claim])
    assert (claim.expected.low, claim.expected.mid, claim.expected.high) == (Decimal(11), Decimal("18.70"), Decimal(22))


@pytest.mark.parametrize(
    "rows",
    [
        twice(twice(statement(1, 9), "referral"), "sale"),  # two parcels of one article, each with its fee
        [*statement(1, 9), *(row | {"line_id": "b", "description": "Closing"} for row in statement(1, 9)[1:2])],
        twice(statement(1, 120), "referral"),  # too old to claim
    ],
)
def test_fees_for_two_sales_two_kinds_of_fee_and_old_ones_are_left_alone(rows: Rows) -> None:
    assert list(fee_charged_twice(world(rows))) == []


def days(*, rate: float = 0.15, sending: float = 20, since: int = 30, cheap_since: int = 0) -> list[Rows]:
    """Return three sales a day over 120 days; from ``since`` days ago on at another rate; from ``cheap_since`` on two
    of three are of an article that always paid 8 %."""
    made = []
    for ago in range(120, 0, -1):
        for n in range(3):
            new = ago <= since
            cheap = n == 0 or (n == 1 and ago <= cheap_since)
            fee = 8 if cheap else 100 * (rate if new else 0.15)
            cost = sending if new else 20
            made.append(statement(ago * 10 + n, ago, fee=fee, sending=cost, sku="B" if cheap else "A"))
    return made


def test_a_risen_fee_is_told_with_what_it_cost() -> None:
    here = world(*days(rate=0.20))
    (one,) = fee_rate_up(here)
    # Two sales a day for 30 days at 5 more; the third article pays what it did.
    assert one.subject == "amazon:main/US"
    assert abs((one.since - at(30).date()).days) <= 1
    assert float(one.stake.mid) == pytest.approx(300, rel=0.05)
    assert one.stake.low < 300 < one.stake.high
    assert list(fulfilment_up(here)) == []
    (asked,) = ask_for_rate(one, here)
    # Ten a day for four weeks, of which a fifth may be saved.
    assert float(asked.expected.mid) == pytest.approx(56, rel=0.05)
    readable(one, [asked])


def test_a_risen_fee_for_sending_is_told_by_itself() -> None:
    here = world(*days(sending=30))
    (one,) = fulfilment_up(here)
    readable(one)
    assert float(one.stake.mid) == pytest.approx(900, rel=0.05)
    assert list(fee_rate_up(here)) == []


def test_selling_other_articles_is_no_rise() -> None:
    assert list(fee_rate_up(world(*days(since=0, cheap_since=60)))) == []
    assert list(fee_rate_up(world(*reversed(days(since=0, cheap_since=120))))) == []
