"""One side of the comparison: the same few tables, whether they come from real data or from a world's files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ibis.expr.types import Table

Figure = float | Sequence[float | None] | None
Figures = Mapping[str, Figure]  # by the words of the page


@dataclass(frozen=True)
class Side:
    """What a source can tell; None is what it cannot.

    All moments are those of the buyer's clock where the source knows it.
    lines: order, at, article (null: not told), units, value, currency; one row per line.
    purchases: buyer, bought_on; one row per day on which a buyer bought.
    parcels: order, destination, paid_at, shipped_at, delivered_at, promised_on.
    reviews: stars, days_late (0: not late).
    attempts: number (order of the file), at, country, amount, currency, provider, method, secure, ok.
    supplies: way, due_on, came_on.
    """

    name: str
    lines: Table | None = None
    purchases: Table | None = None
    parcels: Table | None = None
    reviews: Table | None = None
    attempts: Table | None = None
    supplies: Table | None = None


@dataclass(frozen=True)
class Source:
    """Real data: its sides, what it is, its licence, how many rows were read."""

    name: str
    sides: tuple[Side, ...]
    what: str
    licence: str
    rows: int
