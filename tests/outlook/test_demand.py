"""Demand forecasts: what must always hold, what days without stock tell, and that they do better than baselines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from ibis.expr.types import Table
from tests.outlook.forecasts.baselines import auto_ets, last_mean, last_season
from tests.outlook.forecasts.scores import held, scored, stepped
from tests.outlook.forecasts.sets import WEEKS, Trial, Turn, online_retail, rossmann, turns, whole_weeks

from argosy.model.entries import ENTRIES
from argosy.model.facts import FACTS, schema
from argosy.model.promises import PROMISES
from argosy.outlook.calendar_effects import Numbers
from argosy.outlook.demand import demand, forecast
from argosy.outlook.known import Known
from argosy.outlook.sales import Sales, sales

LAST = date(2026, 6, 30)
TODAY = LAST + timedelta(days=1)


def sold(units: Sequence[Sequence[float]] | Numbers, *, known_ahead: Numbers | None = None) -> Sales:
    """Return sales of series by day up to ``LAST``."""
    table = np.array(units, dtype=float)
    nothing = np.zeros((1, table.shape[1], 0))
    return Sales(
        [(f"S{n}", None) for n in range(len(table))], LAST, table, nothing if known_ahead is None else known_ahead
    )


def steady(rates: Sequence[float], days: int, *, seed: int = 1) -> Numbers:
    """Return units that come by chance at steady rates a day."""
    return np.random.default_rng(seed).poisson(np.array(rates)[:, None], (len(rates), days)).astype(float)


# NaN: a day that cannot tell.
panels = st.integers(1, 4).flatmap(
    lambda n: st.integers(3, 90).flatmap(
        lambda days: st.lists(
            st.lists(st.one_of(st.integers(0, 40).map(float), st.just(float("nan"))), min_size=days, max_size=days),
            min_size=n,
            max_size=n,
        )
    )
)


@given(panels)
@settings(max_examples=40, deadline=None)
def test_forecasts_are_never_negative_and_shares_are_ordered(units: list[list[float]]) -> None:
    found = forecast(sold(units), days=28)
    assert found.first == TODAY
    assert np.isfinite(found.within).all()
    assert (found.usual >= 0).all() and (found.expected >= 0).all() and (found.within >= 0).all()
    assert (np.diff(found.within, axis=2) >= 0).all()
    assert (np.diff(found.within, axis=1) >= 0).all()


@given(st.integers(1, 50), st.sampled_from((0.125, 2.0, 1024.0)))
@settings(max_examples=10, deadline=None)
def test_forecasts_do_not_depend_on_the_unit_of_measure(seed: int, scale: float) -> None:
    units = steady([0.2, 1, 5, 40], 120, seed=seed)
    one, other = forecast(sold(units), days=28), forecast(sold(units * scale), days=28)
    np.testing.assert_allclose(one.within * scale, other.within, rtol=1e-6, atol=1e-9 * scale)
    np.testing.assert_allclose(one.expected * scale, other.expected, rtol=1e-6, atol=1e-9 * scale)


def test_days_that_cannot_tell_are_not_taken_for_days_on_which_nothing_was_wanted() -> None:
    units = steady([8] * 30, 182)
    out = slice(140, 175)
    units[0, out] = 0
    told = units.copy()
    told[0, out] = np.nan
    taken, left_out = (forecast(sold(table), days=28).expected[0].sum() for table in (units, told))
    assert taken < 0.7 * 8 * 28
    assert left_out == pytest.approx(8 * 28, rel=0.15)


def test_what_is_not_sold_any_more_is_wanted_no_more() -> None:
    units = steady([6] * 30, 182)
    units[0, 80:] = 0
    found = forecast(sold(units), days=56)
    assert found.expected[0].sum() < 0.02 * 6 * 56
    assert found.needed("S0", days=56) == 0
    assert found.within[0, -1].max() < 0.02 * 6 * 56


def test_what_has_just_begun_to_sell_is_wanted_within_a_wide_range() -> None:
    units = steady([6] * 30, 182)
    units[0, :172] = np.nan
    low, high = forecast(sold(units), days=28).within[0, -1, [1, 3]]
    assert 0 < low < 6 * 28 < high


def test_weekdays_and_what_is_known_in_advance_are_foreseen() -> None:
    days = 7 * 30
    promoted = ((np.arange(days + 28) // 7) % 2 == 1).astype(float)
    sunday = (np.arange(days + 28) + (LAST - timedelta(days=days - 1)).weekday()) % 7 == 6
    rate = 20 * np.where(promoted > 0, 2.0, 1.0) * np.where(sunday, 0.0, 1.0)
    units = np.random.default_rng(5).poisson(rate[None, :days], (20, days)).astype(float)
    found = forecast(sold(units, known_ahead=promoted[None, :, None]), days=28).usual.mean(axis=0)
    assert found[sunday[days:]].max() < 1
    np.testing.assert_allclose(found[~sunday[days:]], rate[days:][~sunday[days:]], rtol=0.12)


def test_units_needed_are_whole_and_told_for_what_was_sold_alone() -> None:
    found = forecast(sold(steady([3, 9], 120)), days=56)
    enough = [found.needed("S1", days=30, share=share) for share in (0.05, 0.5, 0.9, 0.95)]
    assert all(isinstance(units, int) for units in enough)
    assert enough == sorted(enough, key=lambda units: units or 0)
    assert found.needed("S9", days=30) is None


def known(**rows: list[dict[str, Any]]) -> Known:
    """Return what is known on ``TODAY`` of these facts alone."""
    con = ibis.duckdb.connect()

    def run(expression: Table) -> pa.Table:
        return con.to_pyarrow(expression)

    def query(expression: Table) -> str:
        return str(ibis.to_sql(expression))

    facts: Mapping[str, Table] = {
        name: ibis.memtable(pa.Table.from_pylist(rows.get(name, []), schema=ibis.schema(schema(table)).to_pyarrow()))
        for name, table in FACTS.items()
    }
    entries, promises = (ibis.memtable([], schema=dict(columns)) for columns in (ENTRIES, PROMISES))
    return Known(
        TODAY,
        "CN",
        "USD",
        facts,
        entries,
        promises,
        frozenset(rows),
        run,
        lambda expression: str(ibis.to_sql(expression)),
    )


def _orders(days: int, *, channel: str = "shopify:main", country: str = "US", **more: Any) -> Iterator[dict[str, Any]]:
    for ago in range(days, 0, -1):
        placed = datetime.combine(TODAY - timedelta(days=ago), datetime.min.time())
        yield {
            "order_id": f"{channel}:{country}{ago}", "channel_id": channel, "country": country, "placed_at": placed,
            "placed_on": placed.date(), "status": "shipped", **more,
        }  # fmt: skip


def _line(order: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    return {"order_id": order["order_id"], "line_no": "1", "kind": "goods", "sku": "A", "quantity": 2, **more}


def test_sales_are_what_was_ordered_and_not_called_off() -> None:
    orders = list(_orders(5))
    orders[1] |= {"cancelled_at": orders[1]["placed_at"]}
    orders[2] |= {"status": "cancelled"}
    lines = [_line(order) for order in orders]
    lines += [_line(orders[3], line_no="2", quantity=-1), _line(orders[3], line_no="3", kind="shipping", quantity=9)]
    found = sales(known(orders=orders, order_lines=lines))
    assert found is not None
    assert found.last == LAST and list(found.keys) == [("A", None)]
    assert found.units.tolist() == [[2, 0, 0, 2, 2]]


def test_days_after_the_shelf_was_emptied_until_it_is_filled_cannot_tell() -> None:
    orders = [order for ago, order in zip(range(12, 0, -1), _orders(12), strict=True) if ago in (12, 10, 3, 1)]
    # Counted once in a while: there, then out, then there again.
    counts = [(11, 4), (7, 0), (4, 9)]
    levels = [
        {"warehouse_id": "home", "sku": "A", "on_date": TODAY - timedelta(days=ago), "on_hand": units}
        for ago, units in counts
    ]
    found = sales(known(orders=orders, order_lines=[_line(order) for order in orders], stock_levels=levels))
    assert found is not None
    told = dict(zip(range(12, 0, -1), np.isfinite(found.units[0]).tolist(), strict=True))
    assert [ago for ago, can in told.items() if not can] == [9, 8, 7, 6, 5]


def test_sales_are_told_by_the_warehouse_that_sends_them_and_in_all() -> None:
    shop, amazon = list(_orders(4)), list(_orders(4, channel="amazon:main", country="DE"))
    parcels = [
        {"shipment_id": order["order_id"], "order_id": order["order_id"], "origin": "CN-Shenzhen"} for order in shop[:3]
    ]
    levels = [
        {"warehouse_id": name, "sku": "A", "on_date": LAST, "on_hand": 5}
        for name in ("shenzhen", "amazon-de", "amazon-us")
    ]
    lines = [_line(order) for order in [*shop, *amazon]]
    found = sales(known(orders=[*shop, *amazon], order_lines=lines, shipments=parcels, stock_levels=levels))
    assert found is not None
    sums = dict(zip(found.keys, found.units.sum(axis=1).tolist(), strict=True))
    assert sums == {("A", "amazon-de"): 8, ("A", "shenzhen"): 8, ("A", None): 16}


def test_without_sales_nothing_is_told() -> None:
    assert demand(known()) is None
    assert demand(known(orders=list(_orders(1)), order_lines=[])) is None


@pytest.mark.parametrize(("read", "every"), [(online_retail, 4), (rossmann, 1)])
def test_errors_are_below_those_of_baselines_and_ranges_hold_on_real_sales(
    shared: Path, read: Callable[[Path], Trial], every: int
) -> None:
    made = [_some(turn, every) for turn in turns(read(shared / "data"))]
    found = [forecast(turn.known, days=WEEKS * 7) for turn in made]
    assert abs(held(made, found)["80 %"].inside - 0.8) <= 0.05
    # AutoETS is slow: a fifth of the series at every second of the origins.
    some = [_some(turn, 5) for turn in made[::2]]
    ours = scored(some, [whole_weeks(one.usual[::5]) for one in found[::2]], season=1)
    for method in (last_season, last_mean, auto_ets):
        theirs = scored(some, [method(stepped(turn, season=1)[0], WEEKS, season=1) for turn in some], season=1)
        assert ours.mase < theirs.mase and ours.wape < theirs.wape


def _some(turn: Turn, every: int) -> Turn:
    """Return an origin with every so manieth of its series."""
    ahead = turn.known.known_ahead
    thin = replace(
        turn.known,
        keys=turn.known.keys[::every],
        units=turn.known.units[::every],
        known_ahead=ahead if len(ahead) == 1 else ahead[::every],
    )
    return Turn(thin, turn.came[::every])
