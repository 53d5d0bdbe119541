"""What the checks find in a world day by day, against what really is in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from argosy.domains.registry import CHECKS
from argosy.model.findings import Finding
from argosy.model.scores import Case, Told
from argosy.outlook.known import Known
from argosy.prove.truths import TRUTHS, Real, Truth, in_truth, tolerated

QUIET_DAYS, STEP_DAYS = 42, 10  # the first look, and days from one to the next

Looks = Mapping[date, Sequence[Finding]]


def look(known: Known, *, first: date, kinds: Iterable[str] = tuple(CHECKS)) -> dict[date, list[Finding]]:
    """Return what the checks find every ``STEP_DAYS`` days, each time by what was known before the day."""
    known = replace(known, query=lambda rows: "")  # nobody asks for the rows here, and writing queries takes time
    days = range(QUIET_DAYS, (known.day - first).days + 1, STEP_DAYS)
    return {day: _found(known.before(day), kinds) for day in (first + timedelta(days=number) for number in days)}


def _found(known: Known, kinds: Iterable[str]) -> list[Finding]:
    told = (one for kind in kinds for one in CHECKS[kind].run(known))
    return [one for one in told if isinstance(one, Finding)]


def judge(
    world: Path, known: Known, looks: Looks, *, kinds: Iterable[str] = tuple(TRUTHS)
) -> tuple[list[Case], list[Told]]:
    """Return what became of all that checks of these kinds should have found, and what they told, so or not."""
    cases: list[Case] = []
    told: list[Told] = []
    for kind, truth in ((kind, TRUTHS[kind]) for kind in kinds if kind in TRUTHS):
        mine = {day: [one for one in found if one.kind == kind] for day, found in looks.items()}
        there = in_truth(world, known, truth)
        cases += [_case(kind, real, truth, mine) for real in there if real.first < max(looks, default=date.min)]
        told += _told(kind, [*there, *tolerated(world, known, truth)], truth, mine)
    return cases, told


def _case(kind: str, real: Real, truth: Truth, looks: Looks) -> Case:
    """Return what was told of something real.

    The money is compared the last time it was told until the first look after its end, when nothing is to come.
    """
    told = [(day, one) for day, found in looks.items() for one in found if means(one, day, real, truth)]
    case = Case(kind, real.cause, real.subject, real.first, real.last, sum(real.worth.values()))  # type: ignore[arg-type]
    if not told:
        return case
    timely = [both for both in told if both[0] <= real.last + timedelta(days=STEP_DAYS)] or told[:1]
    day, last = timely[-1]
    compared = truth.money and real.worth
    return Case(
        **vars(case) | {"found_on": told[0][0], "told": last.stake, "true": real.until(day) if compared else None}
    )


def means(one: Finding, day: date, real: Real, truth: Truth) -> bool:
    """Return whether a finding told on a day is about something real."""
    return real.first < day <= real.last + timedelta(days=truth.grace) and real.subject in truth.names(one.subject)


def _told(kind: str, really: Sequence[Real], truth: Truth, looks: Looks) -> list[Told]:
    """Return a row per run of looks in which something was told, and whether it was so in any of them."""
    seen: dict[str, list[date]] = {}
    right: set[tuple[str, date]] = set()
    for day, found in looks.items():
        for one in found:
            seen.setdefault(one.subject, []).append(day)
            if any(means(one, day, real, truth) for real in really):
                right.add((one.subject, day))
    runs = ((subject, run) for subject, days in seen.items() for run in _runs(days))
    return [Told(kind, subject, run[0], any((subject, day) in right for day in run)) for subject, run in runs]


def _runs(days: Sequence[date]) -> list[list[date]]:
    """Return the days in runs of one look after the other."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] <= timedelta(days=STEP_DAYS):
            runs[-1].append(day)
        else:
            runs.append([day])
    return runs
