"""Mercado Pago's account money report in the shapes sellers choose for it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

HEADER = "SOURCE_ID,TRANSACTION_TYPE,TRANSACTION_AMOUNT,SETTLEMENT_NET_AMOUNT,SETTLEMENT_CURRENCY,SETTLEMENT_DATE"
ROWS = [
    HEADER.split(","),
    ["900", "SETTLEMENT", "1150.50", "1093.10", "BRL", "2026-08-24T10:00:00.000-04:00"],
    ["900", "REFUND", "-50.25", "-47.75", "BRL", "2026-08-25T09:00:00.000-0400"],
]


def lines(shop: Any) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.items() if k not in ("source_row", "known_at")} for row in shop.facts("payout_lines")]


def test_separator_and_decimal_sign_make_no_difference(open_shop: Callable[..., Any]) -> None:
    dotted, comma = open_shop(), open_shop()
    dotted.read_text("\n".join(",".join(row) for row in ROWS) + "\n")
    decimal_comma = [
        ROWS[0],
        *([*row[:2], row[2].replace(".", ","), row[3].replace(".", ","), *row[4:]] for row in ROWS[1:]),
    ]
    comma.read_text("\ufeff" + "\n".join(";".join(f'"{cell}"' for cell in row) for row in decimal_comma) + "\n")
    assert lines(dotted) == lines(comma)
    assert sum(line["amount"] for line in lines(dotted)) == Decimal("1045.35")
    assert {str(line["posted_at"]) for line in lines(dotted)} == {"2026-08-24 14:00:00", "2026-08-25 13:00:00"}


def test_a_report_with_other_columns_is_the_same_ledger(shop: Any) -> None:
    shop.read_text("\n".join(",".join(row) for row in ROWS) + "\n", "plain.csv")
    once = lines(shop)
    wide = [[*row, cell] for row, cell in zip(ROWS, ("SITE", "MLB", "MLB"), strict=True)]
    shop.read_text("\n".join(",".join(row) for row in wide) + "\n", "wide.csv")
    assert lines(shop) == once


def test_a_file_of_headers_alone_is_read(shop: Any, shared: Path) -> None:
    report = shop.read(shared / "data/exports/mercadopago_settlement.HEADER.csv")
    assert (report.outcome, report.format, report.rows) == ("imported", "mercadopago_settlement", 0)
