"""Plain sheets of goods on their way: told apart in both languages, their words understood, their keys meeting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from argosy.intake.formats import shipped_formats
from argosy.intake.recognise import Recognised, recognise
from argosy.intake.tracking import STATUSES

SHEETS = ("parcels", "tracking_events", "carrier_bill", "customs_charges", "stock_levels", "stock_moves", "suppliers",
          "purchase_orders", "contracts", "products", "costs", "bank_statement")  # fmt: skip
FORMATS = {format.name: format for format in shipped_formats()}
EVENTS = "Tracking number,Carrier,At,Status,Place,Country\n"


@pytest.mark.parametrize("place", [0, -1], ids=["English", "Chinese"])
@pytest.mark.parametrize("name", SHEETS)
def test_no_sheet_is_taken_for_another(name: str, place: int, tmp_path: Path) -> None:
    headers = [column.headers[place] for column in FORMATS[name].columns]
    for header in (headers, [h for h, c in zip(headers, FORMATS[name].columns, strict=True) if c.need]):
        file = tmp_path / "sheet.csv"
        file.write_text(",".join(header) + "\n" + "," * len(header) + "\n", encoding="utf-8")
        found = recognise(file, FORMATS.values())
        assert isinstance(found, Recognised)
        assert found.format.name == name


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("InfoReceived", "pending"),  # 17TRACK and AfterShip
        ("Pending", "pending"),  # AfterShip
        ("InTransit_PickedUp", "picked_up"),
        ("InTransit", "in_transit"),
        ("in_transit", "in_transit"),  # Karrio
        ("In Transit", "in_transit"),
        ("Exception", "on_hold"),
        ("Exception_Lost", "delivery_failed"),
        ("Exception_Returning", "return_to_sender"),
        ("AttemptFail", "delivery_failed"),  # AfterShip
        ("AvailableForPickup", "ready_for_pickup"),
        ("EME", "on_hold"),  # EMSEVT: held by customs
        ("EMI", "delivered"),
        ("emi", "delivered"),
        ("Expired", "unknown"),
        ("Zustellung erfolgt", "unknown"),
    ],
)
def test_words_of_tracking_services(said: str, status: str, shop: Any) -> None:
    shop.read_text(f"{EVENTS}T1,DHL,2026-04-09 16:40:00,{said},Berlin,DE\n")
    assert [(row["status_said"], row["status"]) for row in shop.facts("tracking_events")] == [(said, status)]


def test_no_word_of_tracking_services_has_two_meanings() -> None:
    words = [word.lower().replace("_", "") for said in STATUSES.values() for word in said.split()]
    assert len(words) == len(set(words))


def test_a_parcel_meets_its_order(shop: Any) -> None:
    shop.read_text("Parcel,Channel,Order,Tracking number,Shipped at\n1,shopify,#1001,T1,2026-04-02 08:15:00\n")
    shop.read_text(
        "Parcel,Channel,Order,Tracking number,Shipped at\n1,shopify:second,#7,T2,2026-04-02 08:15:00\n", "second.csv"
    )
    assert [row["order_id"] for row in shop.facts("shipments")] == ["shopify:main:#1001", "shopify:second:#7"]


def test_a_bill_read_twice_charges_once_and_a_line_billed_twice_charges_twice(shop: Any) -> None:
    header = "Invoice,Carrier,Tracking number,Kind,Charged on,Amount,Currency\n"
    line = "I-1,DHL,T1,freight,2026-04-30,5.10,EUR\n"
    shop.read_text(header + line + line, "bill.csv")
    shop.read_text(header + line + line + line.replace("T1", "T2"), "longer.csv")
    assert sorted(row["tracking_no"] for row in shop.facts("carrier_charges")) == ["T1", "T1", "T2"]


def test_a_line_taken_off_a_purchase_order_is_gone(shop: Any) -> None:
    header = "Purchase order,Line,Supplier,SKU,Quantity,Unit cost,Currency,Ordered on,Promised on,Received on,"
    header += "Received quantity\n"
    line = "P-1,{},S-1,BOT-1,5,1.00,EUR,2026-03-01,2026-03-20,,\n"
    shop.read_text(header + line.format(1) + line.format(2), "early.csv")
    shop.read_text(header + line.format(1), "late.csv", written_at=1_793_000_100)
    assert [row["line_no"] for row in shop.facts("po_lines")] == ["1"]
