"""What the books cannot tell is named with what it touches and the file that would tell it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
from tests.books.test_money_ledger import DAY, facts, ledger, rates, sale

from argosy.books.costs import UNVALUED
from argosy.books.gaps import gap_rows, unvalued_lot_rows
from argosy.books.goods import cost_issues, issued_goods
from argosy.books.sales import sold_lines
from argosy.model.entries import ENTRIES


def gaps(made: dict[str, list[dict[str, Any]]]) -> dict[str, tuple[Any, ...]]:
    """Return kind -> subject, count, amount, currency, needs of the gaps these facts leave."""
    tables = facts(**made)
    rows = pa.Table.from_pylist(ledger(tables), schema=ibis.schema(ENTRIES).to_pyarrow())
    costed = cost_issues(
        issued_goods(sold_lines(tables["orders"], tables["order_lines"])),
        stock=None,
        standard=None,
        book_currency="EUR",
    )
    found = gap_rows(
        ibis.memtable(rows),
        costed,
        orders=tables["orders"],
        lines=tables["order_lines"],
        payout_lines=tables["payout_lines"],
        bank=tables["bank_lines"],
    )
    told = [row for part in found for row in part.to_pyarrow().to_pylist()]
    return {row.pop("kind"): tuple(row.values()) for row in told}


def amazon(country: str) -> dict[str, list[dict[str, Any]]]:
    made = sale(order_id="amazon:main:1")
    made["orders"][0] |= {"order_id": "amazon:main:1", "channel_id": "amazon:main", "country": country}
    return made


def test_a_sale_that_waits_for_its_statement_without_a_fee_rule() -> None:
    assert gaps(amazon("ZZ"))["fees_unknown"] == ("amazon:main", 1, Decimal("23.8000"), None, "payouts")
    assert "fees_unknown" not in gaps(amazon("US"))


def test_an_order_called_off_waits_for_no_fee() -> None:
    made = amazon("ZZ")
    made["orders"][0] |= {"status": "cancelled", "refunded": Decimal("23.80")}
    assert "fees_unknown" not in gaps(made)


def test_a_sale_whose_statement_came_needs_no_fee_rule() -> None:
    made = amazon("ZZ")
    line = {"line_id": "1", "channel_id": "amazon:main", "order_id": "amazon:main:1", "sku": "A", "kind": "sale"}
    made["payout_lines"] = [line | {"amount": Decimal("23.80"), "currency": "EUR", "posted_at": DAY}]
    assert "fees_unknown" not in gaps(made)


def test_a_fee_told_with_the_order_needs_no_rule() -> None:
    made = amazon("ZZ")
    fee = {"fee_id": "1", "channel_id": "amazon:main", "order_id": "amazon:main:1", "kind": "referral"}
    made["fees"] = [fee | {"amount": Decimal("3.57"), "currency": "EUR", "charged_at": DAY}]
    assert "fees_unknown" not in gaps(made)


def test_goods_that_left_without_a_known_cost() -> None:
    assert gaps(sale())["goods_without_cost"] == ("shopify:main", 1, Decimal("23.8000"), None, "costs")
    called_off = sale()
    called_off["orders"][0]["status"] = "cancelled"
    assert "goods_without_cost" not in gaps(called_off)


def test_bank_lines_nobody_explains() -> None:
    line = {"account": "main", "currency": "EUR", "booked_on": (DAY + timedelta(days=1)).date()}
    made = {
        "bank_lines": [
            line | {"bank_line_id": "rent", "amount": Decimal(-700)},
            line | {"bank_line_id": "somebody", "amount": Decimal(50)},
        ]
    }
    assert gaps(made)["bank_unexplained"] == ("EUR", 2, Decimal("-650.0000"), "EUR", "bills")


def test_days_without_a_rate() -> None:
    made = sale(currency="USD")
    made["fx_rates"] = [r for r in rates() if r["day"] != DAY.date()]
    assert gaps(made)["rate_missing"] == ("USD", 1, Decimal("23.8000"), "USD", "ecb_rates")


def test_lots_no_rate_can_value() -> None:
    lots = [{"lot_id": str(n), "sku": "A", "day": DAY.date(), "currency": "CNY"} for n in range(3)]
    table = ibis.memtable(pa.Table.from_pylist(lots, schema=ibis.schema(UNVALUED).to_pyarrow()))
    (row,) = unvalued_lot_rows(table).to_pyarrow().to_pylist()
    assert (row["kind"], row["subject"], row["count"], row["needs"]) == ("lots_unvalued", "CNY", 3, "ecb_rates")
