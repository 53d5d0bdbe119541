"""Tables in files that other programs open."""

from __future__ import annotations

import csv
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest

from argosy.brief.files import write_view
from argosy.model.errors import TooManyRows

HARMFUL = ("=1+1", "+1", "-1", "@sum", "\tx", "\rx", "=cmd|' /C calc'!A0")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_text_runs_as_a_formula(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"view.{ending}"
    write_view(pa.table({"text": [*HARMFUL, "plain"], "number": [-1] * 8}), path)
    if ending == "csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file))[1:]
        assert [row[0] for row in rows] == [*(f"'{text}" for text in HARMFUL), "plain"]
        assert rows[0][1] == "-1"
        return
    sheet = openpyxl.load_workbook(path).active
    assert sheet is not None
    cells = [row[0] for row in sheet.iter_rows(min_row=2)]
    assert all(cell.data_type == "s" for cell in cells)
    assert str(cells[0].value).startswith("'=")


def test_a_workbook_refuses_what_it_cannot_hold(tmp_path: Path) -> None:
    table = pa.table({"number": pa.nulls(1_048_576, pa.int8())})
    with pytest.raises(TooManyRows, match="take CSV"):
        write_view(table, tmp_path / "view.xlsx")
