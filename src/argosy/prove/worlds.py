"""Worlds through import and books, held against what is really so in them."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
import pyarrow.parquet as pq

from argosy import flow
from argosy.business import Business
from argosy.domains.registry import CHECKS
from argosy.model.scores import Quoted, Score
from argosy.prove.findings import judge, look
from argosy.prove.ledgers import agreements
from argosy.prove.queue import held
from argosy.world.draws import Draws
from argosy.world.goods import catalogue
from argosy.world.incidents import at_random
from argosy.world.plan import Plan
from argosy.world.simulate import plan_of, simulate

QUOTED_FOR = 0.95


def prove(
    seeds: Sequence[int],
    *,
    months: int,
    orders: int,
    incidents: int,
    kinds: Sequence[str] = tuple(CHECKS),
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> list[Score]:
    """Return the score of one world per seed: simulated with so many incidents by chance, read through its export
    files, posted, compared, its findings of these ``kinds`` too; as many worlds at once as there are processors."""
    plans = [Plan(seed, months, orders) for seed in seeds]
    plans = [replace(plan, incidents=at_random(incidents, plan, catalogue(Draws(plan.seed)))) for plan in plans]
    if len(plans) == 1:
        return [_proved(plans[0], kinds)]
    workers = min(len(plans), os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        running = [pool.submit(_proved, plan, kinds) for plan in plans]
        for done, ready in enumerate(as_completed(running), 1):
            progress(f"seed {ready.result().seed}", done, len(plans))
        return [ready.result() for ready in running]


def _proved(plan: Plan, kinds: Sequence[str]) -> Score:
    with TemporaryDirectory(prefix="argosy-world-") as scratch:
        folder = Path(scratch) / "world"
        simulate(plan, folder)
        return score(folder, Path(scratch) / "shop", seed=plan.seed, kinds=kinds)


def score(world: Path, shop: Path, *, seed: int, kinds: Sequence[str] = tuple(CHECKS)) -> Score:
    """Read a world's exports into a new workspace ``shop`` and return how right its books, quotes and findings of these
    ``kinds`` are."""
    seller = json.loads((world / "truth" / "world.json").read_text(encoding="utf-8"))
    flow.begin(shop, home=seller["home"], book_currency=seller["book_currency"])
    begun = time.perf_counter()
    with closing(Business.at(shop)) as business:
        business.import_files(str(world / "exports"))
        took = round(time.perf_counter() - begun, 1)
        lake = business.lake
        truth = {
            name: lake.keep(f"true_{name}", ibis.memtable(pq.read_table(world / "truth" / f"{name}.parquet")))
            for name in ("entries", "promises")
        }
        agreed = agreements(lake, business.entries(), business.promises(), truth)
        orders = lake.rows(truth["entries"].aggregate(n=lambda t: t.order_name.nunique()))[0]["n"]
        known = business.known()
        looks = look(known, first=plan_of(world).start, kinds=kinds)
        cases, told = judge(world, known, looks, kinds=kinds)
        top = held(world, known, looks) if set(kinds) == set(CHECKS) else []
        return Score(
            seed, int(orders), took, agreed, _quoted(business), plan_of(world).months, tuple(cases), tuple(told),
            tuple(top),
        )  # fmt: skip


def _quoted(business: Business) -> Quoted | None:
    """Return how delivery times would have been quoted; None where too little is known to quote any."""
    done = business.backtest_quotes(kept=QUOTED_FOR)
    if done is None or done.promised is None:
        return None
    quoted, own = done.quoted, done.promised
    return Quoted(done.n, QUOTED_FOR, quoted.kept_share, quoted.mean_days, own.kept_share, own.mean_days)
