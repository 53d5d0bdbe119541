"""Mercado Libre's side of a world: every line is an order of its own, and its fee is told for one unit."""

from __future__ import annotations

import csv
from collections import defaultdict
from decimal import Decimal

import numpy as np
import pytest

from argosy.world import assumptions as assumed
from argosy.world.happened import World
from argosy.world.plan import Plan
from argosy.world.simulate import simulate


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, list[dict[str, str]]]:
    folder = tmp_path_factory.mktemp("worlds") / "world"
    world = simulate(Plan(61, months=6, orders=20_000), folder)
    rows = []
    for path in sorted((folder / "exports").glob("mercado-libre-*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += list(csv.DictReader(file))
    return world, rows


def test_every_line_is_an_order_and_carts_are_packs(told: tuple[World, list[dict[str, str]]]) -> None:
    world, rows = told
    assert len({row["id"] for row in rows}) == len(rows) == sum(len(sales.at) for sales in world.mercado) > 200
    packs = defaultdict(set)
    for row in rows:
        packs[row["context.site"], row["pack_id"]].add((row["buyer.id"], row["date_created"], row["status"]))
    assert all(len(of_one) == 1 for of_one in packs.values())
    assert len(packs) < len(rows)


def test_the_fee_is_what_the_site_keeps_of_one_unit(told: tuple[World, list[dict[str, str]]]) -> None:
    keeps = {site.code: Decimal(site.keeps) / 1000 for site in assumed.MERCADO_SITES}
    for row in told[1]:
        price, fee = Decimal(row["order_items.unit_price"]), Decimal(row["order_items.sale_fee"])
        assert abs(price * keeps[row["context.site"]] - fee) <= Decimal("0.005")
        assert Decimal(row["total_amount"]) == price * int(row["order_items.quantity"])


def test_what_was_called_off_was_not_paid(told: tuple[World, list[dict[str, str]]]) -> None:
    world, rows = told
    off = [row for row in rows if row["status"] == "cancelled"]
    assert all(not row["date_closed"] and not row["paid_amount"] for row in off)
    n = len(rows)
    assert abs(len(off) - n * assumed.MERCADO_CANCELLED) < 6 * np.sqrt(n * assumed.MERCADO_CANCELLED)
    shares = {site.country: site.share for site in assumed.MERCADO_SITES}
    assert {sales.site.country for sales in world.mercado} == shares.keys()
