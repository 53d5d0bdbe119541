"""``argosy notices``: who is told of what, and a test."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from click.testing import CliRunner

from argosy.cli import main
from argosy.decisions import notices
from argosy.decisions.members import appoint
from argosy.decisions.notices import EMAIL, Wishes
from argosy.decisions.state import State
from argosy.lake.workspace import create_workspace

AT = datetime(2026, 7, 1)


def test_it_lists_and_tests(tmp_path: Path) -> None:
    shop = create_workspace(tmp_path / "shop", home="DE", book_currency="EUR")

    def said(*words: str) -> str:
        answer = CliRunner().invoke(main, ["notices", "-C", str(shop.folder), *words])
        assert answer.exit_code == 0, answer.output
        return answer.output

    assert "Nobody is told of anything" in said()
    with State(shop) as state:
        appoint(state, "ann", "owner", by="test", at=AT)
        notices.subscribe(
            state, Wishes(("found",)), channel=EMAIL, address="ann@shop.example", home="/", salt="", mark="",
            who="ann", at=AT,
        )  # fmt: skip
    assert "N1" in said("--test", "n1", "--as", "ann")
    told = json.loads(said("--json"))
    assert told["subscriptions"][0]["place"] == "ann@shop.example"
    assert [one["to"] for one in told["notices"]] == ["N1"]
    assert "测试通知" in said("--lang", "zh")
    assert CliRunner().invoke(main, ["notices", "-C", str(shop.folder), "--test", "N9"]).exit_code == 1
