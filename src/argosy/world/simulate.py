"""A plan into a world, and the world into files: exports/ for Argosy to read, truth/ for the scorecard."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from argosy.model.errors import PlanImpossible
from argosy.world import accounts, amazon, shopify
from argosy.world import assumptions as assumed
from argosy.world.accounts import payout_names
from argosy.world.buyers import at_amazon, visits
from argosy.world.columns import DAY_SECONDS, Ints, seconds_of
from argosy.world.draws import Draws
from argosy.world.goods import Article, catalogue
from argosy.world.marketplace import Amount, Sales, deposits, order_names, sell, settlement_names, statements
from argosy.world.orders import Lines, Orders, fill_orders
from argosy.world.papers import write_bank, write_costs
from argosy.world.plan import Plan
from argosy.world.provider import Moves, Payouts, pay_out, take
from argosy.world.rates import rates_to
from argosy.world.stock import LEAD_DAYS, Issues, Lots, issue, receive
from argosy.world.truth import Ledger

BYTES_AN_ORDER = 1_200  # of all files together; a disk with less room is refused before anything is written


@dataclass(frozen=True)
class World:
    """All that happened."""

    plan: Plan
    articles: tuple[Article, ...]
    orders: Orders
    lines: Lines
    moves: Moves
    payouts: Payouts
    sales: Sales
    amounts: list[Amount]
    deposits: Payouts
    lots: Lots
    ledger: Ledger

    @property
    def shop_names(self) -> pa.Array:
        """What the shop's orders are called."""
        return pa.array(self.orders.names, pa.string())


def make_world(plan: Plan) -> World:
    """Return the world of a plan; the same plan gives the same world."""
    draws = Draws(plan.seed)
    articles = catalogue(draws)
    came = visits(plan, draws)
    elsewhere = at_amazon(came, draws)
    orders, lines = fill_orders(came.only(~elsewhere), articles, draws)
    sales = sell(came.only(elsewhere), articles, plan, draws)
    first_day = seconds_of(plan.start) // DAY_SECONDS
    dollar = rates_to(
        assumed.BOOK_CURRENCY,
        assumed.SHOP_CURRENCY,
        start=plan.start.fromordinal(plan.start.toordinal() - LEAD_DAYS),
        days=plan.days + LEAD_DAYS,
    )
    ledger = Ledger(assumed.BOOK_CURRENCY, first_day - LEAD_DAYS, {assumed.SHOP_CURRENCY: dollar})
    issues, whose = _issues(orders, lines, sales)
    lots = receive(issues, articles, dollar=dollar, first_day=first_day, days=plan.days, draws=draws)
    moves = take(orders)
    amounts = statements(sales)
    paid, place = deposits(sales, amounts)
    world = World(plan, articles, orders, lines, moves, pay_out(moves), sales, amounts, paid, lots, ledger)
    names, there = world.shop_names, order_names(sales)
    accounts.post_sales(ledger, orders, lines, names)
    worth = accounts.post_moves(ledger, orders, moves, names)
    out = moves.payout_day > 0
    accounts.post_payouts(
        ledger, accounts.PROVIDER, world.payouts, worth=worth[out],
        place=np.searchsorted(world.payouts.day, moves.payout_day[out]), name=payout_names(world.payouts.day),
    )  # fmt: skip
    worth = accounts.post_marketplace(ledger, sales, amounts, there)
    number = np.unique(np.concatenate([part.settlement for part in amounts]))
    accounts.post_payouts(ledger, accounts.AMAZON, paid, worth=worth, place=place, name=settlement_names(number))
    makers = pa.array([article.supplier for article in articles])
    order = pa.concat_arrays([there, names]).take(pa.array(whose))
    accounts.post_goods(ledger, issues, issue(issues, lots), lots, order=order, makers=makers)
    return world


def _issues(orders: Orders, lines: Lines, sales: Sales) -> tuple[Issues, Ints]:
    """Return the goods that left stock, Amazon's first, and whose they were: the place of the order, the shop's
    behind Amazon's.

    Amazon sends from its own shelves and says only when an item was ordered: that is when it leaves the seller's stock.
    """
    gone, alive = orders.gone[lines.order], sales.charged
    at = np.concatenate((sales.at[sales.lines.order[alive]], orders.sent_at[lines.order[gone]]))
    article = np.concatenate((sales.lines.article[alive], lines.article[gone]))
    units = np.concatenate((sales.lines.units[alive], lines.units[gone]))
    whose = np.concatenate((sales.lines.order[alive], lines.order[gone] + len(sales.at)))
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
    names, there = world.shop_names, order_names(world.sales)
    shopify.write_orders(exports / "orders_export.csv", world.orders, world.lines, world.articles, names)
    shopify.write_payments(exports / "payment_transactions_export.csv", world.moves, names)
    amazon.write_orders(exports / "all-orders.txt", world.sales, world.articles, there)
    amazon.write_settlements(exports, world.sales, world.amounts, world.deposits, world.articles, there)
    write_costs(exports / "costs.csv", world.lots, world.articles)
    write_bank(exports / "bank.csv", {"SHOPIFY PAYMENTS": world.payouts, "AMAZON": world.deposits})
    pq.write_table(world.ledger.table(), truth / "entries.parquet")
    told = {"plan": asdict(plan), "book_currency": assumed.BOOK_CURRENCY, "home": assumed.HOME}
    (truth / "world.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    beside.rename(folder)
    return world
