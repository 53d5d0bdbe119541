"""Tables as files a browser keeps."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pyarrow as pa
from django.http import HttpResponse

from argosy.brief.files import write_view

ENDINGS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def as_file(table: pa.Table, name: str) -> HttpResponse:
    """Return a table as a file to keep, written as the command line writes it; the name's ending says how."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        write_view(table, path)
        content = path.read_bytes()
    response = HttpResponse(content, content_type=ENDINGS[path.suffix[1:]])
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
