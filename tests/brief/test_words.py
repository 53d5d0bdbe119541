"""Every sentence people read stands in both languages, and everything the code can say has its sentence."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from argosy.domains.registry import DOMAINS
from argosy.intake.formats import TYPES
from argosy.model.entries import BRIDGE, MARGINS
from argosy.model.errors import ArgosyError
from argosy.model.promises import KINDS
from argosy.model.proposals import ACTS
from argosy.model.words import LANGUAGES, subject

SOURCE = Path(str(files("argosy")))
SUBJECTS = sorted(
    [path.stem for path in SOURCE.joinpath("locale").glob("*.toml")]
    + [path.parents[1].name for path in SOURCE.joinpath("domains").glob("*/locale/words.toml")]
)
# Cells of these types are taken as they stand; every other type can refuse one.
FREE = ("text", "words", "person", "country", "currency")


@cache
def modules(folder: str = "") -> tuple[ast.Module, ...]:
    """Return every module of Argosy, or of a folder of it, as a syntax tree."""
    paths = sorted(SOURCE.joinpath(folder).rglob("*.py"))
    return tuple(ast.parse(path.read_text(encoding="utf-8")) for path in paths)


def calls(name: str, folder: str = "") -> Iterator[ast.Call]:
    """Return the calls of the function ``name``, wherever they stand."""
    for module in modules(folder):
        for node in ast.walk(module):
            if isinstance(node, ast.Call) and name == getattr(node.func, "attr", getattr(node.func, "id", "")):
                yield node


def texts(node: ast.AST | None) -> set[str]:
    """Return the texts written out inside a piece of code."""
    found = ast.walk(node) if node is not None else ()
    return {part.value for part in found if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def given(call: ast.Call, place: int | str) -> ast.AST | None:
    """Return an argument of a call, by its place or its name."""
    if isinstance(place, int):
        return call.args[place] if len(call.args) > place else None
    return next((keyword.value for keyword in call.keywords if keyword.arg == place), None)


def missing(name: str, keys: set[str]) -> set[str]:
    """Return the keys that have no sentence; asked about nothing, the test itself is wrong."""
    assert keys
    return keys - set(subject(name))


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_sentence_is_there_in_every_language(name: str) -> None:
    incomplete = {
        key
        for key, said in subject(name).items()
        if set(said) != set(LANGUAGES) or not all(map(str.strip, said.values()))
    }
    assert incomplete == set()


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_language_speaks_of_the_same_values(name: str) -> None:
    def values(sentence: str) -> set[str]:
        return {value for _, value, _, _ in Formatter().parse(sentence) if value is not None}

    unlike = {
        key for key, said in subject(name).items() if len({frozenset(values(text)) for text in said.values()}) > 1
    }
    assert unlike == set()


def test_every_reason_to_refuse_a_row_has_its_words() -> None:
    cells = {f"not_{type_}" for type_ in TYPES if type_ not in FREE} | {"missing"}
    records = {text for call in calls("Record") for text in texts(given(call, 3))}
    rows = {
        text.split("|")[1] for name in ("select", "Facts") for call in calls(name) for text in texts(given(call, "bad"))
    }
    assert missing("rejects", cells | records | rows) == set()


def test_every_finding_has_its_words() -> None:
    kinds = {f"reconcile.{kind}" for call in calls("_finding", "books") for kind in texts(given(call, 1))}
    assert missing("findings", kinds) == set()


def test_every_gap_has_its_words_and_the_file_that_would_close_it() -> None:
    kinds = {kind for call in calls("_gap") for kind in texts(given(call, 1))}
    assert missing("gaps", kinds | set(KINDS)) == set()
    needs = {need for call in calls("_gap") for need in texts(given(call, "needs"))}
    assigned = [
        node.value
        for module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Assign) and any(getattr(target, "id", "") == "needs" for target in node.targets)
    ]
    needs |= {need for value in assigned for need in texts(value)} - set(KINDS)
    assert missing("gaps", {f"needs_{need}" for need in needs}) == set()


def test_every_promise_has_its_words() -> None:
    assert missing("promises", set(KINDS)) == set()


def test_every_error_has_its_words() -> None:
    def below(error: type[ArgosyError]) -> Iterator[type[ArgosyError]]:
        for child in error.__subclasses__():
            yield child
            yield from below(child)

    codes = {error.code for error in below(ArgosyError)} - {ArgosyError.code}
    assert missing("errors", codes) == set()


def test_every_reason_a_file_is_left_out_has_its_words() -> None:
    reasons = {reason for call in calls("Unreadable") for reason in texts(given(call, 0))}
    assert missing("files", reasons) == set()


def test_every_check_of_the_doctor_has_its_words() -> None:
    endings = {"True": ("",), "False": ("_wrong",)}
    kinds = {
        f"{kind}{ending}"
        for call in calls("Check", "intake")
        for kind in texts(given(call, 0))
        for ending in endings.get(ast.unparse(given(call, "fine") or call), ("", "_wrong"))
    }
    assert missing("doctor", kinds) == set()


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: str(domain.__name__).rpartition(".")[2])
def test_every_finding_of_a_domain_has_its_title_and_its_sentence(domain: Any) -> None:
    named = {check.kind.partition(".")[2] for check in domain.CHECKS}
    assert missing(domain.__name__.rpartition(".")[2], named | {f"{name}.says" for name in named}) == set()


def test_every_row_a_finding_rests_on_is_named() -> None:
    named = {
        name for part in ("domains", "outlook") for call in calls("evidence", part) for name in texts(given(call, 0))
    }
    assert missing("evidence", named) == set()


def test_every_change_has_its_name_and_its_sentence() -> None:
    assert missing("acts", set(ACTS) | {f"{kind}.name" for kind in ACTS}) == set()


def test_every_step_of_the_bridge_has_its_words() -> None:
    assert missing("brief", set(BRIDGE) | set(MARGINS)) == set()
    assert missing("columns", set(BRIDGE) | set(MARGINS)) == set()


def test_every_sentence_the_code_asks_for_by_name_is_there() -> None:
    asked = {key for call in calls("say") if isinstance(call.args[0], ast.Constant) for key in texts(call.args[0])}
    absent = {key for key in asked if key.partition(".")[2] not in subject(key.partition(".")[0])}
    assert asked
    assert absent == set()
