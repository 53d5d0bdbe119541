"""Whether a price contains its tax, told from the amounts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
import pytest

from argosy.books.tax import tell_tax
from argosy.rules.vat import rate_share_table

LINE = {"order_id": "string", "line_no": "string", "quantity": "int64", "unit_price": "decimal(18,4)",
        "discount": "decimal(18,4)", "shipping": "decimal(18,4)", "tax": "decimal(18,4)",
        "tax_included": "boolean"}  # fmt: skip


def told(country: str, **amounts: Any) -> bool | None:
    """Return what the amounts of one line tell."""
    plain = {name: Decimal(text) if isinstance(text, str) else text for name, text in amounts.items()}
    row = dict.fromkeys(LINE) | {"order_id": "1", "line_no": "1", "quantity": 1} | plain
    lines = ibis.memtable(pa.Table.from_pylist([row], schema=ibis.schema(LINE).to_pyarrow()))
    orders = ibis.memtable(pa.table({"order_id": ["1"], "country": [country]}))
    made: list[dict[str, Any]] = tell_tax(lines, orders, ibis.memtable(rate_share_table())).to_pyarrow().to_pylist()
    assert len(made) == 1
    included: bool | None = made[0]["tax_included"]
    return included


@pytest.mark.parametrize(
    ("country", "amounts", "included"),
    [
        ("DE", {"unit_price": "89.90", "discount": "10.00", "tax": "17.08"}, False),  # 19 % of 89.90
        ("DE", {"unit_price": "89.90", "discount": "10.00", "tax": "15.18"}, False),  # 19 % of 79.90
        ("DE", {"unit_price": "89.90", "tax": "14.35"}, True),  # 19 % within 89.90
        ("DE", {"unit_price": "89.90", "tax": "5.88"}, True),  # 7 % within 89.90
        ("DE", {"unit_price": "21.00", "quantity": 2, "shipping": "5.99", "tax": "9.12"}, False),
        ("GB", {"unit_price": "12.00", "tax": "2.00"}, True),
        ("GB", {"unit_price": "10.00", "tax": "2.00"}, False),
        ("JP", {"unit_price": "1100", "tax": "100"}, True),
        ("US", {"unit_price": "10.00", "tax": "0.83"}, None),  # no rate holds for a whole country
        ("DE", {"unit_price": "10.00", "tax": "0"}, None),
        ("DE", {"unit_price": "10.00", "tax": "1.90", "tax_included": True}, True),  # what the file says holds
    ],
)
def test_the_rate_that_explains_the_tax_decides(country: str, amounts: dict[str, Any], included: bool | None) -> None:
    assert told(country, **amounts) is included
