"""Lead times: what they may look at, how thin groups borrow, and how they do on real purchase orders."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.outlook.lead_times import ARGOSY, OVERALL, OWN, foretold, history

from argosy.outlook.lead_time import lead_times

ON = date(2026, 6, 1)
Line = tuple[str, int, int | None]  # supplier, days before ON it was promised for, days late (None: not come)
lines = st.lists(st.tuples(st.sampled_from("AB"), st.integers(1, 300), st.none() | st.integers(-20, 60)), max_size=60)


def bought(some: list[Line]) -> pa.Table:
    """Return purchase order lines of one mode and route."""
    rows = []
    for supplier, ago, late in some:
        promised = ON - timedelta(days=ago)
        received = None if late is None else promised + timedelta(days=late)
        rows.append({"supplier": supplier, "mode": "sea", "route": "DE", "promised_on": promised,
                     "received_on": received})  # fmt: skip
    days = {"promised_on": pa.date32(), "received_on": pa.date32()}
    schema = pa.schema([(name, days.get(name, pa.string())) for name in ("supplier", "mode", "route", *days)])
    return pa.Table.from_pylist(rows, schema=schema)


@settings(deadline=None)
@given(lines)
def test_a_surer_day_is_never_earlier(some: list[Line]) -> None:
    times = lead_times(bought(some), on=ON)
    for supplier in "ABC":
        found = times.lateness(supplier)
        assert found.p50 <= found.p80 <= found.p90


@settings(deadline=None)
@given(lines)
def test_what_comes_later_changes_nothing(some: list[Line]) -> None:
    told = [(who, ago, None if late is None or late >= ago else late) for who, ago, late in some]
    known, later = (lead_times(bought(rows), on=ON) for rows in (told, some))
    assert known.lateness("A") == later.lateness("A")


def test_a_supplier_with_few_deliveries_is_taken_for_nearly_usual() -> None:
    usual: list[Line] = [("A", 10 + n % 100, n % 5) for n in range(400)]
    times = lead_times(bought([*usual, ("B", 20, 15), ("B", 30, 15)]), on=ON)
    assert times.late_by(0.5, "A") <= times.late_by(0.5, "B") <= 4
    assert times.late_by(0.99, "A") <= 4 < times.late_by(0.99, "B")
    assert times.lateness("nobody").level == 0


def test_what_is_overdue_counts_for_what_is_known_of_it() -> None:
    came: list[Line] = [("A", 40 + n % 50, 0) for n in range(60)]
    overdue: list[Line] = [("A", 30, None)] * 30
    assert (
        lead_times(bought([*came, *overdue]), on=ON).on_time("A") < lead_times(bought(came), on=ON).on_time("A") - 0.2
    )


def test_real_purchase_orders_are_foretold_better_than_by_plain_quantiles(shared: Path) -> None:
    past = history(shared / "data" / "suppliers" / "scms_delivery_history.csv.gz")
    found = foretold(past, cuts=(date(2011, 1, 1), date(2013, 1, 1), date(2014, 7, 1)))
    assert found[ARGOSY].loss() < min(found[OVERALL].loss(), found[OWN].loss())
    for share in (0.5, 0.8, 0.9):
        one = found[ARGOSY].only(found[ARGOSY].share == share)
        assert (one.came < one.days).mean() - 0.07 <= share <= (one.came <= one.days).mean() + 0.07
