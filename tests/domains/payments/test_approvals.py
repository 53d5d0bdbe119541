"""Payments approved less often than they were: what is told, why, and which other way is proposed."""

from __future__ import annotations

from typing import Any

import pytest
from tests.domains.conftest import known
from tests.domains.selling import DAY, at, readable, sale

from argosy.domains.payments.approvals import approval_fallen
from argosy.domains.payments.remedies import other_way_to_pay
from argosy.outlook.known import Known


def attempts(*, good: int, since: int = 0, now: int = 0, provider: str = "stripe:main", country: str = "DE",
             again: bool = False) -> list[dict[str, Any]]:  # fmt: skip
    """Return ten purchases a day over 120 days, so many of which are approved, from ``since`` days ago on ``now``;
    again: who is declined comes through at the second try."""
    made = []
    for ago in range(120, 0, -1):
        for n in range(10):
            passes = n < (now if ago <= since else good)
            one: dict[str, Any] = {
                "payment_id": f"{provider}{country}{ago:03}{n}",
                "channel_id": "shop:main",
                "provider": provider,
            }
            one |= {"method": "card", "amount": 100 + n, "currency": "CNY", "country": country, "three_ds": None}
            one |= {"attempted_at": at(ago, second=n * 600), "outcome": "captured" if passes else "declined"}
            made.append(one | {"decline_code": None if passes else "do_not_honor"})
            if again and not passes:
                made.append(one | {"payment_id": one["payment_id"] + "b", "outcome": "captured",
                                   "attempted_at": at(ago, second=n * 600 + 40)})  # fmt: skip
    return made


def world(*payments: list[dict[str, Any]]) -> Known:
    """Return a shop whose orders leave over 50 each."""
    orders, rows, booked = zip(*(sale(n, 60 - n, "A") for n in range(50)), strict=True)
    entries = [one for part in booked for one in part]
    facts = {"orders": orders, "order_lines": rows, "payments": [row for rows_ in payments for row in rows_]}
    return known(facts, day=DAY, entries=entries)


def test_a_fall_is_told_with_the_margin_of_the_orders_lost() -> None:
    (one,) = approval_fallen(world(attempts(good=9, since=20, now=5)))
    assert (one.subject, one.told["was"], one.told["now"]) == ("stripe:main/DE", 90, 50)
    assert abs((one.since - at(20).date()).days) <= 1
    # Four orders a day for twenty days, 50 each.
    assert float(one.stake.mid) == pytest.approx(4000, rel=0.05)
    assert one.stake.low < 4000 < one.stake.high
    assert one.told["code"] == "do_not_honor"
    assert float(str(one.told["same"])) == pytest.approx(-40, abs=1)


@pytest.mark.parametrize(
    "payments",
    [
        attempts(good=9),
        attempts(good=6),  # low, but as ever
        attempts(good=9, since=20, now=5, again=True),  # who is declined comes through at the second try
        attempts(good=7, since=20, now=9),  # risen
    ],
)
def test_what_is_as_ever_is_left_alone(payments: list[dict[str, Any]]) -> None:
    assert list(approval_fallen(world(payments))) == []


def test_other_ways_of_the_market_and_of_other_markets_are_proposed_by_what_they_bring() -> None:
    here = world(
        attempts(good=9, since=20, now=3), attempts(good=10, provider="paypal:main"),
        attempts(good=8, provider="adyen:main", country="FR"),
    )  # fmt: skip
    (one,) = approval_fallen(here)
    off, on, ask = other_way_to_pay(one, here)
    assert (off.change.kind, off.change.subject) == ("method.off", "stripe:main/DE")
    assert off.undo is not None and off.undo.kind == "method.on"
    # Ten purchases a day for four weeks, 50 each: 75 of 100 buyers pay otherwise and come through, 30 did anyway.
    assert float(off.expected.mid) == pytest.approx(280 * 50 * (0.75 - 0.30), rel=0.02)
    assert (on.change.kind, on.change.subject) == ("method.on", "adyen:main/DE")
    assert float(on.expected.mid) == pytest.approx(280 * 50 * 0.3 * (0.8 - 0.3), rel=0.02)
    readable(one, (off, on, ask))
    assert ask.change.kind == "task.do" and "stripe:main" in ask.change.values["text"]


def test_the_only_way_to_pay_is_not_switched_off() -> None:
    here = world(attempts(good=9, since=20, now=5))
    (one,) = approval_fallen(here)
    assert [proposal.change.kind for proposal in other_way_to_pay(one, here)] == ["task.do"]
