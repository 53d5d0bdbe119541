"""Refused rows put right: their whole file once more, with these rows in other words, to be read like any other.

The whole file, because what belongs together (the lines of one order) must stand in one file to hold together; under
the same name, because a file that is read again under its name takes the place of the one before.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from argosy.intake.formats import known_formats
from argosy.intake.receive import readable_text
from argosy.intake.recognise import Recognised, recognise
from argosy.lake.engine import Lake
from argosy.lake.rows import rewrite
from argosy.lake.workspace import disk_errors
from argosy.model.errors import OriginalGone


@dataclass(frozen=True)
class Mended:
    """A file with some rows put right: its name and account as it was first read, and when it was written."""

    name: str
    account: str
    modified_at: int


def mend_file(lake: Lake, file_hash: str, rows: Mapping[int, str], target: Path) -> Mended:
    """Write an imported file again to ``target``, the given rows (row number -> raw text) in place of its own.

    It counts as written a second later than the original: newer than that, and not newer than exports that came after.
    ``OriginalGone`` when the original is no longer kept.
    """
    imports = lake.table("imports")
    found = lake.rows(imports.filter(imports.file_hash == file_hash))
    if not found or not (lake.workspace.raw / found[0]["kept"]).exists():
        raise OriginalGone(name=found[0]["name"] if found else file_hash[:16])
    file = found[0]
    formats = [one for one in known_formats(lake.workspace.folder) if one.name == file["format"]]
    with disk_errors(lake.workspace.folder), TemporaryDirectory(prefix="argosy-") as scratch:
        kept = lake.workspace.raw / file["kept"]
        text = readable_text(kept, name=file["name"], encoding=file["encoding"], scratch=Path(scratch))
        recognised = recognise(text, formats)
        if not isinstance(recognised, Recognised):
            raise OriginalGone(name=file["name"])
        rewrite(text, recognised.layout, rows, target)
    written = int((file["modified_at"].replace(tzinfo=UTC) + timedelta(seconds=1)).timestamp())
    os.utime(target, (written, written))
    return Mended(file["name"], file["account"], written)
