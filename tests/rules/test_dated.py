"""An as-of look-up returns a row whose interval holds the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from argosy.rules.dated import in_force, newest_in_force


@dataclass(frozen=True)
class Rule:
    valid_from: date | None
    valid_to: date | None


days = st.dates(min_value=date(2015, 1, 1), max_value=date(2030, 1, 1))
rules = st.lists(st.builds(Rule, st.none() | days, st.none() | days), max_size=6)


def test_interval_is_half_open() -> None:
    rule = Rule(date(2026, 1, 1), date(2026, 7, 1))
    assert not in_force(rule, on=date(2025, 12, 31))
    assert in_force(rule, on=date(2026, 1, 1))
    assert in_force(rule, on=date(2026, 6, 30))
    assert not in_force(rule, on=date(2026, 7, 1))


def test_unknown_start_holds_before_the_end() -> None:
    assert in_force(Rule(None, date(2026, 7, 1)), on=date(1999, 1, 1))
    assert not in_force(Rule(None, date(2026, 7, 1)), on=date(2026, 7, 1))


@given(rules, days)
def test_found_row_holds_the_day_and_no_other_started_later(rows: list[Rule], on: date) -> None:
    found = newest_in_force(rows, on=on)
    held = [row for row in rows if in_force(row, on=on)]
    assert (found is None) == (not held)
    if found is not None:
        assert found in held
        assert all((row.valid_from or date.min) <= (found.valid_from or date.min) for row in held)


@given(st.lists(days, min_size=2, max_size=6, unique=True).map(sorted), days)
def test_consecutive_rows_leave_no_day_between_them(starts: list[date], on: date) -> None:
    rows = [Rule(start, end) for start, end in zip(starts, [*starts[1:], None], strict=True)]
    found = newest_in_force(rows, on=on)
    assert (found is None) == (on < starts[0])
    assert found is None or newest_in_force(rows, on=found.valid_from or on - timedelta(1)) == found
