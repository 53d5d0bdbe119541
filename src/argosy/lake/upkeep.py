"""Keeping a lake small: old snapshots and the files only they needed are removed, with days of grace."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass

import duckdb

from argosy.lake.engine import Lake
from argosy.lake.workspace import Workspace

KEPT_DAYS = 7
# A SQLite catalog compares moments as text and tells no more than days apart, so a grace of one day takes two.
GRACE_DAYS = 2
# An old snapshot may have been the newest until a moment ago, and be what a reader is reading.
_REPLACED = """
SELECT snapshot_id FROM lake.snapshots()
QUALIFY lead(snapshot_time) OVER (ORDER BY snapshot_id) < now() - to_days(?) ORDER BY 1"""


@dataclass(frozen=True)
class Tidied:
    """How many snapshots of the lake, files of it and published folders were removed."""

    snapshots: int
    files: int
    published: int


def tidy(lake: Lake) -> Tidied:
    """Remove what nobody can need any more and return how much it was.

    Snapshots of the lake that were replaced ``KEPT_DAYS`` ago; the files of snapshots removed at least a day
    before, so that whoever was reading them has finished; files a killed writer left; published snapshots as old,
    but the newest. Facts are versions of their own: what was known when can be asked as before.
    """
    # Under the writers' lock no file of this machine's is waiting for its commit.
    files, snapshots = lake.write(_clean)
    return Tidied(snapshots, files, _clear(lake.workspace))


def _clean(connection: duckdb.DuckDBPyConnection) -> tuple[int, int]:
    files = 0
    for function in ("ducklake_cleanup_old_files", "ducklake_delete_orphaned_files"):
        call = f"CALL {function}('lake', older_than => now() - INTERVAL {GRACE_DAYS} DAY)"
        files += len(connection.execute(call).fetchall())
    found = connection.execute(_REPLACED, [KEPT_DAYS]).fetchall()
    replaced = [snapshot for (snapshot,) in found]
    if replaced:
        connection.execute(f"CALL ducklake_expire_snapshots('lake', versions => {replaced})")
    return files, len(replaced)


def _clear(workspace: Workspace) -> int:
    if not workspace.published.is_dir():
        return 0
    newest_last = sorted(workspace.published.iterdir(), key=lambda folder: folder.stat().st_mtime)
    whole = [folder for folder in newest_last if not folder.name.startswith(".")]
    old = [
        folder
        for folder in newest_last
        if folder not in whole[-1:] and folder.stat().st_mtime < time.time() - KEPT_DAYS * 86_400
    ]
    for folder in old:
        shutil.rmtree(folder)
    return len(old)
