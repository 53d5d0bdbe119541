"""Delimited text into a table of text cells, every row numbered as in the file, nothing dropped."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import duckdb
import pyarrow as pa
from ibis.expr.types import Table

from argosy.lake.engine import Lake

MAX_CELL = 10_000_000
MAX_RECORD_LINES = 200  # a quoted cell over more lines than this is a quote somebody forgot to close
BATCH = 50_000
BLANK = " \t\r\n\u00a0"  # around a cell; a tab is put there to keep spreadsheets from rounding long numbers
csv.field_size_limit(MAX_CELL)


@dataclass(frozen=True)
class Layout:
    """Where the rows of a text file are: its delimiter, the line its header stands on (from 0), its width."""

    delimiter: str
    header_line: int
    width: int


@dataclass(frozen=True)
class Record:
    """One row of a text file; ``reason`` says why its cells cannot be trusted."""

    row_no: int
    cells: Sequence[str]
    raw: str
    reason: str = ""


def read_rows(
    lake: Lake, path: Path, layout: Layout, *, columns: Mapping[str, int], regular: bool
) -> tuple[Table, list[Record]]:
    """Return the file's rows (``row_no`` and the ``columns`` wanted, by position) and the broken ones.

    ``row_no`` counts records from the top of the file, the first being 1. A regular file is read by the engine;
    anything else, or anything the engine refuses, by the careful reader, with the same result.
    """
    if regular:
        try:
            _read_fast(lake, path, layout, columns)
            return lake.local("rows_read"), []
        except duckdb.Error:
            # Ragged rows, loose quotes: the careful reader tells the good rows from the broken ones.
            pass
    return _read_carefully(lake, path, layout, columns)


def _read_fast(lake: Lake, path: Path, layout: Layout, columns: Mapping[str, int]) -> None:
    names = ", ".join(f"'c{n}': 'VARCHAR'" for n in range(layout.width))
    wanted = "".join(f', {_trimmed(f"c{n}")} AS "{name}"' for name, n in columns.items())
    lake.raw.execute(
        f"""CREATE OR REPLACE TEMP TABLE rows_read AS
            SELECT row_number() OVER () + {layout.header_line + 1} AS row_no{wanted}
            FROM read_csv(?, header = false, skip = {layout.header_line + 1}, delim = ?, quote = '"', escape = '"',
                          columns = {{{names}}}, auto_detect = false, strict_mode = true, null_padding = false,
                          max_line_size = {MAX_CELL})""",
        [str(path), layout.delimiter],
    )


def _trimmed(cell: str) -> str:
    """Return the text of a cell without the blanks around it, NULL for nothing.

    Trimming by signs is the slowest thing there is to do with a cell, and hardly any needs it: comparing tells
    which, for every blank but the last sorts before the first sign that is none.
    """
    ends = " OR ".join(f"ends_with({cell}, '{sign}')" for sign in BLANK)
    leads = f"{cell} < '!' OR starts_with({cell}, '{BLANK[-1]}')"
    return f"CASE WHEN {leads} OR {ends} THEN nullif(trim({cell}, '{BLANK}'), '') ELSE {cell} END"


def _read_carefully(lake: Lake, path: Path, layout: Layout, columns: Mapping[str, int]) -> tuple[Table, list[Record]]:
    wanted = "".join(f', "{name}" VARCHAR' for name in columns)
    lake.raw.execute(f"CREATE OR REPLACE TEMP TABLE rows_read (row_no BIGINT{wanted})")
    broken: list[Record] = []
    whole = _whole(records(path, layout), broken)
    while batch := list(islice(whole, BATCH)):
        arrays = {"row_no": pa.array([r.row_no for r in batch], pa.int64())}
        for name, n in columns.items():
            cells = [r.cells[n].strip(BLANK) if n < len(r.cells) else "" for r in batch]
            arrays[name] = pa.array([cell or None for cell in cells], pa.string())
        lake.raw.register("rows_batch", pa.table(arrays))
        lake.raw.execute("INSERT INTO rows_read SELECT * FROM rows_batch")
        lake.raw.unregister("rows_batch")
    return lake.local("rows_read"), broken


def _whole(source: Iterator[Record], broken: list[Record]) -> Iterator[Record]:
    for record in source:
        if record.reason:
            broken.append(record)
        else:
            yield record


def records(path: Path, layout: Layout) -> Iterator[Record]:
    """Yield every record below the header, with the reason where one is broken; blank lines are counted, not told."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = _physical_lines(file)
        for _ in range(layout.header_line + 1):
            next(lines, None)
        row_no = layout.header_line + 1
        for raw, closed in _joined(lines):
            row_no += 1
            if raw.strip():
                yield _record(row_no, raw, closed, layout)


def rewrite(path: Path, layout: Layout, mended: Mapping[int, str], target: Path) -> None:
    """Write a text file again with some rows in other words, by ``row_no``; all others stay as they are."""
    with path.open(encoding="utf-8-sig", newline="") as file, target.open("w", encoding="utf-8", newline="") as out:
        lines = _physical_lines(file)
        for _ in range(layout.header_line + 1):
            out.write(next(lines, "").rstrip("\r\n") + "\n")
        for row_no, (raw, _) in enumerate(_joined(lines), start=layout.header_line + 2):
            out.write(mended.get(row_no, raw) + "\n")


def _record(row_no: int, raw: str, closed: bool, layout: Layout) -> Record:
    if not closed:
        return Record(row_no, (), raw, "unclosed_quote")
    if "\ufffd" in raw:
        return Record(row_no, (), raw, "encoding")
    if "\0" in raw:
        return Record(row_no, (), raw, "control_character")
    try:
        cells = next(csv.reader([raw], delimiter=layout.delimiter), [])
    except csv.Error:
        return Record(row_no, (), raw, "unreadable")
    if any(cell.strip() for cell in cells[layout.width :]):
        return Record(row_no, cells, raw, "too_many_columns")
    return Record(row_no, cells, raw)


def _physical_lines(file: Iterator[str]) -> Iterator[str]:
    for line in file:
        # newline="" keeps a bare carriage return inside a line: old Macintosh files end their rows with it.
        yield from (line.splitlines(keepends=True) if "\r" in line.rstrip("\r\n") and '"' not in line else (line,))


def _joined(lines: Iterator[str]) -> Iterator[tuple[str, bool]]:
    """Join physical lines until their quotes are paired; give up on a quote that never closes, not on the rest."""
    waiting: list[str] = []
    while True:
        line = waiting.pop(0) if waiting else next(lines, None)
        if line is None:
            return
        parts = [line]
        while sum(part.count('"') for part in parts) % 2 and len(parts) < MAX_RECORD_LINES:
            more = waiting.pop(0) if waiting else next(lines, None)
            if more is None:
                break
            parts.append(more)
        if sum(part.count('"') for part in parts) % 2:
            waiting = parts[1:] + waiting
            yield parts[0].rstrip("\r\n"), False
        else:
            yield "".join(parts).rstrip("\r\n"), True
