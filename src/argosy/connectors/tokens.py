"""Secrets of connectors: from the environment or a file only its owner may read, never from the settings."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from argosy.lake.workspace import disk_errors
from argosy.model.errors import TokenMissing

DOTS = "••••••••"  # stands for a secret wherever a request is shown


def token_of(name: str, folder: Path) -> str:
    """Return the secret of a connector: ``ARGOSY_<NAME>_TOKEN``, else the file ``<name>.token`` in the workspace.

    ``TokenMissing`` when there is neither, or others may read the file.
    """
    variable, file = f"ARGOSY_{name.upper()}_TOKEN", folder / f"{name}.token"
    if given := os.environ.get(variable, "").strip():
        return given
    if not file.is_file():
        raise TokenMissing(connector=name, variable=variable, file=file, reason="—")
    if file.stat().st_mode & 0o077:
        raise TokenMissing(
            connector=name, variable=variable, file=file, reason=f"{file.stat().st_mode & 0o777:o} ≠ 600"
        )
    return file.read_text(encoding="utf-8").strip()


def token_made(name: str, folder: Path) -> str:
    """Return a secret of the workspace's own, made now where there is none."""
    file = folder / f"{name}.token"
    if not os.environ.get(f"ARGOSY_{name.upper()}_TOKEN", "").strip() and not file.exists():
        # Written beside and linked: of two who make it at once one is believed, and nobody reads half of it.
        with disk_errors(folder):
            beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
            handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="ascii") as out:
                out.write(secrets.token_urlsafe(32))
            with suppress(FileExistsError):
                os.link(beside, file)
            beside.unlink()
    return token_of(name, folder)


def place_of(name: str, folder: Path) -> str:
    """Return where the secret in use is kept, in words for its owner."""
    variable = f"ARGOSY_{name.upper()}_TOKEN"
    return variable if os.environ.get(variable, "").strip() else str(folder / f"{name}.token")
