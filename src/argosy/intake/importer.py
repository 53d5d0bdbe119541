"""Reading files into the lake: each file is one transaction, and no file or row stops another."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb
import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, declared_facts
from argosy.intake.formats import Format, known_formats
from argosy.intake.parse import parse_rows, settle_reading
from argosy.intake.people import hide_people
from argosy.intake.receive import Found, Received, Unreadable, find_files, open_archives, receive
from argosy.intake.recognise import Recognised, recognise
from argosy.intake.traces import without_forgotten
from argosy.lake.engine import Lake
from argosy.lake.rows import read_rows
from argosy.lake.settings import Account
from argosy.lake.store import create_tables, received_before, save_facts, save_import, take_back
from argosy.lake.workspace import disk_error, disk_errors
from argosy.model.errors import ArgosyError
from argosy.model.facts import FACTS, schema
from argosy.model.version import VERSION


@dataclass(frozen=True)
class FileReport:
    """What became of one file.

    outcome: imported, known (read before), unknown, unreadable. assumed: what its rows could not decide. values:
    what the sentence about an unknown or unreadable file needs.
    """

    name: str
    outcome: str
    format: str = ""
    rows: int = 0
    accepted: int = 0
    rejected: int = 0
    ignored: int = 0
    reason: str = ""
    assumed: tuple[str, ...] = ()
    values: dict[str, Any] = field(default_factory=dict)
    facts: dict[str, int] = field(default_factory=dict)


Progress = Callable[[str, int, int], None]


def import_files(
    lake: Lake,
    paths: Sequence[str],
    *,
    known_at: datetime,
    account: str = "main",
    names: Mapping[str, str] | None = None,
    progress: Progress = lambda name, done, total: None,
) -> list[FileReport]:
    """Read every file behind ``paths`` and return what became of each.

    ``known_at`` (UTC) is when Argosy learns what the files say. ``names``: what people call a file, by its path,
    where that is not its name on disk. ``progress(name, done, total)`` is told before
    each file. Raises ``NothingToImport`` for a path without files, ``DiskFull`` and its like; a file that cannot
    be read is a report, never an error.
    """
    called = names or {}
    found = [replace(file, name=called.get(str(file.path), file.name)) for file in find_files(paths)]
    create_tables(lake)
    formats = known_formats(lake.workspace.folder)
    reports: list[FileReport] = []
    for number, file in enumerate(found):
        progress(file.name, number, len(found))
        try:
            parts = open_archives(file)
        except Unreadable as error:
            reports.append(_unreadable(file, error))
            continue
        reports += [_attempt(lake, part, formats, known_at=known_at, account=account) for part in parts]
    progress("", len(found), len(found))
    return reports


def _unreadable(file: Found, error: Unreadable) -> FileReport:
    return FileReport(file.name, "unreadable", reason=error.reason, values=error.values)


def _attempt(lake: Lake, part: Found, formats: Sequence[Format], *, known_at: datetime, account: str) -> FileReport:
    """Import one file: a door, behind which whatever goes wrong is told of this file and stops no other."""
    try:
        return _import_part(lake, part, formats, known_at=known_at, account=account)
    except ArgosyError:
        raise
    except Exception as error:
        known = disk_error(error, lake.workspace.folder)
        if known is not None:
            raise known from error
        told = {"error": f"{type(error).__name__}: {error}".split("\n")[0][:200]}
        return FileReport(part.name, "unreadable", reason="unforeseen", values=told)


def _import_part(lake: Lake, part: Found, formats: Sequence[Format], *, known_at: datetime, account: str) -> FileReport:
    with disk_errors(lake.workspace.folder), TemporaryDirectory(prefix="argosy-") as scratch:
        try:
            received = receive(part, lake.workspace.raw, Path(scratch))
        except Unreadable as error:
            return _unreadable(part, error)
        recognised = recognise(received.text, formats)
        if not isinstance(recognised, Recognised):
            return FileReport(
                part.name,
                "unknown",
                values={
                    "nearest": recognised.nearest.name if recognised.nearest else "",
                    "missing": list(recognised.missing),
                },
            )
        reading = _reading(lake, recognised.format, account)
        if received_before(lake, received.file_hash, account) == reading:
            return FileReport(part.name, "known", recognised.format.name)
        return _import_rows(lake, received, recognised, known_at=known_at, account=account)


def _owner(lake: Lake, format: Format, account: str) -> Account:
    return lake.workspace.settings.accounts.get(f"{format.channel}:{account}", Account())


def _reading(lake: Lake, format: Format, account: str) -> str:
    """Return what tells one way of reading a file from another: when it changes, the file is read again."""
    said = f"{VERSION}|{format!r}|{_owner(lake, format, account)!r}"
    return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Batch:
    """One file on its way into the lake: what it is, whose it is, when it was learned."""

    received: Received
    format: Format
    origin: Origin
    known_at: datetime

    @property
    def source(self) -> str:
        return f"{self.format.name}@{self.origin.account}"

    @property
    def short(self) -> str:
        return self.received.file_hash[:16]


def _import_rows(
    lake: Lake, received: Received, recognised: Recognised, *, known_at: datetime, account: str
) -> FileReport:
    format = recognised.format
    rows, broken = read_rows(
        lake, received.text, recognised.layout, columns=recognised.columns, regular=received.regular
    )
    settings = lake.workspace.settings
    owner = _owner(lake, format, account)
    reading = settle_reading(lake, rows, format, recognised.columns, owner.timezone or format.zone)
    parsed = parse_rows(lake, rows, format, recognised.columns, reading)
    ignored = lake.keep("rows_ignored", _ignored(rows, format))
    origin = Origin(
        account=account,
        channel=format.channel,
        reading=reading,
        country=owner.country,
        currency=owner.currency,
        home=settings.home,
        book_currency=settings.book_currency,
        headers={name: recognised.header[place] for name, place in recognised.columns.items()},
    )
    good = parsed.filter(parsed.bad.isnull()).anti_join(ignored, "row_no")
    hidden = hide_people(lake, _stamped(good, format), format, origin, received.file_hash)
    facts = without_forgotten(lake, _with_taxes(_mapping(format)(hidden, format, origin), owner))
    bad = parsed.filter(parsed.bad.notnull()).select("row_no", "bad").anti_join(ignored, "row_no")
    refused = lake.rows(bad) + (lake.rows(facts.refused) if facts.refused is not None else [])
    rejects = [(row["row_no"], *row["bad"].split("|", 1)) for row in refused]
    rejects += [(record.row_no, "", record.reason) for record in broken]
    counts = {
        "rows": _count(lake, rows) + len(broken),
        "ignored": _count(lake, ignored) + (_count(lake, facts.ignored) if facts.ignored is not None else 0),
        "rejected": len({row_no for row_no, *_ in rejects}),
    }
    counts["accepted"] = counts["rows"] - counts["ignored"] - counts["rejected"]
    batch = Batch(received, format, origin, known_at)
    written = _write(lake, batch, facts, counts=counts, rejects=rejects)
    if written is None:
        return FileReport(received.name, "known", format.name)
    return FileReport(
        received.name,
        "imported",
        format.name,
        rows=counts["rows"],
        accepted=counts["accepted"],
        rejected=counts["rejected"],
        ignored=counts["ignored"],
        assumed=reading.assumed,
        facts=written,
    )


def _ignored(rows: Table, format: Format) -> Table:
    """Return the rows that are no data: descriptions under the header, footers, totals, empty ones."""
    found = ibis.and_(*(rows[name].isnull() for name in rows.columns if name != "row_no"))
    for mark in format.ignore:
        column, _, pattern = mark.partition("~")
        if column in rows.columns:
            found = found | rows[column].re_search(pattern).fill_null(False)
    return rows.filter(found).select("row_no")


def _stamped(rows: Table, format: Format) -> Table:
    """Add ``version_at``: how new each row is, by the format's own column, else by the latest time in the row."""
    if format.version == "never":
        return rows.mutate(version_at=ibis.null("timestamp"))
    # What is promised lies ahead of the export and tells nothing of its age.
    dated = [c.name for c in format.columns if c.type in ("time", "date") and not c.name.endswith("_by")]
    times = [rows[name].cast("timestamp") for name in dated]
    latest = ibis.greatest(*times) if len(times) > 1 else times[0] if times else ibis.null("timestamp")
    if format.version != "file":
        # Older variants of an export may lack the column.
        latest = ibis.coalesce(rows[format.version].cast("timestamp"), latest)
    return rows.mutate(version_at=latest)


