"""Facts into the lake, version by version, so that importing in any order and any number of times is the same."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

import duckdb
import ibis
from ibis.expr.types import Table

from argosy.lake.books import added, ddl
from argosy.lake.engine import Lake
from argosy.model.facts import FACTS, FactTable, schema

# Tables that say what was read; facts.md names them rejects and imports. A reject's raw text stays in the kept
# file, for it may hold people's data: ``argosy.intake.rejects`` reads it from there when asked.
IMPORTS = {
    "file_hash": "string",
    "kept": "string",
    "name": "string",
    "format": "string",
    "account": "string",
    "reading": "string",  # digest of how it was read: declaration, the account's settings, version of Argosy
    "encoding": "string",
    "rows": "int64",
    "accepted": "int64",
    "rejected": "int64",
    "ignored": "int64",
    "notes": "string",
    "modified_at": "timestamp",
    "imported_at": "timestamp",
}
REJECTS = {
    "file_hash": "string",
    "source": "string",
    "row_no": "int64",
    "column": "string",
    "reason": "string",
    "known_at": "timestamp",
}

# Facts the world knew from a day on, whenever they were read: the column of that day.
PUBLIC = {"fx_rates": "quoted_on"}


def create_tables(lake: Lake) -> None:
    """Create every table of the lake, and every column of one, that is not there yet."""
    wanted = {"imports": IMPORTS, "rejects": REJECTS} | {t.name: schema(t) for t in FACTS.values()}
    known = lake.columns()
    late = {
        name: {column: type_ for column, type_ in columns.items() if column not in known[name]}
        for name, columns in wanted.items()
        if name in known
    }
    missing = wanted.keys() - known.keys()
    if not missing and not any(late.values()):
        return

    def create(connection: duckdb.DuckDBPyConnection) -> None:
        for name in sorted(missing):
            connection.execute(ddl(name, wanted[name]))
        for name, columns in late.items():
            for column, type_ in columns.items():
                connection.execute(added(name, column, type_))

    lake.write(create)


def facts(lake: Lake, name: str, *, as_known: datetime | None = None) -> Table:
    """Return the fact table ``name`` as it holds now, or as Argosy knew it at the UTC moment ``as_known``."""
    table = lake.table(name)
    if as_known is None:
        return table.filter(table.superseded_at.isnull())
    moment = ibis.literal(as_known)
    if name in PUBLIC:
        return table.filter(table.superseded_at.isnull(), table[PUBLIC[name]] <= as_known.date())
    return table.filter(table.known_at <= moment, table.superseded_at.isnull() | (table.superseded_at > moment))


def save_facts(lake: Lake, connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Add the rows waiting in the temporary table ``new_<name>`` to the fact table ``name``.

    Runs inside a transaction. Per document the highest version holds; of equal versions all rows hold, one per
    key, the highest ``source_row``, and of the same row read again the later reading. What loses stays in the
    table, superseded from the moment it was known.
    """
    table = FACTS[name]
    new, old = f"new_{name}", f"lake.main.{name}"
    _one_row_per_key(connection, new, table)
    on = " AND ".join(f'old."{c}" IS NOT DISTINCT FROM new."{c}"' for c in table.document)
    met = connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE met AS SELECT old.rowid AS id, old.* FROM {old} old
            WHERE old.superseded_at IS NULL
              AND EXISTS (SELECT 1 FROM {new} new WHERE {on})"""
    ).fetchall()
    if met and met[0][0]:
        _supersede(connection, table)
    columns = ", ".join(f'"{column}"' for column in schema(table))
    connection.execute(f"INSERT INTO {old} ({columns}) SELECT {columns} FROM {new}")


def _one_row_per_key(connection: duckdb.DuckDBPyConnection, new: str, table: FactTable) -> None:
    """Of several rows with one key in one file the last one holds: a file's later rows are its newer ones."""
    keys = _quoted(table.key)
    twice = connection.execute(f"SELECT 1 FROM {new} GROUP BY {keys} HAVING count(*) > 1 LIMIT 1").fetchone()
    if twice:
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE {new} AS SELECT * FROM {new}
                QUALIFY row_number() OVER (PARTITION BY {keys} ORDER BY version DESC, row_no DESC) = 1"""
        )


def _supersede(connection: duckdb.DuckDBPyConnection, table: FactTable) -> None:
    new, old = f"new_{table.name}", f"lake.main.{table.name}"
    document, key = _quoted(table.document), _quoted(table.key)
    connection.execute(
        f"""CREATE OR REPLACE TEMP TABLE losers AS
            SELECT id, source_row, {key}, max(known_at) OVER (PARTITION BY {document}) AS lost_at FROM (
              SELECT *, max(version) OVER (PARTITION BY {document}) AS newest,
                     max(place) OVER (PARTITION BY {key}, version) AS holder
              FROM (SELECT id, source_row, source_row || '/0' AS place, version, known_at, {_unique(table)} FROM met
                    UNION ALL
                    SELECT NULL, source_row, source_row || '/1', version, known_at, {_unique(table)} FROM {new}))
            QUALIFY version < newest OR place < holder"""
    )
    connection.execute(
        f"""UPDATE {old} SET superseded_at = losers.lost_at FROM losers
            WHERE {table.name}.rowid = losers.id AND losers.id IS NOT NULL"""
    )
    on = " AND ".join(f'new."{c}" IS NOT DISTINCT FROM losers."{c}"' for c in table.key)
    connection.execute(
        f"""UPDATE {new} new SET superseded_at = new.known_at FROM losers
            WHERE losers.id IS NULL AND new.source_row = losers.source_row AND {on}"""
    )


def _unique(table: FactTable) -> str:
    return _quoted(dict.fromkeys((*table.key, *table.document)))


def _quoted(columns: Iterable[str]) -> str:
    # A column may be called by a word of the engine's own language: at.
    return ", ".join(f'"{column}"' for column in columns)


def save_import(
    connection: duckdb.DuckDBPyConnection, record: dict[str, object], rejects: Iterable[tuple[object, ...]]
) -> None:
    """Write down that a file was read, with the rows that were not taken; runs inside the facts' transaction."""
    names = ", ".join(f'"{name}"' for name in IMPORTS)
    marks = ", ".join("?" for _ in IMPORTS)
    connection.execute(f"INSERT INTO lake.main.imports ({names}) VALUES ({marks})", [record[name] for name in IMPORTS])
    rows = list(rejects)
    if rows:
        marks = ", ".join("?" for _ in REJECTS)
        connection.executemany(f"INSERT INTO lake.main.rejects VALUES ({marks})", rows)


