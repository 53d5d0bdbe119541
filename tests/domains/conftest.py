"""What is known of a small business, made of plain rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from argosy.model.entries import ENTRIES
from argosy.model.facts import FACTS, schema
from argosy.model.promises import PROMISES
from argosy.outlook.known import Known

Rows = Sequence[Mapping[str, Any]]


def known(
    facts: Mapping[str, Rows],
    *,
    day: date,
    entries: Rows = (),
    promises: Rows = (),
    home: str = "CN",
    book_currency: str = "CNY",
) -> Known:
    """Return what is known on ``day``: rows by fact table, columns left out are empty; amounts as numbers or texts."""
    engine = ibis.duckdb.connect()
    return Known(
        day=day,
        home=home,
        book_currency=book_currency,
        facts={name: _table(facts.get(name, ()), schema(table)) for name, table in FACTS.items()},
        entries=_table(entries, ENTRIES),
        promises=_table(promises, PROMISES),
        filled=frozenset(name for name, rows in facts.items() if rows),
        run=lambda expression: engine.to_pyarrow(expression).cast(expression.schema().to_pyarrow()),
        query=lambda expression: str(engine.compile(expression)),
    )


def _table(rows: Rows, types: Mapping[str, str]) -> Table:
    columns = ibis.schema(dict(types)).to_pyarrow()
    unknown = {name for row in rows for name in row} - set(types)
    if unknown:
        raise KeyError(", ".join(sorted(unknown)))
    whole = [{field.name: _value(row.get(field.name), field.type) for field in columns} for row in rows]
    return ibis.memtable(pa.Table.from_pylist(whole, schema=columns))


def _value(value: Any, type_: pa.DataType) -> Any:
    return Decimal(str(value)) if value is not None and pa.types.is_decimal(type_) else value
