"""Any table of the books on a page: filtered, ordered and paged by the engine, or whole as a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from math import ceil
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any
from urllib.parse import urlencode

import ibis
from django.http import FileResponse, HttpRequest
from ibis.expr.types import Table

from argosy.brief.files import write_view
from argosy.business import Business
from argosy.console.cells import Cell, cell_of, kind_of
from argosy.console.desk import pool
from argosy.model.words import say
from argosy.views import VIEWS, Asked

ROWS = 200  # of a page
LONGEST = 100  # characters of a filter that are looked at
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OWN = ("has", "sort", "page", "format", "column")  # what the address says of the table itself
NUMBERS = ("money", "count", "share")
# Where an amount in a cell leads to, given the row and the column; empty: nowhere.
Link = Callable[[Mapping[str, Any], str], str]


@dataclass(frozen=True)
class Wish:
    """What the address asks of a table: rows with ``text`` in any of their texts, ordered by a column (``-cm3``: the
    highest first), which page, which columns (none: the usual)."""

    text: str = ""
    sort: str = ""
    page: int = 1
    columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A page of a table: what kind each column is of, the rows, how many there are in all, which page it is."""

    kinds: Mapping[str, str]
    rows: Sequence[Mapping[str, Any]]
    total: int
    page: int


@dataclass(frozen=True)
class Head:
    """A column: its word, whether figures stand in it, where sorting by it leads, how it is sorted."""

    name: str
    word: str
    number: bool
    href: str
    sorted: str


@dataclass(frozen=True)
class Shown:
    """A table as ``parts/table.html`` draws it."""

    name: str
    wish: Wish
    part: Part
    heads: Sequence[Head]
    rows: Sequence[Sequence[Cell]]
    choices: Sequence[tuple[str, str, bool]]
    kept: Sequence[tuple[str, str]]
    guessed: bool
    csv: str
    xlsx: str
    before: str
    after: str
    pages: int
    first: int
    last: int


def wish_of(request: HttpRequest) -> Wish:
    """Return what the address asks of the table."""
    asked = request.GET
    text = "".join(sign for sign in asked.get("has", "")[:LONGEST] if sign.isprintable()).strip()
    page = asked.get("page", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1
    return Wish(text, asked.get("sort", "")[:LONGEST], max(number, 1), tuple(asked.getlist("column")[:LONGEST]))


def narrowed(table: Table, wish: Wish, *, apart: str = "") -> Table:
    """Return the rows of a table that are wished for, in the order wished for; ``apart``: a column nobody reads."""
    schema = table.schema()
    if wish.text:
        wanted = wish.text.lower()
        texts = [name for name, type_ in schema.items() if type_.is_string() and name != apart]
        table = table.filter(ibis.or_(*(table[name].lower().contains(wanted) for name in texts)))
    by = wish.sort.removeprefix("-")
    if by in schema:
        # All others after it, so that no row stands on two pages.
        first = table[by].desc(nulls_first=False) if wish.sort != by else table[by].asc(nulls_first=False)
        table = table.order_by(first, *(name for name in schema if name != by))
    return table


def shown(request: HttpRequest, name: str, asked: Asked, *, link: Link | None = None) -> Shown:
    """Return a page of the table ``name`` of ``argosy.views.VIEWS``, as the address of the request wishes it."""
    wish, view = wish_of(request), VIEWS[name]
    key = replace(wish, columns=())
    part: Part = pool().remembered(("table", name, asked, key), partial(_part, name=name, asked=asked, wish=wish))
    names = [column for column in part.kinds if column != view.marks]
    usual = [column for column in names if column not in view.aside]
    chosen = [column for column in names if column in wish.columns] or usual
    lang, to = str(request.lang), partial(_address, request)
    rows = [[cell_of(row, column, part.kinds[column], view=view, lang=lang, link=link) for column in chosen]
            for row in part.rows]  # fmt: skip
    pages = max(1, ceil(part.total / ROWS))
    return Shown(
        name, wish, part, [_head(column, part.kinds[column], wish, lang, to) for column in chosen], rows,
        choices=[(column, say(f"columns.{column}", lang), column in chosen) for column in names],
        kept=[(key, value) for key, values in request.GET.lists() if key not in OWN for value in values],
        guessed=any(cell.guess for row in rows for cell in row),
        csv=to(format="csv", page=""), xlsx=to(format="xlsx", page=""),
        before=to(page=part.page - 1) if part.page > 1 else "", after=to(page=part.page + 1) if part.page < pages
        else "", pages=pages, first=(part.page - 1) * ROWS + 1 if part.total else 0,
        last=(part.page - 1) * ROWS + len(rows),
    )  # fmt: skip


def _part(business: Business, *, name: str, asked: Asked, wish: Wish) -> Part:
    lake = business.lake
    table = narrowed(VIEWS[name].table(business, asked), wish, apart=VIEWS[name].marks)
    total = int(lake.rows(table.aggregate(n=table.count()))[0]["n"])
    page = min(wish.page, max(1, ceil(total / ROWS)))
    kinds = {column: kind_of(column, type_) for column, type_ in table.schema().items()}
    return Part(kinds, lake.rows(table.limit(ROWS, offset=(page - 1) * ROWS)), total, page)


def export(request: HttpRequest, name: str, asked: Asked) -> FileResponse | None:
    """Return the whole filtered table as the file the address asks for, None when it asks for none.

    Columns are those chosen, else all: the file that ``argosy show NAME -o FILE`` writes.
    """
    ending = request.GET.get("format", "")
    if ending not in FORMATS:
        return None
    wish = wish_of(request)
    with pool().business() as business:
        table = narrowed(VIEWS[name].table(business, asked), wish, apart=VIEWS[name].marks)
        found = business.lake.arrow(table)
    found = found.select([column for column in found.column_names if column in wish.columns] or found.column_names)
    file = NamedTemporaryFile(suffix=f".{ending}")  # noqa: SIM115 - closed, and so removed, when it has been sent
    write_view(found, Path(file.name))
    return FileResponse(
        file, as_attachment=True, filename=f"argosy-{name}-{date.today()}.{ending}", content_type=FORMATS[ending]
    )


def _head(name: str, kind: str, wish: Wish, lang: str, to: Callable[..., str]) -> Head:
    number = kind in NUMBERS
    down, up = f"-{name}", name
    first, then = (down, up) if number else (up, down)
    now = {down: "descending", up: "ascending"}.get(wish.sort, "")
    href = to(sort=then if wish.sort == first else first, page="")
    return Head(name, say(f"columns.{name}", lang), number, href, now)


def _address(request: HttpRequest, **values: object) -> str:
    asked = [(key, one) for key, all_ in request.GET.lists() if key not in values and key != "format" for one in all_]
    return "?" + urlencode([*asked, *((key, value) for key, value in values.items() if value != "")])
