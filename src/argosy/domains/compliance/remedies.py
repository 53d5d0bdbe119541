"""One finding about compliance in, what can be done about it out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from argosy.domains.compliance import settings
from argosy.model.findings import Finding, Range
from argosy.model.proposals import BEFORE_AFTER, LOW, UNMEASURED, Change, Measure, Proposal
from argosy.outlook.known import Known

Parts = tuple[str, str, str]


def open_again(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the appeal for a place that is closed, or the papers for a family that is: each day sooner is worth what
    it left over. Nothing where it sells again."""
    if finding.told["lasts"] == "yes":
        words = "task.appeal" if finding.told["family"] == "*" else "task.papers"
        yield _task(finding, words=words,
            expected=Range.shares(Decimal(str(finding.told["a_day"])), settings.SOONER_DAYS),
                    expires_on=known.day + timedelta(days=settings.OPEN_DAYS),
                    measure=Measure("margin_channel", str(finding.told["channel"]), 28, BEFORE_AFTER))  # fmt: skip


def mend_health(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return what brings the measure back before the channel acts."""
    yield _task(finding, words=f"task.{finding.told['measure']}",
            expected=Range.shares(finding.stake.mid, settings.SAVED),
                expires_on=known.day + timedelta(days=int(str(finding.told["window"]))),
                measure=_unmeasured(finding))  # fmt: skip


def register(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the registration, with the day it must be done by."""
    on = finding.told["on"]
    last = max(on, known.day) if isinstance(on, date) else known.day
    yield _task(finding, words="task.register",
            expected=Range.shares(finding.stake.mid, settings.SAVED),
                expires_on=last + timedelta(days=settings.OPEN_DAYS), measure=_unmeasured(finding))  # fmt: skip


def _unmeasured(finding: Finding) -> Measure:
    """Return that what did not happen cannot be measured."""
    return Measure("margin_all", finding.subject, 28, UNMEASURED, "not_happened")


def _task(finding: Finding, *, words: str, expected: Range, expires_on: date, measure: Measure) -> Proposal:
    return Proposal(
        Change("task.do", f"{finding.kind}/{finding.subject}", "", {"task": words}), expected=expected, cash=Decimal(0),
        minutes=settings.TASK_MINUTES, risk=LOW, expires_on=expires_on, measure=measure, told=finding.told, words=words,
    )  # fmt: skip
