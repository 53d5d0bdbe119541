"""Tries of one purchase are found; a change of success is split into mixes and the rest; models tell what they saw."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import ibis
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argosy.model.facts import FACTS, schema
from argosy.outlook.approval import Cells, fit, purchases, split, tries

START = datetime(2026, 3, 1, 12)


def attempt(second: int, outcome: str, **told: Any) -> dict[str, Any]:
    said: dict[str, Any] = {
        "payment_id": f"{second:06}{told.get('amount', 20)}",
        "channel_id": "shop:main",
        "provider": "stripe:main",
    }
    said |= {"country": "DE", "currency": "EUR", "amount": 20, "attempted_at": START + timedelta(seconds=second)}
    return said | {"outcome": outcome} | told


def paid(rows: list[dict[str, Any]]) -> list[tuple[int, int]]:
    """Return tries and outcome of each purchase."""
    types = ibis.schema(schema(FACTS["payments"])).to_pyarrow()
    rows = [{field.name: row.get(field.name) for field in types} for row in rows]
    found = purchases(ibis.memtable(pa.Table.from_pylist(rows, schema=types))).to_pyarrow().to_pylist()
    return sorted((row["tries"], row["paid"]) for row in found)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([attempt(0, "declined"), attempt(45, "captured")], [(2, 1)]),
        ([attempt(0, "declined"), attempt(45, "declined"), attempt(90, "declined")], [(3, 0)]),
        # Too late, another amount, another country, or paid already: another purchase.
        ([attempt(0, "declined"), attempt(61, "captured")], [(1, 0), (1, 1)]),
        ([attempt(0, "declined"), attempt(45, "captured", amount=21)], [(1, 0), (1, 1)]),
        ([attempt(0, "declined"), attempt(45, "captured", country="FR")], [(1, 0), (1, 1)]),
        ([attempt(0, "captured"), attempt(45, "captured")], [(1, 1), (1, 1)]),
    ],
)
def test_tries_of_one_purchase_belong_together(rows: list[dict[str, Any]], expected: list[tuple[int, int]]) -> None:
    assert paid(rows) == expected


def test_the_turn_of_a_try_is_told() -> None:
    types = ibis.schema(schema(FACTS["payments"])).to_pyarrow()
    rows = [attempt(second, "declined") for second in (0, 30, 60, 200)]
    rows = [{field.name: row.get(field.name) for field in types} for row in rows]
    found = tries(ibis.memtable(pa.Table.from_pylist(rows, schema=types))).order_by("attempted_at").to_pyarrow()
    assert found["turn"].to_pylist() == [0, 1, 2, 0]


def cells(rows: list[tuple[str, str, int, int]]) -> Cells:
    """Return attempts counted by method and 3-D Secure: n, good."""
    method, secure, n, good = (list(column) for column in zip(*rows, strict=True))
    causes = {"method": np.array(method, dtype=str), "three_ds": np.array(secure, dtype=str)}
    return Cells(causes, np.array(n, float), np.array(good, float))


def test_a_worse_mix_is_told_from_the_same_attempts_faring_worse() -> None:
    before = cells([("card", "no", 100, 50), ("wallet", "no", 100, 100)])
    mixed = split(before, cells([("card", "no", 300, 150), ("wallet", "no", 100, 100)]))
    assert (mixed.before, mixed.after) == (0.75, 0.625)
    assert mixed.mixes == pytest.approx({"method": -0.125, "three_ds": 0.0})
    assert mixed.same == pytest.approx(0)
    worse = split(before, cells([("card", "no", 100, 25), ("wallet", "no", 100, 50)]))
    assert worse.mixes == pytest.approx({"method": 0.0, "three_ds": 0.0})
    assert worse.same == pytest.approx(-0.375)


counted = st.lists(
    st.tuples(st.sampled_from(["card", "wallet", "boleto"]), st.sampled_from(["yes", "no", "?"]), st.integers(1, 90),
              st.floats(0, 1)),
    min_size=1, max_size=9,
)  # fmt: skip


@settings(deadline=None)
@given(counted, counted)
def test_the_parts_of_a_split_add_up(was: Any, now: Any) -> None:
    before, after = (cells([(m, s, n, round(n * good)) for m, s, n, good in rows]) for rows in (was, now))
    found = split(before, after)
    assert sum(found.mixes.values()) + found.same == pytest.approx(after.rate - before.rate)


def test_a_model_tells_what_it_saw_and_counts_the_unseen_for_nothing() -> None:
    rows = [("card", "no", 4000, 800), ("card", "yes", 4000, 2000), ("wallet", "no", 4000, 3600)]
    model = fit(cells(rows))
    asked = {"method": np.array(["card", "card", "wallet"]), "three_ds": np.array(["no", "yes", "no"])}
    assert model.chance(asked) == pytest.approx([0.2, 0.5, 0.9], abs=0.01)
    (unseen,) = model.chance({"method": np.array(["cash"]), "three_ds": np.array(["no"])})
    assert 0.2 < unseen < 0.9


def test_causes_that_work_otherwise_for_each_provider_are_told_when_crossed() -> None:
    rows = [("a", "no", 4000, 800), ("a", "yes", 4000, 3200), ("b", "no", 4000, 3200), ("b", "yes", 4000, 800)]
    asked = {"method": np.array(["a", "b"]), "three_ds": np.array(["yes", "yes"])}
    assert fit(cells(rows)).chance(asked) == pytest.approx([0.5, 0.5], abs=0.01)
    assert fit(cells(rows), crossed="method").chance(asked) == pytest.approx([0.8, 0.2], abs=0.01)
