"""Known facts and ledgers of a few lines, for measures to be tried on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa

from argosy.model.entries import ENTRIES
from argosy.model.facts import FACTS, schema
from argosy.model.promises import PROMISES
from argosy.outlook.known import Known

Rows = Iterable[Mapping[str, Any]]
START = date(2026, 3, 1)


def table(columns: Mapping[str, str], rows: Rows) -> ibis.Table:
    """Return a table of these columns; what a row does not say is NULL."""
    full = [{name: row.get(name) for name in columns} for row in rows]
    return ibis.memtable(pa.Table.from_pylist(full, schema=ibis.schema(dict(columns)).to_pyarrow()))


def known(entries: Rows, *, day: date, facts: Mapping[str, Rows] | None = None, promises: Rows = ()) -> Known:
    """Return what is known on ``day``: these entries, facts and promises, in euros."""
    engine = ibis.duckdb.connect()
    told = facts or {}
    return Known(
        day=day, home="DE", book_currency="EUR",
        facts={name: table(schema(fact), told.get(name, ())) for name, fact in FACTS.items()},
        entries=table(ENTRIES, entries), promises=table(PROMISES, promises), filled=frozenset(told),
        run=engine.to_pyarrow, query=ibis.to_sql,
    )  # fmt: skip


def entry(on: date, account: str, earned: float, **said: Any) -> dict[str, Any]:
    """Return an entry that brought so much on a day; whose it is as ``said``."""
    return {
        "transaction_id": said.pop("transaction", "t"), "posted_at": datetime(on.year, on.month, on.day, 12),
        "account": account, "book_amount": -Decimal(str(round(earned, 2))), "state": "settled", **said,
    }  # fmt: skip


def sale(
    number: str, on: date, goods: Mapping[str, float], *, market: str = "DE", **costs: float
) -> list[dict[str, Any]]:
    """Return the entries of an order: income of each article, and costs of the order as a whole by account."""
    whose = {"order_id": f"shop:{number}", "market": market, "channel_id": "shopify:main"}
    sold = [entry(on, "income:sales", money, sku=sku, **whose) for sku, money in goods.items()]
    return sold + [entry(on, account.replace("_", ":"), -money, **whose) for account, money in costs.items()]


def days(many: int) -> Sequence[date]:
    """Return so many days from ``START`` on."""
    return [START + timedelta(days=n) for n in range(many)]
