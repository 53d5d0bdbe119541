"""Worlds through import and books, held against what is really so in them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import ibis
import pyarrow.parquet as pq
from ibis.expr.types import Table, Value

from argosy import flow
from argosy.business import Business
from argosy.lake.engine import Lake
from argosy.model.promises import BROKEN, KEPT, OPEN
from argosy.model.scores import Agreement, Detected, Quoted, Score
from argosy.world.draws import Draws
from argosy.world.goods import catalogue
from argosy.world.incidents import at_random
from argosy.world.plan import Plan
from argosy.world.simulate import simulate

MONEY = "decimal(28,4)"
ORDERS = "^(shopify|amazon|tiktok_shop|mercado_libre):main:"
QUOTED_FOR = 0.95
PAYOUTS = "^(payout|fx):(shopify_payments|stripe|amazon):main:([^/]+)"


# Findings that say of a fault in the world that it is there: kind of the finding -> kind of the fault.
CHECKS: Mapping[str, str] = {"reconcile.payout_against_bank": "payout_short"}


def prove(
    seeds: Sequence[int],
    *,
    months: int,
    orders: int,
    incidents: int,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> list[Score]:
    """Return the score of one world per seed: simulated with so many incidents by chance, read through its export
    files, posted, compared; as many worlds at once as there are processors."""
    plans = [Plan(seed, months, orders) for seed in seeds]
    plans = [replace(plan, incidents=at_random(incidents, plan, catalogue(Draws(plan.seed)))) for plan in plans]
    if len(plans) == 1:
        return [_proved(plans[0])]
    workers = min(len(plans), os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(_proved, plan) for plan in plans]
        for done, ready in enumerate(as_completed(running), 1):
            progress(f"seed {ready.result().seed}", done, len(plans))
        return [ready.result() for ready in running]


def _proved(plan: Plan) -> Score:
    with TemporaryDirectory(prefix="argosy-world-") as scratch:
        folder = Path(scratch) / "world"
        simulate(plan, folder)
        return score(folder, Path(scratch) / "shop", seed=plan.seed)


def score(world: Path, shop: Path, *, seed: int) -> Score:
    """Read a world's exports into a new workspace ``shop`` and return how right its books, quotes and findings are."""
    told = json.loads((world / "truth" / "world.json").read_text(encoding="utf-8"))
    flow.begin(shop, home=told["home"], book_currency=told["book_currency"])
    begun = time.perf_counter()
    with closing(Business.at(shop)) as business:
        business.import_files(str(world / "exports"))
        took = round(time.perf_counter() - begun, 1)
        lake = business.lake
        truth = {
            name: lake.keep(f"true_{name}", ibis.memtable(pq.read_table(world / "truth" / f"{name}.parquet")))
            for name in ("entries", "promises", "faults")
        }
        entries = _as_told(business.entries())
        agreements = [_agreement(lake, entries, truth["entries"], by) for by in BY]
        agreements.append(_promises(lake, business.promises(), truth["promises"]))
        orders = lake.rows(truth["entries"].aggregate(n=lambda t: t.order_name.nunique()))[0]["n"]
        return Score(
            seed, int(orders), took, tuple(agreements), _quoted(business),
            tuple(_detected(lake, business.findings(), truth["faults"], kind) for kind in CHECKS),
        )  # fmt: skip


def _promises(lake: Lake, promises: Table, truth: Table) -> Agreement:
    """Return how the promise ledger agrees with what was promised and done: due, kept and state of each promise.

    A promise of which the ledger rightly says that nobody can tell is none of its rows: what was not done yet.
    """
    now = ibis.literal(datetime.now(UTC).replace(tzinfo=None))
    mine = promises.filter(promises.kind.isin(("ship_by", "deliver_by")), promises.channel_id == "shopify:main")
    mine = mine.select("kind", "due_at", "kept_at", "state", order_name=mine.subject.re_replace(ORDERS, ""))
    done = truth.kept_at.notnull()
    late = ibis.ifelse(truth.kept_at <= truth.due_at, KEPT, BROKEN)
    really = truth.mutate(state=ibis.ifelse(done, late, ibis.ifelse(truth.due_at >= now, OPEN, BROKEN)))
    both = mine.outer_join(really, ["kind", "order_name"], rname="true_{name}")
    same = (both.due_at == both.true_due_at) & (both.state == both.true_state)
    same &= both.kept_at.identical_to(both.true_kept_at)
    untold = both.state.isnull() & both.true_kept_at.isnull()
    hours = (both.kept_at.epoch_seconds() - both.true_kept_at.epoch_seconds()).abs() / 3600
    found = lake.rows(
        both.aggregate(
            groups=both.count(), off=(~(same.fill_null(False) | untold)).cast("int64").sum(),
            largest=hours.max().fill_null(0),
        )
    )[0]  # fmt: skip
    return Agreement("promise", int(found["groups"]), int(found["off"] or 0), f"{found['largest']:.1f}")


def _quoted(business: Business) -> Quoted | None:
    """Return how delivery times would have been quoted; None where too little is known to quote any."""
    done = business.backtest_quotes(kept=QUOTED_FOR)
    if done is None or done.promised is None:
        return None
    quoted, own = done.quoted, done.promised
    return Quoted(done.n, QUOTED_FOR, quoted.kept_share, quoted.mean_days, own.kept_share, own.mean_days)


def _detected(lake: Lake, findings: Table, faults: Table, kind: str) -> Detected:
    """Return how the findings of a kind did against the faults they are meant to find."""
    told = findings.filter(findings.kind == kind)
    # A finding names its subject by account and number, a fault by the number alone.
    told = told.select("amount", subject=told.subject.re_extract("([^:/]+)$", 1))
    really = faults.filter(faults.kind == CHECKS[kind]).select("subject", worth=faults.amount)
    both = told.outer_join(really, "subject", rname="true_{name}")
    hit = both.subject.notnull() & both.true_subject.notnull()
    counts = lake.rows(
        both.aggregate(
            there=both.true_subject.count(), found=hit.cast("int64").sum(),
            false=(both.subject.notnull() & both.true_subject.isnull()).cast("int64").sum(),
            money=both.amount.sum(where=hit).cast("float64") / both.worth.sum(where=hit).cast("float64"),
        )
    )[0]  # fmt: skip
    return Detected(kind, int(counts["there"]), int(counts["found"] or 0), int(counts["false"] or 0), counts["money"])


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
