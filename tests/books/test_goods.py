"""Goods that leave stock: each unit once, at what its lot cost, landed, converted once."""

from __future__ import annotations

from collections import deque
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from argosy.books.costs import LOT, ValuedLot, value_lots, weighted_average
from argosy.books.goods import cost_issues

DAY = date(2026, 1, 5)
ISSUE = {"order_id": "string", "line_no": "string", "sku": "string", "quantity": "int64", "channel_id": "string",
         "source_row": "string", "known_at": "timestamp", "market": "string", "issued_at": "timestamp"}  # fmt: skip


def lot(name: str, quantity: int | None, unit: str, *, day: int = 0, inbound: str = "0", sku: str = "A") -> ValuedLot:
    return ValuedLot(name, sku, DAY + timedelta(days=day), quantity, Decimal(unit), Decimal(inbound))


def table(rows: list[dict[str, Any]], types: dict[str, str]) -> ibis.Table:
    return ibis.memtable(pa.Table.from_pylist(rows, schema=ibis.schema(types).to_pyarrow()))


def costed(lots: list[ValuedLot], sold: list[tuple[int, int]], *, sku: str = "A") -> list[dict[str, Any]]:
    """Return issues of (day, units) with their cost in euro, in the order they were sold."""
    rows = [
        dict.fromkeys(ISSUE) | {"order_id": f"{n:04}", "line_no": "1", "sku": sku, "quantity": units}
        | {"issued_at": datetime(2026, 1, 5) + timedelta(days=day, seconds=n)}
        for n, (day, units) in enumerate(sold)
    ]  # fmt: skip
    tables = {
        "stock": [vars(x) for x in lots if x.quantity is not None],
        "standard": [vars(x) for x in lots if x.quantity is None],
    }
    made = cost_issues(
        table(rows, ISSUE),
        stock=table(tables["stock"], LOT) if tables["stock"] else None,
        standard=table(tables["standard"], LOT) if tables["standard"] else None,
        book_currency="EUR",
    )
    return sorted(made.to_pyarrow().to_pylist(), key=lambda row: row["order_id"])


def test_the_first_lot_in_is_the_first_out() -> None:
    lots = [lot("1", 10, "2.00"), lot("2", 10, "3.00", day=5)]
    assert [row["goods"] for row in costed(lots, [(1, 4), (6, 8), (7, 8)])] == [
        Decimal("8.0000"),
        Decimal("18.0000"),
        Decimal("24.0000"),
    ]


def test_units_beyond_every_lot_take_the_standard_cost_of_their_day() -> None:
    lots = [lot("1", 3, "2.00"), lot("s", None, "5.00"), lot("t", None, "6.00", day=10)]
    assert [(row["costed"], row["goods"]) for row in costed(lots, [(1, 5), (11, 2)])] == [
        (5, Decimal("16.0000")),
        (2, Decimal("12.0000")),
    ]


def test_units_without_any_cost_are_told_apart_not_free() -> None:
    row = costed([lot("1", 3, "2.00")], [(1, 5)])[0]
    assert (row["quantity"], row["costed"], row["goods"]) == (5, 3, Decimal("6.0000"))
    unknown = costed([lot("1", 3, "2.00", sku="B")], [(1, 5)])[0]
    assert (unknown["costed"], unknown["goods"]) == (0, None)


@given(
    lots=st.lists(st.tuples(st.integers(1, 30), st.integers(1, 99_999)), min_size=1, max_size=6),
    sold=st.lists(st.integers(1, 20), min_size=1, max_size=10),
)
@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
def test_lots_are_used_up_as_a_queue_would_and_lose_no_cent(lots: list[tuple[int, int]], sold: list[int]) -> None:
    valued = [lot(f"{n}", units, str(Decimal(price) / units / 100), day=n) for n, (units, price) in enumerate(lots)]
    valued = [
        ValuedLot(x.lot_id, x.sku, x.received_on, x.quantity, x.unit_goods.quantize(Decimal("1e-10")), Decimal(0))
        for x in valued
    ]
    made = costed(valued, [(50, units) for units in sold])
    waiting = deque(n for n, (units, _) in enumerate(lots) for _ in range(units))
    expected = [min(units, max(0, len(waiting) - sum(sold[:n]))) for n, units in enumerate(sold)]
    assert [row["costed"] for row in made] == expected
    if sum(sold) >= len(waiting):
        assert sum(row["goods"] or 0 for row in made) == sum(Decimal(price) / 100 for _, price in lots)


def test_a_landed_cost_in_foreign_money_is_converted_once_and_only_once() -> None:
    bought = {"lot_id": "1", "sku": "A", "received_on": DAY, "quantity": 100, "unit_cost": Decimal("10.00")}
    bought |= {"currency": "USD", "freight": Decimal("50.00"), "freight_currency": "EUR"}
    bought |= {"duty": Decimal("800"), "duty_currency": "CNY"}
    rates = {(DAY, "USD"): Decimal("0.9"), (DAY, "CNY"): Decimal("0.125")}
    valued, unvalued = value_lots([bought], rates=rates, book_currency="EUR", today=DAY)
    assert unvalued == []
    # 10 USD x 0.9; (50 EUR + 800 CNY x 0.125) / 100.
    assert (valued[0].unit_goods, valued[0].unit_inbound) == (Decimal("9"), Decimal("1.5"))
    row = costed(valued, [(1, 100)])[0]
    assert (row["goods"], row["inbound"]) == (Decimal("900.0000"), Decimal("150.0000"))


def test_a_lot_whose_day_has_no_rate_is_named_not_valued() -> None:
    bought = {"lot_id": "1", "sku": "A", "received_on": DAY, "quantity": 1, "unit_cost": Decimal(1), "currency": "USD"}
    bought |= dict.fromkeys(("freight", "freight_currency", "duty", "duty_currency"))
    valued, unvalued = value_lots([bought], rates={}, book_currency="EUR", today=DAY)
    assert (valued, unvalued[0].currency, unvalued[0].day) == ([], "USD", DAY)


@pytest.mark.parametrize(
    ("issued", "average"),
    [
        ([], ["2", "2.5"]),
        ([(0, 5)], ["2", "2.6666666667"]),  # 5 left at 2, 10 came at 3
        ([(0, 12)], ["2", "3"]),  # nothing was left: the new lot sets the average alone
    ],
)
def test_the_moving_average_follows_each_receipt(issued: list[tuple[int, int]], average: list[str]) -> None:
    lots = [lot("1", 10, "2"), lot("2", 10, "3", day=5)]
    moved = weighted_average(lots, [("A", DAY + timedelta(days=day), units) for day, units in issued])
    assert [x.unit_goods.normalize() for x in moved] == [Decimal(x) for x in average]
    assert [x.quantity for x in moved] == [None, None]
