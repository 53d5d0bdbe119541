"""The pages nobody writes by hand: a page for every kind of finding and for every format, from the code itself."""

from __future__ import annotations

import importlib
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from argosy.brief.proved import proved
from argosy.decisions.sentences import finding_says
from argosy.domains.registry import CHECKS
from argosy.intake.formats import ColumnSpec, Format, shipped_formats
from argosy.model.findings import Finding, Range
from argosy.model.words import say, subject

HERE = Path(__file__).parent
DOCS = HERE.parent
# Which tables of facts make a format one of which group; the first that fits counts.
GROUPS: Mapping[str, tuple[str, ...]] = {
    "other": ("fx_rates", "places", "customers", "sellers", "categories"),
    "orders": ("orders", "order_lines"),
    "money": ("payouts", "payout_lines", "bank_lines", "payments", "disputes", "fees"),
    "goods": ("cost_lots", "shipments", "tracking_events", "carrier_charges", "customs_charges", "stock_levels",
              "stock_moves", "suppliers", "po_lines", "contracts", "products"),
    "buyers": ("ad_days", "touchpoints", "search_days", "reviews", "messages", "competitor_prices"),
}  # fmt: skip
TEMPLATES = ("costs",)  # of which `argosy template` writes an empty sheet
COMMA = {"en": ", ", "zh": "、"}
OUTSIDE = ("olist", "online_retail")  # channels of public data sets


def word(key: str, lang: str, **values: object) -> str:
    """Return a word of the guide's own."""
    return _toml(HERE / "words.toml")[key][lang].format_map(values)  # type: ignore[no-any-return]


def pages(lang: str) -> Iterator[tuple[str, str]]:
    """Return name and Markdown of every page that is made."""
    yield "words", _words(lang)
    yield "findings", _findings(lang)
    yield from ((f"finding-{kind}", _finding(kind, lang)) for kind in CHECKS)
    yield "formats", _formats(lang)
    yield from ((f"format-{format.name}", _format(format, lang)) for format in shipped_formats())


def _words(lang: str) -> str:
    told = [f"**{say(f'terms.{name}.name', lang)}**: {said[lang]}" for name, said in subject("terms").items()
            if not name.endswith(".name")]  # fmt: skip
    return "\n\n".join([f"# {say('console.page_words', lang)}", *told])


def _findings(lang: str) -> str:
    lines = [f"# {word('findings', lang)}", word("findings_lead", lang, n=len(CHECKS)), word("findings_proved", lang)]
    for domain in dict.fromkeys(kind.partition(".")[0] for kind in CHECKS):
        head = [word(key, lang) for key in ("kind", "noticed", "right")]
        rows = [
            (f"[{say(kind, lang)}](finding-{kind}.md)", *(_share(kind, name) for name in ("recall", "precision")))
            for kind in CHECKS
            if kind.startswith(f"{domain}.")
        ]
        lines += [f"## {say(f'console.domain_{domain}', lang)}", table(head, rows)]
    return "\n\n".join(lines)


def _finding(kind: str, lang: str) -> str:
    """Return what it says, how it is seen, which files it needs, how often it was right, when it is wrong."""
    # The example's values are of no business; its sentence is the one the console would say.
    told = _toml(HERE / "examples.toml")[kind]
    example = Finding(kind, "", date.min, Range.exactly(Decimal(1)), "", 1.0, told)
    return "\n\n".join([
        f"# {say(kind, lang)}",
        f"## {word('example', lang)}", word("example_lead", lang), f"> {finding_says(example, lang)}",
        f"## {word('how', lang)}", how(kind, lang),
        f"## {word('needs', lang)}", word("needs_lead", lang), *_needed(kind, lang),
        f"## {word('proved', lang)}", *_proved(kind, lang),
        f"## {word('wrong', lang)}", _wrong(kind, lang),
    ])  # fmt: skip


def how(kind: str, lang: str) -> str:
    """Return how a kind is seen and estimated, with the thresholds that are set."""
    settings = importlib.import_module(f"argosy.domains.{kind.partition('.')[0]}.settings")
    return say(f"{kind}.how", lang, **vars(settings))


def _needed(kind: str, lang: str) -> list[str]:
    lines = []
    needs = CHECKS[kind].needs
    # Orders and their lines stand in the same files.
    for need in (name for name in needs if name != "orders" or "order_lines" not in needs):
        given = [f"[{format.title[lang]}](format-{format.name}.md)" for format in shipped_formats()
                 if need in gives(format) and format.channel not in OUTSIDE]  # fmt: skip
        source = word("from_formats", lang, formats=COMMA[lang].join(given)) if given else ""
        lines.append(f"* {say(f'facts.{need}', lang)}{source}")
    return ["\n".join(lines)]


