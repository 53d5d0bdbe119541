"""Tables of a page as files: CSV, or a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
from django.http import HttpResponse

from argosy.brief.files import write_view

TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


def sheet(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], *, name: str, ending: str) -> HttpResponse:
    """Return some columns of rows as a file to keep."""
    return table_file(pa.table({column: [row[column] for row in rows] for column in columns}), name=name, ending=ending)


def table_file(table: pa.Table, *, name: str, ending: str) -> HttpResponse:
    """Return a table as a file to keep."""
    with TemporaryDirectory(prefix="argosy-") as folder:
        path = Path(folder) / f"table.{ending}"
        write_view(table, path)
        response = HttpResponse(path.read_bytes(), content_type=TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response
