"""What was done outside, and what it brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from argosy.model.findings import Range

AGENT = "argosy"  # who Argosy says it is on every call to the outside


@dataclass(frozen=True)
class Request:
    """What will be sent, exactly, without secrets: ``method`` and ``target`` in the connector's words (POST and an
    address, FILE and a path ...), headers, body."""

    connector: str
    method: str
    target: str
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True)
class Receipt:
    """What the far end answered: its own number of what it did, when (UTC), in its words. again: it knew the key and
    did nothing new."""

    connector: str
    number: str
    at: datetime
    words: str = ""
    again: bool = False


@dataclass(frozen=True)
class Outcome:
    """What a change really brought from ``first`` to ``last``, in ``currency``; None in ``brought`` where it cannot be
    measured, and ``reason`` (a key of ``locale/measures.toml``) says why."""

    first: date
    last: date
    brought: Range | None
    currency: str
    comparison: str
    reason: str = ""
