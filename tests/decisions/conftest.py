"""A state store of its own for each test, copied from one that was made once."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.decisions.samples import shop

from argosy.decisions.state import State
from argosy.lake.workspace import open_workspace


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace whose state store has its tables."""
    workspace = shop(tmp_path_factory.mktemp("made"))
    State(workspace).close()
    return workspace.folder


@pytest.fixture
def state(made: Path, tmp_path: Path) -> Iterator[State]:
    """An empty state store."""
    shutil.copytree(made, tmp_path / "shop")
    with State(open_workspace(tmp_path / "shop")) as opened:
        yield opened
