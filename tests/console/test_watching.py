"""Health, metrics and backups: what who looks after a server needs, and no more of the business than that."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.console.conftest import Enter

from argosy.business import Business
from argosy.decisions import load
from argosy.decisions.audit import entries
from argosy.decisions.queue import waiting


def test_health_tells_strangers_that_all_can_be_read(enter: Enter) -> None:
    told = enter().get("/health/").json()
    assert {told[part] for part in ("lake", "state", "sign_in")} == {"ok"}


def test_metrics_are_for_this_machine_and_for_tokens(enter: Enter) -> None:
    from argosy.console.tokens import make

    enter("viewer")
    metrics, read = (make("watch", [scope], days=1, who="viewer") for scope in ("metrics", "read"))
    assert enter().get("/metrics").status_code == 200
    assert enter().get("/metrics", REMOTE_ADDR="203.0.113.5").status_code == 401
    assert enter().get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 401
    for token, status in ((metrics, 200), (read, 401), ("", 401)):
        sent = {"Authorization": f"Bearer {token}"}
        assert enter().get("/metrics", REMOTE_ADDR="203.0.113.5", headers=sent).status_code == status


def test_requests_are_counted_by_route_and_status(enter: Enter) -> None:
    enter("owner").get("/queue/P987654/")
    told = enter().get("/metrics").content.decode()
    labels = 'method="GET",route="/queue/P<int:number>/",status="404"'
    assert f"argosy_request_seconds_count{{{labels}}}" in told
    assert "987654" not in told
    assert 'argosy_actions{state="waiting"}' in told
    for line in told.splitlines():
        assert line.startswith("# ") or float(line.rpartition(" ")[2]) >= 0


def test_a_business_comes_back_from_a_backup_as_it_was(enter: Enter, console: Path, tmp_path: Path) -> None:
    from argosy.decisions.backup import backup, restore
    from argosy.flow import now
    from argosy.lake.workspace import open_workspace

    enter("owner")
    before = _told(console)
    backup(open_workspace(console), tmp_path / "shop.tar.zst", at=now())
    assert restore(tmp_path / "shop.tar.zst", tmp_path / "back").log.sound
    assert _told(tmp_path / "back") == before
    with closing(sqlite3.connect(tmp_path / "back" / "console.sqlite")) as people:
        assert ("owner",) in people.execute("SELECT username FROM auth_user").fetchall()


def _told(folder: Path) -> dict[str, object]:
    """Return the brief, the queue, the members and the log of a business."""
    with closing(Business.at(folder)) as business, business.state.read() as connection:
        return {
            "brief": business.brief(),
            "queue": waiting(connection, book_currency=business.workspace.settings.book_currency),
            "members": load.members(connection),
            "log": list(entries(connection)),
        }
