"""Advertising that sends visitors to what cannot be had."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.domains.stock.shop import DAYS, Row, ago, counted, shop

from argosy.domains.marketing import CHECKS, REMEDIES
from argosy.model.findings import Finding
from argosy.outlook.known import Known


def advertised(out_since: int, *, viewed: dict[str, int]) -> Known:
    """Return a shop in which A has been out for so many days, with a campaign of 100 a day and what visitors viewed."""
    ads: list[Row] = [
        {"ad_day_id": str(n), "platform": "ads", "campaign": "Both", "country": "US", "day": ago(DAYS - n),
         "spend": 100, "clicks": 50, "currency": "CNY", "orders": 5}
        for n in range(DAYS)
    ]  # fmt: skip
    points: list[Row] = [
        {"visitor_key": f"{sku}{n}", "event": "view", "campaign": "Both", "sku": sku}
        for sku, views in viewed.items()
        for n in range(views)
    ]
    last = DAYS - out_since
    sells = {"A": lambda day: 2 if day < last else 0, "B": lambda _: 3}
    levels = counted("A", lambda day: 50 if day < last else 0)
    return shop(sells, facts={"stock_levels": levels, "ad_days": ads, "touchpoints": points})


def told(now: Known) -> list[Finding]:
    found = next(check for check in CHECKS if check.kind == "marketing.ad_on_sold_out").run(now)
    return [one for one in found if isinstance(one, Finding)]


def test_what_is_spent_on_what_is_out_is_told_and_taken_off_the_budget() -> None:
    now = advertised(20, viewed={"A": 60, "B": 40})
    (one,) = told(now)
    assert (one.subject, one.since, one.told["sku"]) == ("Both", ago(20), "A")
    assert one.stake.mid == pytest.approx(Decimal(20 * 60), rel=Decimal("0.01"))
    (less,) = REMEDIES["marketing.ad_on_sold_out"](one, now)
    assert (less.change.kind, less.change.values["share"]) == ("campaign.budget", "0.40")


def test_advertising_of_what_can_be_had_is_left_alone() -> None:
    assert told(advertised(20, viewed={"B": 100})) == []
    assert told(advertised(0, viewed={"A": 60, "B": 40})) == []
