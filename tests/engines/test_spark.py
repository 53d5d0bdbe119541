"""``argosy publish`` and ``argosy compute``: the books a cluster posts are the stored books."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.engines.rich_business import write_slice

from argosy.business import Business
from argosy.cli import main
from argosy.flow import BOOKS
from argosy.lake.books import book_current
from argosy.lake.publish import read_manifest
from argosy.lake.spark import Spark
from argosy.lake.workspace import create_workspace
from argosy.model.errors import EngineMissing, EngineUnknown, EngineUnreachable, JavaMissing


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with a small import."""
    create_workspace(tmp_path / "shop", home="GB", book_currency="GBP")
    write_slice(tmp_path / "orders.csv")
    business = Business.at(tmp_path / "shop")
    business.import_files(str(tmp_path / "orders.csv"))
    business.close()
    return tmp_path / "shop"


def stored(folder: Path) -> dict[str, list[str]]:
    business = Business.at(folder)
    rows = {name: sorted(map(repr, business.lake.rows(business.lake.table(name)))) for name in BOOKS}
    business.close()
    return rows


def test_published_snapshot(folder: Path) -> None:
    told = CliRunner().invoke(main, ["publish", "-C", str(folder)], catch_exceptions=False)
    assert told.exit_code == 0
    (snapshot,) = (folder / "published").iterdir()
    assert str(snapshot) in told.output.replace("\n", "")
    assert read_manifest(snapshot).rows["order_lines"] > 2000


def test_computed_books_are_the_stored_books(folder: Path, spark_master: str) -> None:
    before = stored(folder)
    business = Business.at(folder)
    business.lake.write(lambda c: c.execute("DELETE FROM lake.main.entries"))
    business.lake.write(lambda c: c.execute("DELETE FROM lake.main.books"))
    business.close()
    told = CliRunner().invoke(main, ["compute", "--engine", spark_master, "-C", str(folder)], catch_exceptions=False)
    assert told.exit_code == 0
    assert spark_master in told.output
    assert stored(folder) == before
    business = Business.at(folder)
    assert book_current(business.lake, "entries")
    business.close()
    assert not [path for path in (folder / "published").iterdir() if path.name.startswith(".")]


def test_refusals_come_before_spark_starts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(EngineUnknown):
        Spark("clickhouse://db:9000", tmp_path)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineMissing):
        Spark("spark://127.0.0.1:1", tmp_path)


def test_a_master_that_does_not_answer_is_told_at_once(tmp_path: Path) -> None:
    try:
        Spark("spark://127.0.0.1:1", tmp_path)
    except JavaMissing as error:
        pytest.skip(str(error))
    except EngineUnreachable as error:
        assert "127.0.0.1:1" in str(error)
