"""What a domain offers: checks that find, remedies that answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from argosy.model.findings import CannotTell, Finding
from argosy.model.proposals import Proposal
from argosy.outlook.known import Known

Find = Callable[[Known], Iterable[Finding]]
Remedy = Callable[[Finding, Known], Iterable[Proposal]]


@dataclass(frozen=True)
class Check:
    """A check: the ``kind`` of finding it makes, the fact tables it ``needs``, how it finds."""

    kind: str
    needs: tuple[str, ...]
    find: Find

    def run(self, known: Known) -> list[Finding | CannotTell]:
        """Return what it finds, or that it cannot tell for lack of facts."""
        missing = tuple(name for name in self.needs if name not in known.filled)
        return [CannotTell(self.kind, missing)] if missing else list(self.find(known))
