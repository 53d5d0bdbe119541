"""Meta's daily ads report: the currency in a header, totals and breakdowns."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

HEADER = "Reporting starts,Reporting ends,Campaign name,Ad set name,Ad name,Amount spent ({}),Impressions\n"
ROW = "2026-09-01,2026-09-01,Launch,All,Video,{},1000\n"


def test_the_sample_is_in_dollars(shop: Any, shared: Path) -> None:
    shop.read(shared / "data/exports/meta_ads_daily_usd_small.csv")
    assert [(row["spend"], row["currency"]) for row in shop.facts("ad_days")] == [
        (Decimal(120), "USD"),
        (Decimal(80), "USD"),
    ]


def test_any_currency_may_stand_in_the_header(shop: Any) -> None:
    shop.read_text(HEADER.format("BRL") + ROW.format("12.50"))
    assert [(row["spend"], row["currency"]) for row in shop.facts("ad_days")] == [(Decimal("12.5"), "BRL")]


def test_a_restated_day_replaces_the_old_one(shop: Any) -> None:
    shop.read_text(HEADER.format("EUR") + ROW.format("12.50"), "early.csv")
    shop.read_text(HEADER.format("EUR") + ROW.format("11.90"), "late.csv", written_at=1_793_000_100)
    assert [row["spend"] for row in shop.facts("ad_days")] == [Decimal("11.9")]


def test_breakdowns_of_one_day_add_up(shop: Any) -> None:
    shop.read_text(HEADER.format("EUR") + ROW.format("1.10") + ROW.format("2.20"))
    assert [(row["spend"], row["impressions"]) for row in shop.facts("ad_days")] == [(Decimal("3.3"), 2000)]


def test_a_week_in_one_row_is_refused_and_totals_are_left_out(shop: Any) -> None:
    week, total = ROW.format("70").replace("09-01,L", "09-07,L"), "2026-09-01,2026-09-01,,,,82.50,2000\n"
    report = shop.read_text(HEADER.format("EUR") + total + ROW.format("12.50") + week)
    assert (report.accepted, report.ignored, report.rejected) == (1, 1, 1)
    assert shop.rejects() == [(4, "until", "not_one_day")]
