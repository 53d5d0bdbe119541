"""Whether a price contains its tax, told from the amounts."""

from __future__ import annotations

from datetime import datetime
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


ORDER = {"channel_id": ["amazon:main"]}


def told(country: str, *, at: datetime = datetime(2026, 3, 2), **amounts: Any) -> bool | None:
    """Return what the amounts of one line tell."""
    plain = {name: Decimal(text) if isinstance(text, str) else text for name, text in amounts.items()}
    row = dict.fromkeys(LINE) | {"order_id": "1", "line_no": "1", "quantity": 1} | plain
    lines = ibis.memtable(pa.Table.from_pylist([row], schema=ibis.schema(LINE).to_pyarrow()))
    orders = ibis.memtable(pa.table(ORDER | {"order_id": ["1"], "country": [country], "placed_at": [at]}))
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


def test_only_rates_of_the_day_speak() -> None:
    # 1.25 is 19 % within 7.82 (1.2486), or 16 % on top of it (1.2512): Germany's rate of the second half of 2020.
    assert told("DE", unit_price="7.82", tax="1.25") is True
    assert told("DE", at=datetime(2020, 9, 1), unit_price="7.82", tax="1.25") is False


def test_what_most_lines_of_a_site_say_holds_for_all() -> None:
    rows = [
        dict.fromkeys(LINE) | {"order_id": str(n), "line_no": "1", "quantity": 1}
        | {"unit_price": Decimal(price), "tax": Decimal(tax)}
        for n, (price, tax) in enumerate((("89.90", "14.35"), ("49.90", "7.97"), ("0.05", "0.01")))
    ]  # fmt: skip
    orders = pa.table(
        {
            "order_id": ["0", "1", "2"],
            "channel_id": ["amazon:main"] * 3,
            "country": ["DE"] * 3,
            "placed_at": [datetime(2026, 3, 2)] * 3,
        }
    )
    lines = ibis.memtable(pa.Table.from_pylist(rows, schema=ibis.schema(LINE).to_pyarrow()))
    made = tell_tax(lines, ibis.memtable(orders), ibis.memtable(rate_share_table())).to_pyarrow()
    assert made["tax_included"].to_pylist() == [True, True, True]
