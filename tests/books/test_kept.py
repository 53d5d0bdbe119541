"""Kept rates and lateness by hand-made promises, and the bounds of the interval for any."""

from __future__ import annotations

from datetime import date, datetime
from itertools import product
from math import ceil
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ibis.expr.types import Table

from argosy.books.kept import kept_promises, kept_rate, lateness, wilson
from argosy.model.promises import PROMISES, STATES


def promises(*rows: dict[str, Any]) -> Table:
    numbered = [{"promise_id": str(n), "kind": "ship_by"} | row for n, row in enumerate(rows)]
    return ibis.memtable(pa.Table.from_pylist(numbered, schema=ibis.schema(PROMISES).to_pyarrow()))


def rows_of(table: Table, *by: str) -> list[dict[str, Any]]:
    return (table.order_by(list(by)) if by else table).to_pyarrow().to_pylist()  # type: ignore[no-any-return]


def test_kept_rate() -> None:
    made = [{"state": "kept"}] * 9 + [{"state": "broken"}, {"state": "open"}, {"state": "void"}]
    (row,) = rows_of(kept_rate(promises(*made)))
    assert (row["n"], row["kept"], row["broken"], row["open"], row["share"]) == (10, 9, 1, 1, 0.9)
    # Newcombe, Statistics in Medicine 17 (1998), method 3, gives 0.5958 to 0.9821 for 9 of 10.
    assert (row["low"], row["high"]) == (pytest.approx(0.5958, abs=5e-5), pytest.approx(0.9821, abs=5e-5))


def test_a_group_with_nothing_due_has_no_rate() -> None:
    (row,) = rows_of(kept_rate(promises({"state": "open"}), by=["kind"]))
    assert (row["n"], row["open"], row["share"], row["low"], row["high"]) == (0, 1, None, None, None)


def test_groups() -> None:
    made = promises(
        {"state": "kept", "market": "DE", "due_at": datetime(2026, 1, 4, 23)},
        {"state": "broken", "market": "DE", "due_at": datetime(2026, 1, 5)},
        {"state": "kept", "market": "FR", "due_at": datetime(2026, 1, 11)},
    )
    weeks = rows_of(kept_rate(made, by=["week"]), "week")
    assert [(row["week"], row["n"], row["kept"]) for row in weeks] == [
        (date(2025, 12, 29), 1, 1),
        (date(2026, 1, 5), 2, 1),
    ]
    markets = rows_of(kept_rate(made, by=["market", "kind"]), "market")
    assert [(row["market"], row["share"]) for row in markets] == [("DE", 0.5), ("FR", 1.0)]


def test_rates_and_lateness_of_each_partner_stand_side_by_side_even_of_none() -> None:
    made = promises(
        {"state": "broken", "party": "dhl", "late_hours": 5},
        {"state": "kept", "party": "dhl", "late_hours": 0},
        {"state": "broken", "late_hours": 30},
        {"state": "kept", "party": "sf", "late_hours": 0},
    )
    found = {row["partner"]: (row["n"], row["p50_hours"]) for row in rows_of(kept_promises(made, by=["partner"]))}
    assert found == {"dhl": (2, 5), None: (1, 30), "sf": (1, None)}
    (whole,) = rows_of(kept_promises(made))
    assert (whole["n"], whole["p50_hours"], whole["p90_hours"]) == (4, 5, 30)


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(0, 10**7).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))), min_size=1))
def test_the_interval_holds_the_share_and_stays_a_probability(counts: list[tuple[int, int]]) -> None:
    table = ibis.memtable(counts, schema={"kept": "int64", "n": "int64"})
    low, high = wilson(table.kept, table.n)
    for row in rows_of(table.select("kept", "n", low=low, high=high)):
        if row["n"] == 0:
            assert row["low"] is row["high"] is None
        else:
            assert 0 <= row["low"] <= row["kept"] / row["n"] <= row["high"] <= 1


def test_lateness_counts_broken_promises_only() -> None:
    made = [{"state": "broken", "late_hours": hours, "market": "DE"} for hours in (5, 1, 3, 2, 4, 6, 7, 8, 9, 100)]
    made += [{"state": "kept", "late_hours": 0, "market": "DE"}, {"state": "open", "market": "FR"}]
    assert rows_of(lateness(promises(*made), by=["market"])) == [
        {"market": "DE", "n": 10, "p50_hours": 5, "p90_hours": 9}
    ]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.integers(1, 1000), min_size=1, max_size=60))
def test_quantiles_are_the_nearest_rank(hours: list[int]) -> None:
    (row,) = rows_of(lateness(promises(*({"state": "broken", "late_hours": late} for late in hours))))
    ranked = sorted(hours)
    assert row["p50_hours"] == ranked[ceil(len(hours) / 2) - 1]
    assert row["p90_hours"] == ranked[ceil(len(hours) * 9 / 10) - 1]


@settings(deadline=None, max_examples=50)
@given(st.lists(st.sampled_from(list(product(STATES, ("DE", "FR")))), max_size=30))
def test_every_promise_but_the_void_ones_is_counted_once(states: list[tuple[str, str]]) -> None:
    table = promises(*({"state": state, "market": market} for state, market in states))
    rows = rows_of(kept_rate(table, by=["market"]), "market")
    assert sum(row["n"] + row["open"] for row in rows) == sum(state != "void" for state, _ in states)
