"""Exchange rates as the European Central Bank published them, and as they would be had a currency moved."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from functools import cache
from importlib.resources import files

import numpy as np

from argosy.world.columns import Ints
from argosy.world.conditions import CURRENCIES, Conditions
from argosy.world.plan import Plan

SCALE = 10**10
QUOTED = Decimal("0.0001")
EARLIER_DAYS = 45  # quotes from so long before the plan on, for the first lots

Quotes = Mapping[date, Mapping[str, str]]


def quotes(plan: Plan, conditions: Conditions) -> Quotes:
    """Return the bank's quotes from shortly before a plan's days on: day -> currency -> units for one euro, as it
    writes them.

    Where a currency is worth another part of its real rate, its quote is divided by that part.
    """
    begin = plan.start.toordinal() - EARLIER_DAYS
    found: dict[date, dict[str, str]] = {}
    for text, row in _published().items():
        day = date.fromisoformat(text)
        if begin <= day.toordinal():
            place = (day - plan.start).days
            worth = conditions.worth[place] if 0 <= place < plan.days else [1.0] * len(CURRENCIES)
            found[day] = dict(row) | {
                currency: str((_number(row[currency]) / Decimal(str(part))).quantize(QUOTED, rounding=ROUND_HALF_UP))
                for currency, part in zip(CURRENCIES, worth, strict=True)
                if part != 1
            }
    return dict(sorted(found.items()))


def rates_to(book: str, currency: str, told: Quotes, *, start: date, days: int) -> Ints:
    """Return what one unit of ``currency`` was worth in ``book`` on each of ``days`` from ``start``, times 10**10.

    The cross rate of the last published day, halves away from zero, as a bank would state it.
    """
    quoted = _crossed(book, currency, told)
    worth, made = 0, []
    known = sorted(quoted)
    place = 0
    for offset in range(days):
        day = date.fromordinal(start.toordinal() + offset)
        while place < len(known) and known[place] <= day:
            worth = quoted[known[place]]
            place += 1
        made.append(worth)
    return np.array(made, dtype=np.int64)


@cache
def _published() -> dict[str, dict[str, str]]:
    archive = files("argosy").joinpath("rules", "ecb", "eurofxref-hist.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        text = opened.read(opened.namelist()[0]).decode("utf-8-sig")
    return {row.pop("Date"): {k: v for k, v in row.items() if k} for row in csv.DictReader(io.StringIO(text))}


def _crossed(book: str, currency: str, told: Quotes) -> dict[date, int]:
    made = {}
    with localcontext() as context:
        context.prec = 40
        for day, row in told.items():
            per_euro = {"EUR": Decimal(1)} | {
                name: _number(row.get(name)) for name in (book, currency) if name != "EUR"
            }
            if per_euro[book] and per_euro[currency]:
                rate = per_euro[book] / per_euro[currency]
                made[day] = int((rate * SCALE).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return made


def _number(text: str | None) -> Decimal:
    return Decimal(text) if text and text != "N/A" else Decimal(0)
