"""The state store in PostgreSQL: the same tables, one writer at a time, and no password in any error."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from tests.decisions.samples import AT, claim, finding
from tests.engines.test_postgres import url, workspace
from tests.engines.throwaway_postgres import PASSWORD, ThrowawayPostgres

from argosy.decisions import audit, decide, load
from argosy.decisions.seal import FILE
from argosy.decisions.state import SCHEMA, State
from argosy.decisions.tables import AUDIT, METADATA
from argosy.decisions.watch import Noticed, record
from argosy.model.errors import CatalogUnreachable, StateBusy

OPEN = "import sys; from pathlib import Path; from argosy.lake.workspace import open_workspace; " \
       "from argosy.decisions.state import State; State(open_workspace(Path(sys.argv[1]))).close()"  # fmt: skip


def test_state_is_kept_in_its_own_schema_of_the_database(tmp_path: Path, postgres_server: ThrowawayPostgres) -> None:
    postgres_server.create("kept")
    shop = workspace(tmp_path / "shop", url(postgres_server, "kept"))
    with State(shop) as state:
        record(state, [Noticed(finding(), (claim(),))], day=AT.date(), at=AT)
        action = decide.approve(state, 1, who="ann", at=AT)
        with state.read() as connection:
            assert load.card(connection, 1).finding.finding == finding()
            assert load.action(connection, action.number) == action
            assert set(sa.inspect(connection).get_table_names(schema=SCHEMA)) == {*METADATA.tables, "alembic_version"}
            assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
        assert audit.verify(state).sound
    assert not (shop.folder / "state.sqlite").exists()


def test_processes_that_open_at_once_make_the_tables_once(tmp_path: Path, postgres_server: ThrowawayPostgres) -> None:
    postgres_server.create("opened")
    shops = [workspace(tmp_path / name, url(postgres_server, "opened")) for name in ("one", "two", "three")]
    environment = os.environ | {"PYTHONPATH": "src"}
    running = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN, str(s.folder)], env=environment, stderr=subprocess.PIPE, text=True
        )
        for s in shops
    ]
    for process in running:
        _, told = process.communicate(timeout=180)
        assert process.returncode == 0, told


def test_two_folders_share_one_log_and_each_notices_when_it_is_cut_off(
    tmp_path: Path, postgres_server: ThrowawayPostgres
) -> None:
    postgres_server.create("shared")
    shops = [workspace(tmp_path / name, url(postgres_server, "shared")) for name in ("one", "two")]
    with State(shops[0]) as one, State(shops[1]) as two:
        for number, state in enumerate((one, two, one, two)):
            record(state, [Noticed(finding(subject=f"p{number}"))], day=AT.date(), at=AT)
        assert audit.verify(one).sound
        assert audit.verify(two).sound
        with two.engine.begin() as connection:
            connection.execute(sa.delete(AUDIT).where(AUDIT.c.number == 4))
        assert audit.verify(one).sound  # it has not seen the fourth
        assert audit.verify(two).wrong == audit.ENDING
        (shops[1].folder / FILE).unlink()
        assert not audit.verify(two).sealed


def test_a_writer_waits_for_another_and_says_so(tmp_path: Path, postgres_server: ThrowawayPostgres) -> None:
    postgres_server.create("busy")
    shops = [workspace(tmp_path / name, url(postgres_server, "busy")) for name in ("one", "two")]
    with State(shops[0]) as one, State(shops[1], patience=0.2) as two, one.write() as connection:
        connection.execute(sa.select(1))
        with pytest.raises(StateBusy), two.write():
            pass


@pytest.mark.parametrize("wrong", [{"password": "s3cret /@'x"}, {"port": 1}], ids=["password", "port"])
def test_no_error_shows_the_password(
    tmp_path: Path, postgres_server: ThrowawayPostgres, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, object]
) -> None:
    shop = workspace(tmp_path / "shop")
    monkeypatch.setenv("ARGOSY_DATABASE_URL", url(postgres_server, "postgres", **wrong))  # type: ignore[arg-type]
    with pytest.raises(CatalogUnreachable) as refused:
        State(shop)
    secret = str(wrong.get("password", PASSWORD))
    assert secret not in f"{refused.value!s}{refused.value!r}{refused.value.sentence('zh')}{refused.value.__cause__!r}"


def test_a_lost_server_shows_no_password(tmp_path: Path, postgres_server: ThrowawayPostgres) -> None:
    postgres_server.create("gone")
    with State(workspace(tmp_path / "shop", url(postgres_server, "gone"))) as state:
        postgres_server.drop("gone")
        with pytest.raises(CatalogUnreachable) as refused:
            record(state, [], day=AT.date(), at=AT)
    assert PASSWORD not in f"{refused.value!s}{refused.value!r}{refused.value.__cause__!r}"
