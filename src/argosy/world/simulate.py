"""A plan into a world, and the world into files: exports/ for Argosy to read, truth/ for the scorecard."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from argosy.model.errors import PlanImpossible
from argosy.world import accounts, amazon, shopify
from argosy.world import assumptions as assumed
from argosy.world.accounts import payout_names
from argosy.world.buyers import Visits, at_site, visits
from argosy.world.columns import DAY_SECONDS, Ints, seconds_of
from argosy.world.draws import Draws
from argosy.world.goods import Article, catalogue
from argosy.world.marketplace import Amount, Sales, deposits, sell, settlement_names, statements
from argosy.world.orders import Lines, Orders, fill_orders
from argosy.world.papers import write_bank, write_costs
from argosy.world.plan import Plan
from argosy.world.provider import Moves, Payouts, pay_out, take
from argosy.world.rates import rates_to
from argosy.world.stock import LEAD_DAYS, Issues, Lots, issue, receive
from argosy.world.truth import Ledger

BYTES_AN_ORDER = 1_200  # of all files together; a disk with less room is refused before anything is written


@dataclass(frozen=True)
class SiteSales:
    """What happened on one site of Amazon's: sales, what the statements say, what was paid out."""

    sales: Sales
    amounts: list[Amount]
    deposits: Payouts
    place: Ints

    @property
    def names(self) -> pa.Array:
        """The numbers of the orders."""
        return pa.array(self.sales.names, pa.string())


@dataclass(frozen=True)
class World:
    """All that happened."""

    plan: Plan
    articles: tuple[Article, ...]
    orders: Orders
    lines: Lines
    moves: Moves
    payouts: Payouts
    sites: tuple[SiteSales, ...]
    lots: Lots
    ledger: Ledger

    @property
    def count(self) -> int:
        """How many orders there are."""
        return len(self.orders.total) + sum(len(site.sales.at) for site in self.sites)

    @property
    def shop_names(self) -> pa.Array:
        """What the shop's orders are called."""
        return pa.array(self.orders.names, pa.string())


def make_world(plan: Plan) -> World:
    """Return the world of a plan; the same plan gives the same world."""
    draws = Draws(plan.seed)
    articles = catalogue(draws)
    came = visits(plan, draws)
    there = [at_site(came, site, draws) for site in assumed.SITES]
    sites = tuple(
        _site_sales(came.only(mine), site, articles, plan, draws)
        for site, mine in zip(assumed.SITES, there, strict=True)
    )
    orders, lines = fill_orders(came.only(~np.any(there, axis=0)), articles, draws)
    first_day = seconds_of(plan.start) // DAY_SECONDS
    rates = _rates(plan)
    dollar = rates[assumed.SHOP_CURRENCY]
    ledger = Ledger(assumed.BOOK_CURRENCY, first_day - LEAD_DAYS, rates)
    issues, whose = _issues(orders, lines, [site.sales for site in sites])
    lots = receive(issues, articles, dollar=dollar, first_day=first_day, days=plan.days, draws=draws)
    moves = take(orders)
    world = World(plan, articles, orders, lines, moves, pay_out(moves), sites, lots, ledger)
    names = world.shop_names
    accounts.post_sales(ledger, orders, lines, names)
    worth = accounts.post_moves(ledger, orders, moves, names)
    out = moves.payout_day > 0
    accounts.post_payouts(
        ledger, accounts.PROVIDER, world.payouts, currency=assumed.SHOP_CURRENCY,
        was=_summed(worth[out], np.searchsorted(world.payouts.day, moves.payout_day[out]), world.payouts),
        name=payout_names(world.payouts.day),
    )  # fmt: skip
    for site in sites:
        worth = accounts.post_marketplace(ledger, site.sales, site.amounts, site.names)
        number = np.unique(np.concatenate([part.settlement for part in site.amounts]))
        accounts.post_payouts(
            ledger, accounts.AMAZON, site.deposits, currency=site.sales.site.currency,
            was=_summed(worth, site.place, site.deposits), name=settlement_names(number, site.sales.site),
        )  # fmt: skip
    makers = pa.array([article.supplier for article in articles])
    order = pa.concat_arrays([*(site.names for site in sites), names]).take(pa.array(whose))
    accounts.post_goods(ledger, issues, issue(issues, lots), lots, order=order, makers=makers)
    return world


