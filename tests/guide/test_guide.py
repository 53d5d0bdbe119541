"""The guide as it is built: nothing is missing in a language, no link is dead, nothing comes from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest
from docs.guide.build import GuideBroken, Page, _link, build
from docs.guide.generated import HERE, how, note, pages

from argosy.console.desk import PAGES
from argosy.domains.registry import CHECKS
from argosy.intake.formats import shipped_formats
from argosy.model.words import LANGUAGES, say

LOADS = {"img": ("src", "srcset"), "source": ("srcset",), "script": ("src",), "link": ("href",), "use": ("href",)}


class Seen(HTMLParser):
    """What a page links to, loads, is called, and what a strict policy would refuse in it."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links, self.loads, self.refused, self.ids, self.h1 = list[str](), list[str](), list[str](), set[str](), ""
        self._in_h1 = False
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self._in_h1 = tag == "h1"
        self.ids.add(given.get("id", ""))
        if tag == "a":
            self.links.append(given["href"])
        self.loads += [given[name] for name in LOADS.get(tag, ()) if name in given]
        inline = tag == "style" or (tag == "script" and "src" not in given)
        self.refused += [tag] * inline + [name for name in given if name == "style" or name.startswith("on")]

    def handle_data(self, data: str) -> None:
        if self._in_h1:
            self.h1 += data

    def handle_endtag(self, tag: str) -> None:
        self._in_h1 = False


@pytest.fixture(scope="session")
def screens(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures of one page only."""
    folder = tmp_path_factory.mktemp("screens")
    for lang in LANGUAGES:
        for theme in ("light", "dark"):
            (folder / f"brief-{lang}-{theme}-top.webp").write_bytes(b"webp")
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, screens: Path) -> tuple[Path, list[str]]:
    """The guide, and which pictures it lacks."""
    to = tmp_path_factory.mktemp("guide") / "built"
    return to, build(to, screens=screens)


@pytest.fixture(scope="session")
def seen(built: tuple[Path, list[str]]) -> dict[Path, Seen]:
    """Every page of it."""
    return {path: Seen(path) for path in built[0].glob("*/*.html")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_of_finding_and_every_format_has_a_page(built: tuple[Path, list[str]], lang: str) -> None:
    wanted = {f"finding-{kind}" for kind in CHECKS} | {f"format-{format.name}" for format in shipped_formats()}
    assert wanted <= {path.stem for path in (built[0] / lang).glob("*.html")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_of_the_console_is_explained_under_its_own_name(seen: dict[Path, Seen], lang: str) -> None:
    titles = {path.stem: page.h1 for path, page in seen.items() if path.parent.name == lang}
    for name in (*(name for name, _, _ in PAGES), "account", "words"):
        assert titles[name] == say(f"console.page_{name}", lang)


def test_what_is_written_by_hand_is_there_in_both_languages() -> None:
    english, chinese = ({path.name for path in (HERE / lang).glob("*.md")} for lang in LANGUAGES)
    assert english == chinese


def test_both_languages_have_the_same_parts_pictures_and_commands() -> None:
    def shape(path: Path) -> tuple[list[str], list[str], int]:
        text = path.read_text(encoding="utf-8")
        heads = re.findall(r"^#+", text, re.MULTILINE)
        return heads, re.findall(r"\]\((\S+?)\)", text), len(re.findall(r"^```", text, re.MULTILINE))

    for path in (HERE / "en").glob("*.md"):
        (heads, links, blocks), other = shape(path), shape(HERE / "zh" / path.name)
        assert (heads, sorted(links), blocks) == (other[0], sorted(other[1]), other[2]), path.name


def test_no_link_is_dead_and_nothing_comes_from_elsewhere(seen: dict[Path, Seen]) -> None:
    for path, page in seen.items():
        for link in (link for link in page.links if not link.startswith("https://")):
            target, part = urldefrag(unquote(link))
            at = (path.parent / target).resolve() if target else path
            assert at.is_file(), (path.name, link)
            assert not part or part in seen[at].ids, (path.name, link)
        for asset in page.loads:
            assert (path.parent / urldefrag(asset)[0]).is_file(), (path.name, asset)


def test_pages_hold_under_the_strict_policy(built: tuple[Path, list[str]], seen: dict[Path, Seen]) -> None:
    assert not {path: page.refused for path, page in seen.items() if page.refused}
    styles = (built[0] / "guide.css").read_text(encoding="utf-8")
    assert "@import" not in styles
    assert "url(" not in styles


def test_pictures_that_were_not_taken_are_named_and_the_rest_is_built(built: tuple[Path, list[str]]) -> None:
    to, missing = built
    assert "queue-zh-light-top.webp" in missing
    assert not [name for name in missing if name.startswith("brief")]
    assert 'srcset="../pictures/brief-zh-dark-top.webp"' in (to / "zh" / "brief.html").read_text(encoding="utf-8")
    assert "<img" not in (to / "en" / "queue.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_from_the_code_are_whole(lang: str) -> None:
    made = dict(pages(lang))
    for name, text in made.items():
        assert "None" not in text, name
        assert not re.search(r"\{\w+", text), name
    for kind in CHECKS:
        assert how(kind, lang)
        # Without one of its values a finding is told by its title alone.
        assert f"> {say(kind, lang)}:" not in made[f"finding-{kind}"]
    for format in shipped_formats():
        assert note(format, lang)


def test_a_link_to_a_page_that_is_not_there_stops_the_build() -> None:
    with pytest.raises(GuideBroken, match="en/brief: no page nowhere"):
        _link("nowhere.md", Page("brief", "en", ""), {})


def found(text: str) -> Iterator[str]:
    yield from re.findall(r"`argosy ([\w-]+)", text)


def test_every_command_named_is_one() -> None:
    from argosy.cli import main  # noqa: PLC0415 - heavy, and nothing else here needs it

    for lang in LANGUAGES:
        for path in (HERE / lang).glob("*.md"):
            assert set(found(path.read_text(encoding="utf-8"))) <= set(main.commands), path.name
