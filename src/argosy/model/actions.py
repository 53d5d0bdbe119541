"""What was done outside, and what it brought."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from argosy.model.findings import Range
from argosy.model.proposals import Change
from argosy.model.version import VERSION

AGENT = "argosy"  # who Argosy says it is on every call to the outside
IDENTITY = f"{AGENT}/{VERSION}"


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


class Connector(Protocol):
    """A place outside where changes are made, each once by its key.

    ``ChangeRefused``, ``ChangeMoved``, ``TokenRefused``, ``DiskFull``: nothing was changed. ``OutsideUnreachable``: it
    is not known whether it was; asked again with the same key, it is not done twice.
    """

    @property
    def name(self) -> str:
        """What it is called in the settings."""

    def takes(self, change: Change) -> bool:
        """Return whether it can make such a change."""

    def preview(self, change: Change, *, key: str) -> Request:
        """Return what would be sent, exactly, with dots for secrets; nothing is sent."""

    def current(self, change: Change) -> Mapping[str, str]:
        """Return what stands there now by the names the change's values have, ``was`` for what it replaces; empty
        where that cannot be asked."""

    def send(self, change: Change, *, key: str) -> Receipt:
        """Make the change, if it was not made under this key before, and return the receipt."""
