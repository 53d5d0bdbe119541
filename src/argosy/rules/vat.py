"""VAT and GST rates by country: the standard one of a day, and all there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from argosy.rules.dated import newest_in_force
from argosy.rules.tables import load_table

SHARE = Decimal(1).scaleb(-10)
COLUMNS = ("rule_id", "country", "rate_pct", "valid_from", "valid_to", "confidence")


@dataclass(frozen=True)
class VatRate:
    """One country's standard rate in percent, in force from ``valid_from`` until before ``valid_to``."""

    rule_id: str
    country: str
    rate_pct: Decimal
    valid_from: date | None
    valid_to: date | None
    confidence: str


@cache
def standard_rate_table() -> pa.Table:
    """Return all known standard rates for joins, one row per country and interval.

    Columns: rule_id, country (ISO 3166 alpha-2, Greece is GR; XI is Northern Ireland), rate_pct decimal(9,4)
    in percent, valid_from (null: not known, holds on every day before valid_to), valid_to (exclusive),
    confidence. A country whose sources disagree has no row.
    """
    known = (pc.field("kind") == "standard") & pc.field("rate_pct").is_valid()
    return load_table("vat_rates").filter(known).select(list(COLUMNS))


@cache
def rate_share_table() -> pa.Table:
    """Return every rate a country has for any goods, as shares of a price, with the days it holds.

    Columns: country (ISO 3166 alpha-2), on_top (rate / 100) and in_price (rate / (100 + rate)), decimal(18,10),
    valid_from, valid_to (exclusive), the first and the last day there are where none is known.
    """
    rates = load_table("vat_rates").select(["country", "rate_pct", "valid_from", "valid_to"]).to_pylist()
    rows = [
        {
            "country": row["country"],
            "on_top": (row["rate_pct"] / 100).quantize(SHARE, rounding=ROUND_HALF_UP),
            "in_price": (row["rate_pct"] / (100 + row["rate_pct"])).quantize(SHARE, rounding=ROUND_HALF_UP),
            "valid_from": row["valid_from"] or date.min,
            "valid_to": row["valid_to"] or date.max,
        }
        for row in rates
        if row["rate_pct"]
    ]
    share, day = pa.decimal128(18, 10), pa.date32()
    columns = {"country": pa.string(), "on_top": share, "in_price": share, "valid_from": day, "valid_to": day}
    return pa.Table.from_pylist(rows, schema=pa.schema(columns))


@cache
def standard_rate_rows() -> tuple[VatRate, ...]:
    """Return the standard rates as records, for ``standard_rate``."""
    return tuple(VatRate(**row) for row in standard_rate_table().to_pylist())


def standard_rate(rows: Iterable[VatRate], *, country: str, on: date) -> VatRate | None:
    """Return the standard rate in force in ``country`` (ISO alpha-2) on a day, or None: cannot tell."""
    return newest_in_force((row for row in rows if row.country == country), on=on)
