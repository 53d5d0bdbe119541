"""Fees a program can charge on an order, each traced to the terms it was read in."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from decimal import Decimal
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from argosy.model.countries import EU_MEMBERS
from argosy.rules.dated import in_force
from argosy.rules.fees import FeeRate, fee_rate, fee_rate_table
from argosy.rules.tables import load_table

STATED = load_table("fee_rates").to_pylist()
TERMS = {
    row["rule_id"]: row for name in ("marketplace_fees", "payment_providers") for row in load_table(name).to_pylist()
}
KINDS = {"referral", "fulfilment", "storage", "payment", "subscription", "ad", "customs", "other"}


def numbers(row: dict[str, Any]) -> list[Decimal]:
    """Return every number a row of terms states, in any column."""
    return [Decimal(found) for text in row.values() for found in re.findall(r"\d+(?:\.\d+)?", str(text))]


@pytest.mark.parametrize("row", STATED, ids=lambda row: row["rule_id"])
def test_every_number_stands_in_the_terms(row: dict[str, Any]) -> None:
    origins = [TERMS[origin] for origin in row["derived_from"].split()]
    stated = [number for origin in origins for number in numbers(origin)]
    for column in ("rate_pct", "fixed", "minimum"):
        assert row[column] is None or row[column] in stated, column


@pytest.mark.parametrize("row", STATED, ids=lambda row: row["rule_id"])
def test_no_row_is_surer_or_wider_than_its_terms(row: dict[str, Any]) -> None:
    kinds = ("official", "secondary", "package", "general")
    for origin in (TERMS[each] for each in row["derived_from"].split()):
        assert kinds.index(row["source_kind"]) >= kinds.index(origin["source_kind"])
        assert row["confidence"] == "unverified" or origin["confidence"] == "verified"
        assert (row["valid_from"] or date.min) >= (origin["valid_from"] or date.min)
        assert (row["valid_to"] or date.max) <= (origin["valid_to"] or date.max)
        assert origin["source"] in row["source"]


@pytest.mark.parametrize("row", STATED, ids=lambda row: row["rule_id"])
def test_every_row_can_be_charged(row: dict[str, Any]) -> None:
    assert row["fee_kind"] in KINDS
    assert row["base"] in {"item_price", "item_and_shipping", "total_with_tax"}
    assert row["rate_pct"] is not None or row["fixed"] is not None
    assert (row["fixed"] is None and row["minimum"] is None) or re.fullmatch("[A-Z]{3}", row["currency"])
    assert row["country"] is None or re.fullmatch("[A-Z]{2}", row["country"])


def test_one_rate_per_order_and_day() -> None:
    groups = defaultdict(list)
    for row in fee_rate_table().to_pylist():
        groups[row["platform"], row["country"], row["fee_kind"], row["scope"]].append(row)
    for rows in groups.values():
        for one, other in combinations(rows, 2):
            start = max(one["valid_from"] or date.min, other["valid_from"] or date.min)
            assert start >= min(one["valid_to"] or date.max, other["valid_to"] or date.max), (one, other)


def test_a_fee_of_the_union_is_one_row_per_member() -> None:
    stripe = [row for row in fee_rate_table().to_pylist() if row["platform"] == "stripe" and row["currency"] == "EUR"]
    assert {row["country"] for row in stripe} == EU_MEMBERS
    assert len({row["rule_id"] for row in stripe}) == 1
    assert "EU" not in fee_rate_table()["country"].to_pylist()


@pytest.mark.parametrize(
    ("platform", "country", "fee_kind", "charged"),
    [
        ("amazon", "US", "referral", ("15", None, "0.30", "USD", "item_and_shipping")),
        ("amazon", "DE", "referral", ("15", None, "0.30", "EUR", "total_with_tax")),
        ("tiktok_shop", "US", "referral", ("6", None, None, "USD", "item_and_shipping")),
        ("tiktok_shop", "ES", "referral", ("9", None, None, "EUR", "total_with_tax")),
        ("ebay", "US", "referral", ("13.6", "0.40", None, "USD", "total_with_tax")),
        ("etsy", "JP", "referral", ("6.5", None, None, None, "item_and_shipping")),
        ("etsy", "US", "payment", ("3", "0.25", None, "USD", "total_with_tax")),
        ("shopify", "US", "payment", ("2.9", "0.30", None, "USD", "total_with_tax")),
        ("stripe", "US", "payment", ("2.9", "0.30", None, "USD", "total_with_tax")),
        ("stripe", "NL", "payment", ("1.5", "0.25", None, "EUR", "total_with_tax")),
        ("paypal", "US", "payment", ("3.49", "0.49", None, "USD", "total_with_tax")),
        ("mercado_pago", "MX", "payment", ("3.49", "4", None, "MXN", "total_with_tax")),
    ],
)
def test_default_fee(
    platform: str, country: str, fee_kind: str, charged: tuple[str, str | None, str | None, str | None, str]
) -> None:
    fee = fee_rate(platform, country=country, fee_kind=fee_kind, on=date(2026, 11, 1))
    rate_pct, fixed, minimum, currency, base = charged
    assert fee is not None
    assert fee.rate_pct == Decimal(rate_pct)
    assert fee.fixed == (None if fixed is None else Decimal(fixed))
    assert fee.minimum == (None if minimum is None else Decimal(minimum))
    assert (fee.currency, fee.base) == (currency, base)


@pytest.mark.parametrize(
    ("platform", "country", "fee_kind", "on"),
    [
        ("amazon", "GB", "referral", date(2026, 11, 1)),  # the terms collected have no default for the site
        ("amazon", "JP", "referral", date(2026, 11, 1)),  # a range: 8-15%
        ("mercado_libre", "BR", "referral", date(2026, 11, 1)),  # a range by category
        ("tiktok_shop", "US", "referral", date(2024, 3, 31)),  # before the rate began
        ("ebay", "US", "referral", date(2025, 2, 13)),
        ("shopify", "CA", "payment", date(2026, 11, 1)),
        ("nowhere", None, "referral", date(2026, 11, 1)),
    ],
)
def test_cannot_tell(platform: str, country: str | None, fee_kind: str, on: date) -> None:
    assert fee_rate(platform, country=country, fee_kind=fee_kind, on=on) is None


def test_a_row_of_the_country_wins_over_one_for_all() -> None:
    day = date(2026, 11, 1)
    american = fee_rate("shopify", country="US", fee_kind="payment", on=day, scope="currency conversion")
    other = fee_rate("shopify", country="FR", fee_kind="payment", on=day, scope="currency conversion")
    assert isinstance(american, FeeRate)
    assert isinstance(other, FeeRate)
    assert (american.rate_pct, other.rate_pct) == (Decimal("1.5"), Decimal(2))


@given(st.sampled_from(fee_rate_table().to_pylist()), st.dates(date(2018, 1, 1), date(2030, 1, 1)))
def test_found_fee_is_the_one_asked_for_and_holds_the_day(row: dict[str, Any], on: date) -> None:
    fee = fee_rate(row["platform"], country=row["country"], fee_kind=row["fee_kind"], on=on, scope=row["scope"])
    if fee is not None:
        assert in_force(fee, on=on)
        assert (fee.platform, fee.fee_kind, fee.scope) == (row["platform"], row["fee_kind"], row["scope"])
        assert fee.country in (row["country"], None)
