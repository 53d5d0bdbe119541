"""Archives: bombs are refused by what they say of themselves, before anything is unpacked; broken ones say so."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from argosy.intake.receive import MAX_MEMBERS, Found, Unreadable, open_archives


def packed(folder: Path, members: dict[str, bytes], *, name: str = "exports.zip") -> Found:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return Found(name, path)


def why(found: Found) -> str:
    with pytest.raises(Unreadable) as refused:
        open_archives(found)
    return refused.value.reason


def claiming(found: Found, size: int) -> Found:
    """Let an archive say that each of its members unpacks to ``size`` bytes."""
    data = bytearray(found.path.read_bytes())
    place = data.find(b"PK\x01\x02")
    while place >= 0:
        data[place + 24 : place + 28] = size.to_bytes(4, "little")
        place = data.find(b"PK\x01\x02", place + 1)
    found.path.write_bytes(data)
    return found


@pytest.mark.parametrize("name", ["exports.zip", "book.xlsx"])
def test_what_unpacks_to_too_much_is_refused(tmp_path: Path, name: str) -> None:
    many = {f"{n}.csv": b"0" * 1000 for n in range(100)}
    assert why(claiming(packed(tmp_path, many, name=name), 4_000_000_000)) == "too_large"
    assert why(packed(tmp_path, {"0.csv": b"0" * 250_000_000}, name=name)) == "too_large"


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    assert why(packed(tmp_path, {f"{n}.csv": b"" for n in range(MAX_MEMBERS + 1)})) == "too_many"


def test_a_locked_archive_says_so(tmp_path: Path) -> None:
    found = packed(tmp_path, {"0.csv": b"a,b"})
    data = bytearray(found.path.read_bytes())
    data[data.find(b"PK\x01\x02") + 8] |= 1
    found.path.write_bytes(data)
    assert why(found) == "locked_archive"


def test_repetitive_exports_are_no_bombs(tmp_path: Path) -> None:
    members = {"a.csv": b"day,price\n" + b"2026-03-02,10.00\n" * 1_000_000, ".hidden": b"", "__MACOSX/a.csv": b""}
    assert [part.member for part in open_archives(packed(tmp_path, members))] == ["a.csv"]


def test_members_are_named_and_never_written_where_they_say(tmp_path: Path) -> None:
    found = packed(tmp_path, {"../../up.csv": b"a,b", "/root.csv": b"a,b", "c/<b>.csv": b"a,b"})
    assert [part.member for part in open_archives(found)] == ["/root.csv", "c/<b>.csv"]
    assert {part.path for part in open_archives(found)} == {found.path}


@pytest.mark.parametrize(
    "sheet", [b"<worksheet", b"<worksheet><sheetData><row><c t='s'><v>9</v></c></row></sheetData>"]
)
def test_a_broken_workbook_stops_no_other_file(tmp_path: Path, sheet: bytes) -> None:
    book, whole = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["a", "b"])
    book.save(whole)
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for info in source.infolist():
            target.writestr(info, sheet if info.filename.endswith("sheet1.xml") else source.read(info))
    assert why(Found("book.xlsx", path)) == "damaged_archive"