def _summed(worth: Ints, place: Ints, payouts: Payouts) -> Ints:
    """Return what the moves that went out with each payout were worth together."""
    was = np.zeros(len(payouts.day), np.int64)
    np.add.at(was, place, worth)
    return was


def _site_sales(came: Visits, site: assumed.Site, articles: tuple[Article, ...], plan: Plan, draws: Draws) -> SiteSales:
    sales = sell(came, site, articles, plan, draws)
    amounts = statements(sales)
    return SiteSales(sales, amounts, *deposits(sales, amounts))


def _rates(plan: Plan) -> dict[str, Ints]:
    start = plan.start.fromordinal(plan.start.toordinal() - LEAD_DAYS)
    currencies = {assumed.SHOP_CURRENCY, *(site.currency for site in assumed.SITES)}
    return {
        currency: rates_to(assumed.BOOK_CURRENCY, currency, start=start, days=plan.days + LEAD_DAYS)
        for currency in sorted(currencies)
    }


def _issues(orders: Orders, lines: Lines, sites: Sequence[Sales]) -> tuple[Issues, Ints]:
    """Return the goods that left stock, Amazon's first, and whose they were: the place of the order among all sites'
    orders, the shop's behind them.

    Amazon sends from its own shelves and says only when an item was ordered: that is when it leaves the seller's stock.
    """
    gone, before, parts = orders.gone[lines.order], 0, []
    for sales in sites:
        mine = sales.charged
        own, order = sales.lines, sales.lines.order[mine]
        parts.append((own.article[mine], own.units[mine], sales.at[order], order + before))
        before += len(sales.at)
    order = lines.order[gone]
    parts.append((lines.article[gone], lines.units[gone], orders.sent_at[order], order + before))
    article, units, at, whose = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Issues(article, units, at), whose


def simulate(plan: Plan, folder: Path) -> World:
    """Write the world of a plan into ``folder``, which appears when it is complete, and return it.

    ``PlanImpossible`` when the folder is there already or the disk has no room for it.
    """
    if folder.exists():
        raise PlanImpossible(reason="exists", value=folder)
    parent = folder.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(parent).free < plan.orders * BYTES_AN_ORDER:
        raise PlanImpossible(reason="room", value=folder)
    beside = parent / f".{folder.name}.unfinished"
    shutil.rmtree(beside, ignore_errors=True)
    world = make_world(plan)
    exports, truth = beside / "exports", beside / "truth"
    exports.mkdir(parents=True)
    truth.mkdir()
    names, articles = world.shop_names, world.articles
    shopify.write_orders(exports / "orders_export.csv", world.orders, world.lines, articles, names)
    shopify.write_payments(exports / "payment_transactions_export.csv", world.moves, names)
    for site in world.sites:
        path = exports / f"all-orders-{site.sales.site.country.lower()}.txt"
        amazon.write_orders(path, site.sales, articles, site.names)
        amazon.write_settlements(exports, site.sales, site.amounts, site.deposits, articles, site.names)
    write_costs(exports / "costs.csv", world.lots, articles)
    paid = [(f"{site.sales.site.name} PAYMENTS", site.sales.site.currency, site.deposits) for site in world.sites]
    write_bank(exports / "bank.csv", [("SHOPIFY PAYMENTS", assumed.SHOP_CURRENCY, world.payouts), *paid])
    pq.write_table(world.ledger.table(), truth / "entries.parquet")
    told = {"plan": asdict(plan), "book_currency": assumed.BOOK_CURRENCY, "home": assumed.HOME}
    (truth / "world.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    beside.rename(folder)
    return world