def _mapping(format: Format) -> Callable[[Table, Format, Origin], Facts]:
    if not format.code:
        return declared_facts
    module, _, name = format.code.partition(":")
    mapping: Callable[[Table, Format, Origin], Facts] = getattr(import_module(f"argosy.intake.{module}"), name)
    return mapping


def _with_taxes(facts: Facts, owner: Account) -> Facts:
    """Fill in what the seller set for the account where the export does not say how its tax is meant."""
    lines = facts.tables.get("order_lines")
    set_ = {"tax_included": owner.prices_include_tax, "tax_collected_by": owner.tax}
    known = {name: value for name, value in set_.items() if value is not None}
    if lines is None or not known:
        return facts
    filled = {
        name: ibis.coalesce(lines[name], value) if name in lines.columns else ibis.literal(value)
        for name, value in known.items()
    }
    return replace(facts, tables={**facts.tables, "order_lines": lines.mutate(**filled)})


def _count(lake: Lake, table: Table) -> int:
    return int(lake.rows(table.aggregate(n=table.count()))[0]["n"])


def _write(
    lake: Lake, batch: Batch, facts: Facts, *, counts: dict[str, int], rejects: list[tuple[Any, ...]]
) -> dict[str, int] | None:
    """Write a file's facts in one transaction and return how many each table got; None when another was first."""
    notes = {name: int(lake.rows(value.name("n").as_table())[0]["n"] or 0) for name, value in facts.counts.items()}
    tables = dict(facts.tables) | {"channels": _channel(batch.origin)}
    written = {name: _count(lake, _complete(lake, table, name, batch)) for name, table in tables.items()}
    received = batch.received
    reading = _reading(lake, batch.format, batch.origin.account)
    record = {
        "file_hash": received.file_hash,
        "kept": received.kept.name,
        "name": received.name,
        "format": batch.format.name,
        "account": batch.origin.account,
        "reading": reading,
        "encoding": received.encoding,
        "notes": json.dumps(notes | {"assumed": list(batch.origin.reading.assumed)}),
        "modified_at": received.modified_at,
        "imported_at": batch.known_at,
    } | counts
    told = [(received.file_hash, batch.source, *reject, batch.known_at) for reject in rejects]

    def write(connection: duckdb.DuckDBPyConnection) -> dict[str, int] | None:
        # Another process may have read the same file since we looked.
        before = received_before(lake, received.file_hash, batch.origin.account)
        if before == reading:
            return None
        if before is not None:
            take_back(connection, received.file_hash, batch.origin.account, short=batch.short, at=batch.known_at)
        for name in tables:
            save_facts(lake, connection, name)
        save_import(connection, record, told)
        return {name: n for name, n in written.items() if name != "channels"}

    return lake.write(write)


