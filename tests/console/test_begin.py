"""The first page of a new business: asked once, before anything else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.console.conftest import Enter

from argosy.lake.settings import load_settings
from argosy.model.countries import currency_of, home_of

ANSWERS = {"name": "Harbour <b>&</b> Sons", "home": "CN", "book_currency": "CNY", "language": "en"}


@pytest.fixture
def guessed(console: Path) -> Iterator[Path]:
    """The settings file of a business of which nobody has said where it sits."""
    file = console / "settings.toml"
    was = file.read_text(encoding="utf-8")
    file.write_text(was.replace("[business]\n", "[business]\nguessed = true\n"), encoding="utf-8")
    yield file
    file.write_text(was, encoding="utf-8")


def test_an_owner_is_asked_before_anything_else_and_only_once(enter: Enter, guessed: Path) -> None:
    owner = enter("owner")
    for path in ("/", "/data/", "/settings/"):
        assert owner.get(path)["Location"] == "/begin/"
    assert owner.get("/begin/").status_code == 200
    assert owner.post("/begin/", ANSWERS | {"home": "Atlantis"}).status_code == 404
    assert load_settings(guessed)[1].guessed
    assert owner.post("/begin/", ANSWERS)["Location"] == "/data/"
    held = load_settings(guessed)[1]
    assert (held.name, held.home, held.book_currency, held.guessed) == ("Harbour <b>&</b> Sons", "CN", "CNY", False)
    assert "Harbour &lt;b&gt;&amp;&lt;/b&gt; Sons" in owner.get("/settings/").content.decode()
    assert owner.post("/begin/", ANSWERS | {"name": "Other"})["Location"] == "/"
    assert load_settings(guessed)[1].name == ANSWERS["name"]


def test_the_currency_is_that_of_the_country_chosen(enter: Enter, guessed: Path) -> None:
    page = enter("owner").get("/begin/", {"home": "JP"}).content.decode()
    assert '<option value="JPY" selected>' in page


@pytest.mark.parametrize(("tag", "country"), [
    ("de-AT", "AT"), ("zh_CN.UTF-8", "CN"), ("zh-Hans-CN", "CN"), ("en", "US"), ("es-419", "ES"), ("C.UTF-8", None),
    ("", None),
])  # fmt: skip
def test_a_language_points_to_a_country(tag: str, country: str | None) -> None:
    assert home_of(tag) == country


def test_every_country_has_a_currency_or_the_dollar() -> None:
    assert [currency_of(one) for one in ("CN", "DE", "GB", "AQ", "<b>")] == ["CNY", "EUR", "GBP", "USD", "USD"]
