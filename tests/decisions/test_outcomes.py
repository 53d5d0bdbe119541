"""Outcomes are told as it was written down before, refused where they cannot be told, and add up to an account."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.outlook.small_books import START, entry, known, sale

from argosy.decisions.outcomes import Taken, account, due, measure, quarter, settle, taken, total
from argosy.decisions.state import State
from argosy.decisions.tables import ACTIONS, FINDINGS, MEASURES, PROPOSALS
from argosy.lake.workspace import create_workspace
from argosy.model.actions import Outcome
from argosy.model.findings import Range
from argosy.model.proposals import BEFORE_AFTER, HOLDOUT, MATCHED, UNMEASURED, Change, Measure
from argosy.outlook.holdout import METRIC, held
from argosy.outlook.metrics import CLAIM_PAID, METRICS

FIRST, DAYS, SPAN = START + timedelta(days=70), 28, 100
MARKETS = ("DE", "US", "BR", "FR", "ES", "NL", "GB")
RAISED = 2.0


def money(low: float | str, mid: float | str, high: float | str) -> Range:
    return Range(*(Decimal(str(part)) for part in (low, mid, high)))


def act(
    number: int = 1, subject: str = "DE", metric: str = "margin_market", comparison: str = MATCHED, **said: Any
) -> Taken:
    told: dict[str, Any] = {
        "kind": "coupon.stop",
        "values": {},
        "reason": "",
        "expected": money(500, 3000, 6000),
        "first": FIRST,
    } | said
    return Taken(
        number, f"key-{number}", Change(told["kind"], subject, "", told["values"]),
        Measure(metric, subject, DAYS, comparison, told["reason"]), told["expected"], "EUR", told["first"],
        told.get("outcome"),
    )  # fmt: skip


def books() -> list[dict[str, Any]]:
    """Return a sale a day in each market, twice as much in Germany from the action on."""
    chance = np.random.default_rng(5)
    rows = []
    for day in (START + timedelta(days=n) for n in range(SPAN)):
        for size, market in enumerate(MARKETS, 1):
            factor = RAISED if market == "DE" and day >= FIRST else 1.0
            rows.append(entry(day, "income:sales", factor * 50 * size * chance.gamma(9, 1 / 9), market=market, sku="A"))
    return rows


KNOWN = known(books(), day=START + timedelta(days=SPAN))


def test_what_a_market_earned_beyond_the_others_is_what_the_action_brought() -> None:
    found = measure(KNOWN, act())
    assert found.brought is not None and found.brought.low > 0
    assert float(found.brought.mid) == pytest.approx(50 * DAYS, rel=0.35)
    assert (found.first, found.last) == (FIRST, FIRST + timedelta(days=DAYS - 1))
    assert (found.comparison, found.currency) == (MATCHED, "EUR")
    assert measure(KNOWN, act(comparison=BEFORE_AFTER)).brought is not None


@pytest.mark.parametrize(
    ("action", "others", "reason"),
    [
        (act(comparison=UNMEASURED, reason="no_counterfactual"), [], "no_counterfactual"),
        (act(comparison=UNMEASURED), [], "no_metric"),
        (act(metric="happiness"), [], "no_metric"),
        (act(subject="XX"), [], "nothing_known"),
        (act(first=START + timedelta(days=90)), [], "too_early"),
        (act(first=START + timedelta(days=5)), [], "too_few_days"),
        (act(), [act(2, "paypal:main/DE", first=FIRST + timedelta(days=5))], "other_action"),
        (act(), [act(2, "DE", first=FIRST - timedelta(days=40))], "other_action"),
        (act(), [act(n, market) for n, market in enumerate(MARKETS[1:4], 2)], "no_donors"),
        (act(subject="FR", expected=money(0, 1, 2)), [], "too_noisy"),
        (act(metric="margin_buyers", comparison=HOLDOUT), [], "too_few_units"),
    ],
)
def test_what_cannot_be_told_says_why(action: Taken, others: list[Taken], reason: str) -> None:
    found = measure(KNOWN, action, others=[action, *others])
    assert (found.brought, found.reason, found.comparison) == (None, reason, UNMEASURED)


def test_an_action_long_ago_or_on_something_else_is_in_nobodys_way() -> None:
    others = [act(2, "DE", first=START - timedelta(days=60)), act(3, "US"), act(4, "paypal:main/BR")]
    assert measure(KNOWN, act(), others=others).reason == "no_donors"
    assert measure(KNOWN, act(), others=others[:2]).brought is not None


def test_buyers_written_to_are_held_against_those_left_out() -> None:
    buyers = [f"c_{n}" for n in range(400)]
    action = act(subject="DE", metric="margin_buyers", comparison=HOLDOUT, kind="buyers.write",
                 values={"held_out": "0.3"}, expected=money(0, 9000, 9000))  # fmt: skip
    orders, rows = [], []
    for day, times in ((START + timedelta(days=50), 1.0), (FIRST, 2.0)):
        for n, buyer in enumerate(buyers):
            got = times if not held(buyer, action.key, 0.3) else 1.0
            number = f"{buyer}/{day}"
            orders.append({"order_id": f"shop:{number}", "customer_key": buyer, "country": "DE",
                           "placed_at": datetime(day.year, day.month, day.day)})  # fmt: skip
            rows += sale(number, day, {"A": got * (10.0 + n % 7)})
    found = measure(known(rows, day=START + timedelta(days=SPAN), facts={"orders": orders}), action).brought
    written = [n for n, buyer in enumerate(buyers) if not held(buyer, action.key, 0.3)]
    assert found is not None
    assert float(found.low) <= sum(10.0 + n % 7 for n in written) <= float(found.high)


def test_a_claim_and_a_refund_are_told_to_the_cent() -> None:
    day = FIRST + timedelta(days=3)
    line = {"bank_line_id": "1", "account": "eur", "amount": Decimal("80"), "currency": "EUR", "booked_on": day,
            "reference": "PAYER po_9"}  # fmt: skip
    paid_back = entry(day, "contra:refund", -30.0, order_id="shop:7")
    told = known([*books(), paid_back], day=START + timedelta(days=SPAN), facts={"bank_lines": [line]})
    claim = act(subject="payer:main/payer:main:po_9", metric="claim_paid", comparison=BEFORE_AFTER, kind="claim.send",
                values={"amount": "80.00", "currency": "EUR"})  # fmt: skip
    assert measure(told, claim).brought == Range.exactly(Decimal("80.00"))
    assert measure(told, act(subject="shop:7", metric="refund_paid")).brought == Range.exactly(Decimal("-30.00"))


def test_without_donors_a_subject_is_held_against_its_own_time_before() -> None:
    chance = np.random.default_rng(2)
    days = [START + timedelta(days=n) for n in range(SPAN + 40)]
    rows = [entry(day, "income:sales", 100 * chance.gamma(9, 1 / 9) + 60 * (day >= days[112])) for day in days]
    found = measure(
        known(rows, day=START + timedelta(days=SPAN + 40)),
        act(subject="", metric="margin_all", comparison=BEFORE_AFTER, first=days[112]),
    ).brought
    assert found is not None
    assert float(found.low) <= 60 * DAYS <= float(found.high)
    assert found.low > 0


def test_every_metric_a_remedy_writes_down_can_be_measured() -> None:
    calls = [
        node
        for path in Path(str(files("argosy"))).joinpath("domains").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    first = [call.args[0] for call in calls if getattr(call.func, "id", "") == "Measure" and call.args]
    named = [word.value for call in calls for word in call.keywords if word.arg == "metric"]
    asked = {node.value for node in (*first, *named) if isinstance(node, ast.Constant)}
    assert "claim_paid" in asked
    assert asked <= {*METRICS, CLAIM_PAID, METRIC}


def test_windows_are_due_once_the_books_have_settled_and_never_twice() -> None:
    action = act()
    assert due([action], action.last + timedelta(days=14)) == []
    assert due([action], action.last + timedelta(days=15)) == [action]
    assert due([replace(action, outcome=told(1, 2, 3))], action.last + timedelta(days=99)) == []


def told(low: float, mid: float, high: float) -> Outcome:
    return Outcome(FIRST, FIRST, money(low, mid, high), "EUR", MATCHED)


def untold(reason: str) -> Outcome:
    return Outcome(FIRST, FIRST, None, "EUR", UNMEASURED, reason)


def test_the_account_says_what_was_earned_what_could_not_be_told_and_how_hopeful_forecasts_were() -> None:
    forecast = money(50, 100, 150)
    results = [told(60, 70, 80), told(50, 60, 70), told(40, 45, 50), told(60, 75, 90)]
    results += [untold("too_noisy"), untold("too_noisy"), untold("no_donors")]
    actions = [act(n, expected=forecast, outcome=outcome) for n, outcome in enumerate(results)]
    since, until = quarter(actions[0].last)
    found = account([*actions, act(99)], since=since, until=until, currency="EUR")
    assert found.earned == money("228.79", "250.00", "271.21")
    assert (found.measured, found.unmeasured, found.awaited) == (4, {"too_noisy": 2, "no_donors": 1}, 1)
    assert found.came is not None
    assert found.came[0] < found.came[1] < found.came[2]
    assert found.came[1] == pytest.approx(250 / 400)
    assert (found.inside, found.judged) == (3, 4)
    assert account(actions, since=until + timedelta(days=1), until=date.max, currency="EUR").measured == 0


def test_single_errors_even_out_in_a_sum() -> None:
    assert total([money(-30, 0, 30), money(60, 100, 140)]) == money(50, 100, 150)
    assert total([]) == Range.exactly(Decimal("0.00"))


def test_a_quarter_has_its_days() -> None:
    assert quarter(date(2026, 11, 5)) == (date(2026, 10, 1), date(2026, 12, 31))
    assert quarter(date(2026, 3, 31)) == (date(2026, 1, 1), date(2026, 3, 31))


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    """A state store in which one action was done."""
    at = datetime(2026, 5, 10, 8)
    change, plan, band = act().change, act().measure, {"low": Decimal(5), "mid": Decimal(10), "high": Decimal(15)}
    never: dict[str, Any] = {"told": {}, "evidence": [], "missing": []}
    with State(create_workspace(tmp_path / "shop", home="DE", book_currency="EUR", language="en")) as store:
        with store.write() as connection:
            connection.execute(FINDINGS.insert().values(
                number=1, kind="pricing.coupon", subject="DE", sense="risk", since=FIRST, currency="EUR",
                confidence=1.0,
                noted_mid=Decimal(9), seen_first_at=at, seen_last_at=at, **band, **never))  # fmt: skip
            connection.execute(PROPOSALS.insert().values(
                number=1, finding=1, kind=change.kind, subject="DE", nth=0, change=change, edited={}, currency="EUR",
                cash=Decimal(0), minutes=1, risk="low", expires_on=FIRST, measure=plan, rests_on={}, told={}, words="",
                state="done", reason="", offered_at=at, changed_at=at, **band))  # fmt: skip
            connection.execute(
                ACTIONS.insert().values(
                    number=1,
                    key="key-1",
                    proposal=1,
                    change=change,
                    state="done",
                    ordered_by="Mei",
                    ordered_at=at,
                    words="",
                )
            )
            connection.execute(MEASURES.insert().values(
                action=1, metric=plan.metric, subject="DE", days=DAYS, comparison=MATCHED, reason="", currency="EUR",
                first=FIRST, **{f"expected_{part}": 100 * amount for part, amount in band.items()}))  # fmt: skip
        yield store


def test_what_an_action_brought_is_kept_beside_its_forecast(state: State) -> None:
    settled = settle(state, replace(KNOWN, day=FIRST + timedelta(days=DAYS + 15)), at=datetime(2026, 7, 1))
    with state.read() as connection:
        kept = taken(connection)
    assert [one.outcome for one in kept] == [one.outcome for one in settled]
    assert kept[0].outcome is not None and kept[0].outcome.brought is not None
    assert kept[0].expected == money(500, 1000, 1500)
    assert settle(state, KNOWN, at=datetime(2026, 7, 2)) == []
