"""One order's steps, money and gaps, and what is looked for, with plain values."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
import pytest

from argosy.brief.order import promise_state
from argosy.brief.order_gaps import at_most, cannot_tell
from argosy.brief.order_money import money_of
from argosy.brief.orders import key_of, place_of
from argosy.brief.search import LONGEST, cleaned
from argosy.brief.timeline import timeline
from argosy.model.entries import ENTRIES

AT = datetime(2026, 3, 1, 9)


def at(day: int) -> datetime:
    return AT.replace(day=day)


def promise(kind: str, state: str, *, due: int, kept: int | None = None, hours: int | None = None) -> dict[str, Any]:
    return {"kind": kind, "subject": "s:1", "state": state, "due_at": at(due), "kept_at": at(kept) if kept else None,
            "late_hours": hours}  # fmt: skip


def told(**more: Any) -> dict[str, Any]:
    """An order as gathered, nothing known of it but that it was placed, paid, and sent."""
    order = {"order_id": "s:1", "placed_at": at(1), "paid_at": at(1), "shipped_at": at(2), "delivered_at": None,
             "cancelled_at": None, "state": "shipped", "currency": "USD", "given_back": False, "ship_by": None,
             "deliver_by": None}  # fmt: skip
    money: dict[str, Any] = {"accounts": [], "costed": [], "unbooked": 0}
    empty: dict[str, list[Any]] = {
        name: [] for name in ("lines", "payments", "refunds", "payouts", "parcels", "disputes", "promises")
    }
    given = {"order": order | more.pop("order", {}), "money": money | more.pop("money", {})}
    return empty | given | more


def steps(**more: Any) -> list[tuple[str, str]]:
    return [(step["what"], step["state"]) for step in timeline(told(**more))]


def test_the_timeline_says_what_happened_in_its_order() -> None:
    events = [
        {"at": at(3), "status": "in_transit", "location": None, "country": "CN"},
        {"at": at(4), "status": "in_transit", "location": None, "country": "CN"},
        {"at": at(5), "status": "on_hold", "location": "Frankfurt", "country": "DE"},
        {"at": at(6), "status": "delivered", "location": None, "country": "DE"},
    ]
    found = steps(order={"delivered_at": at(6)}, parcels=[{"events": events}], refunds=[{"at": at(9)}])
    assert found == [("placed", "done"), ("paid", "done"), ("shipped", "done"), ("in_transit", "done"),
                     ("on_hold", "held"), ("delivered", "done"), ("refunded", "done")]  # fmt: skip


@pytest.mark.parametrize(("one", "last"), [
    (promise("deliver_by", "open", due=20), ("deliver_by", "ahead")),
    (promise("deliver_by", "broken", due=4, hours=60), ("deliver_by", "missed")),
    (promise("ship_by", "broken", due=1, kept=2, hours=20), ("shipped", "late")),
    (promise("ship_by", "kept", due=5, kept=2), ("shipped", "done")),
])  # fmt: skip
def test_a_promise_marks_its_step_or_stands_at_the_end(one: dict[str, Any], last: tuple[str, str]) -> None:
    assert steps(promises=[one])[-1] == last


@pytest.mark.parametrize(("states", "expected"), [
    ((), None), (("void",), None), (("kept",), "kept"), (("kept", "open"), "open"), (("open", "broken"), "late"),
])  # fmt: skip
def test_one_broken_promise_makes_an_order_late(states: tuple[str, ...], expected: str | None) -> None:
    assert promise_state([promise("deliver_by", state, due=5) for state in states]) == expected
    assert promise_state([promise("reply_by", "broken", due=5)]) is None


def test_what_is_missing_is_said_and_never_of_a_cancelled_order() -> None:
    bare = {gap["kind"]: gap["needs"] for gap in cannot_tell(told(lines=[{"kind": "goods", "sku": "VASE"}]))}
    assert bare == {"sales": "orders", "goods": "costs", "freight": "carrier_bills", "fees": "payouts",
                    "payout": "payouts", "promise": "", "parcel": "shipments"}  # fmt: skip
    assert cannot_tell(told(order={"state": "cancelled"})) == []


def test_an_order_with_everything_lacks_nothing() -> None:
    whole = told(
        order={"state": "delivered", "delivered_at": at(6), "deliver_by": at(9)},
        lines=[{"kind": "goods", "sku": "VASE"}], payouts=[{}], promises=[promise("deliver_by", "kept", due=9, kept=6)],
        parcels=[{"ship_by": None, "deliver_by": None, "events": []}],
        money={"accounts": ["income:sales", "cost:goods", "cost:freight", "fee:payment"], "costed": ["VASE"]},
    )  # fmt: skip
    missing = cannot_tell(whole)
    assert missing == []
    assert not at_most(whole, missing)


def test_margins_of_what_is_not_sent_yet_can_only_be_less() -> None:
    unsent = told(order={"state": "open"}, money={"accounts": ["income:sales", "fee:payment"]})
    assert at_most(unsent, cannot_tell(unsent))


def entry(account: str, amount: str | None, *, state: str = "settled", sku: str | None = None) -> dict[str, Any]:
    book = Decimal(amount) if amount is not None else None
    return dict.fromkeys(ENTRIES) | {"account": account, "book_amount": book, "state": state, "sku": sku}


def test_money_is_a_bridge_that_says_what_is_settled() -> None:
    rows = [
        entry("income:sales", "-100"), entry("asset:receivable:s", "100"), entry("cost:goods", "40", sku="VASE"),
        entry("fee:channel", "15", state="estimated"), entry("fee:channel", "-15", state="estimated"),
        entry("fee:payment", "3", state="estimated"), entry("cost:freight", None),
    ]  # fmt: skip
    table = ibis.memtable(pa.Table.from_pylist(rows, schema=ibis.schema(ENTRIES).to_pyarrow()))
    money = money_of(table, lambda asked: asked.to_pyarrow().to_pylist(), currency="EUR")
    amounts = {step["name"]: (step["amount"], step["settled"]) for step in money["steps"]}
    assert amounts["gross_sales"] == (Decimal(100), True)
    assert amounts["channel_fees"] == (Decimal(0), True)  # an estimate that was taken back is none
    assert amounts["payment_fees"] == (Decimal(-3), False)
    assert amounts["cm3"] == (Decimal(57), False)
    assert "discounts" not in amounts
    assert (money["settled"], money["unbooked"], money["costed"]) == (False, 1, ["VASE"])


def test_a_place_in_the_list_is_read_as_it_was_written() -> None:
    assert place_of(key_of(AT, None, "s:~1")) == (AT, "s:~1")
    assert place_of(key_of(None, date(2026, 3, 1), "s:1")) == (datetime(2026, 3, 1), "s:1")
    for nonsense in ("", "~", "2026", "yesterday~s:1"):
        assert place_of(nonsense) is None


@pytest.mark.parametrize(("text", "expected"), [
    ("  #1042\n", "#1042"), ("a\x00b\ud800c", "a b c"), ("x" * 9000, "x" * LONGEST), ("\t \r\n", ""),
    ("%_'\"", "%_'\""),
])  # fmt: skip
def test_what_is_looked_for_is_one_short_line(text: str, expected: str) -> None:
    assert cleaned(text) == expected
