"""Prices below cost, coupons that leak, rivals that undercut: what is told, what is left alone, what is proposed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from tests.domains.conftest import known
from tests.domains.selling import DAY, at, order, readable, sale

from argosy.domains.pricing.below_cost import order_below_cost
from argosy.domains.pricing.coupons import coupon_leaks
from argosy.domains.pricing.remedies import answer_rival, price_back, stop_coupon
from argosy.domains.pricing.rivals import rival_undercuts
from argosy.outlook.known import Known

LOT = [{"lot_id": "1", "sku": "A"}]


def world(sales: Iterable[tuple[dict[str, Any], dict[str, Any], list[dict[str, Any]]]], **facts: Any) -> Known:
    orders, rows, booked = zip(*sales, strict=True)
    told = {"orders": orders, "order_lines": rows, "cost_lots": LOT} | facts
    return known(told, day=DAY, entries=[one for part in booked for one in part])


def priced(*, low: float, since: int, until: int = 0) -> Known:
    """Return a shop with three sales a day at 100, from ``since`` to ``until`` days ago at ``low``; each costs 50."""
    return world(
        sale(ago * 10 + n, ago, "A", price=low if until < ago <= since else 100)
        for ago in range(120, 0, -1) for n in range(3)
    )  # fmt: skip


def test_what_is_sold_below_cost_is_told_with_the_loss_and_its_price_put_back() -> None:
    here = priced(low=40, since=6)
    (one,) = order_below_cost(here)
    assert (one.subject, one.since, one.told["orders"]) == ("A", at(6).date(), 18)
    assert one.stake.mid == Decimal("180.00")  # eighteen times ten
    assert one.stake.low < 180 < one.stake.high
    (back,) = price_back(one, here)
    assert back.change.values == {"price": "100.0000", "was": "40.0000", "currency": "CNY"}
    assert back.undo is not None and back.undo.values["price"] == "40.0000"
    # Thirty a day for two weeks, of which 80 % is expected to be saved.
    assert back.expected.mid == Decimal("336.00")
    readable(one, [back])


def test_a_lower_price_that_covers_its_cost_is_left_alone() -> None:
    assert list(order_below_cost(priced(low=60, since=6))) == []


def test_what_is_over_needs_no_price() -> None:
    here = priced(low=30, since=20, until=8)
    (one,) = order_below_cost(here)
    assert (one.told["lasts"], one.stake.mid) == ("no", Decimal("720.00"))
    assert list(price_back(one, here)) == []


def coupons(*, share: int, since: int, country: str = "DE") -> Known:
    """Return a shop with ten orders a day, one with a discount of 10, from ``since`` days ago on ``share`` of them."""
    return world(
        sale(ago * 10 + n, ago, "A", discount=10 if n < (share if ago <= since else 1) else 0, country=country)
        for ago in range(100, 0, -1) for n in range(10)
    )  # fmt: skip


def test_a_coupon_that_leaks_is_told_with_what_is_given_away_and_stopped() -> None:
    here = coupons(share=7, since=9)
    (one,) = coupon_leaks(here)
    assert (one.subject, one.since, one.told["was"], one.told["now"]) == ("DE", at(9).date(), 10, 70)
    assert float(one.stake.mid) == pytest.approx(540, rel=0.02)  # six orders a day for nine days
    (stop,) = stop_coupon(one, here)
    assert (stop.change.kind, stop.change.subject) == ("coupon.stop", "DE")
    readable(one, [stop])
    assert float(stop.expected.mid) == pytest.approx(60 * 14 * 0.8, rel=0.02)


def test_a_coupon_used_as_ever_is_left_alone() -> None:
    assert list(coupon_leaks(coupons(share=1, since=9))) == []


def rivals(*, cut: float, sold: int, since: int = 35, until: int = 0, asks: float = 105) -> Known:
    """Return a shop with eight sales a day of A and ten of B, and a rival that asks ``asks`` for A every week; from
    ``since`` days ago on so much less, while only ``sold`` of A are sold."""
    made = [
        sale(ago * 100 + n, ago, "A" if n < 8 else "B")
        for ago in range(120, 0, -1) for n in range(18) if n >= 8 or n < (sold if until < ago <= since else 8)
    ]  # fmt: skip
    prices = [
        {"market": "DE", "sku": "A", "competitor": "Brightnest", "at": at(ago), "currency": "CNY", "in_stock": True,
         "price": round(asks * (1 - cut if until < ago <= since else 1), 2)}
        for ago in range(119, 0, -7)
    ]  # fmt: skip
    return world(made, competitor_prices=prices)


def test_a_rival_that_undercuts_is_told_with_the_margin_lost() -> None:
    here = rivals(cut=0.3, sold=6)
    (one,) = rival_undercuts(here)
    assert (one.subject, one.since, one.told["percent"]) == ("A", at(35).date(), 30)
    # Two a day for 35 days leave over 50 each; what sales usually follow a rival by says about the same.
    assert float(one.stake.mid) == pytest.approx(3500, rel=0.25)
    assert one.stake.low < 3500 < one.stake.high


@pytest.mark.parametrize(
    "told",
    [
        {"cut": 0.05, "sold": 6},  # hardly cheaper
        {"cut": 0.3, "sold": 8},  # as many are sold as ever
        {"cut": 0.3, "sold": 6, "until": 8},  # over
        {"cut": 0.2, "sold": 6, "asks": 150},  # cheaper than before, but not than the seller
    ],
)
def test_rivals_that_do_no_harm_are_left_alone(told: dict[str, Any]) -> None:
    assert list(rival_undercuts(rivals(**told))) == []


def test_a_rival_is_met_where_the_lower_price_earns_more() -> None:
    here = rivals(cut=0.3, sold=6)
    (one,) = rival_undercuts(here)
    (answer,) = answer_rival(one, here)
    assert answer.change.kind == "price.set" and answer.undo is not None
    assert answer.change.values["was"] == answer.undo.values["price"] == "100.0000"
    # At 86.75 a unit leaves over 36.75 instead of 50: at -2.2, 1.367 times as many are sold; 42 a week, four weeks.
    assert answer.change.values["price"] == "86.75"
    readable(one, [answer])
    assert float(answer.expected.mid) == pytest.approx(168 * (36.75 * 0.8675**-2.2 - 50), rel=0.02)


def test_an_order_without_a_country_or_currency_stops_nothing() -> None:
    here = known({"orders": [order(1, 5, country=None, currency=None)], "order_lines": [{"order_id": "shop:main:1"}],
                  "competitor_prices": [{"market": "DE", "sku": "A", "competitor": "x", "at": at(3), "price": 3,
                                         "currency": "EUR"}]}, day=DAY)  # fmt: skip
    assert [list(check(here)) for check in (order_below_cost, coupon_leaks, rival_undercuts)] == [[], [], []]
