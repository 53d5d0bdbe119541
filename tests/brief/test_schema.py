"""What ``argosy brief --json`` prints is what ``brief/schema.json`` says, in every part and to the letter."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime
from importlib.resources import files
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker

from argosy.business import Business
from argosy.lake.workspace import create_workspace
from argosy.model.entries import BRIDGE, MARGINS
from argosy.model.promises import KINDS, OURS, OWED
from argosy.model.words import subject

SCHEMA = json.loads(files("argosy").joinpath("brief", "schema.json").read_text(encoding="utf-8"))
AMAZON_ORDERS = (
    ("amazon-order-id", "purchase-date", "last-updated-date", "order-status", "sales-channel", "product-name", "sku",
     "quantity", "currency", "item-price", "ship-country"),
    ("302-1", "2026-03-02T08:00:00+00:00", "2026-03-04T10:00:00+00:00", "Shipped", "Amazon.de", "Bottle", "BOT-1",
     "2", "EUR", "100.00", "DE"),
    ("302-2", "2026-03-20T08:00:00+00:00", "2026-03-21T10:00:00+00:00", "Shipped", "Amazon.de", "Bottle", "BOT-1",
     "1", "EUR", "50.00", "DE"),
    ("302-3", "2026-03-22T08:00:00+00:00", "2026-03-22T10:00:00+00:00", "Shipped", "Amazon.com.mx", "Bottle",
     "BOT-1", "1", "MXN", "500.00", ""),
    ("302-4", "2026-03-25T08:00:00+00:00", "2026-03-25T10:00:00+00:00", "Pending", "Amazon.de", "Bottle", "BOT-1",
     "1", "", "", "DE"),
)  # fmt: skip
# The header says 85.00 and its lines 84.50.
SETTLEMENT = (
    ("settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date", "total-amount", "currency",
     "transaction-type", "order-id", "marketplace-name", "amount-type", "amount-description", "amount",
     "posted-date-time", "sku", "quantity-purchased"),
    ("9", "2026-03-01 00:00:00 UTC", "2026-03-15 00:00:00 UTC", "2026-03-17 00:00:00 UTC", "85.00", "EUR",
     "", "", "", "", "", "", "", "", ""),
    ("9", "", "", "", "", "EUR", "Order", "302-1", "Amazon.de", "ItemPrice", "Principal", "100.00",
     "2026-03-05 08:00:00 UTC", "BOT-1", "2"),
    ("9", "", "", "", "", "EUR", "Order", "302-1", "Amazon.de", "ItemFees", "Commission", "-15.50",
     "2026-03-05 08:00:00 UTC", "BOT-1", "2"),
)  # fmt: skip
PROMISED = (
    ("order_id", "customer_id", "order_status", "order_purchase_timestamp", "order_approved_at",
     "order_delivered_carrier_date", "order_delivered_customer_date", "order_estimated_delivery_date"),
    ("a", "c1", "delivered", "2026-03-01 10:00:00", "2026-03-01 11:00:00", "2026-03-02 10:00:00",
     "2026-03-09 10:00:00", "2026-03-12 00:00:00"),
    ("b", "c2", "delivered", "2026-03-01 10:00:00", "2026-03-01 11:00:00", "2026-03-02 10:00:00",
     "2026-03-15 10:00:00", "2026-03-12 00:00:00"),
)  # fmt: skip
COSTS = (("SKU", "Unit cost", "Currency"), ("BOT-1", "6.50", "EUR"))


@pytest.fixture(scope="module")
def business(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A small business with a sale settled and one estimated, a figure that does not add up and much unknown."""
    folder = tmp_path_factory.mktemp("shop")
    create_workspace(folder / "workspace", home="DE", book_currency="EUR")
    exports = folder / "exports"
    exports.mkdir()
    for name, rows in (("orders", AMAZON_ORDERS), ("settlement", SETTLEMENT), ("promised", PROMISED), ("costs", COSTS)):
        (exports / f"{name}.txt").write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    business = Business.at(folder / "workspace")
    reports = business.import_files(str(exports), known_at=datetime(2026, 4, 1, 12))
    assert [report.outcome for report in reports] == ["imported"] * 4
    yield business
    business.close()


