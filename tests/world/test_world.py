"""A world follows from its seed, its money adds up, and its laws can be read off its files."""

from __future__ import annotations

import csv
import hashlib
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from argosy.model.errors import PlanImpossible
from argosy.world import assumptions as assumed
from argosy.world.buyers import calendar, visits
from argosy.world.columns import moment, money
from argosy.world.conditions import response
from argosy.world.draws import Draws
from argosy.world.goods import catalogue, popularity
from argosy.world.happened import World
from argosy.world.making import make_world
from argosy.world.orders import CANCELLED, DAMAGED, RETURNED, Lines, rounded, shares_of
from argosy.world.plan import Plan
from argosy.world.simulate import simulate
from argosy.world.truth import converted


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(Plan(11, months=12, orders=60_000))


def digest(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        simulate(Plan(seed, months=2, orders=800), tmp_path / name)
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
    other = digest(tmp_path / "c")
    alike = {"exports/suppliers.csv", "exports/contracts.csv", "exports/products.csv"}  # the brand is one
    assert all(
        other[name] != text
        for name, text in digest(tmp_path / "a").items()
        if name.startswith("exports") and name not in alike
    )


def test_a_world_takes_nobodys_place(tmp_path: Path) -> None:
    with pytest.raises(PlanImpossible, match="already"):
        simulate(Plan(1, 1, 10), tmp_path)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "wrong", [{"seed": -1}, {"months": 0}, {"months": 61}, {"orders": 0}, {"until": date(2031, 1, 1)}]
)
def test_an_impossible_plan_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(PlanImpossible, match="Nothing was written"):
        Plan(**({"seed": 1} | wrong))


def test_every_account_of_the_truth_balances(world: World) -> None:
    table = world.ledger.table()
    for column in ("amount", "book_amount"):
        sums = table.group_by("currency").aggregate([(column, "sum")]).to_pylist()
        assert {row[f"{column}_sum"] for row in sums if column == "amount"} <= {0}
        if column == "book_amount":
            assert sum(row[f"{column}_sum"] for row in sums) == 0


def test_orders_add_up(world: World) -> None:
    orders, lines = world.orders, world.lines
    worth = np.bincount(lines.order, weights=lines.worth)
    assert (worth - orders.discount == orders.subtotal).all()
    on_top = np.where(orders.tax_inside, 0, orders.tax)
    assert (orders.subtotal + orders.shipping + on_top == orders.total).all()
    assert (orders.back <= orders.total).all()
    key = lines.order * len(world.given.articles) + lines.article
    assert len(np.unique(key)) == len(key), "no order has an article twice"


def test_what_lies_in_the_warehouses_is_what_came_less_what_was_sold(world: World) -> None:
    shelves, first = world.shelves, world.given.when.first
    days, pools, goods = shelves.on_hand.shape
    came = np.zeros((days + 1, pools, goods), np.int64)
    bought = shelves.bought
    here = bought.day - first < days
    np.add.at(came, (np.maximum(bought.day[here] - first + 1, 0), bought.pool[here], bought.article[here]),
              bought.units[here])  # fmt: skip
    sold = np.cumsum(came, axis=0)[1:] - shelves.on_hand
    assert (shelves.on_hand >= 0).all()
    assert (np.diff(sold, axis=0) >= 0).all(), "nothing flows back"
    off = (world.orders.fate == CANCELLED)[world.lines.order]
    elsewhere = sum(int(site.sales.lines.units[site.sales.charged].sum()) for site in world.sites)
    elsewhere += sum(int(sales.lines.units[(sales.off_at == 0)[sales.lines.order]].sum()) for sales in world.social)
    elsewhere += sum(int(sales.lines.units[sales.paid].sum()) for sales in world.mercado)
    assert sold[-1].sum() == world.lines.units[~off].sum() + elsewhere


def test_the_plan_of_ordering_keeps_goods_in_stock(world: World) -> None:
    assert world.shelves.had.mean() > 0.985


def test_the_week_and_the_season_are_in_the_orders(world: World) -> None:
    given = world.given
    came = visits(given.plan, Draws(11))
    found = np.bincount(given.when.day(came.at), minlength=given.plan.days)
    expected = calendar(given.plan) * len(came.at) / given.plan.days
    weekday = (np.arange(given.plan.days) + given.plan.start.weekday()) % 7
    for n in range(7):
        ours, theirs = found[weekday == n].sum(), expected[weekday == n].sum()
        assert abs(ours - theirs) < 5 * np.sqrt(theirs)


