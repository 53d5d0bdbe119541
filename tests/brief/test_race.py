"""What acting on the queue brought, printed and written."""

from __future__ import annotations

import io
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console

from argosy.brief.cards import Sheet
from argosy.brief.race import print_race, write_race
from argosy.model.scores import Acted

ACTED = [
    Acted("top", 7, Decimal("1200.50"), Decimal("100.25"), 3, 20),
    Acted("by_claim", 7, Decimal("-80.00"), Decimal("40.00"), 2, 15),
    Acted("top", 8, Decimal("300.00"), Decimal("50.00"), 1, 5),
]


@pytest.mark.parametrize(("lang", "words"), [("en", "the top of the queue"), ("zh", "按队列优先处理")])
def test_each_way_is_added_up_over_the_worlds(lang: str, words: str) -> None:
    out = io.StringIO()
    print_race(Sheet(Console(file=out, width=140), lang=lang), ACTED)
    rows = [line.split() for line in out.getvalue().splitlines() if words in line]
    assert [row[-4:] for row in rows] == [
        ["1,200.50", "1,100.25", "3", "20"],
        ["300.00", "250.00", "1", "5"],
        ["1,500.50", "1,350.25", "4", "25"],
    ]
    assert rows[-1][0] == "∑"


def test_the_page_says_what_was_asked_and_what_it_brought(tmp_path: Path) -> None:
    page = tmp_path / "acting-race.md"
    write_race(ACTED, page, months=9, orders=12_000, incidents=30, days=90, step=15, minutes=20)
    text = page.read_text()
    assert "12,000 orders in 9 months and 30 incidents" in text
    assert "| 7 | by size of claim | -80.00 | -120.00 | 2 | 15 |" in text
    assert "| ∑ | the top of the queue | 1,500.50 | 1,350.25 | 4 | 25 |" in text
