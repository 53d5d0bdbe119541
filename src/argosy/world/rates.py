"""Exchange rates as the European Central Bank published them, for the world's own bookkeeping."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from importlib.resources import files

import numpy as np

from argosy.world.columns import Ints

SCALE = 10**10


def rates_to(book: str, currency: str, *, start: date, days: int) -> Ints:
    """Return what one unit of ``currency`` was worth in ``book`` on each of ``days`` from ``start``, times 10**10.

    The cross rate of the last published day, halves away from zero, as a bank would state it.
    """
    quoted = _quoted(book, currency)
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


def _quoted(book: str, currency: str) -> dict[date, int]:
    archive = files("argosy").joinpath("rules", "ecb", "eurofxref-hist.zip").read_bytes()
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        text = opened.read(opened.namelist()[0]).decode("utf-8-sig")
    made = {}
    with localcontext() as context:
        context.prec = 40
        for row in csv.DictReader(io.StringIO(text)):
            per_euro = {"EUR": Decimal(1)} | {
                name: _number(row.get(name)) for name in (book, currency) if name != "EUR"
            }
            if per_euro[book] and per_euro[currency]:
                rate = per_euro[book] / per_euro[currency]
                made[date.fromisoformat(row["Date"])] = int((rate * SCALE).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return made


def _number(text: str | None) -> Decimal:
    return Decimal(text) if text and text != "N/A" else Decimal(0)