def blank_cells(lake: Lake, name: str, columns: Collection[str], *, source_rows: Collection[str]) -> None:
    """Empty these columns in every version of the facts that came from ``source_rows``; nothing else changes.

    The table is written anew: an update would leave what was there in the lake's files and statistics for ever, so
    it leaves with the snapshot before (``argosy.lake.upkeep``).
    """
    if not source_rows:
        return
    emptied = ", ".join(f'NULL AS "{column}"' for column in columns)
    rows = f"lake.main.{name}"

    def blank(connection: duckdb.DuckDBPyConnection) -> None:
        connection.execute(
            f"""CREATE OR REPLACE TEMP TABLE rewritten AS
                SELECT * FROM {rows} WHERE source_row NOT IN (SELECT unnest(?::VARCHAR[]))
                UNION ALL BY NAME
                SELECT * EXCLUDE ({_quoted(columns)}), {emptied} FROM {rows}
                WHERE source_row IN (SELECT unnest(?::VARCHAR[]))""",
            [list(source_rows), list(source_rows)],
        )
        connection.execute(ddl(name, schema(FACTS[name]), replace=True))
        connection.execute(f"INSERT INTO {rows} BY NAME SELECT * FROM rewritten")
        connection.execute("DROP TABLE rewritten")

    lake.write(blank)


def received_before(lake: Lake, file_hash: str, account: str) -> str | None:
    """Return how a file was read for an account (``IMPORTS``: reading), None when it was not."""
    imports = lake.table("imports")
    same = imports.filter(imports.file_hash == file_hash, imports.account == account)
    found = lake.rows(same.select("reading"))
    return found[-1]["reading"] or "" if found else None


def take_back(connection: duckdb.DuckDBPyConnection, file_hash: str, account: str, *, short: str, at: datetime) -> None:
    """Take back what a file was read as, for it is read anew; ``short`` begins the ``source_row`` of its rows.

    Runs inside the transaction of the new reading. The facts stay, superseded ``at`` that moment.
    """
    mine = "superseded_at IS NULL AND starts_with(source_row, ?) AND ends_with(source, ?)"
    for name in FACTS:
        there = connection.execute(f"SELECT 1 FROM lake.main.{name} WHERE {mine} LIMIT 1", [short, f"@{account}"])
        if there.fetchone():
            connection.execute(
                f"UPDATE lake.main.{name} SET superseded_at = ? WHERE {mine}", [at, short, f"@{account}"]
            )
    connection.execute("DELETE FROM lake.main.imports WHERE file_hash = ? AND account = ?", [file_hash, account])
    connection.execute(
        "DELETE FROM lake.main.rejects WHERE file_hash = ? AND ends_with(source, ?)", [file_hash, f"@{account}"]
    )
