"""Every rule says since when it holds, where it was read and how sure that is."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest

from argosy.model.countries import EU_MEMBERS, country_code
from argosy.rules.tables import UnknownRuleTable, load_table, names, rule_id

# countries is one data set with one source, named in the README beside the tables.
DATED = [name for name in names() if name != "countries"]

# Rules that software for sellers often gets wrong: table, what the row must say, its first day.
TRICKY: list[tuple[str, dict[str, str], date | None]] = [
    ("de_minimis", {"country": "EU", "above_or_flat_rule": "3 EUR per item type"}, date(2026, 7, 1)),
    ("de_minimis", {"country": "EU", "basis": "not per parcel, not per piece"}, date(2026, 7, 1)),
    ("de_minimis", {"country": "EU", "note": "VAT is due on the 3 EUR"}, date(2026, 7, 1)),
    (
        "de_minimis",
        {"country": "RO", "above_or_flat_rule": "25 RON", "basis": "per parcel"},
        date(2026, 1, 1),
    ),
    ("de_minimis", {"country": "FR", "above_or_flat_rule": "2 EUR", "basis": "line"}, date(2026, 3, 1)),
    ("de_minimis", {"country": "US", "scope": "all origins"}, date(2025, 8, 29)),
    ("de_minimis", {"country": "JP", "scope": "JCT"}, date(2028, 4, 1)),
    ("de_minimis", {"country": "MX", "above_or_flat_rule": "33.5 per cent global"}, date(2025, 8, 15)),
    ("de_minimis", {"country": "TH", "above_or_flat_rule": "from the first baht"}, date(2026, 1, 1)),
    ("filing_calendar", {"regime": "IOSS", "note": "paid at import clearance"}, date(2021, 7, 1)),
    ("product_requirements", {"market": "US", "requirement": "no de minimis carve-out"}, date(2026, 7, 8)),
    ("product_requirements", {"market": "EU", "requirement": "EPR in each member state"}, date(2026, 8, 12)),
    ("marketplace_fees", {"platform": "Amazon", "scope": "DD+7"}, date(2026, 3, 12)),
    ("shipping_modes", {"example": "UPS, FedEx", "billing_round": "UP to next inch"}, date(2025, 8, 18)),
    ("registration_thresholds", {"jurisdiction": "US-IL", "logic": "amount"}, date(2026, 1, 1)),
    ("registration_thresholds", {"jurisdiction": "US-UT", "logic": "amount"}, date(2025, 7, 1)),
]
# And the day the old rule ends.
ENDED: list[tuple[str, dict[str, str], date]] = [
    (
        "de_minimis",
        {"country": "US", "scope": "all non-postal", "above_or_flat_rule": "800"},
        date(2025, 8, 29),
    ),
    ("de_minimis", {"country": "EU", "scope": "customs duty relief"}, date(2026, 7, 1)),
    ("de_minimis", {"country": "JP", "above_or_flat_rule": "no consumption tax"}, date(2028, 4, 1)),
    ("de_minimis", {"country": "GB", "scope": "customs duty relief"}, date(2029, 3, 31)),
    ("de_minimis", {"country": "TH", "scope": "import duty"}, date(2026, 1, 1)),
    ("registration_thresholds", {"jurisdiction": "US-IL", "logic": "or"}, date(2026, 1, 1)),
]


def rows(name: str) -> list[dict[str, Any]]:
    """Return the rows of a table as plain values."""
    found: list[dict[str, Any]] = load_table(name).to_pylist()
    return found


def saying(name: str, said: dict[str, str]) -> list[dict[str, Any]]:
    """Return the rows of a table that contain all the given words."""
    return [row for row in rows(name) if all(words in (row[column] or "") for column, words in said.items())]


def test_all_tables_are_there() -> None:
    assert set(names()) == {
        "account_health",
        "account_limits",
        "countries",
        "de_minimis",
        "entity_setup",
        "fee_rates",
        "filing_calendar",
        "incoterms",
        "marketplace_fees",
        "payment_preferences",
        "payment_providers",
        "product_requirements",
        "registration_limits",
        "registration_thresholds",
        "restricted_goods",
        "service_norms",
        "shipping_modes",
        "shopping_calendar",
        "vat_rates",
    }


def test_unknown_table_says_which_there_are() -> None:
    with pytest.raises(UnknownRuleTable, match="Use one of: account_health, ") as refusal:
        load_table("vat")
    assert refusal.value.name == "vat"
    assert refusal.value.code == "unknown_rule_table"


@pytest.mark.parametrize("name", DATED)
def test_every_row_says_where_it_comes_from(name: str) -> None:
    for row in rows(name):
        assert row["source"], row
        assert row["source_kind"] in {"official", "secondary", "package", "general"}, row
        assert row["confidence"] in {"verified", "unverified"}, row
        assert not (row["source_kind"] == "general" and row["confidence"] == "verified"), row


@pytest.mark.parametrize("name", DATED)
def test_every_interval_has_a_day(name: str) -> None:
    table = load_table(name)
    assert table.schema.field("valid_from").type == table.schema.field("valid_to").type == pa.date32()
    for row in table.to_pylist():
        assert not (row["valid_from"] and row["valid_to"]) or row["valid_from"] < row["valid_to"], row


@pytest.mark.parametrize("name", names())
def test_ids_come_first_and_point_at_one_row(name: str) -> None:
    table = load_table(name)
    ids = table["rule_id"].to_pylist()
    assert table.column_names[0] == "rule_id"
    assert all(re.fullmatch(rf"{name}:[0-9a-f]{{10}}", each) for each in ids)
    assert len(set(ids)) == len(ids)


def test_numbers_are_exact() -> None:
    schema = load_table("registration_thresholds").schema
    assert (schema.field("amount").type, schema.field("transactions").type) == (
        pa.decimal128(18, 4),
        pa.int32(),
    )
    assert load_table("vat_rates").schema.field("rate_pct").type == pa.decimal128(9, 4)
    quebec = next(row for row in rows("vat_rates") if row["country"] == "CA-QC")
    assert quebec["rate_pct"] == Decimal("9.975")


def test_no_figure_is_null_not_text() -> None:
    swiss = next(row for row in rows("de_minimis") if row["country"] == "CH")
    assert swiss["duty_threshold"] is None
    assert swiss["tax_threshold"] == 5


def test_id_stays_when_only_the_evidence_changes() -> None:
    row = {"country": "FR", "rate_pct": "20", "valid_from": "2014-01-01", "valid_to": "", "source": "a page"}
    better = {**row, "valid_to": "2030-01-01", "source": "the law", "confidence": "verified", "region": ""}
    assert rule_id("vat_rates", row) == rule_id("vat_rates", better)
    assert rule_id("vat_rates", row) != rule_id("vat_rates", {**row, "rate_pct": "21"})
    assert rule_id("vat_rates", row) != rule_id("vat_rates", {**row, "valid_from": "2015-01-01"})


def test_ids_are_stable_over_releases() -> None:
    # Entries already posted point at these ids: if this fails, the way ids are made has changed.
    row = {"country": "FR", "rate_pct": "20"}
    assert rule_id("vat_rates", row) == "vat_rates:9a19ec35c0"


@pytest.mark.parametrize(("name", "said", "first_day"), TRICKY)
def test_rule_often_got_wrong_begins(name: str, said: dict[str, str], first_day: date) -> None:
    assert [row["valid_from"] for row in saying(name, said)] == [first_day]


@pytest.mark.parametrize(("name", "said", "end"), ENDED)
def test_rule_often_got_wrong_ends(name: str, said: dict[str, str], end: date) -> None:
    assert end in [row["valid_to"] for row in saying(name, said)]


def test_flat_duty_applies_under_every_vat_scheme() -> None:
    (flat,) = saying("de_minimis", {"above_or_flat_rule": "3 EUR per item type"})
    assert "IOSS, special arrangements, standard" in flat["note"]


def test_thailand_taxes_from_the_first_baht() -> None:
    (thai,) = saying("de_minimis", {"country": "TH", "above_or_flat_rule": "first baht"})
    assert (thai["duty_threshold"], thai["tax_threshold"]) == (1, 1)


@pytest.mark.parametrize("state", ["US-IL", "US-UT"])
def test_states_without_a_test_of_transactions(state: str) -> None:
    newest = max(saying("registration_thresholds", {"jurisdiction": state}), key=lambda row: row["valid_from"])
    assert newest["transactions"] is None


def test_country_names_and_codes_are_read_by_the_country_reader() -> None:
    for row in rows("countries"):
        read = {country_code(row[column]) for column in ("iso2", "iso3", "name")}
        assert read == {row["iso2"]}, row["name"]


def test_members_of_the_union_are_those_of_the_vat_table() -> None:
    union = {row["country"] for row in rows("vat_rates") if row["source"].startswith("duty27-eu-vat")}
    assert union == EU_MEMBERS
