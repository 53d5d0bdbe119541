"""The measures of the calibration page, on tables small enough to count by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import log, sqrt
from typing import Any

import ibis
import pyarrow as pa
import pytest
from ibis.expr.types import Table
from tests.world.calibration import measures

DAY = date(2026, 3, 2)  # a Monday
NOON = datetime(2026, 3, 2, 12)


def table(columns: str, *rows: Sequence[Any]) -> Table:
    told = zip(columns.split(), zip(*rows, strict=True), strict=True)
    return ibis.memtable(pa.table({name: pa.array(column) for name, column in told}))


def measured(expression: Table) -> dict[str, Any]:
    """Return the figures of a measure by the first words of their names."""
    (row,) = expression.to_pyarrow().to_pylist()
    return {name.split(",")[0]: value for name, value in row.items()}


def test_lines_of_one_article_are_added_up_and_worth_is_told_within_a_currency() -> None:
    rows = [
        ("a", NOON, "mug", 1, 10.0, "USD"),
        ("a", NOON, "mug", 2, 20.0, "USD"),
        ("b", NOON, "mug", 1, 10.0, "USD"),
        ("b", NOON, "cup", 1, 80.0, "USD"),
        ("c", NOON, "mug", 1, 4_500.0, "JPY"),
    ]
    told = measured(measures.order_sizes(table("order at article units value currency", *rows)))
    assert told["orders"] == 3
    assert told["of a single article"] == pytest.approx(200 / 3)
    assert told["units"][2] == 2  # 3, 2 and 1
    assert told["units of an article"][2] == 1  # 3, 1, 1 and 1
    assert told["worth against the median"][2] == 1  # 30 and 90 about 60, 4500 about itself
    mean = (log(0.5) + log(1.5)) / 3
    spread = sum((log(x) - mean) ** 2 for x in (0.5, 1.5, 1))
    assert told["standard deviation of ln of that"] == pytest.approx(sqrt(spread / 2))


def test_who_came_back_is_counted_from_the_first_day_of_all() -> None:
    bought = {
        "loyal": (0, 3, 7, 38 * 7, 40 * 7, 77 * 7),
        "once": (83,),
        "late": (84, 85),  # first came after the twelve weeks
        "again": (10, 10 + 22),  # in the fourth week after
    }
    rows = [(buyer, DAY + timedelta(days=day)) for buyer, days in bought.items() for day in days]
    row = measures.repeats(table("buyer bought_on", *rows)).to_pyarrow().to_pylist()[0]
    third = pytest.approx(100 / 3)
    assert list(row.values()) == [
        3, [third, third, 0, third], pytest.approx(4 / 3), [third, third, 0, third], 2, [third, third, 0, 0, 0, 0],
    ]  # fmt: skip


def test_orders_by_weekday_hour_and_month_against_the_mean() -> None:
    at = [NOON, NOON, NOON + timedelta(days=6), datetime(2026, 4, 1), datetime(2025, 4, 30), datetime(2025, 2, 28)]
    lines = table("order at", *((str(n), moment) for n, moment in enumerate(at)))
    weekday, month = measured(measures.weekdays(lines)), measured(measures.months(lines))
    assert weekday["Monday to Sunday"] == pytest.approx([x * 7 / 6 for x in (2, 0, 2, 0, 1, 0, 1)])
    assert month["January to December"] == pytest.approx([0, 0, 9, 3, *[0] * 8])
    assert month["orders"] == 4  # April has only begun, February is more than a year ago
    assert measured(measures.hours(lines))["12 to 17 h"] == pytest.approx([12, 0, 0, 0, 0, 0])


def test_days_under_way_are_held_against_the_destinations_median() -> None:
    def parcel(place: str, days: float, promised: int | None = None) -> tuple[Any, ...]:
        promised_on = None if promised is None else DAY + timedelta(days=promised)
        return (place, place, NOON - timedelta(hours=5), NOON, NOON + timedelta(days=days), promised_on)

    rows = [parcel("near", 1, 1), parcel("near", 3, 2), parcel("far", 10, 10), parcel("far", 30), parcel("far", 0)]
    columns = "order destination paid_at shipped_at delivered_at promised_on"
    told = measures.delivery(table(columns, *rows)).to_pyarrow().to_pylist()[0]
    named = dict(zip(("n", "days", "relative", "sigma", "late", "weekdays", "handling"), told.values(), strict=True))
    assert named["n"] == 4  # a parcel that arrived as it left is a slip
    assert named["relative"][2] == 1
    assert named["relative"][0] == pytest.approx(0.5)
    assert named["late"] == pytest.approx(100 / 3)
    assert named["weekdays"] == [0, 25, 25, 50, 0, 0, 0]
    assert set(named["handling"]) == {5}


def test_stars_fall_into_four_groups_of_lateness() -> None:
    rows = [(5, 0), (4, 0), (3, 1), (1, 3), (2, 4), (1, 8), (1, 30)]
    told = measured(measures.stars(table("stars days_late", *rows)))
    assert told["mean: not late"] == [4.5, 2, 2, 1]
    assert told["1 or 2 stars: not late"] == [0, 80]


def test_attempts_within_a_minute_are_one_buyer_trying() -> None:
    def attempt(number: int, seconds: int, amount: int, *, ok: bool = False, country: str = "DE") -> tuple[Any, ...]:
        return (number, NOON + timedelta(seconds=seconds), country, amount, "EUR", "P", "card", number == 2, ok)

    rows = [
        attempt(5, 200, 10),  # too late to be the same buyer
        attempt(1, 0, 10),
        attempt(2, 60, 10),
        attempt(3, 90, 10, ok=True),
        attempt(4, 61, 10, country="AT"),
        attempt(6, 62, 20, ok=True),
    ]
    attempts = table("number at country amount currency provider method secure ok", *rows)
    told = measured(measures.approval(attempts))
    assert (told["attempts"], told["buyers paying"], told["attempts each"]) == (6, 4, 1.5)
    assert told["approved in the end"] == 50
    assert told["first"] == [25, 0, 100]
    assert told["tried again after a refusal"] == 50
    assert told["without"] == [40, 0]
    assert told["1"] == [75, 0, 25, 0]
    assert told["approved by country"] == [0, 40]


def test_suppliers_before_the_day_are_below_zero() -> None:
    rows = [("Air", DAY, DAY + timedelta(days=days)) for days in (-10, 0, 0, 8)]
    told = measured(measures.lateness(table("way due_on came_on", *rows)))
    assert (told["late"], told["on the day"]) == (25, 50)
    assert told["days after"][3] == 0
    assert set(told["days after of the late"]) == {8}
