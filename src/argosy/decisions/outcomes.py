"""What actions really brought: measured once their windows have closed, kept beside the forecast, added up."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from math import sqrt

import numpy as np
import sqlalchemy as sa
from scipy.special import stdtrit

from argosy.decisions import load
from argosy.decisions.acting import post_outcome
from argosy.decisions.records import ACTED, UNDONE
from argosy.decisions.state import State
from argosy.model.actions import Outcome
from argosy.model.findings import Range
from argosy.model.money import round_half_up
from argosy.model.proposals import HOLDOUT, MATCHED, UNMEASURED, Change, Measure, papers_of
from argosy.outlook import effect, holdout
from argosy.outlook.claims import Claim, received
from argosy.outlook.known import Known
from argosy.outlook.metrics import CLAIM_PAID, EXACT, METRICS, SETTLED_DAYS, Daily

# Why an outcome is none, beside the reasons of ``outlook.effect``; keys of ``locale/measures.toml``.
OTHER_ACTION, NOTHING_KNOWN, NO_METRIC, TOO_EARLY = "other_action", "nothing_known", "no_metric", "too_early"
FEW = 3  # fewer measured actions say nothing of forecasts


@dataclass(frozen=True)
class Taken:
    """An action that was taken: its number and key, the change, how it is to be measured, what was expected of it (in
    ``currency``), the first day it holds, and what it brought once that is known."""

    number: int
    key: str
    change: Change
    measure: Measure
    expected: Range
    currency: str
    first: date
    outcome: Outcome | None = None

    @property
    def last(self) -> date:
        """The last day of its window."""
        return self.first + timedelta(days=self.measure.days - 1)


def taken(connection: sa.Connection) -> list[Taken]:
    """Return the actions that were done, whether taken back since or not, with how they are measured, by number."""
    done = {action.number: action for action in load.actions(connection, states=(ACTED, UNDONE))}
    return [
        Taken(
            plan.action, done[plan.action].key, done[plan.action].change, plan.measure, plan.expected, plan.currency,
            plan.first, plan.outcome,
        )
        for plan in load.planned(connection)
        if plan.action in done
    ]  # fmt: skip


def settle(state: State, known: Known, *, at: datetime) -> list[Taken]:
    """Measure the actions whose windows have closed, write what they brought beside what was expected, and return
    them."""
    with state.read() as connection:
        every = taken(connection)
    told = [replace(one, outcome=measure(known, one, others=every)) for one in due(every, known.day)]
    for one in told:
        if one.outcome is not None:
            post_outcome(state, one.number, one.outcome, at=at)
    return told


def due(actions: Iterable[Taken], day: date) -> list[Taken]:
    """Return the actions that have no outcome yet and whose windows closed long enough before ``day`` to be told."""
    wait = timedelta(days=SETTLED_DAYS)
    return [one for one in actions if one.outcome is None and one.last + wait < day]


def measure(known: Known, action: Taken, *, others: Iterable[Taken] = ()) -> Outcome:
    """Return what an action brought in its window, as it was written down before that it would be told; ``brought`` is
    None where that cannot be told, with the reason.

    others: actions taken beside it; another one on the same subject makes it impossible to say which brought what, and
    what is touched by one is no donor.
    """
    plan = action.measure
    if plan.comparison == UNMEASURED:
        return _told(known, action, reason=plan.reason or NO_METRIC)
    if known.day <= action.last:
        return _told(known, action, reason=TOO_EARLY)
    if plan.metric == CLAIM_PAID:
        return _claimed(known, action)
    beside = [one for one in others if one.number != action.number and _at_once(action, one)]
    if any(_touches(plan.subject, one.change.subject) for one in beside):
        return _told(known, action, reason=OTHER_ACTION)
    if plan.comparison == HOLDOUT:
        return _outcome(known, action, _against_held(known, action))
    if plan.metric not in METRICS:
        return _told(known, action, reason=NO_METRIC)
    daily = METRICS[plan.metric](known, plan.subject)
    if daily is None:
        return _told(known, action, reason=NOTHING_KNOWN)
    if plan.metric in EXACT:
        return _exactly(known, action, daily)
    return _outcome(known, action, _against_others(action, daily, [one.change.subject for one in beside]))


def _at_once(action: Taken, other: Taken) -> bool:
    """Return whether another action began in the window of one, or held into the weeks its usual is taken from."""
    before = action.first - timedelta(days=effect.LEAST_BEFORE)
    return other.first <= action.last and other.last >= before


def _touches(subject: str, other: str) -> bool:
    """Return whether two subjects have a part in common; channels and providers (``shopify:main``) only say where."""
    parts = [{part for part in name.split("/") if ":" not in part} for name in (subject, other)]
    return subject == other or bool(parts[0] & parts[1])


def _against_others(action: Taken, daily: Daily, touched: Collection[str]) -> effect.Effect:
    first, end = ((day - daily.first).days for day in (action.first, action.last + timedelta(days=1)))
    if first < effect.LEAST_BEFORE:
        return effect.Effect(None, effect.TOO_FEW_DAYS)
    donors = {name: days for name, days in daily.donors.items() if not any(_touches(name, one) for one in touched)}
    mine, rows = daily.money[:end], [days[:end] for days in donors.values()]
    most = _most(action.expected)
    if not daily.donors:
        return effect.before_after(mine, first, most=most)
    if daily.volume:
        sold = daily.volume[action.measure.subject][:end]
        return effect.rated(mine, sold, rows, [daily.volume[name][:end] for name in donors], first, most=most)
    if action.measure.comparison == MATCHED:
        return effect.matched(mine, rows, first, most=most)
    found = effect.synthetic(mine, rows, first, most=most)
    return effect.before_after(mine, first, most=most) if found.reason == effect.NO_DONORS else found


def _most(expected: Range) -> float | None:
    """Return the most money an action could bring, as it was expected; None where nothing was."""
    return float(max(abs(expected.low), abs(expected.high))) or None


def _against_held(known: Known, action: Taken) -> effect.Effect:
    """Return the effect of a letter on those who got it, against those who were held out by their hash."""
    plan = action.measure
    share = float(action.change.values.get("held_out", holdout.LEAST))
    found = holdout.spent(
        known, plan.subject, key=action.key, share=share, first=action.first, days=plan.days
    )  # fmt: skip
    got = ~found.held
    return effect.held_out(
        found.after[got], found.after[found.held], treated_before=found.before[got],
        held_before=found.before[found.held], most=_most(action.expected),
    )  # fmt: skip


def _claimed(known: Known, action: Taken) -> Outcome:
    values, (party, _, number) = action.change.values, action.change.subject.partition("/")
    papers = tuple(papers_of(action.change))
    claim = Claim(party, number, Decimal(values["amount"]), values["currency"], action.first, papers)
    paid, on = received(known, claim, until=action.last)
    rate = known.rate(claim.currency, on=on)
    if rate is None:
        return _told(known, action, reason=NOTHING_KNOWN)
    return _told(known, action, brought=Range.exactly(round_half_up(paid * rate, 2)))


def _exactly(known: Known, action: Taken, daily: Daily) -> Outcome:
    first, end = ((day - daily.first).days for day in (action.first, action.last + timedelta(days=1)))
    return _told(
        known, action, brought=Range.exactly(round_half_up(Decimal(repr(float(daily.money[first:end].sum()))), 2))
    )


def _outcome(known: Known, action: Taken, found: effect.Effect) -> Outcome:
    return _told(known, action, brought=found.brought, reason=found.reason)


def _told(known: Known, action: Taken, *, brought: Range | None = None, reason: str = "") -> Outcome:
    comparison = action.measure.comparison if brought else UNMEASURED
    return Outcome(action.first, action.last, brought, known.book_currency, comparison, reason)


@dataclass(frozen=True)
class Account:
    """What actions brought in a time, all in one currency.

    earned: by the measured ones together. measured: how many those are; unmeasured: how many are not, by reason.
    awaited: how many windows are still open. came: the part of what was forecast that came (1: all of it), with its
    range, None while too few are measured. inside: of ``judged`` outcomes sharper than their forecast, how many came
    to lie in its range (of a good forecast: eight in ten).
    """

    since: date
    until: date
    currency: str
    earned: Range
    measured: int
    unmeasured: Mapping[str, int]
    awaited: int
    came: tuple[float, float, float] | None
    inside: int
    judged: int


def account(actions: Sequence[Taken], *, since: date, until: date, currency: str) -> Account:
    """Return the running account of the actions whose windows closed from ``since`` up to and with ``until``.

    Ranges of single actions are taken to err independently of each other, so that the sum errs less than they do.
    """
    closed = [one for one in actions if since <= one.last <= until]
    told = [one for one in closed if one.outcome is not None and one.outcome.brought is not None]
    sharp = [one for one in told if _width(_brought(one)) <= _width(one.expected)]
    return Account(
        since, until, currency, total([_brought(one) for one in told]), len(told),
        dict(Counter(one.outcome.reason for one in closed if one.outcome and one.outcome.brought is None)),
        sum(one.outcome is None for one in actions), _came(told), sum(_inside(one) for one in sharp), len(sharp),
    )  # fmt: skip


def total(parts: Sequence[Range]) -> Range:
    """Return the range of the sum of amounts that err independently."""
    mid = sum((part.mid for part in parts), Decimal(0))
    down, up = (
        Decimal(repr(sqrt(sum(float(gap) ** 2 for gap in gaps))))
        for gaps in ([part.mid - part.low for part in parts], [part.high - part.mid for part in parts])
    )
    return Range(*(round_half_up(amount, 2) for amount in (mid - down, mid, mid + up)))


def _came(told: Sequence[Taken]) -> tuple[float, float, float] | None:
    """Return P10, P50 and P90 of what came for each unit of money forecast, by leaving out one action at a time
    (jackknife of a ratio of sums: Quenouille 1956)."""
    forecast = np.array([float(one.expected.mid) for one in told])
    real = np.array([float(_brought(one).mid) for one in told])
    if len(told) < FEW or forecast.sum() <= 0 or (forecast.sum() - forecast <= 0).any():
        return None
    ratio = real.sum() / forecast.sum()
    without = (real.sum() - real) / (forecast.sum() - forecast)
    many = len(told)
    error = sqrt((many - 1) / many * float(((without - without.mean()) ** 2).sum()))
    wide = float(stdtrit(many - 1, (1 + effect.COVERED) / 2)) * error
    return float(ratio - wide), float(ratio), float(ratio + wide)


def _brought(action: Taken) -> Range:
    assert action.outcome is not None and action.outcome.brought is not None  # noqa: S101 - callers have asked
    return action.outcome.brought


def _width(money: Range) -> Decimal:
    return money.high - money.low


def _inside(action: Taken) -> bool:
    return action.expected.low <= _brought(action).mid <= action.expected.high


def quarter(day: date) -> tuple[date, date]:
    """Return the first and the last day of the calendar quarter a day lies in."""
    first = date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    after = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    return first, after - timedelta(days=1)
