"""Charges outside a statement: who is owed them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
import pytest

from argosy.books.charges import post_fees
from argosy.books.legs import entries_of
from argosy.model.facts import FACTS, schema

AT = datetime(2026, 3, 31)


def rows_of(table: str, *rows: dict[str, Any]) -> Any:
    return ibis.memtable(pa.Table.from_pylist(list(rows), schema=ibis.schema(schema(FACTS[table])).to_pyarrow()))


@pytest.mark.parametrize(
    ("told", "owed_to"),
    [
        ({"payee": "northwind", "channel_id": None}, "liability:payable:northwind"),
        ({"payee": "northwind", "channel_id": "shop:main"}, "liability:payable:northwind"),
        ({"payee": None, "channel_id": "amazon:main"}, "asset:receivable:amazon:main"),
    ],
    ids=["a bill", "a bill for a channel", "taken by the channel"],
)
def test_a_fee_is_owed_to_its_payee_else_taken_by_the_channel(told: dict[str, Any], owed_to: str) -> None:
    fee = {"fee_id": "f", "kind": "storage", "amount": Decimal(80), "currency": "EUR", "charged_at": AT} | told
    posting = post_fees(rows_of("fees", fee), rows_of("orders"))
    entries = entries_of(posting, rates=rows_of("fx_rates"), book_currency="EUR").order_by("account").to_pyarrow()
    found = [(row["account"], row["amount"], row["channel_id"]) for row in entries.to_pylist()]
    assert sorted(found, key=str) == sorted(
        [("fee:storage", Decimal(80), told["channel_id"]), (owed_to, Decimal(-80), told["channel_id"])], key=str
    )
