"""A person who is forgotten: what they wrote and what was written to them goes, every figure stays."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from argosy.intake.forget import find_customer, forget_customer

ORDERS = """order_id,order_number,order_date,order_status,order_total,order_currency,billing_email,billing_first_name,\
billing_address_1
1,1,2026-03-01 07:30:00,wc-completed,19.00,EUR,ada@example.com,Ada,Elm Street 5
2,2,2026-03-01 07:40:00,wc-completed,29.00,EUR,bea@example.com,Bea,Oak Street 6
"""
MESSAGES = """Message,Thread,Channel,Order,Customer,Direction,Author,Text,Sent at
m1,t1,woocommerce,1,Ada Moss,in,customer,It is Ada from Elm Street,2026-03-01 08:00:00
m2,t1,woocommerce,,,out,agent,Dear Ada Moss,2026-03-01 09:00:00
m3,t2,woocommerce,2,bea@example.com,in,customer,Bea here,2026-03-01 10:00:00
m4,t3,woocommerce,,ada@example.com,in,customer,Ada again,2026-03-02 10:00:00
"""
REVIEWS = """Review,Channel,Order,SKU,Stars,Title,Text,Written at
r1,woocommerce,1,BOT-1,1,Ada is angry,Ada of Elm Street,2026-03-05
r2,woocommerce,2,BOT-1,5,Bea,Good,2026-03-05
"""
VISITS = """Visitor,Session,At,Event,Channel,Order
visitor-ada,s1,2026-03-01 07:00:00,view,woocommerce,
visitor-ada,s1,2026-03-01 07:30:00,purchase,woocommerce,1
visitor-bea,s2,2026-03-01 07:30:00,purchase,woocommerce,2
"""
FILES = {"messages": MESSAGES, "reviews": REVIEWS, "visits": VISITS, "orders": ORDERS}
AT = "2026-11-02T00:00:00"


@pytest.fixture
def known(shop: Any) -> Any:
    """A shop with orders, messages, reviews and visits of Ada and of Bea."""
    for name, text in FILES.items():
        assert shop.read_text(text, f"{name}.csv").outcome == "imported"
    return shop


def held(folder: Path, word: bytes) -> bool:
    return any(word in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def said(shop: Any) -> list[Any]:
    return [row["text"] for row in shop.facts("messages")] + [row["title"] for row in shop.facts("reviews")]


def test_all_words_of_the_forgotten_and_to_them_go(known: Any) -> None:
    before = {table: known.facts(table) for table in ("messages", "reviews", "touchpoints", "orders")}
    blanked = forget_customer(known.lake, find_customer(known.lake, "ada@example.com"), at=AT)
    # Two rows of visits, three of messages, one review, one order.
    assert blanked == 7
    assert said(known) == [None, None, "Bea here", None, None, "Bea"]
    raw = b"".join(path.read_bytes() for path in (known.folder / "raw").iterdir())
    assert b"Ada" not in raw and b"visitor-ada" not in raw and b"ada@" not in raw and b"Elm Street" not in raw
    assert b"Bea here" in raw and b"visitor-bea" in raw and b"Oak Street" in raw
    assert not held(known.folder / "people.sqlite", b"Ada") and not held(known.folder, b"visitor-ada")
    emptied = {"text", "title"}
    for table, rows in before.items():
        assert [{k: v for k, v in row.items() if k not in emptied} for row in rows] == [
            {k: v for k, v in row.items() if k not in emptied} for row in known.facts(table)
        ]


def test_the_words_leave_the_lakes_files_with_its_old_snapshots(known: Any) -> None:
    assert held(known.folder / "lake", b"Elm Street")
    forget_customer(known.lake, find_customer(known.lake, "ada@example.com"), at=AT)
    known.lake.raw.execute("CALL ducklake_expire_snapshots('lake', older_than => now() + INTERVAL 1 DAY)")
    known.lake.raw.execute("CALL ducklake_cleanup_old_files('lake', cleanup_all => true)")
    known.lake.close()
    with closing(sqlite3.connect(known.folder / "lake/catalog.sqlite", isolation_level=None)) as catalog:
        catalog.execute("VACUUM")
        catalog.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert not held(known.folder / "lake", b"Elm Street")
    assert held(known.folder / "lake", b"Bea here")


def test_a_later_export_does_not_bring_the_words_back(known: Any) -> None:
    forget_customer(known.lake, find_customer(known.lake, "ada@example.com"), at=AT)
    longer = MESSAGES + "m5,t1,woocommerce,,,out,agent,Dear Ada once more,2026-03-04 09:00:00\n"
    known.read_text(longer, "messages again.csv", written_at=1_793_000_900)
    known.read_text(REVIEWS + "r3,woocommerce,2,BOT-1,4,Bea too,,2026-03-06\n", "reviews again.csv")
    texts = {row["message_id"][-2:]: row["text"] for row in known.facts("messages")}
    assert texts == {"m1": None, "m2": None, "m3": "Bea here", "m4": None, "m5": None}
    assert [row["title"] for row in known.facts("reviews")] == [None, "Bea", "Bea too"]


def test_a_visitor_can_be_forgotten_by_their_own_id(known: Any) -> None:
    forget_customer(known.lake, find_customer(known.lake, "visitor-bea"), at=AT)
    assert not held(known.folder / "raw", b"visitor-bea") and held(known.folder / "raw", b"visitor-ada")
    assert said(known)[0] == "It is Ada from Elm Street"
