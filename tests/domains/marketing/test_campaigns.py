"""What campaigns lose, and what a smaller budget saves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from tests.domains.conftest import known

from argosy.domains.marketing import CHECKS, REMEDIES
from argosy.model.findings import Finding
from argosy.outlook.known import Known

DAY, DAYS = date(2026, 7, 1), 70
Daily = Callable[[int], tuple[int, int, int]]  # number of the day -> spend, clicks, orders claimed


def advertised(**campaigns: Daily) -> Known:
    """Return a shop whose orders leave over a hundred each, with campaigns of which nothing but claims is known."""
    first = DAY - timedelta(days=DAYS)
    rows: list[dict[str, Any]] = []
    for name, daily in campaigns.items():
        for number in range(DAYS):
            spend, clicks, claimed = daily(number)
            rows.append(
                {"ad_day_id": f"{name}{number}", "platform": "ads", "campaign": name, "country": "US",
                 "day": first + timedelta(days=number), "spend": spend + number % 2, "clicks": clicks,
                 "currency": "CNY", "orders": claimed}
            )  # fmt: skip
    at = datetime(2026, 6, 1)
    orders = [{"order_id": str(n), "placed_at": at, "country": "US"} for n in range(50)]
    sales = [{"order_id": str(n), "account": "income:sales", "book_amount": -100, "posted_at": at} for n in range(50)]
    return known({"ad_days": rows, "orders": orders}, day=DAY, entries=sales)


def told(now: Known) -> list[Finding]:
    return [one for one in CHECKS[0].run(now) if isinstance(one, Finding)]


def steady(_: int) -> tuple[int, int, int]:
    return 100, 50, 5


def test_a_worn_campaign_has_lost_what_it_no_longer_brings() -> None:
    (one,) = told(advertised(Old=lambda n: (100, 50, 5) if n < 45 else (100, 20, 1), Good=steady))
    assert (one.subject, one.since, one.told["cause"]) == ("Old", DAY - timedelta(days=25), "worn")
    # Four orders a day fewer are claimed, three quarters of them are real, each left over a hundred.
    assert one.stake.low < 25 * 4 * 75 < one.stake.high
    assert one.stake.mid == pytest.approx(Decimal(25 * 4 * 75), rel=Decimal("0.05"))


def test_a_campaign_that_overspends_has_lost_what_was_spent_beyond_what_that_brought() -> None:
    (one,) = told(advertised(Wild=lambda n: (100, 50, 5) if n < 60 else (400, 200, 6), Good=steady))
    assert (one.subject, one.told["cause"]) == ("Wild", "overspent")
    # 3000 more was spent in ten days; ten orders more claimed, worth 75 each, and the curve hopes for some more.
    assert 3000 - 30 * 75 < one.stake.mid < 3000 - 10 * 75


def test_campaigns_that_go_up_and_down_as_ever_are_left_alone() -> None:
    assert told(advertised(Good=steady, Weekly=lambda n: (80 + 40 * (n // 7 % 2), 40 + 20 * (n // 7 % 2), 4))) == []


def test_the_best_budget_is_where_its_last_part_still_brings_what_it_costs() -> None:
    now = advertised(Old=lambda n: (100, 50, 5) if n < 45 else (100, 20, 1), Good=steady)
    (one,) = told(now)
    (less,) = REMEDIES["marketing.campaign_loses_money"](one, now)
    # The usual budget of 100 now brings 75: best where 75 x 2 / (b + 1)^2 = 100, a fifth of it, which brings 27.5.
    assert less.change.kind == "campaign.budget"
    assert Decimal(less.change.values["share"]) == pytest.approx(Decimal("0.22"), abs=Decimal("0.02"))
    assert less.expected.mid == pytest.approx(Decimal(21 * 30), rel=Decimal("0.1"))
    assert less.undo is not None
    assert less.undo.values["share"] == "1.00"


def test_a_campaign_that_brings_next_to_nothing_is_paused() -> None:
    now = advertised(Old=lambda n: (100, 50, 5) if n < 45 else (100, 20, 0), Good=steady)
    (one,) = told(now)
    (stop,) = REMEDIES["marketing.campaign_loses_money"](one, now)
    assert stop.change.kind == "campaign.pause"
    assert stop.expected.mid == pytest.approx(Decimal(21 * 100), rel=Decimal("0.05"))
