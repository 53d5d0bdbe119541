"""Makes the guide people read: Markdown in two languages, and pages made from the code, into plain files.

python -m docs.guide.build src/argosy/console/guide build/screens   # where to, and where `make screens` put pictures
"""

from __future__ import annotations

import html
import json
import re
import shutil
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from django.template import Context, Engine
from django.utils.safestring import mark_safe
from docs.guide.generated import pages as made
from docs.guide.generated import word
from markdown_it import MarkdownIt
from markdown_it.token import Token

from argosy.model.version import VERSION
from argosy.model.words import LANGUAGES

HERE = Path(__file__).parent
STYLES = HERE.parents[1] / "src" / "argosy" / "console" / "static" / "argosy"
DARK = re.compile(r'\[data-bs-theme="dark"\] \{(.*?)\n\}', re.DOTALL)


@dataclass
class Page:
    """A page: its name, which is its file's, and what rendering found in it."""

    name: str
    lang: str
    text: str
    title: str = ""
    body: str = ""
    heads: list[tuple[str, str]] = field(default_factory=list)  # anchor and words of each part
    parts: dict[str, tuple[str, list[str]]] = field(default_factory=dict)  # anchor -> its words, texts: for the search


class GuideBroken(Exception):
    """A link leads nowhere, or a page is missing in a language."""


def build(to: Path, *, screens: Path | None = None) -> list[str]:
    """Write the guide into the folder ``to`` and return what is missing of it: pictures that were not taken."""
    guide = {lang: {page.name: page for page in _pages(lang)} for lang in LANGUAGES}
    if odd := set(guide["en"]) ^ set(guide["zh"]):
        raise GuideBroken(f"only in one language: {', '.join(sorted(odd))}")
    pictures = _Pictures(screens)
    for pages in guide.values():
        for page in pages.values():
            _render(page, pages, pictures)
    shutil.rmtree(to, ignore_errors=True)
    for lang, pages in guide.items():
        _write(to / lang, lang, list(pages.values()))
    _assets(to, pictures)
    return sorted(pictures.missing)


def _pages(lang: str) -> Iterator[Page]:
    """Return the pages of a language in the order of the menu."""
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (HERE / lang).glob("*.md")} | dict(made(lang))
    named = [name for group in _menu() for name in _named(group["pages"], texts)]
    if lost := set(texts) - set(named):
        raise GuideBroken(f"not in menu.toml: {', '.join(sorted(lost))}")
    return (Page(name, lang, texts[name]) for name in named)


def _named(patterns: Sequence[str], names: Mapping[str, Any]) -> list[str]:
    return [name for pattern in patterns for name in ([pattern] if "*" not in pattern else names)
            if fnmatch(name, pattern)]  # fmt: skip


def _menu() -> list[dict[str, Any]]:
    return tomllib.loads((HERE / "menu.toml").read_text(encoding="utf-8"))["group"]  # type: ignore[no-any-return]


class _Pictures:
    """The pictures asked for, of those that were taken."""

    def __init__(self, folder: Path | None) -> None:
        self.folder, self.used, self.missing = folder, set[Path](), set[str]()

    def html(self, name: str, words: str, lang: str) -> str:
        """Return a picture in both themes, which opens larger; nothing where it was not taken."""
        light, dark = (Path(f"{name}-{lang}-{theme}-top.webp") for theme in ("light", "dark"))
        if self.folder is None or not (self.folder / light).is_file():
            self.missing.add(light.name)
            return ""
        self.used.add(self.folder / light)
        other = ""
        if (self.folder / dark).is_file():
            self.used.add(self.folder / dark)
            other = f'<source media="(prefers-color-scheme: dark)" srcset="../pictures/{dark}">'
        return (
            f'<a class="g-picture" href="../pictures/{light}"><picture>{other}'
            f'<img src="../pictures/{light}" alt="{html.escape(words)}" loading="lazy"></picture></a>'
        )


