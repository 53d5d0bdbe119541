"""Notices with the state in PostgreSQL: planned and sent once, however many workers there are."""

from __future__ import annotations

import json
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

import pytest
from tests.connectors.test_notices import Listener, far  # noqa: F401 - a fixture
from tests.engines.test_jobs import database
from tests.engines.test_team import running, until
from tests.engines.throwaway_postgres import ThrowawayPostgres

from argosy.connectors.notices import deliver, subscribe
from argosy.decisions import happened, notices, uploads
from argosy.decisions.members import appoint
from argosy.decisions.notices import SENT, WEBHOOK, Wishes
from argosy.decisions.state import State
from argosy.flow import now
from argosy.lake.workspace import Workspace, create_workspace

HOOKS, MADE = 3, 4


def made(folder: Path, far: Listener) -> Workspace:  # noqa: F811
    """Return a workspace whose state tells a few programs of what happens."""
    shop = create_workspace(folder, home="DE", book_currency="EUR")
    path = folder / "settings.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('daily_at = "06:00"', 'daily_at = "23:59"').replace(
        "[connectors]\n", '[connectors]\nprivate_hosts = ["127.0.0.1"]\n'))  # fmt: skip
    with State(shop) as state:
        appoint(state, "ann", "owner", by="test", at=now())
        for n in range(HOOKS):
            subscribe(
                state, Wishes(tuple(happened.KINDS)), channel=WEBHOOK, address=f"{far.address}/{n}", home="/",
                who="ann", at=now() - timedelta(seconds=1),
            )  # fmt: skip
    return shop


def fails(state: State) -> None:
    upload = uploads.announce(state, [("a.csv", 1, 0)], who="ann", at=now())
    uploads.fail(state, upload.number, words="no", at=now())


def told(far: Listener) -> Counter[tuple[str, str]]:  # noqa: F811
    """Return how often each program was told of each event."""
    return Counter((path, event["name"]) for path, _, body in far.taken for event in json.loads(body)["events"])


def everything() -> Counter[tuple[str, str]]:
    return Counter((f"/{n}", f"U{number}") for n in range(HOOKS) for number in range(1, MADE + 1))


def test_many_hands_tell_everything_once(
    tmp_path: Path,
    postgres_server: ThrowawayPostgres,
    monkeypatch: pytest.MonkeyPatch,
    far: Listener,  # noqa: F811
) -> None:
    database(postgres_server, "told", monkeypatch)
    shop = made(tmp_path / "shop", far)

    def work(n: int) -> None:
        with State(shop) as state:
            for _ in range(MADE // 4):
                fails(state)
                notices.plan(state, at=now(), here=now())
                deliver(state, clock=now)

    with ThreadPoolExecutor(4) as hands:
        list(hands.map(work, range(4)))
    with State(shop) as state:
        deliver(state, clock=now)
        with state.read() as connection:
            assert set(notices.counts(connection)) == {SENT}
    assert told(far) == everything()


def test_two_workers_send_nothing_twice(
    tmp_path: Path,
    postgres_server: ThrowawayPostgres,
    monkeypatch: pytest.MonkeyPatch,
    far: Listener,  # noqa: F811
) -> None:
    database(postgres_server, "workers", monkeypatch)
    shop = made(tmp_path / "shop", far)
    with ExitStack() as stack, State(shop) as state:
        for _ in range(2):
            stack.enter_context(running("worker", "-C", str(shop.folder)))
        for _ in range(MADE):
            fails(state)
        until(lambda: sum(told(far).values()) >= HOOKS * MADE)
    assert told(far) == everything()
