"""A business backed up while others work on it, and brought back: facts, books, decisions, people, sign-in.

Both writers' locks of this machine are held while the databases are copied, so that the facts and the decisions are of
one moment; data files of the lake are never changed once they are written, and stay for days after they were replaced,
so they are read after the locks are let go. In PostgreSQL the databases are taken by ``pg_dump``, after the head of the
log and before the data files: what the dump speaks of is there, and the log holds the head.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from argosy.decisions.audit import Checked, verify
from argosy.decisions.seal import head
from argosy.decisions.state import State
from argosy.lake.backup import Packed, copied, files_of, outside, pack, unpacked
from argosy.lake.catalog import Catalog, read_catalog
from argosy.lake.engine import Lake
from argosy.lake.workspace import Workspace, open_workspace
from argosy.model.errors import BackupTarget, BackupTool, CatalogUnreachable

DUMP = "postgresql.dump"  # of the whole database, as pg_restore reads it
JOBS = "argosy_jobs"  # left out: who does what at this moment means nothing elsewhere, and the state says what is to do
SHOWN = 300  # characters of what a program says


@dataclass(frozen=True)
class Restored:
    """What was brought back, and what a check of its log found."""

    packed: Packed
    log: Checked


def backup(workspace: Workspace, file: Path, *, at: datetime, with_keys: bool = False) -> Packed:
    """Write a business to ``file`` (.zst: tar.zst, else tar.gz) as it is at one moment, and return what it holds."""
    target, folder = outside(file, workspace.folder), workspace.folder
    target.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".argosy-backup-", dir=target.parent) as scratch:
        with State(workspace) as state, Lake(workspace) as lake, lake.still(), state.still() as connection:
            packed = Packed(at.isoformat(), with_keys, noted={"log": str(head(connection))})
            read = copied(folder, files_of(folder, with_keys=with_keys), to=Path(scratch))
            if catalog := _database(workspace):
                read[DUMP] = Path(scratch) / DUMP
                _dump(catalog, read[DUMP])
                # The dump may speak of data files that others wrote since the first look.
                later = (name for name in files_of(folder, with_keys=False) if name.startswith("lake/data/"))
                read |= {name: folder / name for name in later}
        return pack(target, read, packed)


def restore(file: Path, folder: Path) -> Restored:
    """Bring a business back into a new folder, and where it was in PostgreSQL into the empty database that
    ``ARGOSY_DATABASE_URL`` or its settings name; all of it, or nothing. ``BackupBroken``, ``BackupTarget``."""
    with unpacked(file, folder) as (inside, packed):
        workspace = open_workspace(inside)
        if DUMP in packed.files:
            _load(_database(workspace), inside / DUMP)
            (inside / DUMP).unlink()
        with State(workspace) as state:
            return Restored(packed, verify(state))


def _database(workspace: Workspace) -> Catalog | None:
    address = os.environ.get("ARGOSY_DATABASE_URL") or workspace.settings.catalog
    return read_catalog(address) if address else None


def _dump(catalog: Catalog, to: Path) -> None:
    _run("pg_dump", catalog, "--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={JOBS}",
         f"--file={to}")  # fmt: skip


def _load(catalog: Catalog | None, dump: Path) -> None:
    if catalog is None:
        raise BackupTarget(place="ARGOSY_DATABASE_URL: –")
    query = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    try:
        with psycopg.connect(catalog.address, password=catalog.password, connect_timeout=10) as connection:
            found = connection.execute(query).fetchone()
    except psycopg.OperationalError as error:
        raise CatalogUnreachable(reason=str(error).strip().splitlines()[0]) from None
    if found != (0,):
        raise BackupTarget(place="PostgreSQL")
    _run("pg_restore", catalog, "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(dump))


def _run(program: str, catalog: Catalog, *words: str) -> None:
    """Run a program of PostgreSQL; the password goes by its environment, which others cannot read."""
    found = shutil.which(program)
    if found is None:
        raise BackupTool(program=program, reason="–")
    secret = {} if catalog.password is None else {"PGPASSWORD": catalog.password}
    command: Sequence[str] = [found, f"--dbname={catalog.address}", "--no-password", *words]
    done = subprocess.run(command, env={**os.environ, **secret}, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise BackupTool(program=program, reason=done.stderr.strip()[:SHOWN])
