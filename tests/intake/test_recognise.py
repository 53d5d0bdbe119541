"""No format is taken for another: a file with a format's own headers, in any one language, is of that format."""

from __future__ import annotations

from pathlib import Path

import pytest

from argosy.intake.formats import Format, shipped_formats
from argosy.intake.recognise import Recognised, recognise

SHEETS = (
    "payment_attempts", "disputes", "fees", "touchpoints", "search_terms", "reviews", "messages", "competitor_prices",
    "google_ads_daily", "tiktok_ads_daily", "amazon_ads_daily",
)  # fmt: skip
FORMATS = {format.name: format for format in shipped_formats()}


def recognised(headers: list[str], folder: Path) -> str:
    path = folder / "export.txt"
    path.write_text("\t".join(headers) + "\n", encoding="utf-8")
    found = recognise(path, shipped_formats())
    assert isinstance(found, Recognised)
    return found.format.name


def headers(format: Format, *, language: int) -> list[str]:
    """Return a header of each column: the first, which is English, or the next, where there is one."""
    return [column.headers[min(language, len(column.headers) - 1)].replace("*", "EUR") for column in format.columns]


@pytest.mark.parametrize("name", [name for name in FORMATS if not name.startswith("amazon_settlement")])
def test_a_format_is_known_by_its_own_headers(name: str, tmp_path: Path) -> None:
    assert recognised(headers(FORMATS[name], language=0), tmp_path) == name


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_known_by_its_chinese_headers(name: str, tmp_path: Path) -> None:
    assert recognised(headers(FORMATS[name], language=1), tmp_path) == name


@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_is_known_by_what_it_needs_alone(name: str, tmp_path: Path) -> None:
    assert recognised([column.headers[0] for column in FORMATS[name].needed], tmp_path) == name
