"""ECB reference rates into what one unit of each currency was worth in the book currency, every calendar day.

The bank publishes units per euro on working days. The cross rate is computed here once with exact decimals, so
that no engine divides and every engine converts alike; weekends and holidays carry the last published rate
forward, with the day it was published beside it.
"""

from __future__ import annotations

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
    days = rows.select("row_no", "version_at", "day", *quoted).to_pyarrow().to_pylist()
    book = origin.book_currency
    if book != "EUR" and not any(day.get(book.lower()) for day in days):
        raise RateMissing(currency=book)
    return Facts({"fx_rates": _every_day(ibis.memtable(_published(days, quoted, book)))})


def _published(days: list[dict[str, Any]], quoted: list[str], book: str) -> pa.Table:
    with localcontext() as context:
        context.prec = 40
        rates = [
            (day["row_no"], day["version_at"], day["day"], currency, rate)
            for day in days
            for currency, rate in _worth(day, quoted, book)
        ]
    columns = {
        "row_no": pa.int64(),
        "version_at": pa.timestamp("us"),
        "quoted_on": pa.date32(),
        "currency": pa.string(),
        "per_unit": pa.decimal128(18, 10),
    }
    values = zip(*rates, strict=True) if rates else [[] for _ in columns]
    return pa.table({name: pa.array(v, type_) for (name, type_), v in zip(columns.items(), values, strict=True)})


def _worth(row: dict[str, Any], quoted: list[str], book: str) -> list[tuple[str, Decimal]]:
    per_euro = {"EUR": Decimal(1)} | {c.upper(): row[c] for c in quoted if row[c]}
    if book not in per_euro:
        return []
    return [
        (currency, (per_euro[book] / rate).quantize(UNIT, rounding=ROUND_HALF_UP))
        for currency, rate in per_euro.items()
    ]


def _every_day(rates: Table) -> Table:
    """Return the published rates for every day from theirs until the next one, ``STALE_DAYS`` at most."""
    following = rates.quoted_on.lead().over(ibis.window(group_by=rates.currency, order_by=rates.quoted_on))
    held = ibis.coalesce(following.delta(rates.quoted_on, unit="day"), STALE_DAYS)
    dated = rates.mutate(held=ibis.least(held, STALE_DAYS), version_at=rates.version_at.max().over())
    spread = dated.mutate(offset=ibis.range(0, dated.held).unnest())
    day = (spread.quoted_on + spread.offset.as_interval("D")).cast("date")
    return spread.select("row_no", "version_at", "currency", "per_unit", "quoted_on", day=day)
