"""Actions with state and jobs in PostgreSQL: killed again and again, and shared by two workers."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from tests.decisions.killing import (
    ROOT,
    business,
    changes,
    environment,
    expected,
    far_away,
    in_memory,
    kill_again_and_again,
    stocked,
)
from tests.decisions.ordered import actions, order
from tests.engines.throwaway_postgres import PASSWORD, USER, ThrowawayPostgres

from argosy.decisions.state import State

KILLS, ACTIONS = 50, 100
SHARED = 40


def database(server: ThrowawayPostgres, name: str, patched: pytest.MonkeyPatch) -> str:
    """Make a database, let all processes use it and return its address."""
    address = server.create(name)
    url = f"postgresql://{USER}:{quote(PASSWORD, safe='')}@127.0.0.1:{server.port}/{name}"
    patched.setenv("ARGOSY_DATABASE_URL", url)
    return address


def test_fifty_kills_lose_no_action_and_do_none_twice(
    tmp_path: Path, postgres_server: ThrowawayPostgres, monkeypatch: pytest.MonkeyPatch, record_property: object
) -> None:
    database(postgres_server, "killed", monkeypatch)
    with in_memory(tmp_path) as folder:
        told = kill_again_and_again(folder, kills=KILLS, n=ACTIONS, seed=11)
    assert callable(record_property)
    record_property("told", told)


def test_two_workers_share_the_work(
    tmp_path: Path, postgres_server: ThrowawayPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = database(postgres_server, "jobs", monkeypatch)
    with far_away(tmp_path) as far:
        asked = changes(SHARED)
        stocked(far, SHARED)
        shop = business(tmp_path / "shop", far)
        # Each call takes a moment, as far away as shops are.
        far.tell("faults", [{"fault": "slow", "share": 1.0, "times": 1_000_000, "seconds": 0.02}])
        with State(shop) as state:
            words = [sys.executable, "-m", "argosy", "worker", "-C", str(shop.folder)]
            workers = [subprocess.Popen(words, env=environment(), cwd=ROOT, stderr=subprocess.PIPE) for _ in range(2)]
            time.sleep(3)
            order(state, *asked)
            end = time.monotonic() + 180
            while any(one.state != "done" for one in actions(state)) and time.monotonic() < end:
                time.sleep(0.1)
            for one in workers:
                one.send_signal(signal.SIGTERM)
            told = [one.communicate(timeout=180)[1] for one in workers]
            assert [one.returncode for one in workers] == [0, 0], told
            assert {one.state for one in actions(state)} == {"done"}
        assert far.effects() == expected(asked)
    with psycopg.connect(address) as base:
        found = base.execute("SELECT executor_id, count(*) FROM argosy_jobs.workflow_status GROUP BY 1").fetchall()
    assert {name for name, _ in found} == {"worker-1", "worker-2"}
    assert sum(n for _, n in found) == SHARED, "one job each"
