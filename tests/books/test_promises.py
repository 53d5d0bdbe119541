"""Promises and what became of them, case by case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
import pytest
from ibis.expr.types import Table

from argosy.books.promises import CLAIMS_OF, TELLS, post_promises, promise_gaps
from argosy.model.facts import FACTS, schema
from argosy.model.promises import KINDS, PROMISES

NOW = datetime(2026, 3, 31, 12)
DUE = datetime(2026, 3, 20, 18)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Row = Mapping[str, Any]


def facts(**rows: list[dict[str, Any]]) -> dict[str, Table]:
    """Return every fact table, those named with these rows, what a row does not say being NULL."""
    made = {}
    for name, table in FACTS.items():
        columns = ibis.schema(schema(table)).to_pyarrow()
        made[name] = ibis.memtable(pa.Table.from_pylist(rows.get(name, []), schema=columns))
    return made


def order(order_id: str = "shop:main:1", **told: Any) -> dict[str, Any]:
    said = {"channel_id": "shop:main", "placed_at": datetime(2026, 3, 18), "country": "DE", "status": "open"}
    return said | {"order_id": order_id, "currency": "EUR", "total": Decimal(50)} | told


def parcel(order_id: str = "shop:main:1", **told: Any) -> dict[str, Any]:
    return {"shipment_id": f"{order_id}/parcel", "order_id": order_id} | told


# Another order of the channel that says when it was shipped and delivered, so that the channel tells.
TELLING = (order("shop:main:0"), parcel("shop:main:0", shipped_at=DUE, delivered_at=DUE))


def post(**rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    posted = post_promises(facts(**rows), as_of=NOW)
    assert dict(posted.schema().items()) == {n: ibis.dtype(t) for n, t in PROMISES.items()}
    return posted.order_by("promise_id").to_pyarrow().to_pylist()  # type: ignore[no-any-return]


def gaps(**rows: list[dict[str, Any]]) -> list[tuple[str, str | None, str, int]]:
    found = promise_gaps(facts(**rows)).order_by("kind", "channel_id").to_pyarrow().to_pylist()
    return [(row["kind"], row["channel_id"], row["missing"], row["n"]) for row in found]


CASES: list[tuple[str, Row, Row, str, int | None]] = [
    ("in time", {}, {"shipped_at": DUE - HOUR}, "kept", 0),
    ("at the last moment", {}, {"shipped_at": DUE}, "kept", 0),
    ("a minute late", {}, {"shipped_at": DUE + timedelta(minutes=1)}, "broken", 1),
    ("less than a second late", {}, {"shipped_at": DUE + timedelta(microseconds=5)}, "broken", 1),
    ("a day late", {}, {"shipped_at": DUE + DAY}, "broken", 24),
    ("never shipped", {}, {}, "broken", 258),
    ("not due yet", {"ship_by": NOW + HOUR}, {}, "open", None),
    ("due this moment", {"ship_by": NOW}, {}, "open", None),
    ("shipped after today", {"ship_by": NOW + HOUR}, {"shipped_at": NOW + HOUR}, "open", None),
    ("only delivery known", {}, {"delivered_at": DUE - HOUR}, "kept", 0),
    ("cancelled before due", {"cancelled_at": DUE - HOUR}, {}, "void", None),
    ("cancelled, nobody says when", {"status": "cancelled"}, {}, "void", None),
    ("cancelled when already late", {"cancelled_at": DUE + 2 * HOUR}, {}, "broken", 2),
    ("cancelled after today", {"ship_by": NOW + HOUR, "cancelled_at": NOW + HOUR}, {}, "open", None),
    ("shipped, then cancelled", {"cancelled_at": DUE + DAY}, {"shipped_at": DUE}, "kept", 0),
]


@pytest.mark.parametrize(("told", "sent", "state", "late"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_state(told: Row, sent: Row, state: str, late: int | None) -> None:
    other, telling = TELLING
    rows = post(orders=[order(**{"ship_by": DUE, **told}), other], shipments=[parcel(**sent), telling])
    assert [(row["promise_id"], row["state"], row["late_hours"]) for row in rows] == [
        ("ship_by/shop:main:1", state, late)
    ]


def test_an_order_is_shipped_with_its_last_parcel() -> None:
    second = parcel(shipped_at=DUE + HOUR) | {"shipment_id": "second"}
    rows = {"orders": [order(ship_by=DUE)], "shipments": [parcel(shipped_at=DUE), second]}
    assert [row["late_hours"] for row in post(**rows)] == [1]
    rows["shipments"][0]["shipped_at"] = None
    telling = [TELLING[0]], [TELLING[1]]
    posted = post(orders=rows["orders"] + telling[0], shipments=rows["shipments"] + telling[1])
    assert [(row["state"], row["kept_at"]) for row in posted] == [("broken", None)]


def test_lines_tell_when_no_parcel_does() -> None:
    lines = [
        {"order_id": "shop:main:1", "line_no": "1", "kind": "goods", "quantity": 1, "shipped_at": DUE},
        {"order_id": "shop:main:1", "line_no": "2", "kind": "shipping", "quantity": 1},
    ]
    assert [row["state"] for row in post(orders=[order(ship_by=DUE)], order_lines=lines)] == ["kept"]


def test_parcels_bring_the_day_the_order_does_not() -> None:
    row = post(orders=[order()], shipments=[parcel(ship_by=DUE, shipped_at=DUE)])[0]
    assert (row["due_at"], row["kept_at"], row["subject"], row["market"]) == (DUE, DUE, "shop:main:1", "DE")


def test_lines_bring_the_day_neither_does() -> None:
    lines = [
        {"order_id": "shop:main:1", "line_no": n, "kind": "goods", "quantity": 1, "ship_by": DUE - wait}
        for n, wait in (("1", DAY), ("2", HOUR), ("3", 2 * HOUR))
    ]
    row = post(orders=[order()], order_lines=lines, shipments=[parcel(shipped_at=DUE)])[0]
    assert (row["due_at"], row["late_hours"]) == (DUE - HOUR, 1)


def test_the_buyer_an_order_refers_to() -> None:
    buyer = {"customer_ref": "ref", "customer_key": "person", "country": "BR", "region": "SP"}
    placed = order(customer_ref="ref", country=None, ship_by=DUE)
    row = post(orders=[placed], customers=[buyer], shipments=[parcel(shipped_at=DUE)])[0]
    assert (row["party"], row["market"]) == ("person", "BR")


def test_delivery_is_judged_by_delivery() -> None:
    row = post(orders=[order(deliver_by=DUE)], shipments=[parcel(shipped_at=DUE, delivered_at=DUE + HOUR)])[0]
    assert (row["kind"], row["direction"], row["state"], row["late_hours"]) == (
        "deliver_by",
        "ours",
        "broken",
        1,
    )


def test_parcels_bring_the_day_of_delivery_the_order_does_not() -> None:
    row = post(orders=[order()], shipments=[parcel(deliver_by=DUE, delivered_at=DUE)])[0]
    assert (row["kind"], row["due_at"], row["state"]) == ("deliver_by", DUE, "kept")
    row = post(orders=[order(deliver_by=DUE + DAY)], shipments=[parcel(deliver_by=DUE, delivered_at=DUE)])[0]
    assert row["due_at"] == DUE + DAY


def event(at: datetime, status: str = "delivered", tracking_no: str = "T1") -> dict[str, Any]:
    return {"tracking_no": tracking_no, "at": at, "status": status, "status_said": status}


def test_the_first_event_of_delivery_tells_when_the_parcel_does_not() -> None:
    events = [event(DUE - DAY, "in_transit"), event(DUE + HOUR), event(DUE + DAY), event(DUE, tracking_no="T2")]
    sent = {"orders": [order(deliver_by=DUE)], "tracking_events": events}
    row = post(**sent, shipments=[parcel(tracking_no="T1", shipped_at=DUE - DAY)])[0]
    assert (row["state"], row["kept_at"]) == ("broken", DUE + HOUR)
    row = post(**sent, shipments=[parcel(tracking_no="T1", delivered_at=DUE)])[0]
    assert (row["state"], row["kept_at"]) == ("kept", DUE)


def test_an_order_has_not_arrived_while_one_of_its_parcels_has_not() -> None:
    second = parcel(tracking_no="T2") | {"shipment_id": "second"}
    events = [event(DUE), event(DUE - HOUR, "out_for_delivery", "T2")]
    rows = {"orders": [order(deliver_by=DUE), TELLING[0]], "tracking_events": events}
    row = post(**rows, shipments=[parcel(tracking_no="T1"), second, TELLING[1]])[0]
    assert (row["state"], row["kept_at"]) == ("broken", None)


def test_a_channel_without_parcels_breaks_nothing_and_is_a_gap() -> None:
    rows = {"orders": [order(ship_by=DUE, deliver_by=DUE), order("shop:main:2", ship_by=DUE)]}
    assert post(**rows) == []
    assert gaps(**rows) == [
        ("deliver_by", "shop:main", "shipments.delivered_at", 1),
        ("ship_by", "shop:main", "shipments.shipped_at", 2),
    ]


def test_delivered_nobody_knows_when_is_a_gap() -> None:
    other, telling = TELLING
    rows = {"orders": [order(deliver_by=DUE, status="delivered"), other], "shipments": [telling]}
    assert post(**rows) == []
    assert gaps(**rows) == [("deliver_by", "shop:main", "shipments.delivered_at", 1)]


def test_one_channel_does_not_tell_for_another() -> None:
    other, telling = TELLING
    far = order("far:main:1", channel_id="far:main", ship_by=DUE)
    assert post(orders=[far, other], shipments=[telling]) == []


def test_the_stake_is_what_the_order_is_worth() -> None:
    line = {"order_id": "shop:main:1", "kind": "goods", "currency": "EUR"}
    lines = [
        line | {"line_no": "1", "quantity": 3, "unit_price": Decimal("9.99"), "discount": Decimal("2.00")},
        line | {"line_no": "2", "quantity": 1, "unit_price": Decimal(10), "tax": Decimal("1.90")},
        line
        | {
            "line_no": "3",
            "quantity": 1,
            "unit_price": Decimal(5),
            "tax": Decimal("0.80"),
            "tax_included": True,
        },
    ]
    sent = [parcel(shipped_at=DUE)]
    stated = post(orders=[order(ship_by=DUE)], order_lines=lines, shipments=sent)[0]
    summed = post(orders=[order(ship_by=DUE, total=None)], order_lines=lines, shipments=sent)[0]
    assert (stated["stake"], stated["currency"]) == (Decimal(50), "EUR")
    assert summed["stake"] == Decimal("44.87")


ASKED = datetime(2026, 3, 1, 9)
LAST = datetime(2026, 3, 15, 23, 59, 59)


@pytest.mark.parametrize(
    ("country", "given", "state", "late"),
    [
        ("DE", LAST, "kept", 0),
        ("GB", LAST + timedelta(seconds=1), "broken", 1),
        ("FR", None, "broken", 373),
        ("DE", datetime(2026, 3, 2), "kept", 0),
    ],
)
def test_refund_within_the_legal_time(country: str, given: datetime | None, state: str, late: int) -> None:
    refund = {"refund_id": "r", "order_id": "shop:main:1", "amount": Decimal(20), "tax": Decimal(3)}
    refund |= {"currency": "EUR", "requested_at": ASKED, "refunded_at": given}
    row = post(orders=[order(country=country)], refunds=[refund])[0]
    assert (row["kind"], row["due_at"], row["state"], row["late_hours"]) == ("refund_by", LAST, state, late)
    assert row["stake"] == Decimal(23)
    assert row["rule_id"] == ("law:uksi/2013/3134/34" if country == "GB" else "law:eu/2011/83/13")


@pytest.mark.parametrize(
    ("country", "asked", "given", "gap"),
    [
        ("US", ASKED, None, []),
        (None, ASKED, None, []),
        ("DE", datetime(2011, 3, 1), None, []),
        ("DE", None, NOW, [("refund_by", "shop:main", "refunds.requested_at", 1)]),
        ("US", None, NOW, []),
    ],
    ids=["no such law", "country unknown", "before the law", "nobody says when asked", "no law, no gap"],
)
def test_no_legal_time_or_no_day_asked(
    country: str | None, asked: datetime | None, given: datetime | None, gap: list[object]
) -> None:
    refund = {"refund_id": "r", "order_id": "shop:main:1", "requested_at": asked, "refunded_at": given}
    rows = {"orders": [order(country=country)], "refunds": [refund]}
    assert post(**rows) == []
    assert gaps(**rows) == gap


def payout(payout_id: str = "p", **told: Any) -> dict[str, Any]:
    said = {"payout_id": payout_id, "channel_id": "pay:main", "amount": Decimal(100), "currency": "EUR"}
    return said | {"sent_on": date(2026, 3, 2), "due_on": date(2026, 3, 4), "status": "paid"} | told


def booked(line_id: str, on: date, amount: int = 100, currency: str = "EUR") -> dict[str, Any]:
    return {"bank_line_id": line_id, "booked_on": on, "amount": Decimal(amount), "currency": currency}


AROUND = [booked("first", date(2026, 1, 1), 7), booked("last", date(2026, 3, 30), 7)]


@pytest.mark.parametrize(
    ("told", "lines", "state", "late"),
    [
        ({}, [booked("b", date(2026, 3, 4))], "kept", 0),
        ({}, [booked("b", date(2026, 3, 6))], "broken", 48),
        ({}, [booked("b", date(2026, 3, 4), 99)], "broken", 637),
        ({}, [booked("b", date(2026, 3, 4), currency="USD")], "broken", 637),
        ({}, [booked("b", date(2026, 3, 15))], "broken", 637),
        ({}, [booked("b", date(2026, 3, 1))], "broken", 637),
        ({"due_on": None}, [booked("b", date(2026, 3, 12))], "kept", 0),
        ({"due_on": date(2026, 4, 2)}, [], "open", None),
    ],
    ids=[
        "in time",
        "late",
        "other amount",
        "other currency",
        "too late to be it",
        "too early",
        "no due day",
        "open",
    ],
)
def test_payout(told: Row, lines: list[dict[str, Any]], state: str, late: int | None) -> None:
    row = post(payouts=[payout(**told)], bank_lines=lines + AROUND)[0]
    assert (row["promise_id"], row["direction"], row["party"]) == ("pay_out_by/p", "owed", "pay:main")
    assert (row["state"], row["late_hours"], row["stake"]) == (state, late, Decimal(100))


@pytest.mark.parametrize(
    "lines",
    [[], [booked("b", date(2026, 3, 4), currency="USD")], [booked("b", date(2026, 3, 3), 7)], AROUND[1:]],
    ids=[
        "no bank",
        "no bank in that currency",
        "bank ends before it was due",
        "bank begins after it was sent",
    ],
)
def test_payouts_the_bank_cannot_tell(lines: list[dict[str, Any]]) -> None:
    assert post(payouts=[payout()], bank_lines=lines) == []
    assert gaps(payouts=[payout()], bank_lines=lines) == [("pay_out_by", "pay:main", "bank_lines", 1)]


@pytest.mark.parametrize(
    ("sent", "booked_on", "states"),
    [
        ((2, 2), (3,), ["kept", "broken"]),
        ((2, 2), (3, 3), ["kept", "kept"]),
        ((2, 3), (3, 4), ["kept", "kept"]),
        ((2, 9), (4, 11), ["kept", "kept"]),
        ((2, 16), (17,), ["broken", "kept"]),
        ((2, 3, 4), (5, 5, 6), ["kept", "kept", "kept"]),
    ],
    ids=["one for two", "twins", "day after day", "weekly", "the first never came", "bunched"],
)
def test_a_bank_line_pays_one_payout(sent: tuple[int, ...], booked_on: tuple[int, ...], states: list[str]) -> None:
    payouts = [payout(f"{n}", sent_on=date(2026, 3, day), due_on=None) for n, day in enumerate(sent)]
    lines = [booked(f"{n}", date(2026, 3, day)) for n, day in enumerate(booked_on)]
    assert [row["state"] for row in post(payouts=payouts, bank_lines=lines + AROUND)] == states


def po_line(**told: Any) -> dict[str, Any]:
    said = {"po_id": "po", "line_no": "2", "supplier_id": "mill", "sku": "A", "quantity": 10, "currency": "USD"}
    said |= {"unit_cost": Decimal("1.2345"), "ordered_on": date(2026, 3, 1), "promised_on": date(2026, 3, 20)}
    return said | told


CAME = {"received_on": date(2026, 3, 20), "received_quantity": 10}


@pytest.mark.parametrize(
    ("told", "state", "late"),
    [
        (CAME, "kept", 0),
        (CAME | {"received_on": date(2026, 3, 22)}, "broken", 48),
        (CAME | {"received_quantity": 9}, "broken", 253),
        (CAME | {"defective_quantity": 1}, "broken", 253),
        (CAME | {"received_quantity": 12, "defective_quantity": 2}, "kept", 0),
        ({}, "broken", 253),
        ({"promised_on": date(2026, 4, 2)}, "open", None),
    ],
    ids=["in time", "late", "short", "not sound", "more than enough", "nothing came", "not due yet"],
)
def test_supply(told: Row, state: str, late: int | None) -> None:
    row = post(po_lines=[po_line(**told)])[0]
    assert (row["promise_id"], row["direction"], row["party"]) == ("supply_by/po/2", "owed", "mill")
    assert (row["state"], row["late_hours"]) == (state, late)
    assert (row["stake"], row["currency"], row["made_at"]) == (Decimal("12.345"), "USD", datetime(2026, 3, 1))


def test_goods_nobody_counted_are_a_gap() -> None:
    lines = [po_line(received_on=date(2026, 3, 19)), po_line(promised_on=None)]
    assert post(po_lines=lines) == []
    assert gaps(po_lines=lines) == [("supply_by", None, "po_lines.received_quantity", 1)]


@pytest.mark.parametrize(
    ("told", "state", "late"),
    [
        ({"done_on": date(2026, 3, 20)}, "kept", 0),
        ({"done_on": date(2026, 3, 21)}, "broken", 24),
        ({}, "broken", 253),
        ({"due_on": date(2026, 3, 31)}, "open", None),
    ],
    ids=["on the day", "a day late", "not done", "today"],
)
def test_milestone(told: Row, state: str, late: int | None) -> None:
    contract = {"contract_id": "c", "partner": "carrier", "starts_on": date(2026, 1, 1)}
    milestone = {"contract_id": "c", "milestone_no": "1", "due_on": date(2026, 3, 20), **told}
    row = post(contracts=[contract], milestones=[milestone])[0]
    assert (row["promise_id"], row["direction"], row["party"]) == ("milestone_by/c/1", "owed", "carrier")
    assert (row["state"], row["late_hours"], row["made_at"]) == (state, late, datetime(2026, 1, 1))


ASKED_AT = datetime(2026, 3, 20, 9)


def said(after_hours: float, author: str = "customer", **told: Any) -> dict[str, Any]:
    """Return a message so many hours after the first question, named by its hour."""
    message = {"message_id": f"m{after_hours}", "thread_id": "t", "channel_id": "shop:main", "source": "messages@main"}
    message |= {"author": author, "direction": "in" if author == "customer" else "out", "customer_key": "person"}
    return message | {"sent_at": ASKED_AT + timedelta(hours=after_hours)} | told


# The channel answers elsewhere, and its messages reach to the day of judgement.
ELSEWHERE = said(260, "agent", thread_id="other", message_id="other")


@pytest.mark.parametrize(
    ("messages", "expected"),
    [
        ([said(0), said(24, "agent")], [("m0", "kept", 0)]),
        ([said(0), said(24.5, "agent")], [("m0", "broken", 1)]),
        ([said(0)], [("m0", "broken", 243)]),
        ([said(0), said(1, "bot")], [("m0", "broken", 243)]),
        ([said(0), said(1, "bot"), said(25, "agent")], [("m0", "broken", 1)]),
        ([said(0), said(1), said(2), said(24, "agent")], [("m0", "kept", 0)]),
        ([said(0), said(1, "agent"), said(30), said(31, "agent")], [("m0", "kept", 0), ("m30", "kept", 0)]),
        ([said(0), said(1, "bot"), said(2), said(25, "agent")], [("m0", "broken", 1), ("m2", "kept", 0)]),
        ([said(-1, "agent"), said(0), said(0, "agent", message_id="a")], [("m0", "kept", 0)]),
        ([said(250)], [("m250", "open", None)]),
        ([said(1, "agent")], []),
    ],
    ids=[
        "at the last moment",
        "late",
        "never",
        "a machine is no person",
        "a person after the machine",
        "several messages are one question",
        "asked again after an answer",
        "asked again after the machine",
        "we wrote first, and answer the same second",
        "not due yet",
        "nothing asked",
    ],
)
def test_a_question_is_answered_by_a_person(messages: list[dict[str, Any]], expected: list[Any]) -> None:
    rows = post(messages=[*messages, ELSEWHERE])
    assert [(row["subject"], row["state"], row["late_hours"]) for row in rows] == expected


def test_a_question_is_the_buyers_and_of_the_orders_market() -> None:
    asked = said(0, order_id="shop:main:1", customer_key=None)
    (row,) = post(messages=[asked, said(3, "agent")], orders=[order(customer_key="buyer")])
    assert (row["promise_id"], row["direction"], row["party"], row["market"]) == (
        "reply_by/m0",
        "ours",
        "buyer",
        "DE",
    )
    assert (row["made_at"], row["due_at"], row["stake"]) == (ASKED_AT, ASKED_AT + DAY, None)
    assert row["rule_id"] == "norm:amazon/contact_response_time"


@pytest.mark.parametrize(
    "messages",
    [[said(0)], [said(0), said(20, "agent", thread_id="other")]],
    ids=["the export has none of ours", "the export ends before it was due"],
)
def test_answers_no_export_tells_are_a_gap(messages: list[dict[str, Any]]) -> None:
    assert post(messages=messages) == []
    assert gaps(messages=messages) == [("reply_by", "shop:main", "messages", 1)]


def test_every_kind_has_its_claims_and_says_what_would_tell() -> None:
    assert tuple(CLAIMS_OF) == tuple(TELLS) == KINDS


def test_what_was_not_promised_yet_is_not_in_the_ledger() -> None:
    sent = facts(orders=[order(ship_by=DUE)], shipments=[parcel(shipped_at=DUE)])
    assert post_promises(sent, as_of=datetime(2026, 3, 1)).count().to_pyarrow().as_py() == 0
