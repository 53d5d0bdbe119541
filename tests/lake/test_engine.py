"""What the engine tells of tables without looking into them."""

from __future__ import annotations

from pathlib import Path

from argosy.lake.engine import Lake
from argosy.lake.workspace import create_workspace


def test_a_table_is_unwritten_until_its_first_row_however_few_are_left(tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "shop", home="DE", book_currency="EUR")
    with Lake(workspace) as lake, Lake(workspace) as other:
        for name in ("none", "one", "many", "gone"):
            lake.write(lambda c, name=name: c.execute(f"CREATE TABLE lake.main.{name} (n BIGINT)"))
        lake.write(lambda c: c.execute("INSERT INTO lake.main.one VALUES (1)"))
        lake.write(lambda c: c.execute("INSERT INTO lake.main.many SELECT unnest(range(100_000))"))
        lake.write(lambda c: c.execute("INSERT INTO lake.main.gone VALUES (1)"))
        lake.write(lambda c: c.execute("DELETE FROM lake.main.gone"))
        assert lake.unwritten() == other.unwritten() == {"none"}
