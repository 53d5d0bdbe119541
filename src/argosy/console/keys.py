"""The secret with which the console signs sessions and links, made once for a workspace."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

NAME = ".console.key"


def secret_key(folder: Path) -> str:
    """Return the workspace's secret, from ``ARGOSY_SECRET_KEY`` or a file only its owner may read."""
    if given := os.environ.get("ARGOSY_SECRET_KEY"):
        return given
    file = folder / NAME
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text(encoding="ascii")
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(secrets.token_urlsafe(48))
    return file.read_text(encoding="ascii")
