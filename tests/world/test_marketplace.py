"""Amazon's side of a world: statements add up, and tell of nothing that did not happen."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, seconds_of
from argosy.world.plan import END, Plan
from argosy.world.simulate import World, make_world, simulate


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(Plan(21, months=6, orders=30_000))


def test_a_settlements_head_is_the_sum_of_its_lines(tmp_path: Path) -> None:
    simulate(Plan(22, months=3, orders=900), tmp_path / "world")
    files = sorted((tmp_path / "world" / "exports").glob("settlement-*.txt"))
    assert len(files) >= 5
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            head, *lines = csv.DictReader(file, delimiter="\t")
        assert sum(Decimal(line["amount"]) for line in lines) == Decimal(head["total-amount"])
        assert head["transaction-type"] == ""
        moments = [line["posted-date-time"] for line in lines]
        assert moments == sorted(moments)
        assert head["settlement-start-date"] <= moments[0] <= moments[-1] < head["settlement-end-date"]


def test_statements_tell_only_of_orders_that_were_charged_and_only_once_they_are_out(world: World) -> None:
    sales = world.sales
    for part in world.amounts:
        assert sales.charged[part.line].all()
        assert len(np.unique(part.line)) == len(part.line)
        closed = sales.start + (part.settlement + 1) * assumed.SETTLEMENT_DAYS * DAY_SECONDS
        assert (closed < seconds_of(END)).all()
        assert (part.at < closed).all()
    sold = next(part for part in world.amounts if (part.transaction, part.account) == ("Order", "income:sales"))
    assert sorted(sold.line) == np.flatnonzero(sales.settled).tolist()


def test_fees_are_within_what_amazon_states(world: World) -> None:
    net = world.sales.lines.worth - world.sales.discount
    assert (world.sales.fee >= assumed.AMAZON_LEAST).all()
    assert (world.sales.fee <= np.maximum(net * 15 // 100 + 1, assumed.AMAZON_LEAST)).all()
    kept = next(part for part in world.amounts if part.description == "RefundCommission")
    assert (kept.amount <= 0).all()
    assert (kept.amount >= -assumed.KEPT_MOST).all()


def test_tax_that_amazon_hands_on_leaves_nothing_owed(world: World) -> None:
    owed = sum(int(part.amount.sum()) for part in world.amounts if part.account == "liability:vat:US")
    assert owed == 0


def test_amazon_sells_to_americans_alone_and_to_about_half_of_them(world: World) -> None:
    shop = (world.orders.market == 0).sum()
    there = len(world.sales.at)
    assert assumed.MARKETS[0].country == "US"
    assert there / (there + shop) == pytest.approx(assumed.AMAZON_SHARE, abs=0.03)
