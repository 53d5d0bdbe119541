"""What is wrong with a workspace, and how to mend it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from argosy.intake.formats import known_formats
from argosy.intake.rejects import list_rejects
from argosy.lake.engine import Lake
from argosy.lake.store import create_tables, facts
from argosy.lake.upkeep import tidy
from argosy.lake.workspace import Workspace, open_workspace
from argosy.model.errors import ArgosyError

LITTLE_ROOM = 2 << 30  # below this an import of a year's orders may not fit


@dataclass(frozen=True)
class Check:
    """One thing looked at; ``kind`` is the key of its sentence in ``locale/doctor.toml``."""

    kind: str
    fine: bool
    values: dict[str, Any] = field(default_factory=dict)


def examine(folder: Path) -> list[Check]:
    """Return everything that was looked at, in order; stops where nothing further can be looked at."""
    try:
        workspace = open_workspace(folder)
    except ArgosyError as error:
        return [Check("settings", fine=False, values={"error": error})]
    checks = [Check("settings", fine=True), *_files(workspace)]
    try:
        with Lake(workspace) as lake:
            create_tables(lake)
            checks += _lake(lake)
    except (ArgosyError, duckdb.Error) as error:
        checks.append(Check("lake", fine=False, values={"error": error}))
    return checks


def _files(workspace: Workspace) -> Iterator[Check]:
    open_ = [p.name for p in (workspace.folder / "key", workspace.people) if p.exists() and p.stat().st_mode & 0o077]
    yield Check("private", fine=not open_, values={"files": ", ".join(open_)})
    left = [path for path in workspace.raw.glob(".incoming-*")]
    for path in left:
        path.unlink(missing_ok=True)
    yield Check("leftovers", fine=True, values={"n": len(left)})
    free = shutil.disk_usage(workspace.folder).free
    yield Check("room", fine=free > LITTLE_ROOM, values={"free": f"{free / (1 << 30):.1f}"})
    try:
        known = known_formats(workspace.folder)
    except ArgosyError as error:
        yield Check("formats", fine=False, values={"error": error})
    else:
        yield Check("formats", fine=True, values={"n": len(known)})


def _lake(lake: Lake) -> Iterator[Check]:
    imports = lake.rows(lake.table("imports"))
    yield Check("lake", fine=True, values={"n": len(imports)})
    lost = sorted({row["name"] for row in imports if not (lake.workspace.raw / row["kept"]).exists()})
    yield Check("kept", fine=not lost, values={"files": ", ".join(lost[:5])})
    refused = len(list_rejects(lake))
    yield Check("rejects", fine=not refused, values={"n": refused})
    rates = facts(lake, "fx_rates")
    book = lake.workspace.settings.book_currency
    own_rates = rates.filter(rates.currency == book)
    own = lake.rows(own_rates.aggregate(off=(own_rates.per_unit != 1).sum(), n=own_rates.count()))[0]
    yield Check("rates", fine=bool(own["n"]) and not own["off"], values={"currency": book})
    last = lake.rows(rates.aggregate(last=rates.quoted_on.max()))[0]["last"]
    yield Check("rates_until", fine=True, values={"day": last})
    if lake.writable:
        yield Check("tidied", fine=True, values=asdict(tidy(lake)))
