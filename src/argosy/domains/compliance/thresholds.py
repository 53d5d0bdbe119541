"""Sales that near the amount from which a seller must register for tax where the buyers are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import ibis
import numpy as np
from ibis.expr.types import Table
from scipy.special import ndtr

from argosy.domains.compliance import settings
from argosy.model.countries import EU_MEMBERS
from argosy.model.findings import Finding, Range
from argosy.model.money import times
from argosy.outlook.known import Known
from argosy.outlook.orders import bought
from argosy.outlook.series import Numbers
from argosy.rules.limits import YEAR, RegistrationLimit, registration_limits
from argosy.rules.vat import standard_rate, standard_rate_rows

WEEK = 7
STATE_TAX_PCT = Decimal(7)  # about the mean of state and local sales tax over the US states that tax; assumed


@dataclass(frozen=True)
class Nearing:
    """Sales of a jurisdiction against its limit: the sum so far, what a day adds, the day the limit is or was passed,
    how likely it is passed within the horizon, and the day half of it was reached. In the limit's currency."""

    limit: RegistrationLimit
    so_far: float
    a_day: float
    passed_on: date
    likely: float
    half_on: date


def sales_threshold_nearing(known: Known) -> Iterator[Finding]:
    """Return the jurisdictions whose sales will soon pass the amount from which one must register, or just did.

    Subject: the country, ``US-TX`` for a state. Sales for which a channel collects the tax do not count. What was sold
    before the files begin is not known, so the sum is a lower bound. Stake: the tax of what is sold past the limit
    until one is registered, which then nobody charged.
    """
    for one in nearing(known):
        rate = known.rate(one.limit.currency)
        if rate is None:
            continue
        tax = _tax_pct(one.limit.jurisdiction, known.day) / 100
        a_day = Decimal(str(round(one.a_day, 2))) * rate * tax
        amounts = (max(a_day * days, Decimal("0.01")) for days in settings.UNREGISTERED_DAYS)
        yield Finding(
            "compliance.sales_threshold_nearing", one.limit.jurisdiction, one.half_on,
            Range(*(amount.quantize(Decimal("0.01")) for amount in amounts)), known.book_currency, one.likely,
            told={
                "jurisdiction": one.limit.jurisdiction, "regime": one.limit.regime, "so_far": _whole(one.so_far),
                "limit": one.limit.amount.quantize(Decimal(1)), "currency": one.limit.currency, "on": one.passed_on,
                "passed": int(one.passed_on < known.day), "percent": round(100 * one.so_far / float(one.limit.amount)),
                "action": one.limit.action, "rule": one.limit.rule_id, "sure": one.limit.confidence,
            },
            evidence=(known.evidence("sales_of_jurisdiction", _evidence(known, one.limit.jurisdiction)),),
        )  # fmt: skip


def nearing(known: Known) -> Iterator[Nearing]:
    """Return the jurisdictions told of, with what they come to."""
    limits = registration_limits(home=known.home, on=known.day)
    daily = _daily(known, limits)
    for limit in limits:
        one = _nears(daily[limit.rule_id], limit, known.day) if limit.rule_id in daily else None
        if one is not None:
            yield one


def _nears(sold: Numbers, limit: RegistrationLimit, today: date) -> Nearing | None:
    """Return how near sales (by day, the last one yesterday) are to a limit; None: not near."""
    first = today - timedelta(days=len(sold))
    sums = _sums(sold, first, limit)
    amount = float(limit.amount)
    lately = sold[-settings.PACE_DAYS :]
    a_day = float(lately.mean())
    weeks = lately[len(lately) % WEEK :].reshape(-1, WEEK).sum(axis=1)
    spread = float(weeks.std(ddof=1)) if len(weeks) > 1 else a_day * WEEK
    ahead = np.concatenate((sold, np.full(settings.HORIZON_DAYS, a_day)))
    future = _sums(ahead, first, limit)[len(sold) :]
    past = np.flatnonzero(sums >= amount)
    half = first + timedelta(days=int(np.argmax(sums >= amount / 2)))
    if len(past) and sums[-1] >= amount:
        passed = first + timedelta(days=int(past[0]))
        told = (today - passed).days <= settings.PASSED_DAYS
        return Nearing(limit, float(sums[-1]), a_day, passed, 1.0, half) if told else None
    weeks_ahead = settings.HORIZON_DAYS / WEEK
    error = spread * np.sqrt(weeks_ahead * (1 + weeks_ahead / max(len(weeks), 1)))
    likely = float(ndtr((future.max() - amount) / max(error, 1e-9)))
    crossing = np.flatnonzero(future >= amount)
    if likely < settings.LIKELY or not len(crossing):
        return None
    return Nearing(limit, float(sums[-1]), a_day, today + timedelta(days=int(crossing[0])), likely, half)


