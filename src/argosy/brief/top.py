"""The top of the queue, as the brief ends with it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from argosy.lake.workspace import Workspace

CARDS = 5


def top_of_queue(workspace: Workspace, *, lang: str) -> list[Mapping[str, Any]]:
    """Return the cards a person should look at first, as ``brief/schema.json`` describes them; none before the first
    watch."""
    elsewhere = os.environ.get("ARGOSY_DATABASE_URL") or workspace.settings.catalog
    if not elsewhere and not (workspace.folder / "state.sqlite").exists():
        return []
    # A brief that is stored needs nothing else that is slow to import.
    from argosy.decisions.queue import Place, waiting  # noqa: PLC0415
    from argosy.decisions.sentences import proposal_says  # noqa: PLC0415
    from argosy.decisions.state import State  # noqa: PLC0415

    def card(place: Place) -> Mapping[str, Any]:
        kept = place.card.kept
        expected = {part: f"{getattr(kept.proposal.expected, part):.2f}" for part in ("low", "mid", "high")}
        return {
            "name": kept.name, "finding": place.card.finding.name, "kind": place.card.finding.finding.kind,
            "says": proposal_says(kept, place.card.finding.finding, lang), "expected": expected,
            "currency": kept.currency, "minutes": kept.proposal.minutes,
        }  # fmt: skip

    with State(workspace) as state, state.read() as connection:
        places = waiting(connection, book_currency=workspace.settings.book_currency)
    return [card(place) for place in places if not place.gives_way_to][:CARDS]
