"""Where the console keeps who may sign in: beside the state store, in SQLite or in PostgreSQL."""

from __future__ import annotations

import os
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from argosy.lake.catalog import read_catalog
from argosy.lake.workspace import Workspace

SCHEMA = "argosy_console"


def database(workspace: Workspace) -> dict[str, Any]:
    """Return the database as Django's settings name it."""
    address = os.environ.get("ARGOSY_DATABASE_URL") or workspace.settings.catalog
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": workspace.folder / "console.sqlite",
            "OPTIONS": {"init_command": "PRAGMA journal_mode=WAL", "transaction_mode": "IMMEDIATE", "timeout": 20},
        }
    told = read_catalog(address)
    parts = conninfo_to_dict(told.address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.get("dbname", ""), "USER": parts.get("user", ""), "PASSWORD": told.password or "",
        "HOST": parts.get("host", ""), "PORT": parts.get("port", ""),
        "OPTIONS": {"options": f"-c search_path={SCHEMA}"},
    }  # fmt: skip
