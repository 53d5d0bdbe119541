"""A plan into a world, and the world into files: exports/ for Argosy to read, truth/ for the scorecard."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from argosy.model.errors import PlanImpossible
from argosy.world import accounts
from argosy.world import assumptions as assumed
from argosy.world.buyers import visits
from argosy.world.columns import DAY_SECONDS, seconds_of
from argosy.world.draws import Draws
from argosy.world.goods import Article, catalogue
from argosy.world.orders import Lines, Orders, fill_orders
from argosy.world.papers import write_bank, write_costs
from argosy.world.plan import Plan
from argosy.world.provider import Moves, Payouts, pay_out, take
from argosy.world.rates import rates_to
from argosy.world.shopify import write_orders, write_payments
from argosy.world.stock import LEAD_DAYS, Lots, issue, receive
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
    lots: Lots
    ledger: Ledger

    @property
    def names(self) -> pa.Array:
        """What the orders are called."""
        return pa.array(self.orders.names)


def make_world(plan: Plan) -> World:
    """Return the world of a plan; the same plan gives the same world."""
    draws = Draws(plan.seed)
    articles = catalogue(draws)
    orders, lines = fill_orders(visits(plan, draws), articles, draws)
    first_day = seconds_of(plan.start) // DAY_SECONDS
    dollar = rates_to(
        assumed.BOOK_CURRENCY,
        assumed.SHOP_CURRENCY,
        start=plan.start.fromordinal(plan.start.toordinal() - LEAD_DAYS),
        days=plan.days + LEAD_DAYS,
    )
    lots = receive(orders, lines, articles, dollar=dollar, first_day=first_day, days=plan.days, draws=draws)
    moves = take(orders)
    payouts = pay_out(moves)
    ledger = Ledger(assumed.BOOK_CURRENCY, first_day - LEAD_DAYS, {assumed.SHOP_CURRENCY: dollar})
    world = World(plan, articles, orders, lines, moves, payouts, lots, ledger)
    names = world.names
    accounts.post_sales(ledger, orders, lines, names)
    worth = accounts.post_moves(ledger, orders, moves, names)
    accounts.post_payouts(ledger, moves, worth, payouts)
    makers = pa.array([article.supplier for article in articles])
    accounts.post_goods(ledger, orders, lines, lots, issue(orders, lines, lots), names, makers)
    return world


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
    write_orders(exports / "orders_export.csv", world.orders, world.lines, world.articles, world.names)
    write_payments(exports / "payment_transactions_export.csv", world.moves, world.names)
    write_costs(exports / "costs.csv", world.lots, world.articles)
    write_bank(exports / "bank.csv", world.payouts)
    pq.write_table(world.ledger.table(), truth / "entries.parquet")
    told = {"plan": asdict(plan), "book_currency": assumed.BOOK_CURRENCY, "home": assumed.HOME}
    (truth / "world.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    beside.rename(folder)
    return world
