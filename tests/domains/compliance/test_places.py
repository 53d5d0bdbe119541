"""A place or a family that sells nothing is told with what it lost; few orders and whole channels that rest are not."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.domains.conftest import known
from tests.domains.selling import DAY, sale

from argosy.domains.compliance.quiet import place_gone_quiet
from argosy.domains.compliance.remedies import open_again
from argosy.outlook.known import Known

Rows = list[dict[str, Any]]


def _sold(*, closed: tuple[int, int] = (0, 0), family: str = "", a_day: int = 4) -> Known:
    """Return a hundred days of a shop in DE and one in FR, toys and pets in turn; DE, or a family in it, closed from so
    many days ago until before so many."""
    orders, lines, entries, number = [], [], [], 0
    for ago in range(100, 0, -1):
        for country, many in (("DE", a_day), ("FR", 12)):
            for place in range(many):
                sku = ("toy", "pet")[place % 2]
                shut = country == "DE" and closed[1] < ago <= closed[0] and family in ("", sku)
                number += 1
                if not shut:
                    order, line, booked = sale(number, ago, sku, country=country)
                    orders.append(order)
                    lines.append(line)
                    entries += booked
    products: Rows = [{"sku": "toy", "category": "toys"}, {"sku": "pet", "category": "pets"}]
    facts = {"orders": orders, "order_lines": lines, "products": products}
    return known(facts, day=DAY, entries=entries)


def test_a_closed_place_is_told_with_the_margin_of_what_it_did_not_sell() -> None:
    here = _sold(closed=(9, 0))
    found = list(place_gone_quiet(here))
    assert [(one.subject, one.since) for one in found] == [("shop:main/DE", DAY - timedelta(days=9))]
    assert abs(found[0].stake.mid - 4 * 9 * 50) < 200  # 100 less goods 30 and carriage 20 an order
    assert found[0].stake.low < 1800 < found[0].stake.high
    (proposal,) = open_again(found[0], here)
    assert proposal.change.kind == "task.do"
    assert proposal.expected.mid == (Decimal(str(found[0].told["a_day"])) * 3).quantize(Decimal("0.01"))


def test_a_closed_family_is_told_by_its_place_and_nothing_else_is() -> None:
    found = list(place_gone_quiet(_sold(closed=(21, 5), family="toy", a_day=8)))
    assert [(one.subject, one.told["until"]) for one in found] == [("shop:main/DE/toys", DAY - timedelta(days=6))]
    assert list(open_again(found[0], _sold())) == []  # it sells again


def test_where_little_is_sold_silence_says_nothing() -> None:
    assert list(place_gone_quiet(_sold(closed=(4, 0), a_day=1))) == []
    assert list(place_gone_quiet(_sold())) == []


def test_a_seller_without_orders_is_told_nothing() -> None:
    assert list(place_gone_quiet(known({}, day=date(2026, 9, 1)))) == []
