"""What people write in a simulated world: every language knows every topic, and many people write differently."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from argosy.world.columns import Ints
from argosy.world.phrases import ABOUT, ASKED, COMPLETE, LANGUAGES, SLOTS, TOPICS, titles, written

CASES = [(kind, topic) for kind in COMPLETE for topic in range(len(TOPICS[kind]))]


def chance(seed: int = 1) -> np.random.Generator:
    return np.random.Generator(np.random.Philox(seed))


def slots(rows: int) -> dict[str, pa.Array]:
    return {
        "article": pa.array(["Oak Shelf, Mini"] * rows),
        "order": pa.array(["#1001"] * rows),
        "days": pa.array([7] * rows),
    }


def some(kind: str, topic: int, language: int, *, rows: int = 1000, stars: int = 1, seed: int = 1) -> pa.Array:
    def every(value: int) -> Ints:
        return np.full(rows, value)

    return written(
        kind,
        topic=every(topic),
        stars=every(stars) if kind == "review" else None,
        language=every(language),
        chance=chance(seed),
        slots=slots(rows),
    )


def words(language: str) -> dict[str, Any]:
    return tomllib.loads(files("argosy").joinpath("world", "words", f"{language}.toml").read_text(encoding="utf-8"))


def sentences(found: Any) -> Iterator[str]:
    for value in found.values():
        yield from value if isinstance(value, list) else sentences(value)


def told(language: str) -> list[str]:
    known = words(language)
    return [sentence for kind in TOPICS for sentence in sentences(known[kind])]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_kinds_parts_and_topics(language: str) -> None:
    def shape(found: Any) -> Any:
        return {key: shape(value) for key, value in found.items()} if isinstance(found, dict) else None

    mine, theirs = words(language), words("en")
    assert {kind: shape(mine[kind]) for kind in TOPICS} == {kind: shape(theirs[kind]) for kind in TOPICS}
    for kind, topics in {"review": ABOUT, "message": ASKED, "agent": ASKED, "bot": ASKED}.items():
        assert tuple(mine[kind]["core"]) == topics


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_known_slots_are_used_also_by_who_mistypes(language: str) -> None:
    slips = words(language)["slips"]
    for sentence in told(language):
        names = [name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None]
        assert set(names) <= set(SLOTS), sentence
        mistyped = sentence
        for word, slip in slips.items():
            mistyped = mistyped.replace(word, slip)
        assert [name for _, name, _, _ in string.Formatter().parse(mistyped) if name is not None] == names


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_leads_to_a_person(language: str) -> None:
    for sentence in told(language):
        assert not re.search(r"@|https?:|www\.|\d{3}", sentence), sentence


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_given_twice_in_one_list(language: str) -> None:
    def lists(found: Any) -> Iterator[list[str]]:
        for value in found.values():
            if isinstance(value, list):
                yield value
            else:
                yield from lists(value)

    for kind in TOPICS:
        for chosen in lists(words(language)[kind]):
            assert len(set(chosen)) == len(chosen), chosen


@pytest.mark.parametrize("language", range(len(LANGUAGES)))
def test_many_people_write_many_texts(language: int) -> None:
    for kind, topic in CASES:
        for stars in (1, 2, 3, 4, 5) if kind == "review" else (1,):
            different = len(set(some(kind, topic, language, stars=stars).to_pylist()))
            # A bot repeats itself, people do not.
            assert different > (20 if kind == "bot" else 60), (kind, TOPICS[kind][topic], stars)


def test_slots_are_filled_in_and_nothing_is_left_of_them() -> None:
    for kind, topic in CASES:
        for language in range(len(LANGUAGES)):
            made = some(kind, topic, language, rows=200)
            assert made.null_count == 0
            assert not pc.any(pc.match_substring_regex(made, r"[{}]|^\s|\s$|  ")).as_py()
    assert pc.any(pc.match_substring(some("message", ASKED.index("where"), 0), "#1001")).as_py()


def test_a_text_that_needs_what_nothing_is_known_of_is_null_and_a_question_before_buying_needs_no_order() -> None:
    for name in ("where", "ask_size", "ask_battery", "ask_compatible"):
        for kind in ("message", "agent", "bot"):
            rows = 300
            nothing = slots(rows) | {"order": pa.nulls(rows, pa.string())}
            made = written(
                kind,
                topic=np.full(rows, ASKED.index(name)),
                stars=None,
                language=np.arange(rows) % len(LANGUAGES),
                chance=chance(),
                slots=nothing,
            )
            assert (made.null_count == 0) == (name != "where")


def test_the_same_chance_writes_the_same_texts_and_another_one_others() -> None:
    for kind, topic in CASES:
        assert some(kind, topic, 1, seed=4) == some(kind, topic, 1, seed=4)
        assert some(kind, topic, 1, seed=4) != some(kind, topic, 1, seed=5)


def test_texts_stand_in_the_order_of_their_rows() -> None:
    rows = 7_000
    language = np.arange(rows) % len(LANGUAGES)
    draw = chance()
    made = written(
        "message", topic=draw.integers(0, len(ASKED), rows), stars=None, language=language, chance=draw,
        slots=slots(rows),
    )  # fmt: skip
    kana = pc.match_substring_regex(made, "[ぁ-ん]").to_numpy(zero_copy_only=False)
    han = pc.match_substring_regex(made, "[一-龥]").to_numpy(zero_copy_only=False)
    assert kana.tolist() == (language == LANGUAGES.index("ja")).tolist()
    assert han[language == LANGUAGES.index("zh")].mean() > 0.99
    assert not han[language < LANGUAGES.index("ja")].any()


def test_titles_are_short_and_differ_by_stars() -> None:
    rows = 5_000
    draw = chance()
    topic, language = draw.integers(0, len(ABOUT), rows), np.arange(rows) % len(LANGUAGES)
    low, high = (
        titles(topic=topic, stars=np.full(rows, stars), language=language, chance=draw).to_pylist() for stars in (1, 5)
    )
    assert max(len(title) for title in low + high) < 60
    assert min(len(title) for title in low + high) > 1
    assert not {title.casefold() for title in low} & {title.casefold() for title in high}


def test_stars_are_for_reviews_alone() -> None:
    one = np.zeros(1, dtype=np.int64)
    for kind, stars in (("review", None), ("message", one + 5)):
        with pytest.raises(ValueError, match="stars"):
            written(kind, topic=one, stars=stars, language=one, chance=chance(), slots=slots(1))


def test_two_hundred_thousand_reviews_are_written_at_once() -> None:
    rows = 200_000
    draw = chance()
    made = written(
        "review",
        topic=draw.integers(0, len(ABOUT), rows),
        stars=draw.integers(1, 6, rows),
        language=draw.integers(0, len(LANGUAGES), rows),
        chance=draw,
        slots=slots(rows),
    )
    assert len(made) == rows
    assert made.type == pa.string()
    assert pc.count_distinct(made).as_py() > 50_000
