"""Plain values as text and back, exactly: what tables keep of told values and changes, and what the audit log signs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

# A value JSON has no type for is an object with one of these names.
DECIMAL, MOMENT, DAY = "$decimal", "$moment", "$day"


def text_of(value: Any) -> str:
    """Return the one text of a value: texts, whole and other numbers, decimals, days, moments, mappings, lists, frozen
    records. The same value gives the same text, whatever the order of its keys."""
    return json.dumps(value, default=_plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def value_of(text: str) -> Any:
    """Return the value a text was made of; a record comes back as the mapping of its fields, a tuple as a list."""
    return json.loads(text, object_hook=_typed)


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return {DECIMAL: str(value)}
    if isinstance(value, datetime):
        return {MOMENT: value.isoformat()}
    if isinstance(value, date):
        return {DAY: value.isoformat()}
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, Mapping):
        return dict(value)
    raise TypeError(f"{type(value).__name__} is not kept")


def _typed(found: dict[str, Any]) -> Any:
    if len(found) == 1:
        name, text = next(iter(found.items()))
        if name == DECIMAL:
            return Decimal(text)
        if name == MOMENT:
            return datetime.fromisoformat(text)
        if name == DAY:
            return date.fromisoformat(text)
    return found