def _share(kind: str, name: str) -> str:
    """Return a share a kind reached in simulated worlds; nothing where it was not measured."""
    share = getattr(proved().get(kind), name, None)
    return "" if share is None else f"{share:.0%}"


def _proved(kind: str, lang: str) -> list[str]:
    score = proved().get(kind)
    if not score:
        return [word("not_proved", lang)]
    shares = {name: _share(kind, name) for name in ("recall", "precision", "near", "covered")}
    keys = ("found", "precision", "days", "near", "covered")
    told = "\n".join(f"* {word(f'proved_{key}', lang, **vars(score) | shares)}" for key in keys
                     if getattr(score, key) is not None)  # fmt: skip
    return [word("proved_lead", lang, worlds=score.worlds), told]


def _wrong(kind: str, lang: str) -> str:
    score = proved().get(kind)
    if not score:
        return word("wrong_unmeasured", lang)
    if not score.short:
        return word("wrong_not", lang)
    columns = COMMA[lang].join(word(f"column.{column}", lang) for column in score.short)
    return word("wrong_lead", lang, columns=columns, why=say(f"shortfalls.{kind}", lang))


def _formats(lang: str) -> str:
    lines = [f"# {word('formats', lang)}", word("formats_lead", lang, n=len(shipped_formats()))]
    for group in ("orders", "money", "goods", "buyers", "other"):
        mine = [format for format in shipped_formats() if _group(format) == group]
        links = "\n".join(f"* [{format.title[lang]}](format-{format.name}.md)" for format in mine)
        lines += [f"## {word(f'group.{group}', lang)}", links]
    return "\n\n".join(lines)


def _group(format: Format) -> str:
    if format.channel in OUTSIDE:
        return "other"
    return next(group for group, tables in GROUPS.items() if set(tables) & set(gives(format)))


def _format(format: Format, lang: str) -> str:
    """Return what tells a format, what to know about it, its other columns, and what can be noticed with it."""
    needed = [column for column in format.columns if column.need]
    people = [column for column in format.columns if column.type == "person"]
    other = [column for column in format.columns if not column.need and column.type != "person"]
    kinds = [f"* [{say(kind, lang)}](finding-{kind}.md)" for kind, check in CHECKS.items()
             if set(check.needs) & set(gives(format)) and format.channel not in OUTSIDE]  # fmt: skip
    lines = [
        f"# {format.title[lang]}",
        f"## {word('to_know', lang)}", note(format, lang),
        *([word("template", lang, name=format.name)] if format.name in TEMPLATES else []),
        f"## {word('recognised', lang)}", word("recognised_lead", lang, title=format.title[lang]),
        _columns(needed, lang),
    ]  # fmt: skip
    if other:
        lines += [f"## {word('also', lang)}", word("also_lead", lang), _columns(other, lang)]
    if people:
        named = COMMA[lang].join(f"`{column.headers[0]}`" for column in people)
        lines += [f"{word('buyer_columns', lang)} {named}"]
    if format.source:
        lines += [f"## {word('where_from', lang)}", word("where_from_lead", lang, source=format.source)]
    if kinds:
        lines += [f"## {word('helps', lang)}", word("helps_lead", lang), "\n".join(kinds)]
    return "\n\n".join(lines)


def _columns(columns: list[ColumnSpec], lang: str) -> str:
    # One column of a file may fill several of ours: a moment and its day.
    told: dict[tuple[str, ...], list[str]] = {}
    for column in columns:
        told.setdefault(column.headers, []).append(word(f"type.{column.type}", lang))
    head = [word("header", lang), word("holds", lang)]
    return table(head, [(" / ".join(f"`{name}`" for name in names), COMMA[lang].join(dict.fromkeys(types)))
                        for names, types in told.items()])  # fmt: skip


def note(format: Format, lang: str) -> str:
    """Return what docs/formats.md says to know about a format; in Chinese by the sentence it says it with."""
    said = _rows()[format.title["en"].casefold()][1]
    return f"{said}." if lang == "en" else f"{_toml(HERE / 'zh' / 'formats.toml')[said]}。"


def gives(format: Format) -> tuple[str, ...]:
    """Return the tables of facts a format fills: as it declares, or as docs/formats.md lists them."""
    if format.facts:
        return tuple(fact.table for fact in format.facts)
    return tuple(_rows()[format.title["en"].casefold()][0].split(", "))


@cache
def _rows() -> dict[str, tuple[str, str]]:
    """Return tables and note of each format of docs/formats.md, by its title in small letters."""
    text = (DOCS / "formats.md").read_text(encoding="utf-8").partition("## Formats that come with Argosy")[2]
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \| (.+) \|$", text, re.MULTILINE)
    return {name.casefold(): (tables, said) for names, tables, said in rows for name in names.split(", ")}


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines: list[Sequence[str]] = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


@cache
def _toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
