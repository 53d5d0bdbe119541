"""A consistent snapshot of the facts as Parquet files, for engines that must not read the lake's own files."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from ibis.expr.types import Table

from argosy.lake.engine import Lake, engine_errors
from argosy.lake.workspace import disk_errors

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Manifest:
    """What a published snapshot holds: ``rows`` of every table, as of a UTC moment, from which state of the lake."""

    snapshot: int
    argosy: str
    as_of: str
    book_currency: str
    rows: Mapping[str, int]


def publish(lake: Lake, tables: Mapping[str, Table], *, as_of: datetime, version: str) -> Path:
    """Write tables to a folder of their own in ``<workspace>/published`` and return it; ``version``: Argosy's own.

    ``<snapshot>/<table>.parquet`` beside ``manifest.json``; the folder appears under its name when it is complete.
    Call it within ``lake.reading()``, so that all tables are of one moment.
    """
    snapshot = lake.snapshot()
    # Settings and the day matter too, so a second snapshot of the same facts gets a folder of its own.
    name = f"{snapshot}-{as_of:%Y%m%dT%H%M%S}"
    folder, beside = lake.workspace.published / name, lake.workspace.published / f".{name}"
    with disk_errors(lake.workspace.folder), engine_errors(lake.workspace.folder):
        shutil.rmtree(beside, ignore_errors=True)
        beside.mkdir(parents=True)
        rows = {table: _write(lake, expression, beside / f"{table}.parquet") for table, expression in tables.items()}
        manifest = Manifest(snapshot, version, as_of.isoformat(), lake.workspace.settings.book_currency, rows)
        (beside / MANIFEST).write_text(json.dumps(asdict(manifest), indent=1) + "\n", encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        beside.rename(folder)
    return folder


def read_manifest(folder: Path) -> Manifest:
    """Return what a published snapshot says of itself."""
    return Manifest(**json.loads((folder / MANIFEST).read_text(encoding="utf-8")))


def _write(lake: Lake, expression: Table, path: Path) -> int:
    target = str(path).replace("'", "''")
    copied = lake.raw.execute(
        f"COPY ({lake.sql(expression)}) TO '{target}' (FORMAT parquet, COMPRESSION zstd)"
    ).fetchall()
    return int(copied[0][0])
