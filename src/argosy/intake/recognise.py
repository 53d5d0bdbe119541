"""Which format a file is of, told by its header alone: never by its name, never by the order of its columns."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from argosy.intake.formats import Format, normal
from argosy.lake.rows import Layout

DELIMITERS = (",", "\t", ";", "|")
HEADER_WITHIN = 40  # lines; some statements begin with a page of notes
# Every file is held against every header of every format: the same few thousand words again and again.
_normal = cache(normal)


@dataclass(frozen=True)
class Recognised:
    """A format, where its rows are, and the position of each of its columns that the file has."""

    format: Format
    layout: Layout
    columns: Mapping[str, int]
    header: tuple[str, ...]


@dataclass(frozen=True)
class Unknown:
    """No format fits: the nearest one and the headers it would need and did not find."""

    nearest: Format | None
    missing: tuple[str, ...]
    header: tuple[str, ...]
    layout: Layout | None


def recognise(path: Path, formats: Iterable[Format]) -> Recognised | Unknown:
    """Return what the file is; of several fits the one that demands most, then the one that explains most."""
    known = tuple(formats)
    fits, nearest = [], Unknown(None, (), (), None)
    closest = 0.0
    for layout, header in _candidates(path):
        names = [normal(cell) for cell in header]
        for format in known:
            columns = positions(format, names)
            missing = [c for c in format.needed if c.name not in columns]
            if not missing:
                rank = (len(format.needed), len(columns), -layout.header_line)
                fits.append((rank, Recognised(format, layout, columns, tuple(header))))
            share = (len(format.needed) - len(missing)) / len(format.needed)
            if share > closest:
                closest = share
                nearest = Unknown(format, tuple(c.headers[0] for c in missing), tuple(header), layout)
    if fits:
        return max(fits, key=lambda fit: fit[0])[1]
    if nearest.layout is None:
        return _widest(path)
    return nearest


def positions(format: Format, names: Sequence[str]) -> dict[str, int]:
    """Return column name -> position for the columns of ``format`` among the normalised ``names``."""
    found = {}
    for column in format.columns:
        for header in column.headers:
            place = _place(header, names)
            if place is not None:
                found[column.name] = place
                break
    return found


def _place(header: str, names: Sequence[str]) -> int | None:
    if "*" not in header:
        plain = _normal(header)
        return names.index(plain) if plain in names else None
    pattern = re.compile(".+".join(re.escape(_normal(part)) for part in header.split("*")))
    return next((place for place, name in enumerate(names) if pattern.fullmatch(name)), None)


def _candidates(path: Path) -> Iterable[tuple[Layout, list[str]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = [file.readline(200_000) for _ in range(HEADER_WITHIN)]
    for number, line in enumerate(lines):
        for delimiter in DELIMITERS:
            if delimiter not in line:
                continue
            try:
                cells = next(csv.reader([line.strip("\r\n")], delimiter=delimiter), [])
            except csv.Error:
                continue
            header = _without_trailing_blanks(cells)
            if len(header) > 1:
                yield Layout(delimiter, number, len(header)), header


def _without_trailing_blanks(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _widest(path: Path) -> Unknown:
    best = max(_candidates(path), key=lambda c: (len(c[1]), -c[0].header_line), default=None)
    return Unknown(None, (), tuple(best[1]) if best else (), best[0] if best else None)
