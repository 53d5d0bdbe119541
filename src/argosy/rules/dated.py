"""Which of several dated rows is in force on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Protocol, TypeVar


class Dated(Protocol):
    """A row that is in force from ``valid_from`` until the day before ``valid_to``."""

    @property
    def valid_from(self) -> date | None:
        """First day, or None when it is not known: then any day before ``valid_to`` counts."""

    @property
    def valid_to(self) -> date | None:
        """First day after, or None when no end is known."""


Row = TypeVar("Row", bound=Dated)


def in_force(row: Dated, *, on: date) -> bool:
    """Return whether the row's interval holds the day."""
    started = row.valid_from is None or row.valid_from <= on
    return started and (row.valid_to is None or on < row.valid_to)


def newest_in_force(rows: Iterable[Row], *, on: date) -> Row | None:
    """Return the row in force that started last, an unknown start being earliest, or None: cannot tell."""
    held = (row for row in rows if in_force(row, on=on))
    return max(held, key=lambda row: row.valid_from or date.min, default=None)
