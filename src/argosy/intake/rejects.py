"""The rows that were refused, with why and with the row itself."""

from __future__ import annotations

from typing import Any

from argosy.intake.formats import known_formats
from argosy.intake.kept import raw_text
from argosy.lake.engine import Lake


def list_rejects(lake: Lake) -> list[dict[str, Any]]:
    """Return the refused rows in the order they were read: file_hash, file, row, column as the file calls it, reason,
    raw.

    A file that was read again under the same name, mended, takes the place of the one before.
    """
    formats = {f.name: f for f in known_formats(lake.workspace.folder)}
    imports = {row["file_hash"]: row for row in lake.rows(lake.table("imports").order_by("imported_at"))}
    newest = {(row["name"], row["format"], row["account"]): file_hash for file_hash, row in imports.items()}
    waiting = frozenset(newest.values())
    rejects = lake.table("rejects").order_by("known_at", "file_hash", "row_no")
    found = [row for row in lake.rows(rejects) if row["file_hash"] in waiting]
    numbers: dict[str, set[int]] = {}
    for row in found:
        numbers.setdefault(row["file_hash"], set()).add(row["row_no"])
    texts = {file_hash: raw_text(lake, imports[file_hash], wanted) for file_hash, wanted in numbers.items()}
    listed = []
    for row in found:
        file = imports[row["file_hash"]]
        format = formats.get(file["format"])
        column = format.column(row["column"]).headers[0] if format and row["column"] else row["column"]
        raw = texts[row["file_hash"]].get(row["row_no"])
        listed.append(
            {
                "file_hash": row["file_hash"],
                "file": file["name"],
                "row": row["row_no"],
                "column": column,
                "reason": row["reason"],
                "raw": raw,
            }
        )
    return listed
