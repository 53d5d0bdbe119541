"""What carriers and customs charge for parcels, and the order it belongs to."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa

from argosy.books.ledger import post_entries, sources_of
from argosy.model.facts import FACTS, schema
from argosy.rules.fees import fee_rate_table

SENT = datetime(2026, 3, 2, 10)
CHARGED = date(2026, 3, 30)
ORDER = {"order_id": "shop:main:1", "channel_id": "shop:main", "country": "DE"}


def ledger(**rows: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Return transaction -> its entries, in euro, every one of which balances."""
    tables = {}
    for name, table in FACTS.items():
        types = ibis.schema(schema(table)).to_pyarrow()
        tables[name] = ibis.memtable(pa.Table.from_pylist(rows.get(name, []), schema=types))
    tables["fee_rates"] = ibis.memtable(fee_rate_table())
    sources = sources_of(tables, filled=frozenset(rows), book_currency="EUR")
    found = defaultdict(list)
    for part in post_entries(sources):
        for entry in part.to_pyarrow().to_pylist():
            found[entry["transaction_id"]].append(entry)
    for entries in found.values():
        assert sum(entry["amount"] for entry in entries) == sum(entry["book_amount"] for entry in entries) == 0
    return found


def spent(entries: list[dict[str, Any]]) -> dict[str, Decimal]:
    return {entry["account"]: entry["amount"] for entry in entries}


def parcel(**told: Any) -> dict[str, Any]:
    said = {"shipment_id": "1", "order_id": "shop:main:1", "carrier": "post", "tracking_no": "T1", "shipped_at": SENT}
    return said | {"cost": Decimal("4.00"), "currency": "EUR"} | told


def billed(charge_id: str = "a", **told: Any) -> dict[str, Any]:
    said = {"charge_id": charge_id, "carrier": "post", "tracking_no": "T1", "kind": "freight", "charged_on": CHARGED}
    return said | {"amount": Decimal("5.10"), "currency": "EUR"} | told


def test_the_bill_stands_in_for_what_the_parcel_was_expected_to_cost() -> None:
    others = [parcel(shipment_id="2", tracking_no="T2"), parcel(shipment_id="3", tracking_no=None)]
    charges = [billed(), billed("b", kind="fuel"), billed("c", tracking_no=None)]
    found = ledger(orders=[ORDER], shipments=[parcel(), *others], carrier_charges=charges)
    assert sorted(found) == ["carrier:a", "carrier:b", "carrier:c", "freight:2", "freight:3"]
    assert spent(found["carrier:a"]) == {
        "cost:freight": Decimal("5.10"),
        "liability:payable:post": Decimal("-5.10"),
    }


def test_a_charge_belongs_to_the_order_of_its_parcel_on_the_day_it_is_charged() -> None:
    entry = ledger(orders=[ORDER], shipments=[parcel()], carrier_charges=[billed()])["carrier:a"][0]
    assert entry["posted_at"] == datetime(2026, 3, 30)
    assert (entry["order_id"], entry["channel_id"], entry["market"]) == ("shop:main:1", "shop:main", "DE")
    assert entry["state"] == "settled"


def test_a_charge_for_a_parcel_nobody_knows_belongs_to_no_order() -> None:
    for entries in ledger(carrier_charges=[billed(), billed("b", tracking_no=None)]).values():
        assert {entry["order_id"] for entry in entries} == {None}
        assert spent(entries)["cost:freight"] == Decimal("5.10")


def test_a_number_on_two_parcels_is_charged_once() -> None:
    orders = [ORDER, ORDER | {"order_id": "shop:main:2"}]
    shared = parcel(shipment_id="2", order_id="shop:main:2")
    found = ledger(orders=orders, shipments=[shared, parcel()], carrier_charges=[billed()], customs_charges=[duty()])
    assert {name: [e["order_id"] for e in entries] for name, entries in found.items()} == {
        "carrier:a": ["shop:main:1"] * 2,
        "customs:d": ["shop:main:1"] * 2,
    }


def test_money_a_carrier_gives_back() -> None:
    assert spent(ledger(carrier_charges=[billed(amount=Decimal("-2.00"))])["carrier:a"]) == {
        "cost:freight": Decimal("-2.00"),
        "liability:payable:post": Decimal("2.00"),
    }


def duty(charge_id: str = "d", kind: str = "duty") -> dict[str, Any]:
    said = {"charge_id": charge_id, "tracking_no": "T1", "kind": kind, "charged_on": CHARGED}
    return said | {"amount": Decimal("3.10"), "currency": "EUR"}


def test_customs_charges_by_kind() -> None:
    kinds = ("duty", "vat", "handling", "brokerage")
    charges = [duty(kind, kind) for kind in kinds]
    found = ledger(orders=[ORDER], shipments=[parcel(cost=None)], customs_charges=charges)
    accounts = [entries[0]["account"] for entries in (found[f"customs:{kind}"] for kind in kinds)]
    assert accounts == ["cost:duty", "cost:import_tax_unrecovered", "fee:other", "fee:other"]
    assert {entries[1]["account"] for entries in found.values()} == {"liability:payable:customs"}
    assert {entry["order_id"] for entries in found.values() for entry in entries} == {"shop:main:1"}
