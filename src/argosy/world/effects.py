"""What each incident and each action brought or cost: the world's result with it less the result without it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from argosy.world.columns import Ints, money
from argosy.world.happened import World
from argosy.world.making import make_world
from argosy.world.plan import Event, Plan

SCHEMA = pa.schema(
    {
        "number": pa.int64(), "kind": pa.string(), "subject": pa.string(), "first": pa.date32(), "last": pa.date32(),
        "strength": pa.float64(), "day": pa.date32(), "effect": pa.decimal128(18, 2),
    }
)  # fmt: skip


def effect_of(event: Event, plan: Plan, result: Ints) -> Ints:
    """Return what an event changed in the result of each day, minor units of the book currency; ``result``: that of the
    plan with it, from the first day of the ledger on."""
    return np.asarray(result - make_world(plan.without(event), whole=False).ledger.result)


def write_effects(world: World, folder: Path, *, progress: Callable[[int], None] = lambda _: None) -> None:
    """Write ``incidents.parquet`` and ``actions.parquet``, columns as in ``SCHEMA``: a row per event and day on which
    it changed the result; where there are none of a sort, no file."""
    done = 0
    for name, events in (("incidents", world.given.plan.incidents), ("actions", world.given.plan.actions)):
        if not events:
            continue
        parts = []
        for number, event in enumerate(events):
            progress(done + number)
            parts.append(
                _rows(number, event, effect_of(event, world.given.plan, world.ledger.result), world.ledger.first_day)
            )
        done += len(events)
        pq.write_table(pa.concat_tables(parts), folder / f"{name}.parquet")


def _rows(number: int, event: Event, effect: Ints, first_day: int) -> pa.Table:
    moved = np.flatnonzero(effect)
    if not len(moved):
        # An event without any effect is still told: by its first day and nothing.
        moved = np.array([(event.first - _day(first_day)).days])
    rows = len(moved)

    def same(values: Sequence[object], type_: pa.DataType) -> pa.Array:
        return pa.array(list(values) * rows, type_)

    return pa.table(
        {
            "number": same([number], pa.int64()),
            "kind": same([event.kind], pa.string()),
            "subject": same([event.subject], pa.string()),
            "first": same([event.first], pa.date32()),
            "last": same([event.last], pa.date32()),
            "strength": same([event.strength], pa.float64()),
            "day": pa.array((moved + first_day).astype(np.int32), pa.int32()).cast(pa.date32()),
            "effect": money(effect[moved]),
        },
        schema=SCHEMA,
    )


def _day(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=number)
