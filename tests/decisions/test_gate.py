"""Every rule of the gate: what passes, what is refused and with which sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.decisions.samples import change

from argosy.decisions.gate import Asked, amount_moved, beyond_limits, percent_moved, refusal
from argosy.decisions.policies import usual
from argosy.decisions.records import AGENT_ROLE, REJECTED, Freeze
from argosy.model.decisions import FINANCE, LIMITED, OBSERVE, OPERATOR, OWNER, PROPOSE, ROLES, VIEWER, Policy
from argosy.model.proposals import ACTS, Change

ALL = Freeze("", datetime(2026, 7, 1), "ann", "holiday")
SHOP = replace(ALL, channel="shopify:main")
PRICE = change("price.set", "HOME-01", "shopify:main", price="11.00", was="10.00", currency="EUR")
CLAIM = change("claim.send", "amazon:main/p1", "amazon:main", amount="300.00", currency="USD")
REORDER = change("stock.reorder", "HOME-01/cn", units="100", supplier="s", unit_cost="7", currency="CNY")
RATES = {"USD": Decimal("0.9"), "CNY": Decimal("0.125")}


def asked(made: Change = PRICE, **more: Any) -> Asked:
    policy = more.pop("policy", Policy(made.kind))
    plain = Asked("P1", made, Decimal(0), policy, "bob", OPERATOR, date(2026, 7, 1), "EUR", date(2026, 8, 1))
    return replace(plain, **{"rates": RATES, **more})


# What is asked, and the code of the refusal; empty: it may be done.
CASES: list[tuple[Asked, str]] = [
    (asked(), ""),
    # freezes
    (asked(freezes=(ALL,)), "frozen"),
    (asked(freezes=(SHOP,)), "channel_frozen"),
    (asked(CLAIM, freezes=(SHOP,)), ""),
    (asked(role=OWNER, freezes=(ALL,)), "frozen"),
    (asked(undoing=True, freezes=(SHOP,)), "channel_frozen"),
    # roles
    (asked(role=VIEWER), "role_may_not"),
    (asked(role=FINANCE), "role_may_not"),
    (asked(CLAIM, role=FINANCE), ""),
    (asked(role=AGENT_ROLE), "role_may_not"),
    (asked(role=AGENT_ROLE, policy=Policy("price.set", LIMITED)), ""),
    (asked(role=AGENT_ROLE, policy=Policy("price.set", LIMITED, most_percent=Decimal(5))), "beyond_percent"),
    (asked(change("unheard.of", "x"), role=FINANCE), "role_may_not"),
    (asked(role=VIEWER, undoing=True), "role_may_not"),
    # what must still stand
    (asked(state=REJECTED), "not_standing"),
    (asked(gone=True), "finding_gone"),
    (asked(gone=True, undoing=True), ""),
    # levels
    (asked(policy=Policy("price.set", OBSERVE)), "level_off"),
    (asked(policy=Policy("price.set", PROPOSE)), "level_off"),
    (asked(policy=Policy("price.set", LIMITED)), ""),
    (asked(role=OWNER, policy=Policy("price.set", PROPOSE)), "level_off"),
    # time
    (asked(day=date(2026, 7, 31)), ""),
    (asked(day=date(2026, 8, 1)), "lapsed"),
    (asked(day=date(2026, 8, 1), undoing=True), ""),
    # the world moved
    (asked(rests_on={"price": "10.00"}), ""),
    (asked(rests_on={"price": "10.00"}, so_now={"price": "10.00"}), ""),
    (asked(rests_on={"price": "10.00"}, so_now={"price": "10.0", "stock": "3"}), ""),
    (asked(rests_on={"price": "10.00"}, so_now={"price": "10.01"}), "world_moved"),
    (asked(rests_on={"price": "10.00"}, so_now={"price": "sold out"}), "world_moved"),
    (asked(rests_on={"supplier": "A"}, so_now={"supplier": "B"}), "world_moved"),
    (asked(rests_on={"price": "10.00"}, so_now={}), "world_unknown"),
    (asked(rests_on={"price": "10.00"}, so_now={"price": "10.01"}, role=OWNER), "world_moved"),
    # amounts
    (asked(policy=Policy("price.set", most_amount=Decimal("1.00"))), ""),
    (asked(policy=Policy("price.set", most_amount=Decimal("0.99"))), "beyond_amount"),
    (asked(policy=Policy("price.set", most_amount=Decimal("0.99")), role=OWNER), ""),
    (asked(policy=Policy("price.set", most_amount=Decimal(5)), cash=Decimal(6)), "beyond_amount"),
    (asked(CLAIM, policy=Policy("claim.send", most_amount=Decimal(270))), ""),
    (asked(CLAIM, policy=Policy("claim.send", most_amount=Decimal("269.99"))), "beyond_amount"),
    (asked(CLAIM, policy=Policy("claim.send", most_amount=Decimal(270)), rates={}), "limit_unknown"),
    (asked(REORDER, policy=Policy("stock.reorder", most_amount=Decimal("87.49"))), "beyond_amount"),
    (asked(replace(REORDER, values={}), policy=Policy("stock.reorder", most_amount=Decimal(9))), "limit_unknown"),
    (asked(replace(PRICE, values={**PRICE.values, "price": "NaN"}), policy=Policy("price.set", most_amount=Decimal(9))),
     "limit_unknown"),
    # percents
    (asked(policy=Policy("price.set", most_percent=Decimal(10))), ""),
    (asked(policy=Policy("price.set", most_percent=Decimal("9.99"))), "beyond_percent"),
    (asked(policy=Policy("price.set", most_percent=Decimal("9.99")), role=OWNER), ""),
    (asked(replace(PRICE, values={}), policy=Policy("price.set", most_percent=Decimal(9))), "limit_unknown"),
    # counts
    (asked(policy=Policy("price.set", most_a_day=3), today=2), ""),
    (asked(policy=Policy("price.set", most_a_day=3), today=3), "beyond_count"),
    (asked(policy=Policy("price.set", most_a_day=3), today=3, role=OWNER), ""),
    (asked(policy=Policy("price.set", most_a_day=0), undoing=True), ""),
]  # fmt: skip


@pytest.mark.parametrize(("case", "code"), CASES)
def test_the_gate(case: Asked, code: str) -> None:
    refused = refusal(case)
    assert (refused.code if refused else "") == code
    if refused is not None:
        for lang in ("en", "zh"):
            assert "{" not in refused.sentence(lang)


@pytest.mark.parametrize("kind", ACTS)
@pytest.mark.parametrize("role", ROLES)
def test_who_decides_on_what(kind: str, role: str) -> None:
    allowed = role in (OWNER, OPERATOR) or (role == FINANCE and ACTS[kind].financial)
    refused = refusal(asked(change(kind, "x"), role=role))
    assert (refused is None) == allowed


@pytest.mark.parametrize("kind", ACTS)
def test_every_kind_is_done_after_approval_unless_somebody_says_otherwise(kind: str) -> None:
    assert usual(kind, book_currency="EUR").level == "approved"


def test_limits_are_round_sums_in_the_book_currency() -> None:
    assert usual("order.refund", book_currency="EUR").most_amount == 200
    assert usual("order.refund", book_currency="CNY").most_amount == 2000


def test_nobody_but_an_owner_does_a_kind_without_limits_of_its_own() -> None:
    unheard = change("unheard.of", "x")
    policy = usual("unheard.of", book_currency="EUR")
    assert refusal(asked(unheard, policy=policy, today=0)) is not None
    assert refusal(asked(unheard, policy=policy, role=OWNER)) is None


def test_editing_asks_for_limits_only() -> None:
    late = asked(day=date(2027, 1, 1), policy=Policy("price.set", most_percent=Decimal(5)))
    refused = beyond_limits(late)
    assert refused is not None
    assert refused.code == "beyond_percent"


@given(st.decimals(0, 10_000, places=2), st.decimals(0, 10_000, places=2))
def test_what_a_price_moves_is_the_same_up_and_down(one: Decimal, other: Decimal) -> None:
    there = replace(PRICE, values={"price": str(one), "was": str(other), "currency": "EUR"})
    back = replace(PRICE, values={"price": str(other), "was": str(one), "currency": "EUR"})
    moved = [amount_moved(way, cash=Decimal(0), rates={}, book_currency="EUR") for way in (there, back)]
    assert moved[0] == moved[1] == abs(one - other)
    assert percent_moved(there) == (abs(one - other) / other * 100 if other else None)
