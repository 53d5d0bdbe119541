"""What articles sold for and cost: shared within orders, put in as usual where bills are still to come."""

from __future__ import annotations

import pytest
from tests.domains.conftest import known
from tests.domains.selling import DAY, entry, line, order, sale

from argosy.outlook.lines import Lines, lines


def told(*sales: object, entries: list[dict[str, object]] | None = None) -> Lines:
    orders, rows, booked = zip(*sales, strict=True)
    every = [one for part in booked for one in part] + (entries or [])
    return lines(known({"orders": orders, "order_lines": rows}, day=DAY, entries=every))


def test_what_selling_earned_is_income_less_goods_and_carriage() -> None:
    found = told(sale(1, 50, "A"), sale(2, 40, "A", price=60))
    assert found.result.tolist() == pytest.approx([10, 50]) or found.result.tolist() == pytest.approx([50, 10])
    assert found.each_unit("A") == pytest.approx(30)
    assert found.each_order("/DE") == pytest.approx(30)
    assert found.each_unit("B") is None


def test_bills_still_to_come_are_put_in_as_usual() -> None:
    found = told(*(sale(n, 60, "A") for n in range(8)), sale(9, 2, "A", price=45))
    young = found.day == 188
    assert found.cost[young].tolist() == pytest.approx([50])
    assert found.result[young].tolist() == pytest.approx([-5])


def test_a_parcel_is_shared_by_units_and_a_payment_fee_by_what_they_were_sold_for() -> None:
    orders, rows = [order(1, 50)], [line(1, "A", price=90), line(1, "B", price=30)]
    of = {"order_id": "shop:main:1"}
    entries = [
        entry("income:sales", -90, 50, sku="A", **of), entry("income:sales", -30, 50, sku="B", **of),
        entry("cost:goods", 10, 50, sku="A", **of), entry("cost:goods", 10, 50, sku="B", **of),
        entry("cost:freight", 40, 50, **of), entry("fee:payment", 4, 50, **of),
    ]  # fmt: skip
    found = lines(known({"orders": orders, "order_lines": rows}, day=DAY, entries=entries))
    assert dict(zip(found.skus, found.result[found.sku.argsort()].tolist(), strict=True)) == {"A": 57, "B": -1}
    assert found.orders.tolist() == [0.5, 0.5]


def test_what_is_given_back_is_no_price() -> None:
    refund = entry("contra:refund", 100, 30, order_id="shop:main:1", sku="A")
    back = entry("cost:goods", -30, 30, order_id="shop:main:1", sku="A", transaction_id="return:1")
    assert told(sale(1, 50, "A"), entries=[refund, back]).result.tolist() == pytest.approx([50])


def test_an_order_called_off_is_none() -> None:
    assert told(sale(1, 50, "A", status="cancelled"), sale(2, 50, "A")).units.tolist() == [1]


def test_an_article_without_cost_is_known_as_such() -> None:
    found = told(sale(1, 50, "A", goods=0), sale(2, 50, "B"))
    assert found.costed[found.sku == 0].tolist() == [False]
    assert found.each_unit("A") is None
