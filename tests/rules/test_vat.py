"""Standard VAT rates as of a day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import combinations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from argosy.model.countries import EU_MEMBERS
from argosy.rules.dated import in_force
from argosy.rules.vat import VatRate, standard_rate, standard_rate_rows, standard_rate_table

ROWS = standard_rate_rows()


def overlap(one: VatRate, other: VatRate) -> bool:
    """Return whether both rates hold on some day."""
    start = max(one.valid_from or date.min, other.valid_from or date.min)
    return start < min(one.valid_to or date.max, other.valid_to or date.max)


@pytest.mark.parametrize(
    ("country", "on", "rate_pct"),
    [
        ("DE", date(2020, 6, 30), "19"),
        ("DE", date(2020, 7, 1), "16"),
        ("DE", date(2021, 1, 1), "19"),
        ("RO", date(2025, 7, 31), "19"),
        ("RO", date(2025, 8, 1), "21"),
        ("SK", date(2025, 1, 1), "23"),
        ("GR", date(2026, 1, 1), "24"),
        ("CH", date(2026, 1, 1), "8.1"),
        ("TH", date(2026, 1, 1), "7"),
    ],
)
def test_rate_of_the_day(country: str, on: date, rate_pct: str) -> None:
    rate = standard_rate(ROWS, country=country, on=on)
    assert rate is not None
    assert rate.rate_pct == Decimal(rate_pct)


@pytest.mark.parametrize(
    ("country", "on"),
    [
        ("EL", date(2026, 1, 1)),  # not the ISO code: country_code turns it into GR
        ("AW", date(2026, 1, 1)),  # the sources disagree
        ("CH", date(2023, 12, 31)),  # another rate held, not in the table
        ("VN", date(2027, 1, 1)),  # the temporary rate has ended
        ("QQ", date(2026, 1, 1)),
    ],
)
def test_cannot_tell(country: str, on: date) -> None:
    assert standard_rate(ROWS, country=country, on=on) is None


def test_one_standard_rate_per_country_and_day() -> None:
    by_country = defaultdict(list)
    for row in ROWS:
        by_country[row.country].append(row)
    clashes = [pair for rows in by_country.values() for pair in combinations(rows, 2) if overlap(*pair)]
    assert clashes == []


@given(st.sampled_from(sorted(EU_MEMBERS)), st.dates(date(2016, 1, 1), date(2030, 1, 1)))
def test_every_member_state_has_a_rate_on_every_day(country: str, on: date) -> None:
    rate = standard_rate(ROWS, country=country, on=on)
    assert rate is not None
    assert in_force(rate, on=on)
    assert 15 <= rate.rate_pct <= 27  # Directive 2006/112/EC, article 97, and the highest rate in the Union


@given(st.sampled_from(sorted({row.country for row in ROWS})), st.dates(date(2000, 1, 1), date(2040, 1, 1)))
def test_found_rate_is_the_country_s_and_holds_the_day(country: str, on: date) -> None:
    rate = standard_rate(ROWS, country=country, on=on)
    assert rate is None or (rate.country == country and in_force(rate, on=on))
    assert (rate is None) == (not any(row.country == country and in_force(row, on=on) for row in ROWS))


def test_table_for_joins() -> None:
    table = standard_rate_table()
    assert table.column_names == ["rule_id", "country", "rate_pct", "valid_from", "valid_to", "confidence"]
    assert table.schema.field("rate_pct").type == pa.decimal128(9, 4)
    assert table["rate_pct"].null_count == 0
    assert "EL" not in table["country"].to_pylist()
