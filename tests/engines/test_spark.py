"""``argosy publish`` and what ``argosy compute`` refuses; what it computes is in test_conformance.py."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.engines.rich_business import sliced

from argosy.cli import main
from argosy.lake.publish import read_manifest
from argosy.lake.spark import Spark
from argosy.model.errors import EngineMissing, EngineUnknown, EngineUnreachable, JavaMissing


def test_published_snapshot(tmp_path: Path) -> None:
    folder = sliced(tmp_path)
    told = CliRunner().invoke(main, ["publish", "-C", str(folder)], catch_exceptions=False)
    assert told.exit_code == 0
    (snapshot,) = (folder / "published").iterdir()
    assert str(snapshot) in told.output.replace("\n", "")
    assert read_manifest(snapshot).rows["order_lines"] > 2000


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
