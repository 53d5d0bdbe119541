"""The folder a business is kept in: its settings, its lake, the files it was given and the people file."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from argosy.lake.settings import VERSION, Settings, load_settings, template
from argosy.model.errors import (
    ArgosyError,
    DiskFull,
    WorkspaceExists,
    WorkspaceMissing,
    WorkspaceReadOnly,
    WorkspaceVersion,
)

NO_SPACE = (28, 122)  # ENOSPC, EDQUOT
READ_ONLY = (13, 1, 30)  # EACCES, EPERM, EROFS
LITTLE = 1 << 20  # bytes; a catalog that cannot grow by so much says no more than that something failed


@dataclass(frozen=True)
class Workspace:
    """One business on disk; a copy of the folder is a backup of everything.

    settings.toml  what the seller sets            raw/          every file read, under the hash of its content
    lake/          facts and books (no people)     people.sqlite contact data, readable by the owner only
    key            secret that hides the buyers    published/    snapshots for other engines
    incoming/      files sent, until they are read
    """

    folder: Path
    settings: Settings

    @property
    def lake(self) -> Path:
        return self.folder / "lake"

    @property
    def raw(self) -> Path:
        return self.folder / "raw"

    @property
    def people(self) -> Path:
        return self.folder / "people.sqlite"

    @property
    def published(self) -> Path:
        return self.folder / "published"

    def key(self) -> bytes:
        """Return the secret that turns a buyer into a key nobody can turn back without it."""
        return bytes.fromhex((self.folder / "key").read_text(encoding="ascii"))


def create_workspace(
    folder: Path, *, home: str, book_currency: str, language: str = "en", guessed: bool = False
) -> Workspace:
    """Make a new workspace at ``folder`` and return it; ``WorkspaceExists`` when there is one already.

    guessed: nobody has said home and currency; the console asks.
    """
    if (folder / "settings.toml").exists():
        raise WorkspaceExists(folder=folder)
    with disk_errors(folder):
        for part in (folder, folder / "lake", folder / "raw"):
            part.mkdir(parents=True, exist_ok=True)
            part.chmod(0o700)
        # One at a time: a second key would make every buyer a stranger.
        with FileLock(folder / "lake" / ".lock"):
            if (folder / "settings.toml").exists():
                raise WorkspaceExists(folder=folder)
            _write_private(folder / "key", secrets.token_hex(32))
            text = template(home=home, book_currency=book_currency, language=language, guessed=guessed)
            _write_private(folder / "settings.toml", text)
    return open_workspace(folder)


def discard_workspace(workspace: Workspace) -> None:
    """Take back a workspace that could not be completed; nothing but what making it wrote is in it."""
    for part in (workspace.lake, workspace.raw):
        shutil.rmtree(part, ignore_errors=True)
    for name in ("key", "settings.toml"):
        (workspace.folder / name).unlink(missing_ok=True)


def open_workspace(folder: Path) -> Workspace:
    """Return the workspace at ``folder``; ``WorkspaceMissing`` or ``WorkspaceVersion`` when it cannot be read."""
    path = folder / "settings.toml"
    if not path.is_file():
        raise WorkspaceMissing(folder=folder.resolve())
    version, settings = load_settings(path)
    if version != VERSION:
        raise WorkspaceVersion(folder=folder, found=version, expected=VERSION)
    return Workspace(folder=folder.resolve(), settings=settings)


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn the operating system's "no space" and "not permitted" into errors that say what to do."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, folder) or error from error


def disk_error(error: BaseException, folder: Path) -> ArgosyError | None:
    """Return what an error of the system or the engine means for the owner of ``folder``, if it is the disk."""
    number, text = getattr(error, "errno", None), str(error).lower()
    if number in NO_SPACE or "no space left" in text or "disk is full" in text or "disk full" in text:
        return DiskFull(folder=folder)
    if "disk i/o error" in text and shutil.disk_usage(folder).free < LITTLE:
        return DiskFull(folder=folder)  # in the words of the catalog
    if number in READ_ONLY or "read-only" in text or "readonly" in text or "permission denied" in text:
        return WorkspaceReadOnly(folder=folder)
    return None


def _write_private(path: Path, text: str) -> None:
    # Created closed, never opened to others even for a moment.
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