@pytest.fixture(scope="module")
def brief(business: Business) -> Any:
    """The brief of March 2026 as a program would read it."""
    return json.loads(json.dumps(business.brief(days=31, until=date(2026, 3, 31))))


def faults(brief: Any) -> list[str]:
    """Return what the schema holds against a brief."""
    validator = Draft202012Validator(SCHEMA, format_checker=FormatChecker())
    return [f"{fault.json_path}: {fault.message}" for fault in validator.iter_errors(brief)]


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_a_brief_is_as_the_schema_says(brief: Any) -> None:
    assert faults(brief) == []


def test_the_brief_of_the_test_has_something_in_every_part(brief: Any) -> None:
    lists = ("money", "promises", "coverage", "findings", "gaps", "imports")
    assert [name for name in lists if not brief[name]] == []
    assert brief["markets"]["top"] and brief["products"]["top"]
    assert any(float(figure["estimated"]) for figure in brief["money"])
    assert brief["promises"][0]["p50_hours"] > 0
    assert brief["unbooked"] > 0


def test_a_brief_without_anything_before_it_compares_with_null(brief: Any) -> None:
    assert {figure["before"] for figure in brief["money"]} == {None}
    assert brief["orders"]["year_before"] is None


def test_a_period_without_entries_is_a_brief_too(business: Business) -> None:
    assert faults(json.loads(json.dumps(business.brief(days=7, until=date(2026, 7, 31))))) == []


def test_every_figure_stands_once_and_in_order(brief: Any) -> None:
    assert [figure["name"] for figure in brief["money"]] == [*BRIDGE, *MARGINS]


def test_the_schema_names_what_the_code_names() -> None:
    named = SCHEMA["$defs"]
    assert named["figure"]["properties"]["name"]["enum"] == [*BRIDGE, *MARGINS]
    assert named["figure"]["properties"]["steps"]["items"]["enum"] == list(BRIDGE)
    assert named["promise"]["properties"]["kind"]["enum"] == list(KINDS)
    assert named["promise"]["properties"]["direction"]["enum"] == [OURS, OWED]
    words = subject("gaps")
    kinds = {key for key in words if not key.startswith("needs_")}
    assert set(named["gap"]["properties"]["kind"]["enum"]) == kinds
    assert {f"needs_{need}" for need in named["gap"]["properties"]["needs"]["enum"]} == words.keys() - kinds
    assert set(named["finding_kind"]["enum"]) == set(subject("findings"))


def parts(schema: Any) -> list[Any]:
    """Return every part of the schema that is one of an object."""
    inside = schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ()
    own = [schema] if isinstance(schema, dict) and schema.get("type") == "object" else []
    return own + [part for value in inside for part in parts(value)]


def test_no_object_lets_anything_else_in() -> None:
    assert all(part["additionalProperties"] is False and part["required"] for part in parts(SCHEMA))


def change_amount(brief: Any) -> None:
    brief["money"][0]["amount"] = "1,000.0000"


def change_number(brief: Any) -> None:
    brief["money"][0]["amount"] = 1000.0


def change_day(brief: Any) -> None:
    brief["period"]["end"] = "2026-02-30"


def change_currency(brief: Any) -> None:
    brief["currency"] = "eur"


def change_gap(brief: Any) -> None:
    brief["gaps"][0]["needs"] = "luck"


def add_field(brief: Any) -> None:
    brief["imports"][0]["buyer"] = "Ada Moss"


def leave_out(brief: Any) -> None:
    del brief["coverage"][0]["settled"]


@pytest.mark.parametrize(
    "change", [change_amount, change_number, change_day, change_currency, change_gap, add_field, leave_out]
)
def test_what_is_no_brief_is_told(brief: Any, change: Callable[[Any], None]) -> None:
    other = deepcopy(brief)
    change(other)
    assert len(faults(other)) >= 1