def _render(page: Page, pages: Mapping[str, Page], pictures: _Pictures) -> None:
    """Fill in a page's title, body, parts; links lead from page to page, pictures stand where they are named."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(page.text)
    anchor, head = "", ""
    for before, token in zip([Token("", "", 0), *tokens], tokens, strict=False):
        if token.type != "inline":
            continue
        plain = "".join(one.content for one in token.children or () if one.type in ("text", "code_inline"))
        if before.type == "heading_open" and before.tag == "h1":
            page.title = head = plain
        elif before.type == "heading_open":
            anchor, head = re.sub(r"\W+", "-", plain.casefold()).strip("-"), plain
            before.attrSet("id", anchor)
            if before.tag == "h2":
                page.heads.append((anchor, head))
        else:
            page.parts.setdefault(anchor, (head, []))[1].append(plain)
        for one in token.children or ():
            if one.type == "link_open":
                one.attrSet("href", _link(str(one.attrGet("href")), page, pages))

    def drawn(self: Any, shown: Sequence[Token], number: int, options: Any, env: Any) -> str:
        one = shown[number]
        return pictures.html(str(one.attrGet("src")), one.content, page.lang)

    def boxed(self: Any, shown: Sequence[Token], number: int, options: Any, env: Any) -> str:
        # Wide tables scroll by themselves, by keyboard too.
        return f'<div class="g-table" tabindex="0" role="group" aria-label="{html.escape(page.title)}"><table>'

    markdown.add_render_rule("image", drawn)
    markdown.add_render_rule("table_open", boxed)
    markdown.add_render_rule("table_close", lambda *_: "</table></div>")
    page.body = markdown.renderer.render(tokens, markdown.options, {})


def _link(target: str, page: Page, pages: Mapping[str, Page]) -> str:
    """Return where a link leads; a page that is not there stops the build."""
    if re.match(r"https?:|mailto:|#|/", target):
        return target
    name, _, part = target.partition("#")
    if not name.endswith(".md") or name[:-3] not in pages:
        raise GuideBroken(f"{page.lang}/{page.name}: no page {target}")
    return f"{name[:-3]}.html" + (f"#{part}" if part else "")


def _write(to: Path, lang: str, pages: Sequence[Page]) -> None:
    template = Engine(dirs=[str(HERE / "theme")], autoescape=True).get_template("page.html")
    titles = {page.name: page.title for page in pages}
    to.mkdir(parents=True)
    around = zip([None, *pages], pages, [*pages[1:], None], strict=False)
    for before, page, after in around:
        shown = {
            "page": page, "body": mark_safe(page.body), "before": before, "after": after, "lang": lang,  # noqa: S308
            "other": next(one for one in LANGUAGES if one != lang), "menu": _shown_menu(page, titles),
            "say": {key: word(key, lang, version=VERSION) for key in
                    ("guide", "skip", "menu", "contents", "search", "no_results", "before", "next", "other",
                     "made")},
        }  # fmt: skip
        (to / f"{page.name}.html").write_text(
            template.render(Context(shown, use_l10n=False, use_tz=False)), encoding="utf-8"
        )
    found = [[f"{page.name}.html" + (f"#{anchor}" if anchor else ""), page.title, head, " · ".join(texts)]
             for page in pages for anchor, (head, texts) in page.parts.items()]  # fmt: skip
    (to / "search.json").write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")


def _shown_menu(page: Page, titles: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the menu; pages of a pattern stand there only by the page that lists them."""
    groups = []
    for group in _menu():
        listed = [name for name in group["pages"] if "*" not in name]
        here = next((name for name in listed if page.name == name or page.name.startswith(f"{name[:-1]}-")), "")
        links = [{"name": name, "title": titles[name], "here": name == here} for name in listed]
        groups.append({"title": group["title"][page.lang], "links": links})
    return groups


def _assets(to: Path, pictures: _Pictures) -> None:
    """Write styles, script, mark and pictures; the console's dark colours hold where the reader's system is dark."""
    tokens = (STYLES / "tokens.css").read_text(encoding="utf-8")
    found = DARK.search(tokens)
    if found is None:
        raise GuideBroken("tokens.css has no dark colours")
    dark = f"@media (prefers-color-scheme: dark) {{ :root {{{found[1]}\n}} }}\n"
    own = (HERE / "theme" / "guide.css").read_text(encoding="utf-8")
    (to / "guide.css").write_text(tokens + dark + own, encoding="utf-8")
    shutil.copy(HERE / "theme" / "guide.js", to)
    shutil.copy(STYLES / "mark.svg", to)
    (to / "pictures").mkdir()
    for path in pictures.used:
        shutil.copy(path, to / "pictures")


def main() -> None:
    """Build it and say what is missing."""
    to, screens = Path(sys.argv[1]), Path(sys.argv[2])
    missing = build(to, screens=screens)
    if missing:
        sys.stderr.write(f"{len(missing)} pictures are missing in {screens}; take them by: make screens\n")
    sys.stdout.write(f"{to / 'en' / 'index.html'}\n")


if __name__ == "__main__":
    main()
