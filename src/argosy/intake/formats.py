"""The declarations of export formats: one TOML file each says what recognises a format and what its columns mean."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from argosy.intake.texts import TEXTS
from argosy.model.errors import FormatInvalid

TYPES = ("text", "words", "money", "int", "number", "rate", "time", "date", "flag", "country", "currency", "person")
PEOPLE = ("name", "email", "phone", "street")
ISO_FORMS = (
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%d %H:%M:%S.%f",
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d",
    "%Y/%m/%d %H:%M:%S",
    "%Y/%m/%d",
)


@dataclass(frozen=True)
class ColumnSpec:
    """One column of a format.

    headers: the words it may be called by, in any language; ``*`` stands for words that differ from file to file.
    type: one of ``TYPES``; "words" is what people write freely, without the contact data they write in it.
    need: "header" when a file without it is another format, "value" when also every row must fill it. person:
    what of a buyer it holds; such a column never reaches the lake. zone: of a time that is in this zone whatever
    the account's.
    """

    name: str
    headers: tuple[str, ...]
    type: str = "text"
    need: str = ""
    person: str = ""
    zone: str = ""


@dataclass(frozen=True)
class FactMap:
    """A fact table filled column by column: fact column <- format column, or a constant ``=text``."""

    table: str
    columns: Mapping[str, str]
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Format:
    """One export format.

    version: "never" when a document once exported never changes, "file" when the newest file holds, or the time
    column that says how new a row is. decimal: ".", "," or "auto". date_order: "MDY", "DMY" or "auto" for forms
    that begin with a month and a day. zone: of times without an offset. ignore: ``column~pattern``, a cell that
    makes a row no data. code: the function ``module:name`` in ``argosy.intake`` that makes the facts; else ``facts``.
    """

    name: str
    title: Mapping[str, str]
    channel: str
    columns: tuple[ColumnSpec, ...]
    forms: tuple[str, ...] = ISO_FORMS
    zone: str = "UTC"
    decimal: str = "."
    date_order: str = ""
    version: str = "file"
    ignore: tuple[str, ...] = ()
    code: str = ""
    facts: tuple[FactMap, ...] = ()
    customer: tuple[str, ...] = ()
    source: str = ""

    def column(self, name: str) -> ColumnSpec:
        """Return the column called ``name``."""
        return next(column for column in self.columns if column.name == name)

    @property
    def needed(self) -> tuple[ColumnSpec, ...]:
        """The columns without which a file is not of this format."""
        return tuple(column for column in self.columns if column.need)


def normal(header: str) -> str:
    """Return a header as it is compared: letters and digits only, folded, so that spelling habits do not matter."""
    folded = unicodedata.normalize("NFKC", header).casefold()
    return re.sub(r"[^\w]+|_", "", folded)


@cache
def shipped_formats() -> tuple[Format, ...]:
    """Return the formats Argosy comes with, in the order of their names."""
    folder = files("argosy").joinpath("intake", "formats")
    found = sorted(item.name for item in folder.iterdir() if item.name.endswith(".toml"))
    return tuple(
        parse_format(tomllib.loads(folder.joinpath(name).read_text(encoding="utf-8")), name=name[:-5], path=name)
        for name in found
    )


def known_formats(workspace: Path) -> tuple[Format, ...]:
    """Return the formats a workspace reads: those Argosy comes with, then the seller's own."""
    return (*shipped_formats(), *own_formats(workspace / "formats"))


def own_formats(folder: Path) -> tuple[Format, ...]:
    """Return the formats a seller declared in ``folder`` (``<workspace>/formats``)."""
    found = sorted(folder.glob("*.toml")) if folder.is_dir() else []
    return tuple(load_format(path) for path in found)


def load_format(path: Path) -> Format:
    """Return the format declared in ``path``; ``FormatInvalid`` says what is wrong with it."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise FormatInvalid(path=path, reason=str(error)) from error
    if raw.get("code"):
        raise FormatInvalid(path=path, reason="code")
    return parse_format(raw, name=path.stem, path=str(path))


def parse_format(raw: Mapping[str, Any], *, name: str, path: str) -> Format:
    """Return the format a declaration describes."""
    try:
        facts = tuple(
            FactMap(
                fact["table"],
                fact["columns"],
                {key: tuple(value) for key, value in fact.get("when", {}).items()},
            )
            for fact in raw.get("facts", ())
        )
        parsed = Format(
            name=name,
            title=raw["title"],
            channel=raw["channel"],
            columns=_with_words((_column(key, value) for key, value in raw["columns"].items()), facts),
            forms=tuple(raw.get("forms", ISO_FORMS)),
            facts=facts,
            customer=tuple(raw.get("customer", ())),
            ignore=tuple(_list(raw.get("ignore", ()))),
            **{key: raw[key] for key in ("zone", "decimal", "date_order", "version", "code", "source") if key in raw},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise FormatInvalid(path=path, reason=repr(error)) from error
    reason = _contradiction(parsed)
    if reason:
        raise FormatInvalid(path=path, reason=reason)
    return parsed


def _list(value: Any) -> Sequence[Any]:
    return [value] if isinstance(value, str) else value


def _column(name: str, raw: Any) -> ColumnSpec:
    if isinstance(raw, str):
        raw = {"header": raw}
    headers = _list(raw["header"])
    return ColumnSpec(
        name=name,
        headers=tuple(headers),
        type="person" if raw.get("person") else raw.get("type", "text"),
        need=raw.get("need", ""),
        person=raw.get("person", ""),
        zone=raw.get("zone", ""),
    )


def _with_words(columns: Iterable[ColumnSpec], facts: Sequence[FactMap]) -> tuple[ColumnSpec, ...]:
    """Return the columns, those that fill a free text as ``words``: nobody has to remember that people write it."""
    written = {source for fact in facts for name, source in fact.columns.items() if name in TEXTS.get(fact.table, ())}
    return tuple(
        replace(column, type="words") if column.name in written and column.type == "text" else column
        for column in columns
    )


def _contradiction(format: Format) -> str:
    names = [column.name for column in format.columns]
    for column in format.columns:
        if column.type not in TYPES or column.need not in ("", "header", "value"):
            return f"columns.{column.name}"
        if column.person and column.person not in PEOPLE:
            return f"columns.{column.name}.person"
    used = {format.version} - {"never", "file"} | set(format.customer)
    for fact in format.facts:
        used |= {source for source in fact.columns.values() if source[:1] not in "=$"} | set(fact.when)
    unknown = sorted(used - set(names))
    if unknown:
        return f"unknown column {unknown[0]}"
    if not format.needed:
        return "no column with need"
    return ""
