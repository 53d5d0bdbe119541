"""What buyers, agents and bots write: texts put together from the sentences in ``words/*.toml``, in seven languages."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from argosy.world.columns import Flags, Ints, joined, picked, text

LANGUAGES = ("en", "de", "fr", "es", "pt", "ja", "zh")
ABOUT = ("quality", "delivery", "contents", "packaging", "fit", "value", "service", "general")
# The answers of agents and bots go by the same topics as what they answer.
ASKED = (
    "where", "customs", "broken", "wrong_item", "return", "address", "ask_size", "ask_battery", "ask_compatible",
    "invoice", "cancel", "refund", "follow_up", "thanks",
)  # fmt: skip
TOPICS = {"review": ABOUT, "title": ABOUT, "message": ASKED, "agent": ASKED, "bot": ASKED}
SLOTS = ("article", "order", "days")
MOODS = ("bad", "bad", "fair", "good", "good")  # of one star to five

# How often a text has an opening and a closing; the core is never left out.
COMPLETE = {"review": (0.65, 0.6), "message": (0.85, 0.7), "agent": (1.0, 1.0), "bot": (1.0, 0.8)}
BUYERS = ("review", "message")
SLIPPED = 0.1  # share of buyers' texts with mistyped words
SMALL = 0.15  # without capitals
BARE = 0.15  # without the last full stop
LOUD = 0.05  # with force in its place


@dataclass(frozen=True)
class Sentences:
    """All sentences for one part of a text: an empty one first, then as they should be, then once more mistyped.

    begins, counts: by language, topic and stars, where the fitting sentences begin and how many there are.
    """

    right: pa.Array
    mistyped: pa.Array
    begins: Ints
    counts: Ints


def written(
    kind: str,
    *,
    topic: Ints,
    stars: Ints | None,
    language: Ints,
    chance: np.random.Generator,
    slots: Mapping[str, pa.Array],
) -> pa.Array:
    """Return a text per row.

    kind: ``review``, ``message`` (a buyer's), ``agent`` or ``bot`` (their answer to it). topic, language: places in
    ``TOPICS[kind]`` and ``LANGUAGES``. stars: 1 to 5, for reviews only. slots: the article's title, the order's name
    and a number of days from 2 up: in a review from order to delivery, in a message how long the buyer has waited, in
    an agent's answer the days within which what it promises is done. A text that needs a slot nothing is known of is
    null; questions before buying (``ask_...``) need no order.
    """
    if (stars is None) == (kind == "review"):
        raise ValueError("reviews have stars, messages have none")
    tone = np.zeros(len(topic), dtype=np.int64) if stars is None else stars - 1
    rows, who = len(topic), (language, topic, tone)
    slipped = (chance.random(rows) < SLIPPED) & (kind in BUYERS)
    opening, closing = (chance.random(rows) < share for share in COMPLETE[kind])
    parts = {"opening": opening, "core": np.full(rows, True), "closing": closing}
    whole = joined(*(_drawn(_sentences(kind, part), who, told, slipped, chance) for part, told in parts.items()))
    made = pc.utf8_ltrim_whitespace(whole)
    return _filled(_by_habit(made, language, chance) if kind in BUYERS else made, slots)


def titles(*, topic: Ints, stars: Ints, language: Ints, chance: np.random.Generator) -> pa.Array:
    """Return a review's title per row: a verdict by the stars, or what the review is about."""
    rows, who = len(topic), (language, topic, stars - 1)
    verdict = chance.random(rows) < 0.5
    slipped = np.full(rows, False)
    parts = {"opening": verdict, "core": ~verdict}
    whole = joined(*(_drawn(_sentences("title", part), who, told, slipped, chance) for part, told in parts.items()))
    return _by_habit(pc.utf8_ltrim_whitespace(whole), language, chance)


def _drawn(
    sentences: Sentences, who: tuple[Ints, Ints, Ints], told: Flags, slipped: Flags, chance: np.random.Generator
) -> pa.Array:
    """Return a sentence per row that fits its language, topic and stars; nothing where it is not to be told."""
    place = np.where(told, sentences.begins[who] + chance.integers(0, sentences.counts[who]), 0)
    index = pa.array(place)
    return pc.if_else(pa.array(slipped), sentences.mistyped.take(index), sentences.right.take(index))


def _by_habit(made: pa.Array, language: Ints, chance: np.random.Generator) -> pa.Array:
    """Return the texts as people leave them: some in small letters, some without a last stop, some with force."""
    small, end = chance.random(len(made)) < SMALL, chance.random(len(made))
    made = pc.if_else(pa.array(small), pc.utf8_lower(made), made)
    bare = pc.utf8_rtrim(made, ".。")
    stopped = pc.not_equal(bare, made)
    force = picked([_words(name)["loud"] for name in LANGUAGES], language)
    loud = pc.and_(stopped, pa.array((end >= BARE) & (end < BARE + LOUD)))
    return pc.if_else(loud, joined(bare, force), pc.if_else(pa.array(end < BARE), bare, made))


def _filled(made: pa.Array, slots: Mapping[str, pa.Array]) -> pa.Array:
    """Return the texts with their slots filled in."""
    for name in SLOTS:
        hole = f"{{{name}}}"
        # What a text does not need must not make it null.
        value = pc.if_else(pc.match_substring(made, hole), text(slots[name]), "")
        made = pc.binary_join(pc.split_pattern(made, hole), value)
    return made


@cache
def _words(language: str) -> Mapping[str, Any]:
    """Return one language's sentences: kind -> part -> topic or ``any`` -> sentences, or stars or mood -> sentences."""
    return tomllib.loads(files("argosy").joinpath("world", "words", f"{language}.toml").read_text(encoding="utf-8"))


@cache
def _sentences(kind: str, part: str) -> Sentences:
    begins = np.zeros((len(LANGUAGES), len(TOPICS[kind]), len(MOODS)), dtype=np.int64)
    counts = np.zeros_like(begins)
    right, mistyped = [""], [""]
    for place in np.ndindex(begins.shape):
        words, topic = _words(LANGUAGES[place[0]]), TOPICS[kind][place[1]]
        chosen = [_led(sentence, words["between"]) for sentence in _fitting(words[kind][part], topic, place[2])]
        begins[place], counts[place] = len(right), len(chosen)
        right += chosen
        mistyped += [_mistyped(sentence, words["slips"]) for sentence in chosen]
    return Sentences(pa.array(right), pa.array(mistyped), begins, counts)


def _fitting(part: Mapping[str, Any], topic: str, tone: int) -> list[str]:
    """Return the sentences for a topic, or else for any; of them those for so many stars, or else for their mood."""
    found = part.get(topic, part.get("any"))
    chosen: list[str] = found if isinstance(found, list) else found.get(str(tone + 1), found.get(MOODS[tone]))
    return chosen


def _led(sentence: str, between: str) -> str:
    return sentence if sentence.startswith("\n") else between + sentence


def _mistyped(sentence: str, slips: Mapping[str, str]) -> str:
    for word, slip in slips.items():
        sentence = sentence.replace(word, slip)
    return sentence
