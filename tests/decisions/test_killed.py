"""kill -9 anywhere in the life of an action: none lost, none done twice."""

from __future__ import annotations

from pathlib import Path

from tests.decisions.killing import in_memory, kill_again_and_again

KILLS, ACTIONS = 50, 100


def test_fifty_kills_lose_no_action_and_do_none_twice(tmp_path: Path, record_property: object) -> None:
    with in_memory(tmp_path) as folder:
        told = kill_again_and_again(folder, kills=KILLS, n=ACTIONS, seed=7)
    assert callable(record_property)
    record_property("told", told)
