"""A fresh workspace to import exports into, and the facts that came of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from argosy.intake.importer import FileReport, import_files
from argosy.lake.engine import Lake
from argosy.lake.store import facts
from argosy.lake.workspace import create_workspace, open_workspace
from argosy.model.facts import FACTS

KNOWN_AT = datetime(2026, 11, 1, 12)
KEY = "00" * 32  # buyers are hidden under the same key in every test, so that golden facts can name them


class Shop:
    """A seller's workspace as a test uses it."""

    def __init__(self, folder: Path, settings: str = "") -> None:
        create_workspace(folder, home="CN", book_currency="CNY")
        (folder / "key").write_text(KEY, encoding="ascii")
        with (folder / "settings.toml").open("a", encoding="utf-8") as file:
            file.write(settings)
        self.folder = folder
        self.known_at = KNOWN_AT
        self.lake = Lake(open_workspace(folder))

    def read(self, path: Path, *, known_at: datetime = KNOWN_AT, written_at: int = 1_793_000_000) -> FileReport:
        """Import one file, written at this moment (seconds since 1970), and return what became of it."""
        copy = self.folder.parent / f"{written_at}-{path.name}"
        copy.write_bytes(path.read_bytes())
        os.utime(copy, (written_at, written_at))
        return import_files(self.lake, [str(copy)], known_at=known_at)[0]

    def read_text(self, text: str, name: str = "export.csv", **when: Any) -> FileReport:
        """Import an export given as text."""
        path = self.folder.parent / name
        path.write_text(text, encoding="utf-8", newline="")
        return self.read(path, **when)

    def facts(self, table: str) -> list[dict[str, Any]]:
        """Return the facts of a table that hold now, sorted by their first column."""
        rows = self.lake.rows(facts(self.lake, table))
        return sorted(rows, key=lambda row: [str(value) for value in row.values()])

    def filled(self) -> list[str]:
        """Return the fact tables that have rows."""
        return [n for n in FACTS if self.lake.raw.execute(f"SELECT 1 FROM lake.main.{n} LIMIT 1").fetchall()]

    def rejects(self) -> list[tuple[int, str, str]]:
        """Return the rows that were refused: number, column, reason."""
        rows = self.lake.rows(self.lake.table("rejects"))
        return sorted((row["row_no"], row["column"], row["reason"]) for row in rows)


@pytest.fixture
def open_shop(tmp_path: Path) -> Iterator[Callable[..., Shop]]:
    """Open a new workspace, with lines added to its settings."""
    opened: list[Shop] = []

    def open_one(settings: str = "") -> Shop:
        opened.append(Shop(tmp_path / f"shop-{len(opened)}" / "workspace", settings))
        return opened[-1]

    yield open_one
    for shop in opened:
        shop.lake.close()


@pytest.fixture
def shop(open_shop: Callable[..., Shop]) -> Shop:
    """A new workspace."""
    return open_shop()