def test_weekdays_and_months_can_be_read_off_the_files(tmp_path: Path) -> None:
    plan = Plan(13, months=12, orders=30_000)
    world = simulate(plan, tmp_path / "world")
    with (tmp_path / "world" / "exports" / "orders_export.csv").open(encoding="utf-8", newline="") as file:
        days = [date.fromisoformat(row["Created at"][:10]) for row in csv.DictReader(file) if row["Created at"]]
    articles, markets = popularity(world.given.articles, world.given.draws), [m.share for m in assumed.MARKETS]
    wanted = np.einsum("dam,a,m->d", response(world.given.conditions, world.given.articles), articles, markets)
    expected = calendar(plan) * wanted
    expected *= len(days) / expected.sum()
    every = [plan.day(n) for n in range(plan.days)]
    for part in (date.weekday, lambda day: day.month):
        for value in sorted({part(day) for day in every}):
            found = sum(part(day) == value for day in days)
            usual = sum(n for day, n in zip(every, expected, strict=True) if part(day) == value)
            # Beside chance, which countries buy elsewhere moves the shop's part of a festival a little.
            assert abs(found - usual) < 5 * np.sqrt(usual) + 0.03 * usual


def test_buyers_come_back_as_the_law_says() -> None:
    plan = Plan(5, months=12, orders=120_000)
    came = visits(plan, Draws(5))
    # Of those whose first purchase lies within the plan.
    new = np.isin(came.buyer, came.buyer[came.turn == 0])
    bought = np.bincount(came.buyer[new])
    again = (bought > 1).sum() / (bought > 0).sum()
    # The same law, drawn anew by the paper's own steps, one buyer after the other.
    chance = np.random.default_rng(99)
    count, whole = 0, 20_000
    for _ in range(whole):
        left = plan.days * (1 - chance.random()) / 7
        a_week = chance.gamma(assumed.REPEAT_R, 1 / assumed.REPEAT_ALPHA)
        count += chance.exponential(1 / max(a_week, 1e-12)) < left
    share = count / whole
    assert again == pytest.approx(share, abs=5 * np.sqrt(share * (1 - share) / whole))


def test_what_is_called_off_or_given_back_is_as_assumed(world: World) -> None:
    n = len(world.orders.fate)
    late = np.zeros(n, bool)
    late[world.parcels.order] = world.parcels.late_days > assumed.LATE_DAYS
    back = assumed.RETURNED_DEFECT + assumed.RETURNED_OTHER
    harmed = (world.orders.fate == DAMAGED) & ~late
    for found, share in (((world.orders.fate == CANCELLED), assumed.CANCELLED),
                         ((world.orders.fate == RETURNED), back), (harmed, assumed.DAMAGED)):  # fmt: skip
        assert abs(found.sum() - n * share) < 6 * np.sqrt(n * share)
    calmed = (world.orders.fate == DAMAGED)[late].mean()
    assert calmed == pytest.approx(assumed.LATE_REFUNDED + assumed.DAMAGED, abs=0.05)


@given(st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 4)), min_size=1, max_size=8), st.integers(0, 10**7))
@settings(deadline=None, max_examples=60)
def test_shares_add_up_to_the_whole(baskets: list[tuple[int, int]], total: int) -> None:
    order = np.repeat(np.arange(len(baskets)), [n for _, n in baskets])
    number = np.concatenate([np.arange(1, n + 1) for _, n in baskets])
    worth = np.repeat([w for w, _ in baskets], [n for _, n in baskets])
    parts = shares_of(np.full(len(baskets), total), Lines(order, number, order, order, worth))
    assert (np.bincount(order, weights=parts) == total).all()


@given(st.integers(-(10**11), 10**11), st.integers(1, 10**12))
@settings(deadline=None, max_examples=200)
def test_money_is_converted_to_the_last_unit(amount: int, rate: int) -> None:
    exact = (2 * abs(amount) * rate + 10**10) // (2 * 10**10) * (1 if amount >= 0 else -1)
    assert converted(np.array([amount]), np.array([rate]))[0] == exact


@pytest.mark.parametrize("form", ["%Y-%m-%d %H:%M:%S +0000", "%m/%d/%Y %I:%M:%S %p", "%d.%m.%Y", "%H:%M"])
def test_moments_are_written_as_strftime_writes_them(form: str) -> None:
    seconds = np.random.default_rng(1).integers(0, 2**31, 500)
    assert (
        moment(seconds, form).to_pylist() == pc.strftime(pa.array(seconds, pa.timestamp("s")), format=form).to_pylist()
    )


@given(st.integers(-(10**17), 10**17))
def test_minor_units_are_written_as_decimals(minor: int) -> None:
    sign, size = "-" if minor < 0 else "", abs(minor)
    assert str(pc.cast(money(np.array([minor])), "string")[0]) == f"{sign}{size // 100}.{size % 100:02}"


def test_halves_are_rounded_away_from_zero() -> None:
    assert rounded(np.array([5, -5, 4, -4, 15]), 10).tolist() == [1, -1, 0, 0, 2]


def test_the_catalogue_has_eighty_articles_of_five_families() -> None:
    articles = catalogue(Draws(1))
    assert len({article.sku for article in articles}) == 80
    assert len({article.supplier for article in articles}) == 5
    assert all(article.price >= 490 for article in articles)
