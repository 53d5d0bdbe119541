"""Numbers into the text columns that export files are made of, a whole column at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
DAY_SECONDS = 86_400


def money(minor: Ints, digits: int = 2) -> pa.Array:
    """Return amounts given in minor units as decimals."""
    words = np.empty((len(minor), 2), dtype=np.int64)
    words[:, 0] = minor
    words[:, 1] = minor >> 63
    return pa.Array.from_buffers(pa.decimal128(18, digits), len(minor), [None, pa.py_buffer(words)])


def text(values: pa.Array) -> pa.Array:
    """Return values as text."""
    return values.cast(pa.string())


def joined(*parts: Any) -> pa.Array:
    """Return texts put together row by row; a plain text stands in every row."""
    return pc.binary_join_element_wise(*parts, "")


def moment(seconds: Ints, form: str) -> pa.Array:
    """Return moments given in seconds since 1970 (UTC), written in a form of strftime that tells the day first.

    Days and clock are looked up, each written once: writing every moment by itself takes five times as long.
    """
    if not len(seconds):
        return pa.array([], pa.string())
    begins = min((form.find(mark) for mark in ("%H", "%I") if mark in form), default=len(form))
    day, second = np.divmod(seconds, DAY_SECONDS)
    first = int(day.min())
    every = np.arange(first, int(day.max()) + 1) * DAY_SECONDS
    days = _written(every, form[:begins]).take(pa.array(day - first))
    return days if begins == len(form) else joined(days, _clock(form[begins:]).take(pa.array(second)))


@cache
def _clock(form: str) -> pa.Array:
    return _written(np.arange(DAY_SECONDS), form)


def _written(seconds: Ints, form: str) -> pa.Array:
    return pc.strftime(pa.array(seconds, pa.timestamp("s")), format=form)


def where(flags: Flags, values: pa.Array) -> pa.Array:
    """Return the values where the flags are set, nothing elsewhere."""
    return pc.if_else(pa.array(flags), values, pa.scalar(None, values.type))


def picked(words: Sequence[str | None], index: NDArray[Any]) -> pa.Array:
    """Return the words at these places."""
    return pa.array(list(words), pa.string()).take(pa.array(index))


def same(word: str, rows: int) -> pa.Array:
    """Return one word in so many rows."""
    return pa.repeat(pa.scalar(word, pa.string()), rows)


def seconds_of(day: date) -> int:
    """Return the first second of a day, since 1970 in UTC."""
    return (day - date(1970, 1, 1)).days * DAY_SECONDS


def write_rows(path: Path, columns: Mapping[str, pa.Array], *, header: Sequence[str], delimiter: str = ",") -> None:
    """Write a file with these headers; columns that nothing is known of stay empty."""
    rows = len(next(iter(columns.values())))
    nothing = pa.nulls(rows, pa.string())
    table = pa.table({name: columns.get(name, nothing) for name in header})
    unknown = columns.keys() - set(header)
    if unknown:
        raise ValueError(f"no such header: {sorted(unknown)}")
    with path.open("wb") as file:
        file.write(delimiter.join(header).encode() + b"\n")
        options = pacsv.WriteOptions(include_header=False, delimiter=delimiter, quoting_style="needed")
        pacsv.write_csv(table, file, options)
