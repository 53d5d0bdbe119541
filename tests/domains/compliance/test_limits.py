"""Limits of registration and of account health are told before they are passed, those far off or not ours are not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from tests.domains.conftest import known
from tests.domains.selling import DAY, at, entry, line, order

from argosy.domains.compliance.health import account_health_nearing
from argosy.domains.compliance.remedies import mend_health, register
from argosy.domains.compliance.thresholds import crossings, sales_threshold_nearing
from argosy.outlook.known import Known

LAST = DAY - timedelta(days=1)
RATES = [{"day": LAST - timedelta(days=n), "currency": "AUD", "per_unit": 5, "quoted_on": LAST} for n in range(130)]


def _sells(a_day: float, *, country: str = "AU", home: str = "CN", collected: str | None = None) -> Known:
    """Return a hundred days of one order a day of so many Australian dollars."""
    orders = [order(n, n, country=country, currency="AUD") for n in range(1, 101)]
    lines = [line(n, "x", price=a_day, currency="AUD", tax_collected_by=collected) for n in range(1, 101)]
    return known({"orders": orders, "order_lines": lines, "fx_rates": RATES}, day=DAY, home=home)


def test_a_limit_is_told_with_the_day_sales_will_pass_it() -> None:
    (one,) = sales_threshold_nearing(_sells(600))  # 60,000 of 75,000 after a hundred days: 25 more to go
    assert one.subject == "AU"
    assert one.told["so_far"] == 60000
    assert one.told["on"] == DAY + timedelta(days=24)
    # A tenth of 600 dollars at 5 each for sixty days that nobody charged.
    assert float(one.stake.mid) == pytest.approx(600 * 5 * 0.1 * 60, rel=0.01)
    (proposal,) = register(one, _sells(600))
    assert proposal.expires_on > DAY + timedelta(days=24)


@pytest.mark.parametrize(
    "quiet",
    [
        _sells(300),  # 30,000: far off
        _sells(600, collected="channel"),  # the channel answers for the tax
        _sells(600, home="AU"),  # the rule is for sellers abroad
        _sells(600, country="KZ"),  # no limit known
        _sells(5000),  # passed long ago
    ],
)
def test_what_is_far_off_or_not_ours_is_left_alone(quiet: Known) -> None:
    assert list(sales_threshold_nearing(quiet)) == []


def test_the_day_a_limit_was_passed_is_found_again() -> None:
    assert crossings(_sells(1000)) == {"AU": DAY - timedelta(days=26)}  # the 75th day of a hundred


def _account(late: list[int], *, kind: str = "tiktok_shop") -> Known:
    """Return ninety days of ten orders a day of a channel, of which on the last days so many were sent too late."""
    promises: list[dict[str, Any]] = []
    orders, entries = [], []
    for ago in range(90, 0, -1):
        bad = late[-ago] if ago <= len(late) else 0
        for n in range(10):
            name = f"{ago}-{n}"
            orders.append(order(ago, ago, order_id=name))
            promises.append({
                "promise_id": f"ship_by/{name}", "kind": "ship_by", "direction": "ours", "subject": name,
                "market": "DE",
                "channel_id": "shop:main", "made_at": at(ago), "due_at": at(ago),
                "state": "broken" if n < bad else "kept",
            })  # fmt: skip
            entries.append(entry("income:sales", -100, ago, order_id=name, channel_id="shop:main"))
    channels = [{"channel_id": "shop:main", "kind": kind}]
    return known({"orders": orders, "channels": channels}, day=DAY, entries=entries, promises=promises)


def test_late_sending_is_told_before_the_channel_counts_it_against_the_seller() -> None:
    worse = _account([0, 0, 0, 0, 0, 1, 1])  # 2 of 70 now, heading for 4 of 100
    (one,) = account_health_nearing(worse)
    assert one.subject == "shop:main/late_shipment"
    assert one.told["beyond"] == 0
    assert float(str(one.told["now"])) == pytest.approx(100 * 2 / 70, abs=0.01)
    # A thousand a day, closed for 14 days, 0.15 times as likely as the limit is passed.
    assert float(one.stake.mid) == pytest.approx(1000 * 14 * 0.15 * one.confidence, rel=0.01)
    (proposal,) = mend_health(one, worse)
    assert proposal.words == "task.late_shipment"


def test_a_channel_in_health_or_without_a_limit_is_left_alone() -> None:
    assert list(account_health_nearing(_account([0] * 7))) == []
    assert list(account_health_nearing(_account([3] * 7, kind="shopify"))) == []
    assert [one.told["beyond"] for one in account_health_nearing(_account([3] * 7))] == [1]
