"""The command line as a user runs it, in workspaces of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    status: int
    out: str
    err: str


class Command:
    """Runs ``argosy`` in one workspace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str, status: int = 0) -> str:
        """Run a command, insist on its exit status and return what it printed."""
        ran = self.run(*words)
        assert ran.status == status, f"{words}: {ran.status}\n{ran.out}\n{ran.err}"
        return ran.out

    def run(self, *words: str) -> Ran:
        """Run a command and return all it answered."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("ARGOSY_")}
        environment |= {"ARGOSY_WORKSPACE": str(self.folder), "COLUMNS": "160", "PYTHONPATH": _source()}
        done = subprocess.run(
            [sys.executable, "-m", "argosy", *words], capture_output=True, text=True, env=environment, check=False
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def json(self, *words: str) -> dict[str, Any]:
        """Run a command that prints JSON and return it."""
        return json.loads(self(*words))  # type: ignore[no-any-return]


def _source() -> str:
    return str(Path(__file__).resolve().parents[2] / "src")


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a workspace as the command does, once for all who want such a one, and return its folder."""
    made: dict[tuple[str, str, str], Path] = {}

    def make(currency: str, home: str, lang: str) -> Path:
        asked = (currency, home, lang)
        if asked not in made:
            command = Command(tmp_path_factory.mktemp("first") / "shop")
            command("init", str(command.folder), "--book-currency", currency, "--home", home, "--lang", lang)
            made[asked] = command.folder
        return made[asked]

    return make


@pytest.fixture
def argosy(tmp_path: Path, first: Callable[..., Path]) -> Callable[..., Command]:
    """Copy a workspace that nothing was read into and return the command in it."""

    def make(name: str = "shop", *, currency: str = "GBP", home: str = "GB", lang: str = "en") -> Command:
        shutil.copytree(first(currency, home, lang), tmp_path / name)
        return Command(tmp_path / name)

    return make
