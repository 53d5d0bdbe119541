"""What upkeep removes, and what it must leave to those who may still need it."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from argosy.lake.engine import Lake
from argosy.lake.upkeep import Tidied, tidy
from argosy.lake.workspace import create_workspace

ROWS = 100_000


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    """A lake whose one table was replaced twice: three snapshots besides the first, three files."""
    with Lake(create_workspace(tmp_path / "shop", home="DE", book_currency="EUR")) as made:
        for turn in range(3):
            replace(made, turn)
        yield made


def replace(lake: Lake, turn: int) -> None:
    statement = f"CREATE OR REPLACE TABLE lake.main.t AS SELECT {turn} AS turn, range AS i FROM range({ROWS})"
    lake.write(lambda connection: connection.execute(statement))


def age(lake: Lake, days: float) -> None:
    """Let everything the catalog dates, and the files themselves, have happened earlier."""
    catalog = lake.workspace.lake / "catalog.sqlite"
    with closing(sqlite3.connect(catalog)) as db, db:
        for table, column in (
            ("ducklake_snapshot", "snapshot_time"),
            ("ducklake_files_scheduled_for_deletion", "schedule_start"),
        ):
            moment = f"strftime('%Y-%m-%d %H:%M:%f', substr({column}, 1, 23), '-{days} days') || '000+00'"
            db.execute(f"UPDATE {table} SET {column} = {moment}")
    for path in lake.data.rglob("*"):
        os.utime(path, (time.time() - days * 86_400,) * 2)


def parquet(lake: Lake) -> int:
    return len(list(lake.data.rglob("*.parquet")))


def whole(lake: Lake, turn: int) -> bool:
    return lake.raw.execute("SELECT min(turn), max(turn), count(*) FROM lake.main.t").fetchall() == [(turn, turn, ROWS)]


def test_young_is_kept(lake: Lake) -> None:
    age(lake, 6)
    assert tidy(lake) == Tidied(snapshots=0, files=0, published=0)
    assert parquet(lake) == 3


def test_old_snapshots_go_and_their_files_days_later(lake: Lake) -> None:
    age(lake, 9)
    replace(lake, 3)
    # The fourth was the newest until now.
    assert tidy(lake).snapshots == 3
    age(lake, 8)
    replace(lake, 4)
    assert tidy(lake) == Tidied(snapshots=1, files=2, published=0)
    assert parquet(lake) == 3
    age(lake, 0.9)
    assert tidy(lake).files == 0
    age(lake, 2.2)
    assert tidy(lake).files == 1
    assert parquet(lake) == 2
    assert whole(lake, 4)


def test_newest_snapshot_is_kept_however_old(lake: Lake) -> None:
    age(lake, 400)
    assert tidy(lake).snapshots == 3
    assert whole(lake, 2)
    age(lake, 400)
    tidy(lake)
    assert whole(lake, 2)


def test_a_reader_finishes_what_it_began(lake: Lake) -> None:
    age(lake, 9)
    with Lake(lake.workspace) as reader, reader.reading():
        assert whole(reader, 2)
        replace(lake, 3)
        tidy(lake)
        assert whole(reader, 2)
    assert whole(lake, 3)


def test_files_of_a_writer_elsewhere_are_left_until_they_are_old(lake: Lake) -> None:
    left = lake.data / "main" / "t" / "ducklake-left.parquet"
    left.write_bytes(next(lake.data.rglob("*.parquet")).read_bytes())
    assert tidy(lake).files == 0
    os.utime(left, (time.time() - 3 * 86_400,) * 2)
    assert tidy(lake).files == 1
    assert not left.exists()


def test_old_published_snapshots_go_but_the_newest(lake: Lake) -> None:
    for days, name in ((30, "1-a"), (20, ".2-broken"), (10, "3-b")):
        folder = lake.workspace.published / name
        folder.mkdir(parents=True)
        os.utime(folder, (time.time() - days * 86_400,) * 2)
    assert tidy(lake).published == 2
    assert [folder.name for folder in lake.workspace.published.iterdir()] == ["3-b"]
