"""Life tables of journeys, what a late order costs, and what carriage usually costs."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.domains.logistics.small_lanes import Shop

from argosy.outlook.carriage import TERMS, price_line
from argosy.outlook.journeys import Journeys, journeys, pace
from argosy.outlook.late_chances import late_chances
from argosy.outlook.late_cost import LateCost, cost_of_late


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 1000), st.floats(2, 30), st.floats(0.2, 0.8))
def test_as_many_are_expected_as_have_come(seed: int, days: float, spread: float) -> None:
    chance = np.random.default_rng(seed)
    way = chance.integers(0, 3, 900)
    whole = days * (1 + way) * np.exp(spread * chance.normal(size=900))
    seen = chance.uniform(0, 3 * days, 900)
    came = whole <= seen
    expected = pace(way, 3, np.minimum(whole, seen), came).by(way, np.minimum(whole, seen))
    assert expected.sum() == pytest.approx(came.sum(), rel=0.05)
    assert (np.diff(pace(way, 3, np.minimum(whole, seen), came).hazard) >= 0).all()


def test_orders_are_late_as_often_as_foretold() -> None:
    known = Shop(days=lambda day, to: 10.0).known(until=100)
    before = known.before(known.day.replace(month=4, day=1))
    now, later = before.once(journeys), known.once(journeys)
    foretold = late_chances(before)
    open_ = np.isnan(now.came) & (now.due >= now.now) & ~np.isnan(foretold)
    late = dict(zip(later.order_id, later.late >= 1, strict=True))
    really = np.mean([late[order] for order in now.order_id[open_]])
    assert open_.sum() > 50
    assert foretold[open_].mean() == pytest.approx(really, abs=0.08)


def test_what_a_late_order_costs_is_learnt() -> None:
    known = Shop(days=lambda day, to: 12.0, back=0.4).known()
    cost: LateCost = known.once(cost_of_late)
    j: Journeys = known.once(journeys)
    assert cost.days == 1
    # Four in ten late orders get 20 of 60 euros back.
    assert cost.share == pytest.approx(0.4 / 3, rel=0.2)
    assert (j.part[j.late < 1] == 0).all()


def test_bills_that_are_wrong_do_not_make_the_price() -> None:
    chance = np.random.default_rng(1)
    kilograms = chance.uniform(0.1, 3, 300)
    amount = np.round(4.2 + 6.5 * kilograms, 2)
    wrong = amount * np.where(np.arange(300) % 3 == 0, 1.4, 1)
    assert price_line(kilograms, wrong) == pytest.approx((4.2, 6.5), abs=0.02)


def test_terms_of_carriage_are_read() -> None:
    found = TERMS.match("GB: 3.60 USD a parcel + 6.20 USD a kilogram, by post 62 % of it")
    assert found is not None
    assert found.group("lane", "parcel", "currency", "kilogram", "service", "part") == (
        "GB", "3.60", "USD", "6.20", "post", "62",
    )  # fmt: skip
    assert TERMS.match("as agreed by telephone") is None
