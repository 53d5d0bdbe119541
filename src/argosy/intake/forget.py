"""One buyer erased: from the people file, from the kept originals, and what they wrote; the books keep bare keys."""

from __future__ import annotations

import csv
import hashlib
import hmac
import os
from collections.abc import Set
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile, TemporaryDirectory
from typing import Any

from argosy.intake.formats import Format, known_formats
from argosy.intake.receive import readable_text
from argosy.intake.recognise import Recognised, recognise
from argosy.intake.texts import TEXTS
from argosy.intake.traces import keys_of, words_of
from argosy.lake.engine import Lake
from argosy.lake.people import contacts_of, customers_with, forget
from argosy.lake.rows import Record, records
from argosy.lake.store import blank_cells, create_tables
from argosy.model.errors import NotFound


def find_customer(lake: Lake, who: str) -> str:
    """Return the key of the buyer called by key, e-mail, name or phone; ``NotFound`` when none or several are."""
    if who.startswith("c_"):
        return who
    keys = customers_with(lake.workspace.people, who)
    if len(keys) != 1:
        raise NotFound(what="customer", name=who)
    return keys[0]


def forget_customer(lake: Lake, customer_key: str, *, at: str) -> int:
    """Erase the buyer and return how many rows of kept files were blanked.

    The rows keep their place and their figures, so every amount still traces to its row; only the cells that hold
    the person, and what was written by and to them, are emptied. Visits that led to their orders and messages about
    these go with them: what another key of theirs stands for is erased as well.
    """
    create_tables(lake)
    keys = keys_of(lake, customer_key)
    contacts = [contact for key in sorted(keys) for contact in contacts_of(lake.workspace.people, key)]
    words = words_of(lake, keys)
    person = Person(
        keys=keys,
        emails={contact.value.lower() for contact in contacts if "@" in contact.value},
        rows={row for rows in words.values() for row in rows},
    )
    files = {contact.file_hash for contact in contacts}
    shorts = {row.partition(":")[0] for row in person.rows}
    imports = lake.rows(lake.table("imports"))
    told = [file for file in imports if file["file_hash"] in files or file["file_hash"][:16] in shorts]
    blanked = sum(_blank(lake, file, person) for file in told)
    for name, rows in words.items():
        blank_cells(lake, name, TEXTS[name], source_rows=rows)
    for key in sorted(keys):
        forget(lake.workspace.people, key, at=at)
    return blanked


@dataclass(frozen=True)
class Person:
    """Who is to be erased: their keys, their e-mails, and the ``source_row`` of what was written by and to them."""

    keys: Set[str]
    emails: Set[str]
    rows: Set[str]


def _blank(lake: Lake, file: dict[str, Any], person: Person) -> int:
    kept = lake.workspace.raw / file["kept"]
    formats = known_formats(lake.workspace.folder)
    format = next((f for f in formats if f.name == file["format"]), None)
    if format is None or not kept.exists():
        return 0
    with TemporaryDirectory(prefix="argosy-") as scratch:
        text = readable_text(kept, name=file["name"], encoding=file["encoding"], scratch=Path(scratch))
        found = recognise(text, [format])
        if not isinstance(found, Recognised):
            return 0
        channel_id = f"{format.channel}:{file['account']}"
        mine = {
            record.row_no
            for record in records(text, found.layout)
            if f"{file['file_hash'][:16]}:{record.row_no}" in person.rows
            or _key(record, found, channel_id, lake.workspace.key()) in person.keys
            or any(email in record.raw.lower() for email in person.emails)
        }
        if not mine:
            return 0
        if file["encoding"] == "xlsx":
            _blank_sheet(kept, file["name"].rpartition("#")[2], mine, _people(found))
        else:
            _blank_text(text, kept, found, mine)
    return len(mine)


def _key(record: Record, found: Recognised, channel_id: str, key: bytes) -> str | None:
    identity = identity_of(record, found, channel_id)
    return identity and f"c_{hmac.new(key, identity.encode(), hashlib.sha256).hexdigest()[:24]}"


def identity_of(record: Record, found: Recognised, channel_id: str) -> str | None:
    """Return what a row's buyer is known by, exactly as ``argosy.intake.people`` hashes it."""
    format: Format = found.format
    for name in format.customer:
        place = found.columns.get(name)
        value = record.cells[place].strip().lower() if place is not None and place < len(record.cells) else ""
        if value:
            known_everywhere = format.column(name).person == "email" and "@" in value
            return value if known_everywhere else f"{channel_id}:{name}:{value}"
    return None


def _people(found: Recognised) -> list[int]:
    personal = [column.name for column in found.format.columns if column.type in ("person", "words")]
    return [found.columns[name] for name in personal if name in found.columns]


def _blank_text(text: Path, kept: Path, found: Recognised, rows: set[int]) -> None:
    people = _people(found)
    lines = text.read_text(encoding="utf-8-sig").splitlines(keepends=True)[: found.layout.header_line + 1]
    with NamedTemporaryFile(
        "w", dir=kept.parent, prefix=".incoming-", delete=False, encoding="utf-8", newline=""
    ) as new:
        new.writelines(lines)
        writer = csv.writer(new, delimiter=found.layout.delimiter, lineterminator="\n")
        row_no = found.layout.header_line + 1
        for record in records(text, found.layout):
            while row_no + 1 < record.row_no:
                new.write("\n")
                row_no += 1
            row_no = record.row_no
            if record.row_no in rows:
                writer.writerow(["" if n in people or record.reason else c for n, c in enumerate(record.cells)] or [""])
            else:
                new.write(record.raw + "\n")
        new.flush()
        os.fsync(new.fileno())
    Path(new.name).replace(kept)


def _blank_sheet(kept: Path, sheet: str, rows: set[int], people: list[int]) -> None:
    import openpyxl  # noqa: PLC0415

    book = openpyxl.load_workbook(kept)
    for row in rows:
        for column in people:
            book[sheet].cell(row=row, column=column + 1).value = None
    book.save(kept)
