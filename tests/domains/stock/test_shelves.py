"""What runs out before more can come, what is out, and what is done about it."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.domains.conftest import known
from tests.domains.stock.shop import DAY, ago, bought, counted, shop

from argosy.domains.stock import CHECKS, REMEDIES
from argosy.model.findings import CannotTell, Finding
from argosy.outlook.known import Known

FIND = {check.kind: check for check in CHECKS}


def told(kind: str, now: Known) -> list[Finding]:
    return [one for one in FIND[kind].run(now) if isinstance(one, Finding)]


def two_a_day(on_hand: int, **stock: object) -> Known:
    """Return a shop that sells two a day of A and has so many left, with orders that take forty days."""
    levels = counted("A", lambda _: on_hand, inbound=int(str(stock.get("inbound", 0))))
    orders = bought("A", lead=40, open_since=stock.get("open_since"))  # type: ignore[arg-type]
    more = stock.get("elsewhere", [])
    facts = {"stock_levels": [*levels, *more], "po_lines": orders}  # type: ignore[misc]
    return shop({"A": lambda _: 2, "B": lambda _: 3}, facts=facts)


def test_what_sells_out_before_an_order_can_come_is_told_with_the_margin_it_costs() -> None:
    (one,) = told("stock.running_out", two_a_day(20))
    assert one.subject == "A/home"
    # Ten days of stock, forty until more is there: thirty days of two units at a margin of twenty.
    assert one.stake.low < one.stake.mid < one.stake.high
    assert one.stake.mid == pytest.approx(Decimal(30 * 2 * 20), rel=Decimal("0.15"))
    assert one.told["out_on"] == ago(-10)


def test_what_is_on_its_way_in_time_and_what_is_plenty_is_left_alone() -> None:
    assert told("stock.running_out", two_a_day(20, inbound=100, open_since=35)) == []
    assert told("stock.running_out", two_a_day(200)) == []


def test_what_runs_out_is_ordered_as_much_as_sells_until_the_next_order() -> None:
    now = two_a_day(20)
    (one,) = told("stock.running_out", now)
    changes = {proposal.change.kind: proposal for proposal in REMEDIES["stock.running_out"](one, now)}
    order = changes["stock.reorder"]
    assert order.change.subject == "A/home"
    assert order.change.values["supplier"] == "maker"
    assert int(order.change.values["units"]) == pytest.approx(90, abs=20)  # 45 days of two
    assert order.cash == 10 * int(order.change.values["units"])
    assert order.expected.mid == pytest.approx(Decimal(21 * 2 * 20), rel=Decimal("0.15"))  # three weeks sooner
    # A dearer price sells the same twenty, each for up to fifteen percent more.
    dearer = changes["price.set"]
    assert Decimal(dearer.change.values["price"]) == Decimal("34.50")
    assert dearer.undo is not None
    assert dearer.undo.values["price"] == "30.00"


def test_another_warehouse_with_more_than_it_sells_helps_out() -> None:
    now = two_a_day(5, elsewhere=counted("A", lambda _: 300, warehouse="far"))
    (one,) = told("stock.running_out", now)
    kinds = {proposal.change.kind: proposal.change for proposal in REMEDIES["stock.running_out"](one, now)}
    assert kinds["stock.transfer"].values["origin"] == "far"
    assert "price.set" not in kinds  # in all there is enough


def test_what_is_out_costs_its_usual_margin_a_day() -> None:
    sells = {"A": lambda day: 2 if day < 71 else 0, "B": lambda _: 3}
    levels = counted("A", lambda day: 50 if day < 71 else 0)
    now = shop(sells, facts={"stock_levels": levels, "po_lines": bought("A", lead=40)})
    (one,) = told("stock.sold_out_now", now)
    assert (one.subject, one.told["days"]) == ("A/home", 20)
    assert one.stake.mid == pytest.approx(Decimal(20 * 2 * 20), rel=Decimal("0.05"))
    assert one.since == ago(20)


def test_what_came_back_is_no_longer_out() -> None:
    sells = {"A": lambda day: 2 if not 60 <= day < 80 else 0, "B": lambda _: 3}
    levels = counted("A", lambda day: 0 if 60 <= day < 80 else 50)
    assert told("stock.sold_out_now", shop(sells, facts={"stock_levels": levels})) == []


def test_without_counts_of_stock_nobody_can_tell() -> None:
    (cannot,) = FIND["stock.running_out"].run(known({"orders": [{"order_id": "1"}]}, day=DAY))
    assert isinstance(cannot, CannotTell)
    assert "stock_levels" in cannot.needs
