"""What actions are measured on adds up to what the books say was earned, and knows whose money it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.outlook.small_books import START, entry, known, sale

from argosy.books.profit import profit
from argosy.model.proposals import HOLDOUT, UNMEASURED
from argosy.outlook.claims import Claim, received
from argosy.outlook.holdout import LEAST, MOST, held, planned, share_held, spent
from argosy.outlook.metrics import METRICS, Daily

D1, D2, D3 = (START + timedelta(days=n) for n in range(3))
END = START + timedelta(days=3)
ORDERS = [
    *sale("1", D1, {"A": 30.0, "B": 10.0}, cost_freight=4.0, fee_payment=1.0),
    *sale("2", D2, {"A": 30.0}, market="US", cost_freight=9.0),
    *sale("3", D3, {"C": 50.0}, contra_refund=50.0),
    entry(D2, "fee:storage", -2.0, sku="B"),
    entry(D2, "marketing:ads", -5.0, market="US", channel_id="meta:main", transaction="ad:x"),
    entry(D3, "fx:realised", -3.0, channel_id="paypal:main"),
    entry(D1, "asset:bank:eur", 99.0),
]
FACTS: dict[str, list[dict[str, Any]]] = {
    "products": [{"sku": "A", "category": "home"}, {"sku": "B", "category": "toys"}, {"sku": "C", "category": "home"}],
    "ad_days": [{"ad_day_id": "x", "campaign": "US home - broad", "country": "US", "day": D2}],
    "payments": [{"payment_id": "p", "provider": "paypal:main", "channel_id": "shopify:main"}],
}  # fmt: skip
BOOKS = known(ORDERS, day=END, facts=FACTS)


def measured(metric: str, subject: str) -> Daily:
    found = METRICS[metric](BOOKS, subject)
    assert found is not None
    return found


def test_what_belongs_to_a_whole_order_is_shared_out_by_what_its_articles_sold_for() -> None:
    assert measured("margin_sku", "A").money.tolist() == pytest.approx([30 - 3.75, 21, 0])
    assert measured("margin_sku", "B").money.tolist() == pytest.approx([10 - 1.25, -2, 0])
    assert set(measured("margin_sku", "A").donors) == {"B", "C"}


def test_an_order_counts_whole_for_each_article_in_it_and_once() -> None:
    assert measured("basket_sku", "A").money.tolist() == pytest.approx([35, 21, 0])
    assert measured("basket_sku", "B").money.tolist() == pytest.approx([35, 0, 0])


def test_a_market_bears_its_advertising_and_a_campaign_is_for_what_its_name_says() -> None:
    assert measured("margin_market", "US").money.tolist() == pytest.approx([0, 16, 0])
    campaign = measured("margin_campaign", "US home - broad")
    assert campaign.money.tolist() == pytest.approx([0, 16, 0])
    assert set(campaign.donors) == {"home/DE", "toys/DE"}


def test_a_listing_and_a_provider_are_told_apart_by_where_they_are() -> None:
    assert measured("basket_listing", "A/shopify:main/US").money.tolist() == pytest.approx([0, 21, 0])
    assert set(measured("margin_listing", "A/shopify:main").donors) == {"B/shopify:main", "C/shopify:main"}
    assert measured("margin_provider", "paypal:main/US").money.tolist() == pytest.approx([0, 21, 0])


def test_costs_beside_sales_bring_their_sales_along() -> None:
    found = measured("delivery_cost", "DE")
    assert found.money.tolist() == pytest.approx([-4, 0, -50])
    assert found.volume["DE"].tolist() == pytest.approx([40, 0, 50])


def test_a_bill_for_storage_is_for_the_month_before_it() -> None:
    bill = entry(START + timedelta(days=35), "fee:storage", -60.0, sku="B")
    found = METRICS["storage_cost"](known([*ORDERS[:1], bill], day=START + timedelta(days=50)), "B")
    assert found is not None
    assert found.money[5:36].tolist() == pytest.approx([0.0] + [-2.0] * 30)
    assert found.money.sum() == pytest.approx(-60)


def test_who_is_not_in_the_books_is_not_measured() -> None:
    assert all(METRICS[name](BOOKS, "nobody") is None for name in METRICS if name != "margin_all")


def test_every_metric_can_be_asked_of_empty_books() -> None:
    nothing = known([], day=END)
    assert all(metric(nothing, "A/B") is None for metric in METRICS.values())


SKUS, MARKETS = st.sampled_from("ABC"), st.sampled_from(("DE", "US", "BR"))
SALES = st.lists(
    st.tuples(st.dictionaries(SKUS, st.integers(0, 90), min_size=1), MARKETS, st.integers(0, 2), st.integers(0, 20)),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=6, deadline=None)
@given(SALES)
def test_articles_markets_and_the_whole_add_up_to_what_the_books_say(
    sold: list[tuple[dict[str, int], str, int, int]],
) -> None:
    rows = [
        line
        for n, (goods, market, on, freight) in enumerate(sold)
        for line in sale(str(n), START + timedelta(days=on), {k: float(v) for k, v in goods.items()}, market=market,
                         cost_freight=float(freight))
    ]  # fmt: skip
    books = known(rows, day=END)
    whole = float(books.rows(profit(books.entries))[0]["profit"])
    for metric in ("margin_sku", "margin_market"):
        some = {"margin_sku": next(iter(sold[0][0])), "margin_market": sold[0][1]}[metric]
        found = METRICS[metric](books, some)
        assert found is not None
        total = found.money.sum() + sum(days.sum() for days in found.donors.values())
        assert total == pytest.approx(whole, abs=0.005)


CLAIM = Claim("stripe:main", "stripe:main:po_77", Decimal("100.00"), "USD", D1)


@pytest.mark.parametrize(
    ("bank", "paid"),
    [
        ([], "0"),
        ([("STRIPE CLAIM po_77", "100.00", D2)], "100.00"),
        ([("STRIPE po_77 part", "40.00", D2), ("STRIPE po_77 rest", "60.00", D3)], "100.00"),
        ([("STRIPE", "99.80", D2)], "99.80"),
        ([("STRIPE", "70.00", D2)], "0"),
        ([("STRIPE po_77", "150.00", D2)], "100.00"),
        ([("STRIPE po_77", "100.00", START - timedelta(days=1))], "0"),
    ],
)
def test_a_claim_is_paid_by_what_bears_its_number_or_its_amount(bank: list[tuple[str, str, date]], paid: str) -> None:
    lines = [
        {"bank_line_id": str(n), "account": "usd", "amount": Decimal(amount), "currency": "USD", "booked_on": on,
         "reference": words}
        for n, (words, amount, on) in enumerate(bank)
    ]  # fmt: skip
    assert received(known([], day=END, facts={"bank_lines": lines}), CLAIM, until=D3)[0] == Decimal(paid)


def test_a_claim_of_several_papers_is_paid_by_whatever_bears_one_of_their_numbers() -> None:
    lines = [
        {"bank_line_id": number, "account": "usd", "amount": Decimal(amount), "currency": "USD", "booked_on": D2,
         "reference": f"AMAZON CLAIM {number}"}
        for number, amount in (("113-1", "12.50"), ("113-2", "7.50"), ("113-3", "9.00"))
    ]  # fmt: skip
    claim = Claim("amazon:main", "amazon:main/US", Decimal("30"), "USD", D1, papers=("113-1", "amazon:main:113-2"))
    assert received(known([], day=END, facts={"bank_lines": lines}), claim, until=D3)[0] == Decimal("20")


def test_a_carrier_answers_a_claim_with_a_credit_on_its_bill() -> None:
    charge = {"charge_id": "1", "carrier": "DHL", "invoice": "R1", "tracking_no": "TR9", "charged_on": D2,
              "amount": Decimal("-7.5"), "currency": "EUR"}  # fmt: skip
    books = known([], day=END, facts={"carrier_charges": [charge]})
    assert received(books, Claim("DHL", "TR9", Decimal("7.5"), "EUR", D1), until=D3) == (Decimal("7.5"), D2)
    assert received(books, Claim("UPS", "TR9", Decimal("7.5"), "EUR", D1), until=D3) == (Decimal(0), D3)


def test_the_engine_and_python_hold_out_the_same_buyers() -> None:
    buyers = [f"c_{n}" for n in range(200)]
    placed = datetime(2026, 3, 1, 9)
    orders = [{"order_id": f"shop:{c}", "customer_key": c, "country": "DE", "placed_at": placed} for c in buyers]
    rows = [line for c in buyers for line in sale(c, START, {"A": 10.0})]
    found = spent(known(rows, day=END, facts={"orders": orders}), "DE", key="k", share=0.3, first=D2, days=30)
    assert found.held.sum() == sum(held(c, "k", 0.3) for c in buyers)
    assert 35 < found.held.sum() < 85
    assert found.before.tolist() == [10.0] * 200 and not found.after.any()


def test_as_many_are_held_out_as_the_expected_gain_needs_and_never_fewer_than_a_tenth() -> None:
    assert share_held(100_000, 5.0, 50.0) == LEAST
    assert LEAST < share_held(4_000, 5.0, 50.0) <= MOST
    assert share_held(50, 0.1, 50.0) == LEAST
    assert share_held(0, 1.0, 1.0) == LEAST


def test_a_letter_is_planned_with_a_holdout_where_there_are_buyers_enough() -> None:
    orders, rows = [], []
    for n in range(400):
        for day in (START, START + timedelta(days=20)):
            number = f"c_{n}/{day}"
            placed = datetime(day.year, day.month, day.day)
            orders.append(
                {"order_id": f"shop:{number}", "customer_key": f"c_{n}", "country": "DE", "placed_at": placed}
            )
            rows += sale(number, day, {"A": 5.0 + n * 7 % 11 + n % 5})
    books = known(rows, day=START + timedelta(days=30), facts={"orders": orders})
    measure, share = planned(books, "DE", expected=Decimal(300), days=14)
    assert (measure.metric, measure.comparison, measure.days) == ("margin_buyers", HOLDOUT, 14)
    assert LEAST <= share <= MOST
    nobody, none = planned(books, "US", expected=Decimal(300), days=14)
    assert (nobody.comparison, nobody.reason, none) == (UNMEASURED, "too_few_units", 0.0)
