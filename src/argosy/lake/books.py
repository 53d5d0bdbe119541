"""The books in the lake: replaced as a whole, in one transaction, and marked with the facts they were made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from argosy.lake.engine import Lake, retried
from argosy.model.errors import LakeBusy, WorkspaceReadOnly

if TYPE_CHECKING:
    from ibis.expr.types import Table

_SQL_TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
    "boolean": "BOOLEAN",
}
LAYOUT = 8  # raise it when posting changes, so that stored books are posted again


def ddl(name: str, schema: Mapping[str, str], *, replace: bool = False) -> str:
    """Return the statement that creates a table of this schema, in place of the one before when ``replace``."""
    columns = ", ".join(f'"{column}" {_SQL_TYPES.get(type_, type_.upper())}' for column, type_ in schema.items())
    head = "CREATE OR REPLACE TABLE" if replace else "CREATE TABLE IF NOT EXISTS"
    return f"{head} lake.main.{name} ({columns})"


def added(name: str, column: str, type_: str) -> str:
    """Return the statement that adds a column to a table."""
    return f'ALTER TABLE lake.main.{name} ADD COLUMN "{column}" {_SQL_TYPES.get(type_, type_.upper())}'


@dataclass(frozen=True)
class PostedBook:
    """A book another engine posted: the folder of its Parquet files, its columns, the mark of its facts."""

    name: str
    folder: Path
    schema: Mapping[str, str]
    mark: str


def book_current(lake: Lake, name: str, *, day: date | None = None) -> bool:
    """Tell whether the stored book was made from the facts and settings as they are now (and on ``day``)."""
    return book_marks(lake).get(name) == book_mark(lake, day=day)


def _rows_of(lake: Lake, query: str) -> list[tuple[Any, ...]]:
    try:
        return retried(lambda: lake.raw.execute(query).fetchall())
    except duckdb.CatalogException:
        return []  # nothing was ever stored


def book_marks(lake: Lake) -> dict[str, str]:
    """Return what the stored books were made from, by their names, whatever facts there are by now; empty unless by
    this version and with these settings."""
    settings = lake.workspace.settings
    head, tail = f"{LAYOUT}|", f"|{settings.book_currency}|{settings.costing}"
    found: list[tuple[str, str]] = _rows_of(lake, "SELECT name, mark FROM lake.main.books")
    return {name: mark for name, mark in found if mark.startswith(head) and mark.endswith(tail)}


def save_book(
    lake: Lake, name: str, parts: Iterable[Table], schema: Mapping[str, str], *, day: date | None = None
) -> None:
    """Store the book ``name`` in place of the one before, part by part: memory for one part at a time; in a block of
    writes that read the facts it is made from, too: its mark says that it was made from these."""
    _replace(lake.raw, name, [lake.sql(part) for part in parts], schema, mark=book_mark(lake, day=day))


def save_list(lake: Lake, name: str, rows: Table, schema: Mapping[str, str], *, of: str) -> None:
    """Store what is made from the book ``of``, with its mark; ``LakeBusy`` while somebody else is writing."""
    statement = lake.sql(rows)

    def save(connection: duckdb.DuckDBPyConnection) -> None:
        _replace(connection, name, [statement], schema, mark=book_marks(lake)[of])

    lake.write(save, patience=0)


def load_books(lake: Lake, books: Iterable[PostedBook]) -> None:
    """Store books that another engine posted in place of the ones before, all in one transaction."""
    read = [(book, [f"FROM read_parquet('{path}')" for path in _files(book)]) for book in books]

    def load(connection: duckdb.DuckDBPyConnection) -> None:
        for book, statements in read:
            _replace(connection, book.name, statements, book.schema, mark=book.mark)

    lake.write(load)


def _files(book: PostedBook) -> list[str]:
    return [str(path).replace("'", "''") for path in sorted(book.folder.glob("*.parquet"))]


def _replace(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    statements: Iterable[str],
    schema: Mapping[str, str],
    *,
    mark: str,
) -> None:
    names = ", ".join(f'"{column}"' for column in schema)
    connection.execute(ddl(name, schema, replace=True))
    for part in statements:
        connection.execute(f"INSERT INTO lake.main.{name} ({names}) SELECT {names} FROM ({part})")
    connection.execute(ddl("books", {"name": "string", "mark": "string"}))
    connection.execute("DELETE FROM lake.main.books WHERE name = ?", [name])
    connection.execute("INSERT INTO lake.main.books VALUES (?, ?)", [name, mark])


ANSWERS = {"question": "string", "mark": "string", "answer": "string"}


def load_answer(lake: Lake, question: str, *, mark: str) -> str | None:
    """Return what was answered to a question from the books of this ``mark``, None where nothing was."""
    query = f"SELECT answer FROM lake.main.answers WHERE question = '{question}' AND mark = '{mark}'"
    found = _rows_of(lake, query)
    return found[-1][0] if found else None


def save_answer(lake: Lake, question: str, answer: str, *, mark: str) -> None:
    """Store an answer made from the books of this ``mark``, unless somebody else is writing; older answers go."""

    def save(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(ddl("answers", ANSWERS))
        connection.execute("DELETE FROM lake.main.answers WHERE mark <> ? OR question = ?", [mark, question])
        connection.execute("INSERT INTO lake.main.answers VALUES (?, ?, ?)", [question, mark, answer])

    with suppress(LakeBusy, WorkspaceReadOnly):
        lake.write(save, patience=0)


def book_mark(lake: Lake, *, day: date | None = None) -> str:
    """Return what tells facts and settings as they are now (and ``day``) from any others."""
    query = "SELECT count(*), max(imported_at) FROM lake.main.imports"
    count, last = retried(lambda: lake.raw.execute(query).fetchall())[0]
    settings = lake.workspace.settings
    return f"{LAYOUT}|{count}|{last}|{day}|{settings.book_currency}|{settings.costing}"
