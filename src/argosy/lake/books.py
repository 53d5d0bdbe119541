"""The books in the lake: each replaced as a whole, in one transaction, and marked with the facts it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from ibis.expr.types import Table

from argosy.lake.engine import Lake, retried

_SQL_TYPES = {
    "string": "VARCHAR",
    "int64": "BIGINT",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
    "boolean": "BOOLEAN",
}
LAYOUT = 2  # raise it when posting changes, so that stored books are posted again


def ddl(name: str, schema: Mapping[str, str], *, replace: bool = False) -> str:
    """Return the statement that creates a table of this schema, in place of the one before when ``replace``."""
    columns = ", ".join(f'"{column}" {_SQL_TYPES.get(type_, type_.upper())}' for column, type_ in schema.items())
    head = "CREATE OR REPLACE TABLE" if replace else "CREATE TABLE IF NOT EXISTS"
    return f"{head} lake.main.{name} ({columns})"


def book_current(lake: Lake, name: str, *, day: date | None = None) -> bool:
    """Tell whether the stored book was made from the facts and settings as they are now (and on ``day``)."""
    if "books" not in lake.names():
        return False
    query = "SELECT mark FROM lake.main.books WHERE name = ?"
    marks = retried(lambda: lake.raw.execute(query, [name]).fetchall())
    return bool(marks) and marks[-1][0] == _mark(lake, day)


def save_book(
    lake: Lake, name: str, parts: Iterable[Table], schema: Mapping[str, str], *, day: date | None = None
) -> None:
    """Store the book ``name`` in place of the one before, part by part: memory for one part at a time."""
    statements = [lake.sql(part) for part in parts]
    names = ", ".join(f'"{column}"' for column in schema)
    with lake.transaction() as connection:
        mark = _mark(lake, day)
        connection.execute(ddl(name, schema, replace=True))
        for part in statements:
            connection.execute(f"INSERT INTO lake.main.{name} ({names}) SELECT {names} FROM ({part})")
        connection.execute(ddl("books", {"name": "string", "mark": "string"}))
        connection.execute("DELETE FROM lake.main.books WHERE name = ?", [name])
        connection.execute("INSERT INTO lake.main.books VALUES (?, ?)", [name, mark])


def _mark(lake: Lake, day: date | None) -> str:
    query = "SELECT count(*), max(imported_at) FROM lake.main.imports"
    count, last = retried(lambda: lake.raw.execute(query).fetchall())[0]
    settings = lake.workspace.settings
    return f"{LAYOUT}|{count}|{last}|{day}|{settings.book_currency}|{settings.costing}"
