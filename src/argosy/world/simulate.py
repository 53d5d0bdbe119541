"""A world into files: exports/ for Argosy to read, truth/ for the scorecard."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from argosy.model.errors import PlanImpossible
from argosy.world import assumptions as assumed
from argosy.world import incidents, levers
from argosy.world.draws import Draws
from argosy.world.effects import write_effects
from argosy.world.faults import faults
from argosy.world.files import write_exports
from argosy.world.goods import catalogue
from argosy.world.happened import World
from argosy.world.kinds import check
from argosy.world.making import make_world
from argosy.world.plan import Event, Plan
from argosy.world.promised import promises

BYTES_AN_ORDER = 3_500  # of all files together; a disk with less room is refused before anything is written


def simulate(plan: Plan, folder: Path, *, progress: Callable[[str, int, int], None] = lambda *_: None) -> World:
    """Write the world of a plan into ``folder``, which appears when it is complete, and return it.

    ``PlanImpossible`` when the folder is there already, the disk has no room for it or the plan asks for what cannot
    be.
    """
    if folder.exists():
        raise PlanImpossible(reason="exists", value=folder)
    articles = catalogue(Draws(plan.seed))
    check(plan.incidents, incidents.KINDS, plan, articles)
    check(plan.actions, levers.KINDS, plan, articles)
    parent = folder.absolute().parent
    parent.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(parent).free < plan.orders * BYTES_AN_ORDER:
        raise PlanImpossible(reason="room", value=folder)
    beside = parent / f".{folder.name}.unfinished"
    shutil.rmtree(beside, ignore_errors=True)
    steps = 2 + len(plan.events)
    progress("world", 0, steps)
    world = make_world(plan)
    progress("files", 1, steps)
    (beside / "truth").mkdir(parents=True)
    write_exports(world, beside / "exports")
    world.ledger.write(beside / "truth" / "entries.parquet")
    pq.write_table(promises(world), beside / "truth" / "promises.parquet")
    pq.write_table(faults(world), beside / "truth" / "faults.parquet")
    write_effects(world, beside / "truth", progress=lambda n: progress("effects", 2 + n, steps))
    told = _told(plan) | {"book_currency": assumed.BOOK_CURRENCY, "home": assumed.HOME}
    (beside / "truth" / "world.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")
    beside.rename(folder)
    progress("", steps, steps)
    return world


def _told(plan: Plan) -> dict[str, Any]:
    return {
        "plan": {"seed": plan.seed, "months": plan.months, "orders": plan.orders, "until": plan.until.isoformat()},
        "incidents": [event.told() for event in plan.incidents],
        "actions": [event.told() for event in plan.actions],
    }


def plan_of(folder: Path) -> Plan:
    """Return the plan a world was made by; ``PlanImpossible`` when the folder holds none."""
    path = folder / "truth" / "world.json"
    if not path.is_file():
        raise PlanImpossible(reason="world", value=folder)
    told = json.loads(path.read_text(encoding="utf-8"))
    plan = told["plan"]
    made = Plan(plan["seed"], plan["months"], plan["orders"], until=date.fromisoformat(plan["until"]))
    incidents_, actions = (tuple(Event.of(row) for row in told[name]) for name in ("incidents", "actions"))
    return replace(made, incidents=incidents_, actions=actions)
