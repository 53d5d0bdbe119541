"""Limits a seller must not pass unawares: sales from which one must register, and measures of account health."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from argosy.model.countries import EU_MEMBERS
from argosy.rules.dated import in_force
from argosy.rules.tables import load_table

HOME, ABROAD, ANY = "home", "abroad", "any"
ROLLING, YEAR = "rolling", "year"


@dataclass(frozen=True)
class RegistrationLimit:
    """Sales from which one must register in a jurisdiction (``AU``, ``EU``, ``US-TX``): ``amount`` of ``currency`` in
    the ``period`` (rolling twelve months or calendar year), and or or so many ``transactions`` as ``logic`` says."""

    rule_id: str
    jurisdiction: str
    regime: str
    seller: str
    period: str
    amount: Decimal
    currency: str
    transactions: int | None
    logic: str | None
    action: str
    valid_from: date | None
    valid_to: date | None
    confidence: str


@dataclass(frozen=True)
class AccountLimit:
    """A measure of a channel kind's (``card``: of all who take cards) and the ``most`` or ``least`` percent it may be
    over ``window_days``; country: of the site, None: all. effect: what happens beyond."""

    rule_id: str
    platform: str
    country: str | None
    measure: str
    window_days: int
    limit_pct: Decimal
    side: str
    effect: str
    metric: str
    valid_from: date | None
    valid_to: date | None
    confidence: str


def registration_limits(*, home: str, on: date) -> list[RegistrationLimit]:
    """Return the limits that bind a seller established in ``home`` (ISO alpha-2) on a day."""
    return [
        limit
        for limit in _registration()
        if in_force(limit, on=on) and limit.seller in (ANY, HOME if _is_home(limit.jurisdiction, home) else ABROAD)
    ]


def account_limits(platform: str, *, country: str | None, on: date) -> list[AccountLimit]:
    """Return the limits of a channel kind on a day; those of one country only where it is that one."""
    return [
        limit
        for limit in _account()
        if limit.platform == platform and limit.country in (None, country) and in_force(limit, on=on)
    ]


def _is_home(jurisdiction: str, home: str) -> bool:
    return home in EU_MEMBERS if jurisdiction == "EU" else jurisdiction.partition("-")[0] == home


@cache
def _registration() -> tuple[RegistrationLimit, ...]:
    return tuple(RegistrationLimit(**row) for row in _rows("registration_limits", RegistrationLimit))


@cache
def _account() -> tuple[AccountLimit, ...]:
    return tuple(AccountLimit(**row) for row in _rows("account_limits", AccountLimit))


def _rows(table: str, record: Any) -> list[dict[str, Any]]:
    return load_table(table).select(list(record.__dataclass_fields__)).to_pylist()  # type: ignore[no-any-return]
