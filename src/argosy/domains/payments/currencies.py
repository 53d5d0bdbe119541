"""Currencies the seller earns in that have fallen against the one the books are kept in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import numpy as np
from ibis.expr.types import Table

from argosy.books.profit import earned
from argosy.domains.payments import settings
from argosy.model.findings import Finding, Range
from argosy.model.money import round_half_up
from argosy.outlook.change import TENTH
from argosy.outlook.known import Known
from argosy.outlook.lines import lines
from argosy.outlook.series import Numbers, series


def margin_eaten_by_fx(known: Known) -> Iterator[Finding]:
    """Return the currencies that fell within days by more than they move in a month, and stayed down; subject: the
    currency. Stake: what was earned in them since, less what is spent in them, at the difference to the old rate."""
    money = _earned(known)
    income = series(known, money, days=settings.CURRENCY_DAYS, names=("left", "sold", "moved"))
    for n, currency in enumerate(income.subjects):
        rates = _rates(known, currency)
        fall = _fallen(rates) if rates is not None else None
        if rates is None or fall is None or income["sold"][:, n].sum() <= 0:
            continue
        start, was = fall
        since = income.day(start)
        left = income["left"][start:, n]
        gone = was - rates[-settings.CURRENCY_DAYS :][start:]
        # What was owed when it fell is worth less when it is paid.
        moved = float(income["moved"][start:, n].sum())
        lost = float((left * gone).sum()) - moved
        # Nobody knows where it would stand without the fall: it would have wandered on as it did before.
        moves = np.diff(np.log(rates))
        drift = was * 1.4826 * float(np.median(np.abs(moves[moves != 0]))) * np.sqrt(np.arange(1, len(left) + 1) / 3)
        error = TENTH * float(np.hypot((left * drift).sum(), settings.MOVED_ANYWAY * moved))
        if lost > known.once(lines).material:
            yield Finding(
                "payments.margin_eaten_by_fx", currency, since,
                Range(*(round_half_up(Decimal(max(part, 0.0)), 2) for part in (lost - error, lost, lost + error))),
                known.book_currency, 0.95,
                told={
                    "currency": currency, "percent": round_half_up(Decimal(100 * (1 - float(rates[-1]) / was)), 1),
                    "since": since, "was": round_half_up(Decimal(was), 4),
                    "now": round_half_up(Decimal(float(rates[-1])), 4), "book": known.book_currency,
                    "a_day": round_half_up(Decimal(lost / max(len(left), 1)), 2),
                },
                evidence=(known.evidence("earned_in_currency", money.filter(money.subject == currency)),),
            )  # fmt: skip


def _earned(known: Known) -> Table:
    """Return what came in and what was left in each foreign currency by day: subject, day, sold, left, and what
    money on its way to the bank won or lost meanwhile, in the book currency: moved."""
    since = known.day - timedelta(days=settings.CURRENCY_DAYS)
    kept = earned(known.entries, start=since)
    kept = kept.filter(kept.currency != known.book_currency)
    moved = kept.account.startswith("fx:")
    return kept.group_by(subject=kept.currency, day=kept.posted_at.date()).aggregate(
        left=-kept.amount.sum(where=~moved).fill_null(0).cast("float64"),
        moved=kept.earned.sum(where=moved).fill_null(0).cast("float64"),
        sold=-kept.amount.sum(where=kept.account.startswith("income:")).fill_null(0).cast("float64"),
    )


def _rates(known: Known, currency: str) -> Numbers | None:
    """Return what one unit was worth on each of the days looked back on and the weeks before them; None: not known."""
    many = settings.CURRENCY_DAYS + settings.FALL_WEEKS_DAYS
    told = [known.rate(currency, on=known.day - timedelta(days=many - n)) for n in range(many)]
    return None if any(rate is None for rate in told) else np.array([float(rate) for rate in told if rate is not None])


def _fallen(rates: Numbers) -> tuple[int, float] | None:
    """Return the day the currency fell furthest against the weeks before it, as a number among those looked back on,
    and the rate of those weeks; None: it did not, or has come back."""
    weeks, days = settings.FALL_WEEKS_DAYS, settings.FALL_DAYS
    whole = np.concatenate(([0.0], np.cumsum(rates)))
    starts = np.arange(weeks, len(rates) - 2)  # one day's quote may be a slip
    before = (whole[starts] - whole[starts - weeks]) / weeks
    ends = np.minimum(starts + days, len(rates))
    fall = 1 - (whole[ends] - whole[starts]) / (ends - starts) / before
    best = int(fall.argmax())
    was = float(before[best])
    gone = 1 - float(rates[-1]) / was
    if fall[best] < settings.LEAST_FALL or gone < settings.LEAST_FALL / 2:
        return None
    return best, was
