"""A business whose catalog and decisions are in PostgreSQL, in one file and back into another database."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from tests.decisions.ordered import now, offer
from tests.engines.test_jobs import database
from tests.engines.throwaway_postgres import ThrowawayPostgres

from argosy.decisions import audit, decide, load, members
from argosy.decisions.backup import backup, restore
from argosy.decisions.state import State
from argosy.lake.engine import Lake
from argosy.lake.workspace import Workspace, create_workspace, open_workspace
from argosy.model.errors import BackupTarget
from argosy.model.proposals import Change


def told(workspace: Workspace) -> list[object]:
    """Return facts, queue, members and log."""
    with Lake(workspace) as lake, State(workspace) as state, state.read() as connection:
        facts = lake.raw.execute("SELECT count(*), sum(n) FROM lake.main.facts").fetchall()
        cards = load.cards(connection, states=("open", "approved"))
        return [facts, cards, load.members(connection), list(audit.entries(connection))]


@pytest.mark.skipif(shutil.which("pg_dump") is None, reason="no pg_dump: apt-get install postgresql-client")
def test_it_comes_back_into_an_empty_database_only(
    tmp_path: Path, postgres_server: ThrowawayPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    database(postgres_server, "backed_up", monkeypatch)
    shop = create_workspace(tmp_path / "shop", home="DE", book_currency="EUR")
    with Lake(shop) as lake:
        lake.write(lambda lake: lake.execute("CREATE TABLE lake.main.facts AS SELECT range AS n FROM range(100000)"))
    with State(shop) as state:
        [number] = offer(state, [Change("task.do", "carrier/1", "", {"text": "Ask"})])
        decide.approve(state, number, who="ana", at=now())
        members.set_member(state, "mei", "operator", who="ana", at=now())
    before, file = told(shop), tmp_path / "shop.tar.zst"
    backup(shop, file, at=now())
    with pytest.raises(BackupTarget):
        restore(file, tmp_path / "beside")
    assert not (tmp_path / "beside").exists()
    database(postgres_server, "brought_back", monkeypatch)
    assert restore(file, tmp_path / "back").log.sound
    assert told(open_workspace(tmp_path / "back")) == before
