"""Tables written to files that other programs open: CSV, workbooks, Parquet."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pyarrow as pa

from argosy.model.errors import TooManyRows

MOST_ROWS = 1_048_576  # of a sheet of a workbook
# A cell that a spreadsheet would run as a formula is written as text: exports hold titles that strangers wrote.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_view(table: pa.Table, path: Path) -> None:
    """Write a view to ``path``; its ending (.csv, .xlsx, .parquet) says how. Amounts stay exact decimals.

    ``TooManyRows`` when a workbook cannot hold them.
    """
    match path.suffix.lower():
        case ".parquet":
            import pyarrow.parquet as pq  # noqa: PLC0415

            pq.write_table(table, path)
        case ".xlsx":
            _write_workbook(table, path)
        case _:
            _write_csv(table, path)


def _rows(table: pa.Table) -> Any:
    for batch in table.to_batches(max_chunksize=10_000):
        columns = [column.to_pylist() for column in batch.columns]
        yield from zip(*columns, strict=True)


def _write_csv(table: pa.Table, path: Path) -> None:
    # The mark at the front tells spreadsheet programs that this is UTF-8; without it Chinese is garbled.
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(table.column_names)
        writer.writerows([_harmless(value) for value in row] for row in _rows(table))


def _write_workbook(table: pa.Table, path: Path) -> None:
    import openpyxl  # noqa: PLC0415

    if table.num_rows >= MOST_ROWS:
        raise TooManyRows(rows=table.num_rows, most=MOST_ROWS - 1)
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("argosy")
    sheet.append(table.column_names)
    for row in _rows(table):
        sheet.append([_harmless(value) for value in row])
    book.save(path)


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
