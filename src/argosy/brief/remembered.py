"""The brief as it was last made: the same facts, settings and day give the same brief, at once."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from argosy.lake.books import load_answer, save_answer
from argosy.lake.engine import Lake

SCHEMA = "argosy/brief/1"


def load_brief(lake: Lake, *, days: int, until: date | None, mark: str) -> dict[str, Any] | None:
    """Return the stored brief of these ``days`` up to ``until`` with this ``mark``, None when there is none."""
    text = load_answer(lake, _question(days, until), mark=mark)
    return json.loads(text) if text else None


def save_brief(lake: Lake, brief: dict[str, Any], *, days: int, until: date | None, mark: str) -> None:
    """Store a brief made from the books of this ``mark``."""
    save_answer(lake, _question(days, until), json.dumps(brief, ensure_ascii=False), mark=mark)


def _question(days: int, until: date | None) -> str:
    return f"{SCHEMA} {days} {until or ''}"