def _sums(sold: Numbers, first: date, limit: RegistrationLimit) -> Numbers:
    """Return the sum that counts at the end of each day: of twelve months, or of the calendar year."""
    total = np.concatenate(([0.0], np.cumsum(sold)))
    days = np.arange(len(sold))
    if limit.period == YEAR:
        begins = np.array([(date((first + timedelta(days=int(n))).year, 1, 1) - first).days for n in days], np.int64)
    else:
        begins = days - 364
    return np.asarray(total[1:] - total[np.clip(begins, 0, None)])


def _daily(known: Known, limits: list[RegistrationLimit]) -> dict[str, Numbers]:
    """Return by rule what was sold day by day in the limit's currency, until yesterday; a day without a rate is left
    out with its sales."""
    wanted = {limit.jurisdiction: limit for limit in limits}
    sales = _sales(known).filter(lambda t: t.day >= ibis.literal(known.day - timedelta(days=730)))
    rows = known.rows(sales.group_by("jurisdiction", "currency", "day").aggregate(
        sold=sales.amount.sum().cast("decimal(28,4)")
    ))  # fmt: skip
    if not rows:
        return {}
    first = min(row["day"] for row in rows)
    found: dict[str, Numbers] = {}
    for row in rows:
        for name in _jurisdictions(row["jurisdiction"], known.home):
            limit = wanted.get(name)
            sold = _converted(known, row, limit.currency) if limit is not None else None
            if limit is not None and sold is not None:
                mine = found.setdefault(limit.rule_id, np.zeros((known.day - first).days))
                mine[(row["day"] - first).days] += sold
    return found


def _converted(known: Known, row: Mapping[str, Any], currency: str) -> float | None:
    one, other = (known.rate(name, on=row["day"]) for name in (row["currency"], currency))
    return None if one is None or other is None else float(row["sold"] * one / other)


def _jurisdictions(told: str, home: str) -> tuple[str, ...]:
    country = told.partition("-")[0]
    return (told, "EU") if country in EU_MEMBERS and country != home else (told,)


def _sales(known: Known) -> Table:
    """Return the lines that count: jurisdiction, currency, day, amount (goods after discount)."""
    lines = known.facts["order_lines"]
    lines = lines.filter(lines.kind == "goods", ~(lines.tax_collected_by == "channel").fill_null(False))
    orders = bought(known).filter(lambda t: t.country.notnull())
    met = lines.inner_join(orders.select("order_id", "country", "region", "day", order_currency="currency"), "order_id")
    state = (met.country == "US") & met.region.notnull()
    return met.select(
        "day", jurisdiction=ibis.ifelse(state, ibis.literal("US-").concat(met.region), met.country),
        currency=ibis.coalesce(met.currency, met.order_currency),
        amount=times(met.unit_price.fill_null(0), met.quantity, digits=4) - met.discount.fill_null(0),
    ).filter(lambda t: t.currency.notnull())  # fmt: skip


def _tax_pct(jurisdiction: str, on: date) -> Decimal:
    rate = standard_rate(standard_rate_rows(), country=jurisdiction, on=on)
    return rate.rate_pct if rate is not None else STATE_TAX_PCT


def _whole(amount: float) -> Decimal:
    return Decimal(round(amount))


def _evidence(known: Known, jurisdiction: str) -> Table:
    mine = _sales(known).filter(lambda t: t.jurisdiction == jurisdiction)
    return mine.group_by("day", "currency").aggregate(sold=mine.amount.sum().cast("decimal(28,4)")).order_by("day")


def crossings(known: Known) -> Mapping[str, date]:
    """Return the day on which each jurisdiction's sales passed its limit, of those that did."""
    limits = registration_limits(home=known.home, on=known.day)
    daily, found = _daily(known, limits), {}
    for limit in limits:
        sold = daily.get(limit.rule_id, np.zeros(0))
        first = known.day - timedelta(days=len(sold))
        past = np.flatnonzero(_sums(sold, first, limit) >= float(limit.amount))
        if len(past):
            found[limit.jurisdiction] = first + timedelta(days=int(past[0]))
    return found
