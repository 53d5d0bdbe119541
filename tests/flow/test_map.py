"""A file nobody knows is described once, by a draft that can be imported as it stands where its headers are plain."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

Make = Callable[..., Any]


def test_a_drafted_bank_statement_can_be_imported(argosy: Make, tmp_path: Path) -> None:
    shop = argosy(currency="EUR", home="DE")
    path = tmp_path / "statement.csv"
    path.write_text(
        "Booking date;Amount;Currency;Reference\n12.03.2026;1.847,32;EUR;Payout\n16.03.2026;-700,00;EUR;Rent\n",
        encoding="utf-8",
    )
    shop("map", str(path))
    assert "2 rows: 2 taken" in shop("import", str(path))
    assert "1,847.32" in shop("show", "cash")


def test_a_workbook_with_chinese_headers_is_drafted_too(argosy: Make, tmp_path: Path) -> None:
    shop = argosy(currency="CNY", home="CN", lang="zh")
    book = openpyxl.Workbook()
    for row in (("记账日期", "金额", "币种", "摘要"), ("2026-03-12", "1,234.50", "CNY", "货款")):
        book.active.append(row)
    book.save(tmp_path / "流水.xlsx")
    shop("map", str(tmp_path / "流水.xlsx"))
    assert "入账 1" in shop("import", str(tmp_path / "流水.xlsx"))
    assert "1,234.50" in shop("show", "cash")
