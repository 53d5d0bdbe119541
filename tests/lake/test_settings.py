"""Settings changed in their file: the value, and nothing else of what the seller wrote."""

from __future__ import annotations

from pathlib import Path

import pytest

from argosy.lake.settings import answer_settings, change_settings, current_settings, load_settings, template
from argosy.model.errors import SettingsAnswered, SettingsInvalid


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "settings.toml"
    path.write_text(template(home="CN", book_currency="CNY", language="en"), encoding="utf-8")
    return path


def test_values_are_changed_where_they_stand_and_comments_stay(file: Path) -> None:
    before = file.read_text(encoding="utf-8")
    changes = {"language": "zh", "method": "weighted_average", "daily_at": "07:30"}
    assert change_settings(file, changes) == {"language": "en", "method": "fifo", "daily_at": "06:00"}
    held = current_settings(file)
    assert (held.language, held.costing, held.daily_at) == ("zh", "weighted_average", "07:30")
    after = file.read_text(encoding="utf-8")
    assert after == before.replace('language = "en"', 'language = "zh"').replace(
        '"fifo"', '"weighted_average"'
    ).replace('"06:00"', '"07:30"')


def test_what_is_the_same_is_not_written(file: Path) -> None:
    was = file.stat().st_mtime_ns
    assert change_settings(file, {"language": "en"}) == {}
    assert file.stat().st_mtime_ns == was


@pytest.mark.parametrize("text", [
    '[business]\nhome = "CN"\nbook_currency = "CNY"\n',
    "[business]  # mine\nlanguage='en' # as single quotes\nhome = \"CN\"\nbook_currency = \"CNY\"\n[worker]\n",
])  # fmt: skip
def test_what_is_not_there_yet_is_put_in(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")
    change_settings(file, {"language": "zh", "daily_at": "23:59"})
    held = load_settings(file)[1]
    assert (held.home, held.language, held.daily_at) == ("CN", "zh", "23:59")


@pytest.mark.parametrize(("key", "value"), [
    ("language", "fr"), ("daily_at", "25:00"), ("method", "lifo"), ("book_currency", "EUR"), ("catalog", "x"),
    ("language", 'en"\n[lake]\ncatalog = "postgresql:x'), ("daily_at", ""),
])  # fmt: skip
def test_what_may_not_be_set_changes_nothing(file: Path, key: str, value: str) -> None:
    before = file.read_text(encoding="utf-8")
    with pytest.raises(SettingsInvalid):
        change_settings(file, {"daily_at": "09:00", key: value})
    assert file.read_text(encoding="utf-8") == before
    assert [one.name for one in file.parent.iterdir()] == ["settings.toml"]


ANSWERS = {"name": 'Müller\'s "Töpfe" \\ 陶', "home": "DE", "book_currency": "EUR", "language": "zh"}


def test_what_was_guessed_is_answered_once(file: Path) -> None:
    file.write_text(template(home="US", book_currency="USD", language="en", guessed=True), encoding="utf-8")
    assert load_settings(file)[1].guessed
    assert answer_settings(file, ANSWERS) == {"name": "", "home": "US", "book_currency": "USD", "language": "en"}
    held = load_settings(file)[1]
    assert {key: getattr(held, key) for key in ANSWERS} == ANSWERS
    assert not held.guessed
    was = file.read_bytes()
    with pytest.raises(SettingsAnswered):
        answer_settings(file, ANSWERS | {"home": "FR"})
    assert file.read_bytes() == was


@pytest.mark.parametrize(("key", "value"), [("home", "Germany"), ("book_currency", "€"), ("name", "a\nb")])
def test_what_is_no_answer_changes_nothing(file: Path, key: str, value: str) -> None:
    file.write_text(template(home="US", book_currency="USD", language="en", guessed=True), encoding="utf-8")
    was = file.read_bytes()
    with pytest.raises(SettingsInvalid):
        answer_settings(file, ANSWERS | {key: value})
    assert file.read_bytes() == was
