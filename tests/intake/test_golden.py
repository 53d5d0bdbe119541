"""Every format's golden pair: an export in the format and the facts it gives.

A folder of ``golden/`` holds one export, ``facts.json``, and ``settings.toml`` where the account needs any. The
facts are those of every table that got some, sorted by key, without what is NULL, ``known_at`` and
``superseded_at``; ``rejects`` stands beside them. ``pytest --rewrite-golden`` writes them anew; review reads the
difference.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from argosy.model.facts import FACTS

GOLDEN = Path(__file__).parent / "golden"
CASES = sorted(path.name for path in GOLDEN.iterdir() if path.is_dir())
LEFT_OUT = ("known_at", "superseded_at")


@pytest.mark.parametrize("case", CASES)
def test_the_export_gives_its_facts(case: str, open_shop: Callable[..., Any], request: pytest.FixtureRequest) -> None:
    folder = GOLDEN / case
    settings = folder / "settings.toml"
    shop = open_shop(settings.read_text(encoding="utf-8") if settings.exists() else "")
    exports = [path for path in folder.iterdir() if path.name not in ("facts.json", "settings.toml")]
    assert len(exports) == 1, f"{case} holds one export"
    assert shop.read(exports[0]).outcome == "imported"
    found = {name: rows for name in shop.filled() if (rows := _sorted(shop.facts(name), FACTS[name].key))}
    if rejects := shop.rejects():
        found["rejects"] = [dict(zip(("row_no", "column", "reason"), row, strict=True)) for row in rejects]
    golden = folder / "facts.json"
    if request.config.getoption("--rewrite-golden"):
        golden.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    assert found == json.loads(golden.read_text(encoding="utf-8"))


def _sorted(rows: list[dict[str, Any]], key: tuple[str, ...]) -> list[dict[str, Any]]:
    ordered = sorted(rows, key=lambda row: [str(row[column]) for column in key])
    return [
        {name: _plain(value) for name, value in row.items() if name not in LEFT_OUT and value is not None}
        for row in ordered
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
