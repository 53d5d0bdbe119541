"""The table of how right each kind of finding was: what is written is read, and the page says the same."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from argosy.brief.proved import COLUMNS, proved, write_proved
from argosy.domains.registry import CHECKS
from argosy.model.findings import Range
from argosy.model.scores import Case, Score, Told

PAGE = Path(__file__).resolve().parents[2] / "docs" / "scorecard.md"


def test_what_is_measured_is_written_to_the_hundredth(tmp_path: Path) -> None:
    day = date(2026, 3, 1)
    cases = [
        Case("stock.dead_stock", "dead_stock", "A", day, day, Decimal(90), day + timedelta(days=n) if n else None,
             Range(Decimal(80), Decimal(90), Decimal(99)) if n else None, Decimal(200) if n else None)
        for n in (0, 4, 9)
    ]  # fmt: skip
    told = [Told("stock.dead_stock", "A", day, so=True)] * 2 + [Told("stock.dead_stock", "B", day, so=False)]
    score = Score(1, 20_000, 1.0, (), months=6, cases=tuple(cases), told=tuple(told))
    write_proved([score], tmp_path / "proved.csv", months=6)
    (row,) = csv.DictReader((tmp_path / "proved.csv").read_text(encoding="utf-8").splitlines())
    assert list(row.values()) == [
        "stock.dead_stock", "1", "3", "2", "0.50", "0.67", "0.67", "6", "2", "0.00", "0.00",
        "recall, precision, money near, range holds",
    ]  # fmt: skip
    assert tuple(row) == COLUMNS


def test_the_page_and_the_table_say_the_same() -> None:
    def share(value: Decimal | None) -> str:
        return "" if value is None else f"{value:.0%}"

    rows = [line.split("|")[1:-1] for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in row] for row in rows]
    assert [row for row in cells if row[0] in CHECKS and len(row) > 3] == [
        [
            one.kind,
            *(str(count) for count in (one.there, one.found)),
            f"{one.alarms:.2f}",
            *(share(part) for part in (one.recall, one.precision)),
            "" if one.days is None else str(one.days),
            str(one.compared),
            *(share(part) for part in (one.near, one.covered)),
        ]
        for one in proved().values()
    ]
    short = {row[0]: tuple(row[1].split(", ")) for row in cells if row[0] in CHECKS and len(row) == 3}
    assert short == {kind: one.short for kind, one in proved().items() if one.short}
    assert len(proved()) >= len(CHECKS) - 4
    assert all(one.worlds >= 20 for one in proved().values())
