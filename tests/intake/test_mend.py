"""A file with refused rows put right takes the place of the one before, whatever it was read from."""

from __future__ import annotations

import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from argosy.intake.importer import FileReport, import_files
from argosy.intake.mend import mend_file
from argosy.intake.rejects import list_rejects
from argosy.model.errors import OriginalGone

ROWS = [["sku", "unit_cost", "currency"], ["MUG", "3.50", "EUR"], ["CUP", "x", "EUR"], ["POT", "y", "EUR"]]
TEXT = "".join(",".join(row) + "\r\n" for row in ROWS)


def written(folder: Path, kind: str) -> Path:
    path = folder / f"costs.{kind}"
    if kind == "zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("all/costs.csv", TEXT)
    elif kind == "xlsx":
        book = openpyxl.Workbook()
        for row in ROWS:
            book.active.append(row)
        book.save(path)
    else:
        path.write_bytes(TEXT.encode("utf-16" if kind == "txt" else "utf-8"))
    return path


def put_right(shop: Any, folder: Path, rows: dict[int, str]) -> FileReport:
    (file_hash,) = {row["file_hash"] for row in list_rejects(shop.lake)}
    mended = mend_file(shop.lake, file_hash, rows, folder / "00000")
    named = {str(folder / "00000"): mended.name}
    (report,) = import_files(shop.lake, [*named], known_at=shop.known_at, account=mended.account, names=named)
    return report


@pytest.mark.parametrize("kind", ["csv", "txt", "zip", "xlsx"])
def test_rows_are_put_right_one_after_the_other(shop: Any, tmp_path: Path, kind: str) -> None:
    (first,) = import_files(shop.lake, [str(written(tmp_path, kind))], known_at=shop.known_at)
    assert (first.accepted, first.rejected) == (1, 2)
    second = put_right(shop, tmp_path, {3: "CUP,4.25,EUR"})
    assert (second.name, second.accepted, second.rejected) == (first.name, 2, 1)
    assert [row["raw"] for row in list_rejects(shop.lake)] == ["POT,y,EUR"]
    third = put_right(shop, tmp_path, {4: "POT,9,EUR"})
    assert (third.accepted, third.rejected) == (3, 0)
    assert list_rejects(shop.lake) == []
    costs = {row["sku"]: row["unit_cost"] for row in shop.facts("cost_lots")}
    assert costs == {"MUG": Decimal("3.50"), "CUP": Decimal("4.25"), "POT": Decimal(9)}


def test_lines_that_were_taken_stay_with_those_put_right(shop: Any, tmp_path: Path) -> None:
    export = "amazon-order-id\tmerchant-order-id\tpurchase-date\tlast-updated-date\torder-status\tsku\tasin\t"
    export += "product-name\titem-status\tquantity\tcurrency\titem-price\titem-tax\tsales-channel\n"
    for sku, price in (("MUG", "3.00"), ("CUP", "three"), ("POT", "5.00")):
        export += (
            f"1-1\t\t2026-03-02T10:00:00+00:00\t2026-03-02T10:00:00+00:00\tShipped\t{sku}\tA\tT\tShipped\t1\tEUR\t"
        )
        export += f"{price}\t0\tAmazon.de\n"
    path = tmp_path / "orders.txt"
    path.write_text(export, encoding="utf-8")
    (first,) = import_files(shop.lake, [str(path)], known_at=shop.known_at)
    assert (first.accepted, first.rejected) == (2, 1)
    raw = list_rejects(shop.lake)[0]["raw"]
    assert put_right(shop, tmp_path, {3: raw.replace("three", "4.00")}).accepted == 3
    assert sorted(row["sku"] for row in shop.facts("order_lines")) == ["CUP", "MUG", "POT"]


def test_an_original_that_is_gone_says_so(shop: Any, tmp_path: Path) -> None:
    import_files(shop.lake, [str(written(tmp_path, "csv"))], known_at=shop.known_at)
    for kept in shop.lake.workspace.raw.iterdir():
        kept.unlink()
    (file_hash,) = {row["file_hash"] for row in list_rejects(shop.lake)}
    with pytest.raises(OriginalGone) as refused:
        mend_file(shop.lake, file_hash, {}, tmp_path / "mended")
    assert "costs.csv" in refused.value.sentence("zh")
