"""Currencies that fall and disputes that mount: what is told, what is left alone."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from tests.domains.conftest import known
from tests.domains.selling import DAY, at, entry, order, readable

from argosy.domains.payments.currencies import margin_eaten_by_fx
from argosy.domains.payments.disputes import disputes_up
from argosy.domains.payments.remedies import look_into_disputes, reprice_for_currency
from argosy.model.findings import Finding
from argosy.outlook.known import Known


def falls(*, by: float = 0.0, since: int = 30, until: int = 0, slowly: float = 0.0) -> list[Finding]:
    """Return what is told of dollars of which 100 are earned a day and 40 spent, worth 7 and less ``by`` a part from
    ``since`` days ago on until ``until`` days ago; slowly: so much less every day."""
    entries, rates = [], []
    for ago in range(200, 0, -1):
        worth = 7.0 * (1 - by * (until < ago <= since)) - slowly * (200 - ago)
        rates.append(
            {"day": at(ago).date(), "currency": "USD", "per_unit": f"{worth:.6f}", "quoted_on": at(ago).date()}
        )
        for account, amount in (("income:sales", -100), ("cost:freight", 40)):
            entries.append(entry(account, amount, ago, currency="USD", book_amount=f"{amount * worth:.4f}"))
    return list(margin_eaten_by_fx(known({"fx_rates": rates}, day=DAY, entries=entries)))


def test_a_currency_that_fell_is_told_with_what_less_was_left() -> None:
    (one,) = falls(by=0.1)
    assert (one.subject, one.since) == ("USD", at(30).date())
    # Sixty dollars a day for thirty days, 0.70 less each.
    assert float(one.stake.mid) == pytest.approx(1260, rel=0.02)
    assert one.stake.low <= 1260 <= one.stake.high
    (task,) = reprice_for_currency(one, known({}, day=DAY))
    assert float(task.expected.mid) == pytest.approx(42 * 28 * 0.3, rel=0.02)
    readable(one, [task])


@pytest.mark.parametrize("told", [{"by": 0.02}, {"slowly": 0.004}, {"by": 0.1, "until": 10}, {"by": -0.1}])
def test_small_slow_and_past_falls_are_left_alone(told: dict[str, Any]) -> None:
    assert falls(**told) == []


def disputed(*ago: int) -> Known:
    """Return a shop with four orders a day, of which one is disputed 30 days later for each of the days ``ago``."""
    orders = [order(4 * day + n, day) for day in range(150, 0, -1) for n in range(4)]
    disputes = [
        {"dispute_id": f"{n}", "order_id": f"shop:main:{4 * day + n % 4}", "amount": 100, "currency": "CNY",
         "opened_at": at(day - 30), "respond_by": at(day - 40)}
        for n, day in enumerate(ago)
    ]  # fmt: skip
    return known({"orders": orders, "disputes": disputes}, day=DAY)


def test_a_burst_of_disputes_is_told_by_the_days_of_the_purchases() -> None:
    here = disputed(140, 50, 49, 48, 47, 46, 45)
    (one,) = disputes_up(here)
    assert one.subject == "DE"
    assert abs((one.since - at(50).date()).days) <= 2
    assert float(one.stake.mid) == pytest.approx(600, abs=30)
    (task,) = look_into_disputes(one, here)
    # Seven are not decided yet; three in ten are won.
    assert task.expected.mid == Decimal("210.00")
    readable(one, [task])


@pytest.mark.parametrize("ago", [(140, 110, 80, 50), (50, 47), ()])
def test_a_dispute_now_and_then_is_left_alone(ago: tuple[int, ...]) -> None:
    here = disputed(*ago)
    assert list(disputes_up(here)) == []
