"""Worlds through import and books, held against what is really so in them."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis
import pyarrow.parquet as pq
from ibis.expr.types import Table, Value

from argosy import flow
from argosy.lake.engine import Lake
from argosy.lake.store import create_tables
from argosy.lake.workspace import open_workspace
from argosy.model.scores import Agreement, Score
from argosy.world.plan import Plan
from argosy.world.simulate import simulate

MONEY = "decimal(28,4)"
ORDERS = "^(shopify|amazon):main:"
PAYOUTS = "^(payout|fx):(shopify_payments|amazon):main:([^/]+)"


def prove(
    seeds: Sequence[int], *, months: int, orders: int, progress: Callable[[str, int, int], None] = lambda *_: None
) -> list[Score]:
    """Return the score of one world per seed: simulated, read through its export files, posted, compared."""
    scores = []
    for number, seed in enumerate(seeds):
        progress(f"seed {seed}", number, len(seeds))
        with TemporaryDirectory(prefix="argosy-world-") as scratch:
            folder = Path(scratch) / "world"
            simulate(Plan(seed, months, orders), folder)
            scores.append(score(folder, Path(scratch) / "shop", seed=seed))
    progress("", len(seeds), len(seeds))
    return scores


def score(world: Path, shop: Path, *, seed: int) -> Score:
    """Read a world's exports into a new workspace ``shop`` and return how its ledger agrees with the truth."""
    told = json.loads((world / "truth" / "world.json").read_text(encoding="utf-8"))
    flow.begin(shop, home=told["home"], book_currency=told["book_currency"])
    begun = time.perf_counter()
    with Lake(open_workspace(shop)) as lake:
        create_tables(lake)
        flow.read_files(lake, [str(world / "exports")])
        entries = _as_told(lake.table("entries"))
        truth = lake.keep("truth", ibis.memtable(pq.read_table(world / "truth" / "entries.parquet")))
        agreements = tuple(_agreement(lake, entries, truth, by) for by in BY)
        orders = lake.rows(truth.aggregate(n=truth.order_name.nunique()))[0]["n"]
    return Score(seed, int(orders), round(time.perf_counter() - begun, 1), agreements)


def _as_told(entries: Table) -> Table:
    """Return the ledger's entries with orders and payouts named as the seller's files name them."""
    payout = entries.transaction_id.re_extract(PAYOUTS, 3).nullif("")
    return entries.mutate(order_name=entries.order_id.re_replace(ORDERS, ""), payout=payout)


# The groupings in which ledger and truth must agree, and the columns each goes by.
BY: dict[str, Callable[[Table], dict[str, Value]]] = {
    "account": lambda t: {"account": t.account, "currency": t.currency, "state": t.state},
    "account and month": lambda t: {
        "account": t.account, "currency": t.currency, "month": t.posted_at.cast("timestamp").truncate("M").cast("date"),
    },
    "order and account": lambda t: {"order_name": t.order_name, "account": t.account, "currency": t.currency},
    # What each payout sent to the bank and what rates had moved until then.
    "payout": lambda t: {
        "payout": ibis.ifelse(t.account.isin(("asset:bank:in_transit", "fx:realised")), t.payout, ibis.null("string")),
        "account": ibis.ifelse(t.payout.isnull(), ibis.null("string"), t.account),
    },
}  # fmt: skip


def _agreement(lake: Lake, entries: Table, truth: Table, by: str) -> Agreement:
    mine, really = (_sums(table, BY[by]) for table in (entries, truth))
    names = [name for name in mine.columns if name not in ("amount", "book_amount")]
    signed = mine.union(
        really.mutate(amount=(-really.amount).cast(MONEY), book_amount=(-really.book_amount).cast(MONEY))
    )
    off = signed.group_by(names).aggregate(
        amount=signed.amount.sum().cast(MONEY), book=signed.book_amount.sum().cast(MONEY)
    )
    wrong = (off.amount != 0) | (off.book != 0)
    found: dict[str, Any] = lake.rows(
        off.aggregate(groups=off.count(), off=wrong.cast("int64").sum(), largest=off.book.abs().max())
    )[0]
    return Agreement(by, int(found["groups"]), int(found["off"]), str(found["largest"]))


def _sums(table: Table, columns: Callable[[Table], dict[str, Value]]) -> Table:
    named = table.mutate(**columns(table))
    names = list(columns(table))
    named = named.filter(named[names[0]].notnull())
    return named.group_by(names).aggregate(
        amount=named.amount.sum().cast(MONEY), book_amount=named.book_amount.sum().fill_null(0).cast(MONEY)
    )
