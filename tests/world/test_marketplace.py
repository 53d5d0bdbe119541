"""Amazon's side of a world: statements add up, and tell of nothing that did not happen."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, seconds_of
from argosy.world.happened import SiteSales
from argosy.world.making import make_world
from argosy.world.plan import END, Plan
from argosy.world.simulate import simulate


@pytest.fixture(scope="module")
def sites() -> tuple[SiteSales, ...]:
    return make_world(Plan(21, months=6, orders=30_000)).sites


def test_a_settlements_head_is_the_sum_of_its_lines(tmp_path: Path) -> None:
    simulate(Plan(22, months=3, orders=900), tmp_path / "world")
    files = sorted((tmp_path / "world" / "exports").glob("settlement-*.txt"))
    assert {path.name[11:13] for path in files} == {"us", "de", "jp"}
    for path in files:
        with path.open(encoding="utf-8", newline="") as file:
            head, *lines = csv.DictReader(file, delimiter="\t")
        amounts = [Decimal(row["amount"].replace(",", ".")) for row in lines]
        assert sum(amounts) == Decimal(head["total-amount"].replace(",", "."))
        assert head["transaction-type"] == ""
        assert ("," in head["total-amount"]) == ("-de-" in path.name)


def test_statements_tell_only_of_orders_that_were_charged_and_only_once_they_are_out(
    sites: tuple[SiteSales, ...],
) -> None:
    for site in sites:
        for part in site.amounts:
            assert site.sales.charged[part.line].all()
            assert len(np.unique(part.line)) == len(part.line)
            closed = site.sales.start + (part.settlement + 1) * assumed.SETTLEMENT_DAYS * DAY_SECONDS
            assert (closed < seconds_of(END)).all()
            assert (part.at < closed).all()
        sold = next(part for part in site.amounts if (part.transaction, part.account) == ("Order", "income:sales"))
        assert sorted(sold.line) == np.flatnonzero(site.sales.settled).tolist()


def test_fees_are_within_what_amazon_states(sites: tuple[SiteSales, ...]) -> None:
    for site in sites:
        here, net = site.sales.site, site.sales.lines.worth - site.sales.discount
        assert (site.sales.fee >= here.least).all()
        assert (site.sales.fee <= np.maximum(net * 15 // 100 + here.step, here.least)).all()
        kept = next(part for part in site.amounts if part.description == "RefundCommission")
        assert (kept.amount <= 0).all()
        assert (kept.amount >= -assumed.KEPT_MOST * here.price).all()


def test_tax_that_amazon_hands_on_leaves_nothing_owed_and_other_tax_does(sites: tuple[SiteSales, ...]) -> None:
    for site in sites:
        vat = [part.amount.sum() for part in site.amounts if part.account.startswith("liability:vat:")]
        assert (sum(int(amount) for amount in vat) == 0) == site.sales.site.handed_on


def test_every_amount_can_be_paid_in_its_currency(sites: tuple[SiteSales, ...]) -> None:
    for site in sites:
        for part in site.amounts:
            assert (part.amount % site.sales.site.step == 0).all()


def test_a_site_has_its_share_of_its_countrys_buyers(sites: tuple[SiteSales, ...]) -> None:
    world = make_world(Plan(21, months=6, orders=30_000))
    countries = [market.country for market in assumed.MARKETS]
    for site in sites:
        there = len(site.sales.at)
        shop = (world.orders.market == countries.index(site.sales.site.country)).sum()
        shop += sum(len(sales.at) for sales in world.social if sales.shop.country == site.sales.site.country)
        assert there / (there + shop) == pytest.approx(site.sales.site.share, abs=0.05)
