"""Facts day by day and subject by subject, out of the engine as columns of numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
from ibis.expr.types import Table

from argosy.outlook.known import Known

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Series:
    """Sums by day and subject.

    first: the first day; subjects: in order; values: name -> days x subjects, zero where nothing happened.
    """

    first: date
    subjects: tuple[str, ...]
    values: dict[str, Numbers]

    def __getitem__(self, name: str) -> Numbers:
        return self.values[name]

    @property
    def days(self) -> int:
        """How many days there are."""
        return len(next(iter(self.values.values())))

    def day(self, number: int) -> date:
        """Return the day with this number, the first one being 0."""
        return self.first + timedelta(days=int(number))


def series(known: Known, sums: Table, *, days: int, names: Sequence[str]) -> Series:
    """Return the last ``days`` days of what was summed up by the columns ``subject`` (text) and ``day``.

    names: the columns of numbers in it. Rows without a subject, and days outside, are left out.
    """
    first = known.day - timedelta(days=days)
    rows = known.run(sums.select("subject", "day", *names))
    words = np.array(rows["subject"].to_pylist(), dtype=object)
    when = rows["day"].to_numpy(zero_copy_only=False).astype("datetime64[D]")
    place = (when - np.datetime64(first)).astype(np.int64)
    told = np.array([word is not None for word in words], bool) & (place >= 0) & (place < days)
    subjects, column = np.unique(words[told].astype(str), return_inverse=True)
    values = {}
    for name in names:
        table = np.zeros((days, len(subjects)))
        numbers = rows[name].cast("float64").to_numpy(zero_copy_only=False)
        np.add.at(table, (place[told], column), np.nan_to_num(numbers[told]))
        values[name] = table
    return Series(first, tuple(subjects.tolist()), values)


def since_first(of: Series) -> Series:
    """Return the days from the first one on which anything happened; all of them where nothing ever did."""
    busy = np.flatnonzero(sum(table.sum(axis=1) for table in of.values.values()))
    start = int(busy[0]) if len(busy) else 0
    return Series(of.day(start), of.subjects, {name: table[start:] for name, table in of.values.items()})
