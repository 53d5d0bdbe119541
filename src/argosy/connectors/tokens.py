"""Secrets of connectors: from the environment or a file only its owner may read, never from the settings."""

from __future__ import annotations

import os
from pathlib import Path

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


def place_of(name: str, folder: Path) -> str:
    """Return where the secret in use is kept, in words for its owner."""
    variable = f"ARGOSY_{name.upper()}_TOKEN"
    return variable if os.environ.get(variable, "").strip() else str(folder / f"{name}.token")
