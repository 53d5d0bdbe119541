"""Rows as they stood in the files they came from, read again from the kept originals when somebody asks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from argosy.intake.formats import known_formats
from argosy.intake.receive import readable_text
from argosy.intake.recognise import Recognised, recognise
from argosy.lake.engine import Lake
from argosy.lake.rows import Record, records


def raw_rows(lake: Lake, source_rows: Sequence[str]) -> dict[str, dict[str, Any]]:
    """Return source_row -> file name, row number and raw text; a file that is no longer kept has no raw text."""
    wanted: dict[str, set[int]] = defaultdict(set)
    for source_row in source_rows:
        short, _, number = source_row.partition(":")
        wanted[short].add(int(number))
    found: dict[str, dict[str, Any]] = {}
    imports = lake.table("imports")
    files = lake.rows(imports.filter(imports.file_hash.left(16).isin(sorted(wanted)))) if wanted else []
    for file in files:
        short = file["file_hash"][:16]
        texts = raw_text(lake, file, wanted[short])
        for row_no in wanted[short]:
            found[f"{short}:{row_no}"] = {"file": file["name"], "row": row_no, "raw": texts.get(row_no)}
    return found


def raw_text(lake: Lake, file: dict[str, Any], numbers: set[int]) -> dict[int, str]:
    """Return row number -> raw text of one imported file."""
    if not numbers:
        return {}
    last = max(numbers)
    texts: dict[int, str] = {}
    with kept_records(lake, file) as rows:
        for record in rows:
            if record.row_no in numbers:
                texts[record.row_no] = record.raw
            if record.row_no >= last:
                break
    return texts


@contextmanager
def kept_records(lake: Lake, file: dict[str, Any]) -> Iterator[Iterator[Record]]:
    """Open the kept original of an imported file and yield its records; none when it is not kept any more."""
    kept = lake.workspace.raw / file["kept"]
    formats = known_formats(lake.workspace.folder)
    with TemporaryDirectory(prefix="argosy-") as scratch:
        if not kept.exists():
            yield iter(())
            return
        text = readable_text(kept, name=file["name"], encoding=file["encoding"], scratch=Path(scratch))
        recognised = recognise(text, [format for format in formats if format.name == file["format"]])
        yield records(text, recognised.layout) if isinstance(recognised, Recognised) else iter(())
