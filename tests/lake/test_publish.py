"""A published snapshot is whole, of one moment, and says what it holds."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pyarrow.parquet
import pytest

from argosy import __version__
from argosy.lake.engine import Lake
from argosy.lake.publish import Manifest, publish, read_manifest
from argosy.lake.workspace import create_workspace

AS_OF = datetime(2026, 4, 1, 12)


def test_snapshot_is_of_one_moment_and_described(tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "it's a shop", home="DE", book_currency="EUR")
    with Lake(workspace) as lake, Lake(workspace) as writer:
        lake.write(lambda c: c.execute("CREATE TABLE lake.main.t AS SELECT 1.5::DECIMAL(18,4) AS amount"))
        with lake.reading():
            table = lake.table("t")
            number = lake.snapshot()
            writer.write(lambda c: c.execute("INSERT INTO lake.main.t VALUES (2.5)"))
            folder = publish(
                lake, {"t": table, "none": table.filter(table.amount < 0)}, as_of=AS_OF, version=__version__
            )
        assert lake.snapshot() == number + 1
    assert folder == workspace.published / f"{number}-20260401T120000"
    assert read_manifest(folder) == Manifest(number, __version__, AS_OF.isoformat(), "EUR", {"t": 1, "none": 0})
    read = pyarrow.parquet.read_table(folder / "t.parquet")
    assert str(read.schema.field("amount").type) == "decimal128(18, 4)"
    assert read.num_rows == 1
    assert [path.name for path in workspace.published.iterdir()] == [folder.name]


def test_what_fails_leaves_no_snapshot(tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "shop", home="DE", book_currency="EUR")
    with Lake(workspace) as lake:
        lake.write(lambda c: c.execute("CREATE TABLE lake.main.t AS SELECT 'a' AS word"))
        broken = lake.view("SELECT word::INTEGER AS n FROM lake.main.t")
        with pytest.raises(Exception, match="Could not convert"), lake.reading():
            publish(lake, {"t": broken}, as_of=AS_OF, version=__version__)
    assert [path.name[0] for path in workspace.published.iterdir()] == ["."]
