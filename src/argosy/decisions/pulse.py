"""What stands for the state of each part of the store, so that a look says whether anything moved."""

from __future__ import annotations

from collections.abc import Mapping

import sqlalchemy as sa

from argosy.decisions.records import IN_FLIGHT
from argosy.decisions.tables import ACTIONS, ERRANDS, PROPOSALS, RUNS, UPLOADS
from argosy.decisions.uploads import UNREAD


def pulse(connection: sa.Connection) -> Mapping[str, object]:
    """Return a value for each of ``uploads``, ``actions`` and ``queue`` that is another one as soon as something in it
    moved: files being read, actions under way, cards that wait."""
    uploads, actions, proposals = UPLOADS.c, ACTIONS.c, PROPOSALS.c
    going = sa.select(uploads.number, uploads.state, uploads.done, uploads.doing).where(uploads.state.in_(UNREAD))
    asked = sa.select(sa.func.max(ERRANDS.c.number), sa.func.max(ERRANDS.c.ended_at))
    under_way = sa.select(actions.number, actions.state).where(actions.state.in_(IN_FLIGHT))
    cards = sa.select(proposals.state, sa.func.count()).group_by(proposals.state).order_by(proposals.state)
    runs = sa.select(sa.func.max(RUNS.c.number))
    parts = {
        "uploads": (going.order_by(uploads.number), sa.select(sa.func.max(uploads.ended_at)), asked),
        "actions": (
            under_way.order_by(actions.number),
            sa.select(sa.func.max(actions.number), sa.func.max(actions.ended_at)),
        ),
        "queue": (cards, runs),
    }
    return {
        name: tuple(tuple(row) for query in queries for row in connection.execute(query))
        for name, queries in parts.items()
    }
