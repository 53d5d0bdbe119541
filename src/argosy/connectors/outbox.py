"""Changes as files in the workspace, one each, for people or programs of one's own to make."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from argosy.decisions.sentences import change_says, value_name
from argosy.lake.workspace import disk_errors
from argosy.model.actions import IDENTITY, Receipt, Request
from argosy.model.proposals import Change
from argosy.model.words import LANGUAGES


@dataclass(frozen=True)
class Outbox:
    """The folder ``outbox`` of a workspace; takes every change and says ``again`` when its file is there already."""

    folder: Path
    name: str = "outbox"

    def takes(self, change: Change) -> bool:
        """Return True: whatever nothing else can do, a person can."""
        return True

    def preview(self, change: Change, *, key: str) -> Request:
        """Return the file that would be written."""
        return Request(self.name, "FILE", str(self._path(key)), {"agent": IDENTITY}, letter(change, key=key))

    def current(self, change: Change) -> Mapping[str, str]:
        """Return nothing: a folder does not know what stands elsewhere."""
        return {}

    def send(self, change: Change, *, key: str) -> Receipt:
        """Write the file, whole or not at all, once."""
        path = self._path(key)
        with disk_errors(self.folder):
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            again = not write_once(path, letter(change, key=key))
        return Receipt(self.name, path.name, datetime.now(UTC), str(path), again)

    def _path(self, key: str) -> Path:
        return self.folder / f"{quote(key, safe=' ')}.md"


def letter(change: Change, *, key: str) -> str:
    """Return a change as a text for people, in both languages, and for programs."""
    told = [f"# {change_says(change, lang)}\n" for lang in LANGUAGES]
    values = [
        f"- {' / '.join(value_name(name, lang) for lang in LANGUAGES)}: {value}"
        for name, value in change.values.items()
    ]
    place = [f"- @ {change.channel}"] if change.channel else []
    data = json.dumps(told_plainly(change, key=key), ensure_ascii=False, indent=2)
    return "\n".join([*told, *place, *values, "", "```json", data, "```", ""])


def told_plainly(change: Change, *, key: str) -> dict[str, object]:
    """Return a change in plain values, as programs are told of it."""
    return {"key": key, "agent": IDENTITY, "kind": change.kind, "subject": change.subject, "channel": change.channel,
            "values": dict(change.values)}  # fmt: skip


def write_once(path: Path, text: str) -> bool:
    """Write a file whole and safe from a power cut; False when there is one of that name already."""
    # Written beside and linked over: what has the name is complete, and a name is given once.
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with beside.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(beside, path)
        except FileExistsError:
            return False
    finally:
        beside.unlink(missing_ok=True)
    handle = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return True
