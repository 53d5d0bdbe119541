"""ECB reference rates into what one unit of each currency was worth in the book currency, every calendar day.

The bank publishes units per euro on working days. The cross rate is computed here once with exact decimals, so
that no engine divides and every engine converts alike; weekends and holidays carry the last published rate
forward, with the day it was published beside it.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin
from argosy.intake.formats import Format
from argosy.model.errors import RateMissing

UNIT = Decimal(1).scaleb(-10)
STALE_DAYS = 7  # longer than any run of bank holidays; beyond it a rate is missing, not carried on


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return ``fx_rates`` in the workspace's book currency; ``RateMissing`` when the bank never quoted that."""
    quoted = [c.name for c in format.columns if c.type == "rate"]
    days = sorted(rows.select("row_no", "version_at", "day", *quoted).to_pyarrow().to_pylist(), key=_day)
    book = origin.book_currency
    if book != "EUR" and not any(day.get(book.lower()) for day in days):
        raise RateMissing(currency=book)
    return Facts({"fx_rates": ibis.memtable(_spine(days, quoted, book))})


def _day(row: dict[str, Any]) -> date:
    return row["day"]  # type: ignore[no-any-return]


def _spine(days: list[dict[str, Any]], quoted: list[str], book: str) -> pa.Table:
    rates: dict[str, list[Any]] = {n: [] for n in ("row_no", "day", "currency", "per_unit", "quoted_on")}
    version_at = days[-1]["version_at"] if days else None
    last: dict[str, tuple[int, date, Decimal]] = {}
    with localcontext() as context:
        context.prec = 40
        for row, until in zip(days, [*(d["day"] for d in days[1:]), None], strict=True):
            end = until or row["day"] + timedelta(days=STALE_DAYS)
            worth = _worth(row, quoted, book)
            last |= {c: (row["row_no"], row["day"], rate) for c, rate in worth.items()}
            for offset in range((end - row["day"]).days):
                _add(rates, row["day"] + timedelta(days=offset), last)
    table = pa.table(
        {
            "row_no": pa.array(rates["row_no"], pa.int64()),
            "day": pa.array(rates["day"], pa.date32()),
            "currency": rates["currency"],
            "per_unit": pa.array(rates["per_unit"], pa.decimal128(18, 10)),
            "quoted_on": pa.array(rates["quoted_on"], pa.date32()),
        }
    )
    return table.append_column("version_at", pa.array([version_at] * len(table), pa.timestamp("us")))


def _worth(row: dict[str, Any], quoted: list[str], book: str) -> dict[str, Decimal]:
    per_euro = {"EUR": Decimal(1)} | {c.upper(): row[c] for c in quoted if row[c]}
    if book not in per_euro:
        return {}
    return {
        currency: (per_euro[book] / rate).quantize(UNIT, rounding=ROUND_HALF_UP) for currency, rate in per_euro.items()
    }


def _add(rates: dict[str, list[Any]], day: date, last: dict[str, tuple[int, date, Decimal]]) -> None:
    for currency, (row_no, quoted_on, rate) in last.items():
        if (day - quoted_on).days < STALE_DAYS:
            for name, value in zip(rates, (row_no, day, currency, rate, quoted_on), strict=True):
                rates[name].append(value)
