"""What a watch found, merged into what was found before: what is new, what changed, what is gone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from argosy.decisions import audit, load
from argosy.decisions.codec import text_of, value_of
from argosy.decisions.records import (
    EXPIRED,
    GONE,
    NOT_OFFERED,
    OPEN,
    SNOOZED,
    UNDECIDED,
    WITHDRAWN,
    KeptFinding,
    KeptProposal,
)
from argosy.decisions.state import State
from argosy.decisions.tables import BLIND, FINDINGS, PROPOSALS, RUNS
from argosy.model.actions import AGENT
from argosy.model.decisions import OBSERVE
from argosy.model.findings import CannotTell, Finding
from argosy.model.proposals import Proposal

# A finding has changed when the money at stake has moved by more than this share since it was last told, or it became a
# chance instead of a risk. The rest is kept and not told: figures move a little with every file.
MOVED = Decimal("0.1")


@dataclass(frozen=True)
class Noticed:
    """What a check found, and what its domain proposes."""

    finding: Finding
    proposals: tuple[Proposal, ...] = ()


@dataclass(frozen=True)
class Changes:
    """What a watch changed: findings that are new, that changed (as they are now, and what was at stake when they were
    last told), that are gone; proposals that are offered anew and withdrawn; what it could not see."""

    run: int
    new: tuple[KeptFinding, ...]
    changed: tuple[tuple[KeptFinding, Decimal], ...]
    gone: tuple[KeptFinding, ...]
    offered: tuple[KeptProposal, ...]
    withdrawn: tuple[KeptProposal, ...]
    cannot_tell: tuple[CannotTell, ...]


def record(
    state: State,
    found: Iterable[Noticed | CannotTell],
    *,
    day: date,
    at: datetime,
    seconds: float = 0.0,
    rates: Mapping[str, Decimal] | None = None,
) -> Changes:
    """Keep what all checks found at ``at`` (UTC) about the first ``day`` nothing is known of, and return what changed.

    A finding not seen any more is gone, unless its check could not see; seen again later it is a new one. rates: what
    one unit of each currency that changes speak of is worth in the book currency, for their limits.
    """
    told = list(found)
    blind = {one.kind: one for one in told if isinstance(one, CannotTell)}
    seen = _one_each(one for one in told if isinstance(one, Noticed))
    with state.write() as connection:
        merge = _Merge(connection, day, at, {k for k, p in load.policies(connection).items() if p.level == OBSERVE})
        for noticed in seen:
            merge.see(noticed)
        merge.leave(blind)
        merge.expire()
        run = _keep_run(connection, merge, blind.values(), seconds=seconds, rates=rates or {}, found=len(seen))
        return merge.changes(run, tuple(blind.values()))


def _one_each(noticed: Iterable[Noticed]) -> list[Noticed]:
    """Return one finding of each kind and subject: the one with most at stake."""
    kept: dict[tuple[str, str], Noticed] = {}
    for one in noticed:
        key = (one.finding.kind, one.finding.subject)
        if key not in kept or kept[key].finding.stake.mid < one.finding.stake.mid:
            kept[key] = one
    return list(kept.values())


class _Merge:
    """One watch being merged."""

    def __init__(self, connection: sa.Connection, day: date, at: datetime, unwanted: set[str]) -> None:
        self.connection, self.day, self.at, self.unwanted = connection, day, at, unwanted
        open_ = self._rows(sa.select(FINDINGS).where(FINDINGS.c.gone_at.is_(None)))
        self.open = {(row["kind"], row["subject"]): row for row in open_}
        self.proposed: dict[int, list[dict[str, Any]]] = defaultdict(list)
        still = PROPOSALS.c.finding.in_(sa.select(FINDINGS.c.number).where(FINDINGS.c.gone_at.is_(None)))
        for row in self._rows(sa.select(PROPOSALS).where(still)):
            self.proposed[row["finding"]].append(row)
        self.seen: set[tuple[str, str]] = set()
        self.numbers: dict[str, list[int]] = {name: [] for name in ("new", "gone", "offered", "withdrawn")}
        self.moved: dict[int, Decimal] = {}

    def see(self, noticed: Noticed) -> None:
        """Keep a finding that was seen, and what is proposed about it."""
        finding = noticed.finding
        key = (finding.kind, finding.subject)
        self.seen.add(key)
        before = self.open.get(key)
        number = self._add(finding) if before is None else self._update(before, finding)
        self._offer(number, finding, noticed.proposals)

    def _add(self, finding: Finding) -> int:
        values = _finding_values(finding) | {"noted_mid": finding.stake.mid}
        added = sa.insert(FINDINGS).values(**values, seen_first_at=self.at, seen_last_at=self.at)
        number = int(self.connection.execute(added.returning(FINDINGS.c.number)).scalar_one())
        self.numbers["new"].append(number)
        return number

    def _update(self, before: Mapping[str, Any], finding: Finding) -> int:
        number, noted = int(before["number"]), before["noted_mid"]
        moved = abs(finding.stake.mid - noted) > noted * MOVED or finding.sense != before["sense"]
        if moved:
            self.moved[number] = noted
        values = _finding_values(finding) | {"noted_mid": finding.stake.mid if moved else noted}
        if any(before[name] != _as_kept(value) for name, value in values.items()):
            self._set(FINDINGS, number, **values)
        return number

    def _offer(self, number: int, finding: Finding, offered: Sequence[Proposal]) -> None:
        """Offer what is proposed anew, bring up to date what was offered, leave alone what a person decided."""
        known = {(row["kind"], row["subject"], row["nth"]): row for row in self.proposed.get(number, ())}
        nth: Counter[tuple[str, str]] = Counter()
        for proposal in offered:
            change = proposal.change
            if change.kind in self.unwanted or proposal.expires_on <= self.day:
                continue
            key = (change.kind, change.subject, nth[change.kind, change.subject])
            nth[change.kind, change.subject] += 1
            values = _proposal_values(proposal) | {"currency": finding.currency, "changed_at": self.at}
            row = known.pop(key, None)
            if row is None:
                self._propose(number, key, values)
            else:
                self._renew(row, values)
        for row in known.values():
            if row["expires_on"] > self.day:
                self._withdraw(row, NOT_OFFERED)

    def _propose(self, finding: int, key: tuple[str, str, int], values: Mapping[str, Any]) -> None:
        kind, subject, nth = key
        added = sa.insert(PROPOSALS).values(
            **values, finding=finding, kind=kind, subject=subject, nth=nth, edited={}, state=OPEN, reason="",
            offered_at=self.at,
        )  # fmt: skip
        number = self.connection.execute(added.returning(PROPOSALS.c.number)).scalar_one()
        self.numbers["offered"].append(int(number))

    def _renew(self, row: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        again = row["state"] == EXPIRED or (row["state"] == WITHDRAWN and row["reason"] == NOT_OFFERED)
        awake = row["state"] == SNOOZED and row["until"] <= self.day
        if again or awake:
            self.numbers["offered"].append(row["number"])
            values = {**values, "state": OPEN, "until": None, "reason": ""}
        if again or row["state"] in UNDECIDED:
            same = all(row[name] == _as_kept(value) for name, value in values.items() if name != "changed_at")
            if not same:
                self._set(PROPOSALS, row["number"], **values)

    def leave(self, blind: Mapping[str, CannotTell]) -> None:
        """Mark as gone what was not seen, and withdraw what was proposed about it; the rest was seen now."""
        for (kind, subject), row in self.open.items():
            if (kind, subject) in self.seen or kind in blind:
                continue
            self._set(FINDINGS, row["number"], gone_at=self.at)
            self.numbers["gone"].append(row["number"])
            for proposal in self.proposed.get(row["number"], ()):
                self._withdraw(proposal, GONE)

        seen = FINDINGS.c.gone_at.is_(None) & FINDINGS.c.kind.not_in(list(blind))
        self.connection.execute(sa.update(FINDINGS).where(seen).values(seen_last_at=self.at))

    def _withdraw(self, row: Mapping[str, Any], reason: str) -> None:
        if row["state"] in UNDECIDED:
            self._set(PROPOSALS, row["number"], state=WITHDRAWN, reason=reason, changed_at=self.at)
            self.numbers["withdrawn"].append(row["number"])

    def expire(self) -> None:
        """Mark what is worth nothing any more."""
        late = PROPOSALS.c.state.in_(UNDECIDED) & (PROPOSALS.c.expires_on <= self.day)
        self.connection.execute(sa.update(PROPOSALS).where(late).values(state=EXPIRED, changed_at=self.at))

    def _rows(self, query: sa.Select[Any]) -> list[dict[str, Any]]:
        return [dict(row) for row in self.connection.execute(query).mappings()]

    def _set(self, table: sa.Table, number: int, **values: Any) -> None:
        self.connection.execute(sa.update(table).where(table.c.number == number).values(**values))

    def changes(self, run: int, blind: tuple[CannotTell, ...]) -> Changes:
        """Return what changed, as it is kept now."""
        c, n = self.connection, self.numbers
        now = {kept.number: kept for kept in load.findings(c)}
        open_ = {kept.number: kept for kept in load.proposals(c, states=(OPEN,))}
        return Changes(
            run,
            new=tuple(now[number] for number in n["new"]),
            changed=tuple((now[number], before) for number, before in self.moved.items()),
            gone=tuple(load.finding(c, number) for number in n["gone"]),
            offered=tuple(open_[number] for number in n["offered"]),
            withdrawn=tuple(load.proposal(c, number) for number in n["withdrawn"]),
            cannot_tell=blind,
        )


def _keep_run(
    connection: sa.Connection,
    merge: _Merge,
    blind: Iterable[CannotTell],
    *,
    seconds: float,
    rates: Mapping[str, Decimal],
    found: int,
) -> int:
    counts = {"found": found, "new": len(merge.numbers["new"]), "changed": len(merge.moved)}
    counts["gone"] = len(merge.numbers["gone"])
    added = sa.insert(RUNS).values(at=merge.at, day=merge.day, seconds=seconds, rates=rates, **counts)
    run = int(connection.execute(added.returning(RUNS.c.number)).scalar_one())
    for one in blind:
        connection.execute(sa.insert(BLIND).values(run=run, kind=one.kind, needs=one.needs))
    audit.append(connection, "watched", f"W{run}", who=AGENT, at=merge.at, after={"day": merge.day, **counts})
    return run


def _finding_values(finding: Finding) -> dict[str, Any]:
    plain = {name: getattr(finding, name) for name in ("kind", "subject", "sense", "since", "currency", "confidence")}
    kept = {name: getattr(finding, name) for name in ("told", "evidence", "missing")}
    return {**plain, **kept, **vars(finding.stake)}


def _proposal_values(proposal: Proposal) -> dict[str, Any]:
    names = ("change", "cash", "minutes", "risk", "expires_on", "measure", "undo", "rests_on", "told", "words")
    return {name: getattr(proposal, name) for name in names} | vars(proposal.expected)


def _as_kept(value: Any) -> Any:
    """Return a value as it comes back from the store."""
    return value_of(text_of(value))
