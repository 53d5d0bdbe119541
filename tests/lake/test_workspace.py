"""A workspace comes to be once."""

from __future__ import annotations

import errno
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from argosy.lake.workspace import create_workspace, open_workspace
from argosy.model.errors import DiskFull, WorkspaceExists


@pytest.mark.parametrize("attempt", range(5))
def test_of_many_who_make_one_at_the_same_moment_one_does(attempt: int, tmp_path: Path) -> None:
    many = 8
    together = threading.Barrier(many)

    def make(_: int) -> bytes | None:
        together.wait()
        try:
            return create_workspace(tmp_path / "shop", home="DE", book_currency="EUR").key()
        except WorkspaceExists:
            return None

    with ThreadPoolExecutor(many) as pool:
        (made,) = [key for key in pool.map(make, range(many)) if key]
    assert open_workspace(tmp_path / "shop").key() == made


def test_after_a_disk_that_was_full_it_can_be_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(**_: object) -> str:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("argosy.lake.workspace.template", full)
        with pytest.raises(DiskFull):
            create_workspace(tmp_path / "shop", home="DE", book_currency="EUR")
    made = create_workspace(tmp_path / "shop", home="DE", book_currency="EUR")
    assert open_workspace(tmp_path / "shop").key() == made.key()