def _channel(origin: Origin) -> Table:
    row = {
        "channel_id": origin.channel_id,
        "kind": origin.channel,
        "country": origin.country,
        "timezone": origin.reading.zone,
        "currency": origin.currency,
        "row_no": 0,
    }
    types = {"row_no": "int64"}
    return ibis.memtable([row], schema={name: types.get(name, "string") for name in row}).mutate(
        version_at=ibis.null("timestamp")
    )


def _complete(lake: Lake, table: Table, name: str, batch: Batch) -> Table:
    """Keep the facts as ``new_<name>``: every declared column in its type, and where and when they were read."""
    stamp = f"|{batch.received.modified_at:%Y-%m-%dT%H:%M:%S}|{batch.short}"
    never = batch.format.version == "never" or name == "channels"
    # A document is as new as its newest row, and of two as new the one in the newer file holds.
    newest = table.version_at.max().over(ibis.window(group_by=[table[column] for column in FACTS[name].document]))
    version = ibis.literal("") if never else newest.strftime("%Y-%m-%dT%H:%M:%S").fill_null("").concat(stamp)
    provenance = {
        "source": ibis.literal(batch.source),
        "source_row": ibis.literal(f"{batch.short}:").concat(table.row_no.cast("string")),
        "version": version,
        "known_at": ibis.literal(batch.known_at).cast("timestamp"),
        "superseded_at": ibis.null("timestamp"),
    }
    columns = {
        column: (
            provenance[column]
            if column in provenance
            else table[column].cast(type_)
            if column in table.columns
            else ibis.null(type_)
        )
        for column, type_ in schema(FACTS[name]).items()
    }
    return lake.keep(f"new_{name}", table.select(**columns, row_no=table.row_no))
