"""The state store: made once, brought up to date, readable by its owner only, one writer at a time, exact."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from hypothesis import given
from hypothesis import strategies as st
from tests.decisions.samples import AT, DAY, claim, finding, shop

from argosy.decisions import load, migrations
from argosy.decisions.codec import text_of, value_of
from argosy.decisions.seal import FILE
from argosy.decisions.state import State
from argosy.decisions.tables import METADATA, VERSION
from argosy.decisions.watch import Noticed, record
from argosy.model.errors import StateBusy, StateVersion

OPEN = "import sys; from pathlib import Path; from argosy.lake.workspace import open_workspace; " \
       "from argosy.decisions.state import State; State(open_workspace(Path(sys.argv[1]))).close()"  # fmt: skip
PLAIN = (
    st.none() | st.booleans() | st.integers() | st.text() | st.decimals(allow_nan=False) | st.dates() | st.datetimes()
)


def steps() -> list[str]:
    config = Config()
    config.set_main_option("script_location", str(Path(str(migrations.__file__)).parent))
    config.set_main_option("path_separator", "os")
    return [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]


@given(st.dictionaries(st.text(), PLAIN | st.lists(PLAIN)))
def test_values_come_back_exactly(value: dict[str, object]) -> None:
    back = value_of(text_of(value))
    assert back == value
    assert text_of(back) == text_of(dict(reversed(value.items())))


def test_a_value_that_is_not_exact_is_not_kept() -> None:
    with pytest.raises(TypeError):
        text_of({"amount": object()})


def test_what_is_kept_comes_back_exactly(tmp_path: Path) -> None:
    told = {"amount": Decimal("0.10"), "on": date(2026, 1, 31), "n": 3, "who": "阿里"}
    with State(shop(tmp_path)) as state:
        changes = record(state, [Noticed(finding(told=told), (claim(cash=7),))], day=DAY, at=AT)
    assert changes.new[0].finding == finding(told=told)
    assert str(changes.new[0].finding.told["amount"]) == "0.10"
    assert changes.offered[0].proposal == claim(cash=7)


def test_only_its_owner_reads_it(tmp_path: Path) -> None:
    with State(shop(tmp_path)) as state:
        record(state, [], day=DAY, at=AT)
        for file in (state.file, state.workspace.folder / "audit.head"):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_readers_and_a_writer_share_the_file(state: State) -> None:
    with state.read() as connection:
        assert connection.execute(sa.text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(sa.text("PRAGMA foreign_keys")).scalar() == 1


def test_nothing_is_changed_where_the_end_of_the_log_cannot_be_written_down(state: State) -> None:
    (state.workspace.folder / f"{FILE}.{os.getpid()}").mkdir()
    with pytest.raises(IsADirectoryError):
        record(state, [Noticed(finding())], day=DAY, at=AT)
    with state.read() as connection:
        assert load.findings(connection) == []


def test_the_newest_step_is_the_one_the_tables_speak_of() -> None:
    assert steps()[0] == VERSION


@pytest.mark.parametrize("step", ["base", *steps()])
def test_every_earlier_version_is_brought_to_todays_tables(tmp_path: Path, step: str) -> None:
    workspace = shop(tmp_path)
    engine = sa.create_engine(f"sqlite:///{workspace.folder}/state.sqlite", poolclass=sa.NullPool)
    config = Config()
    config.set_main_option("script_location", str(Path(str(migrations.__file__)).parent))
    config.set_main_option("path_separator", "os")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        if step != "base":
            command.upgrade(config, step)
    with State(workspace) as state, state.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    with State(workspace) as state, state.write() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StateVersion) as refused:
        State(workspace)
    assert "9999" in refused.value.sentence("zh")


def test_processes_that_open_at_once_make_the_tables_once(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    command_ = [sys.executable, "-c", OPEN, str(workspace.folder)]
    environment = os.environ | {"PYTHONPATH": "src"}
    running = [subprocess.Popen(command_, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in running:
        _, told = process.communicate(timeout=60)
        assert process.returncode == 0, told


def test_a_change_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with State(shop(tmp_path)) as state:
        record(state, [Noticed(finding())], day=DAY, at=AT)
        with pytest.raises(RuntimeError), state.write() as connection:
            connection.execute(sa.text("DELETE FROM findings"))
            raise RuntimeError
        with state.read() as connection:
            assert len(load.findings(connection)) == 1


def test_a_writer_waits_for_another_and_says_so(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    with State(workspace) as one, State(workspace, patience=0.2) as two, one.write() as connection:
        connection.execute(sa.select(1))
        with pytest.raises(StateBusy), two.write():
            pass


def test_a_reader_waits_for_nobody(tmp_path: Path) -> None:
    workspace = shop(tmp_path)
    with State(workspace) as one, State(workspace) as two, one.write() as writing:
        writing.execute(sa.text("INSERT INTO members VALUES ('ann', 'owner', 'ann', '2026-07-01 00:00:00')"))
        with two.read() as connection:
            assert load.members(connection) == []


def test_times_are_kept_to_the_second_they_were(tmp_path: Path) -> None:
    at = datetime(2026, 7, 1, 8, 30, 59)
    with State(shop(tmp_path)) as state:
        record(state, [Noticed(finding())], day=DAY, at=at)
        with state.read() as connection:
            assert load.finding(connection, 1).seen_first_at == at
