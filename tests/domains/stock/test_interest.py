"""What hardly sells any more, what sells more, and what storing it costs."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from tests.domains.stock.shop import ago, bought, counted, shop
from tests.domains.stock.test_shelves import told

from argosy.domains.stock import REMEDIES
from argosy.model.findings import CHANCE


def test_stock_that_hardly_sells_any_more_is_told_and_cleared_at_a_lower_price() -> None:
    sells = {"A": lambda day: 5 if day < 50 else day % 2, "B": lambda _: 8}
    now = shop(sells, facts={"stock_levels": counted("A", lambda _: 600), "po_lines": bought("A", lead=40)})
    (one,) = told("stock.dead_stock", now)
    assert (one.subject, one.since) == ("A", ago(41))
    # Half a unit a day: half a year sells 91 of 600, a year 182; what lies then is worth half of its cost.
    assert one.stake.mid > Decimal((600 - 182) * 10) / 2
    (cut,) = REMEDIES["stock.dead_stock"](one, now)
    assert Decimal(cut.change.values["price"]) < Decimal(cut.change.values["was"]) == 30
    assert cut.expected.mid > 0


def test_what_sells_as_ever_is_not_dead_however_much_there_is() -> None:
    sells = {"A": lambda day: 1 + day % 2, "B": lambda _: 8}
    assert told("stock.dead_stock", shop(sells, facts={"stock_levels": counted("A", lambda _: 900)})) == []


def test_an_article_of_which_more_is_wanted_is_a_chance() -> None:
    sells = {"A": lambda day: (9 if day >= 70 else 3) + day % 2, "B": lambda _: 12, "C": lambda _: 9}
    (one,) = told("stock.demand_rising", shop(sells))
    assert (one.subject, one.since, one.sense) == ("A", ago(21), CHANCE)
    assert one.stake.mid == pytest.approx(Decimal(21 * 6 * 20), rel=Decimal("0.1"))


def test_a_day_on_which_all_is_wanted_more_is_no_news() -> None:
    festive = {"A": lambda day: 9 if day >= 80 else 3, "B": lambda day: 27 if day >= 80 else 9}
    assert told("stock.demand_rising", shop(festive)) == []


def billed(payee: str, *amounts: int) -> list[dict[str, object]]:
    months = (datetime(2026, 5, 1), datetime(2026, 6, 1), datetime(2026, 7, 1))
    return [
        {"fee_id": f"{payee}{n}", "payee": payee, "sku": "A", "kind": "storage", "amount": amount, "currency": "CNY",
         "charged_at": at}
        for n, (at, amount) in enumerate(zip(months, amounts, strict=True))
    ]  # fmt: skip


def test_storage_is_dearer_when_a_unit_costs_more_not_when_more_lies_there() -> None:
    levels = [*counted("A", lambda _: 100), *counted("A", lambda day: 100 if day < 61 else 300, warehouse="far")]
    fees = [*billed("home", 200, 200, 300), *billed("far", 200, 200, 600)]
    (one,) = told("stock.storage_up", shop({"A": lambda _: 2}, facts={"stock_levels": levels, "fees": fees}))
    assert (one.subject, one.told["percent"]) == ("home", 50)
    assert one.stake.mid == 100
