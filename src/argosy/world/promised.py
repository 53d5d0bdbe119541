"""What was really promised to buyers and when it was done: the truth the promise ledger is held against."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from argosy.world.columns import Ints, same
from argosy.world.happened import World
from argosy.world.parcels import ship_by


def promises(world: World) -> pa.Table:
    """Return ``ship_by`` and ``deliver_by`` of every parcel that was handed over: kind, order_name, due_at, kept_at,
    NULL while it was not done by the day the files tell of."""
    parcels = world.parcels
    sent = parcels.sent_at < world.given.when.until
    order = parcels.order[sent]
    return pa.concat_tables(
        [
            _promised("ship_by", world, order, due=ship_by(world.orders.paid_at[order]), done=parcels.sent_at[sent]),
            _promised("deliver_by", world, order, due=parcels.due_at[sent], done=parcels.came_at[sent]),
        ]
    )


def _promised(kind: str, world: World, order: Ints, *, due: Ints, done: Ints) -> pa.Table:
    waiting = done >= world.given.when.until
    return pa.table(
        {
            "kind": same(kind, len(order)),
            "order_name": world.shop_names.take(pa.array(order)),
            "due_at": pa.array(due, pa.timestamp("s")),
            "kept_at": pa.array(np.where(waiting, 0, done), pa.timestamp("s"), mask=waiting),
        }
    )
