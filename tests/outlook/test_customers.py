"""What buyers will do is told as the papers tell it, and a few buyers say little."""

from __future__ import annotations

from pathlib import Path

import ibis
import numpy as np
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.outlook.customer_value.cdnow import grouped, purchases, result, sample

from argosy.outlook.customers import Histories, Law, fit_law, fit_spending

PAPER = Law(0.243, 4.414, 0.793, 2.426)


def _of(*rows: tuple[float, float, float]) -> Histories:
    repeats, last, age = (np.array(column) for column in zip(*rows, strict=True))
    return Histories(repeats, last, age, np.ones(len(rows)))


def test_the_law_of_cdnow_is_the_published_one_and_beats_the_simple_rule(shared: Path) -> None:
    orders = purchases(shared / "data")
    tenth = result("tenth", sample(orders, tenth=True))
    assert tenth.law.r == pytest.approx(0.243, abs=0.02)
    assert tenth.law.alpha == pytest.approx(4.414, abs=0.4)
    assert tenth.law.a == pytest.approx(0.793, abs=0.15)
    assert tenth.law.b == pytest.approx(2.426, abs=0.6)
    assert abs(tenth.expected / tenth.real - 1) < abs(tenth.before / tenth.real - 1)
    assert tenth.miss < tenth.miss_before
    # Alike histories taken together are the same buyers.
    some = orders.filter(pc.equal(pc.bit_wise_and(orders["customer_key"], 15), 1))
    whole = sample(some, tenth=False).histories
    assert fit_law(grouped(some)).r == pytest.approx(fit_law(whole).r, rel=1e-4)


def test_the_papers_example_buyer_is_expected_as_often_as_it_says() -> None:
    # Two repeats, the last in week 30.43 of 38.86: 1.226 orders in the next 39 weeks (Fader, Hardie and Lee, note of
    # 2004 on the model in a spreadsheet).
    assert PAPER.expected(_of((2, 30.43, 38.86)), 39)[0] == pytest.approx(1.226, abs=0.001)


def test_who_has_long_been_silent_has_likely_stopped() -> None:
    alive = PAPER.alive(_of((6, 35, 36), (6, 10, 36), (0, 0, 36)))
    assert alive[0] > 0.8
    assert alive[1] < 0.3
    assert alive[2] == 1.0


def test_the_rate_asked_of_the_engine_is_the_one_of_the_formula() -> None:
    rows = ibis.memtable({"repeats": [2.0, 0.0], "last": [30.43, 0.0], "age": [38.86, 20.0]})
    told = PAPER.rate_of(repeats=rows.repeats, last=rows.last, age=rows.age)
    found = ibis.duckdb.connect().to_pyarrow(rows.select(rate=told))["rate"].to_numpy()
    of = _of((2, 30.43, 38.86), (0, 0, 20))
    by_hand = PAPER.alive(of) * (PAPER.r + of.repeats) / (PAPER.alpha + of.age)
    assert found == pytest.approx(by_hand)
    assert found == pytest.approx(PAPER.expected(of, 0.01) / 0.01, rel=0.01)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 20), st.floats(0, 1), st.floats(0.1, 200)), min_size=1, max_size=8))
def test_a_few_buyers_never_say_something_wild(told: list[tuple[int, float, float]]) -> None:
    of = _of(*((n, part * age if n else 0.0, age) for n, part, age in told))
    law = fit_law(of)
    assert all(np.isfinite(value) and value > 0 for value in vars(law).values())
    expected = law.expected(of, 39)
    assert np.isfinite(expected).all()
    assert (expected >= -1e-9).all()


def test_spending_is_drawn_towards_what_all_spend_the_less_is_known() -> None:
    chance = np.random.default_rng(5)
    orders = chance.integers(1, 6, 4000).astype(float)
    rate = chance.gamma(4, 1 / 20, 4000)
    mean = chance.gamma(6 * orders) / rate / orders
    law = fit_spending(mean, orders)
    assert (law.p, law.q, law.scale) == pytest.approx((6, 4, 20), rel=0.2)
    once, often = law.expected(np.array([100.0, 100.0]), np.array([1.0, 20.0]))
    assert law.expected(np.array([0.0]), np.array([0.0]))[0] < once < often < 100


def test_histories_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="last order"):
        _of((1, 5, 4))
