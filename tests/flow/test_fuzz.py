"""Hostile files over all formats: no exception, and every row is a fact, a reject or no data."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from argosy.business import Business
from argosy.flow import begin, now
from argosy.intake.importer import FileReport, import_files

GOLDEN = Path(__file__).parents[1] / "intake" / "golden"
EXPORTS = sorted(
    path
    for folder in GOLDEN.iterdir()
    for path in folder.iterdir()
    if path.suffix.lower() in (".csv", ".tsv", ".txt") and path.name != "facts.json"
)
ROWS, FILES = 10_000, 200
NASTY = ("", '"', "\x00", "-", "1,5", "1.234,56", "1e9", "99999999999999999999", "0", "-1", "=1+1", "NaN", "\ufeff",
         "2026-02-30", "31/12/2026", "0000-00-00", "é\u202e", "'; DROP TABLE orders; --", "\t", "\\", "x" * 3000, "\r",
         "€", "12:00", "true", "(5.00)", "R$ 1,00", " ", "\u3000", "null")  # fmt: skip


@pytest.fixture(scope="module")
def business(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    folder = tmp_path_factory.mktemp("fuzz") / "shop"
    begin(folder, home="DE", book_currency="EUR")
    opened = Business.at(folder)
    yield opened
    opened.close()


def read(business: Business, path: Path, account: str) -> list[FileReport]:
    return import_files(business.lake, [str(path)], known_at=now(), account=account)


def whole(report: FileReport) -> None:
    assert report.reason != "unforeseen", (report.name, report.values)
    assert report.rows == report.accepted + report.rejected + report.ignored
    assert min(report.accepted, report.rejected, report.ignored) >= 0


def mutated(line: bytes, dice: random.Random) -> bytes:
    """Return a row with one thing wrong with it: a cell replaced, dropped, doubled, or bytes overwritten."""
    mark = max((b",", b"\t", b";"), key=line.count)
    cells = line.split(mark)
    place = dice.randrange(len(cells))
    match dice.randrange(5):
        case 0:
            cells[place] = dice.choice(NASTY).encode()
        case 1:
            del cells[place]
        case 2:
            cells.insert(place, cells[place])
        case 3:
            cells[place] = bytes(dice.randrange(32, 256) for _ in range(dice.randrange(1, 9)))
        case _:
            cells = cells[:place]
    return mark.join(cells)


@pytest.mark.parametrize("export", EXPORTS, ids=lambda path: path.parent.name)
def test_mutated_rows(export: Path, business: Business, tmp_path: Path) -> None:
    dice = random.Random(export.parent.name)  # noqa: S311 - repeatable noise, not secrets
    lines = export.read_bytes().splitlines()
    head, body = lines[:-3] if len(lines) > 6 else lines[:1], lines[1:]
    noise = [mutated(dice.choice(body), dice) for _ in range(ROWS // len(EXPORTS) + 1)] if body else []
    path = tmp_path / export.name
    path.write_bytes(b"\n".join([*head, *noise]) + b"\n")
    for report in read(business, path, f"rows-{export.parent.name}"):
        whole(report)


@pytest.mark.parametrize("export", EXPORTS, ids=lambda path: path.parent.name)
def test_mutated_files(export: Path, business: Business, tmp_path: Path) -> None:
    dice = random.Random(export.parent.name + "!")  # noqa: S311 - repeatable noise, not secrets
    for number in range(FILES // len(EXPORTS) + 1):
        data = bytearray(export.read_bytes())
        for _ in range(dice.randrange(1, 30)):
            place = dice.randrange(len(data))
            match dice.randrange(4):
                case 0:
                    data[place] = dice.randrange(256)
                case 1:
                    del data[place : place + dice.randrange(1, 40)]
                case 2:
                    data[place:place] = dice.choice(NASTY).encode()
                case _:
                    data = data[: max(place, 10)]
            if len(data) < 2:
                break
        path = tmp_path / f"{number}-{export.name}"
        path.write_bytes(bytes(data))
        for report in read(business, path, f"files-{export.parent.name}-{number}"):
            whole(report)
