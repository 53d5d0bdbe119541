"""What the engine tells of tables without looking into them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import duckdb

from argosy.lake.engine import Lake
from argosy.lake.workspace import create_workspace


def test_a_table_is_unwritten_until_its_first_row_however_few_are_left(tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "shop", home="DE", book_currency="EUR")
    with Lake(workspace) as lake, Lake(workspace) as other:
        for statement in (
            *(f"CREATE TABLE lake.main.{name} (n BIGINT)" for name in ("none", "one", "many", "gone")),
            "INSERT INTO lake.main.one VALUES (1)",
            "INSERT INTO lake.main.many SELECT unnest(range(100_000))",
            "INSERT INTO lake.main.gone VALUES (1)",
            "DELETE FROM lake.main.gone",
        ):
            lake.write(partial(duckdb.DuckDBPyConnection.execute, query=statement))
        assert lake.unwritten() == other.unwritten() == {"none"}
