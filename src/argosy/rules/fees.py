"""What channels and payment providers charge on an order, as far as their terms state one clear number."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

import pyarrow as pa

from argosy.model.countries import EU_MEMBERS
from argosy.rules.dated import newest_in_force
from argosy.rules.tables import load_table

DEFAULT = "default"


@dataclass(frozen=True)
class FeeRate:
    """One fee: ``rate_pct`` of ``base`` plus ``fixed``, at least ``minimum``; a part not charged is None.

    ``base`` is item_price (lines after discounts, without tax and shipping), item_and_shipping (both, without
    tax) or total_with_tax (all the buyer pays). ``currency`` is the one of the amounts named in the row.
    """

    rule_id: str
    platform: str
    country: str | None
    fee_kind: str
    scope: str
    rate_pct: Decimal | None
    fixed: Decimal | None
    minimum: Decimal | None
    currency: str | None
    base: str
    valid_from: date | None
    valid_to: date | None
    confidence: str


@cache
def fee_rate_table() -> pa.Table:
    """Return all fee rates for joins, a row for the European Union repeated for each of its members.

    Columns: those of the table ``fee_rates``; rule_id is one per stated row, so members share it; country is
    ISO 3166 alpha-2 (null: every country without a row of its own); scope is "default" or says in words which
    orders the row is for; rate_pct decimal(9,4) in percent; fixed, minimum decimal(18,4) in ``currency``;
    derived_from names the rule rows the numbers were read in, separated by spaces.
    """
    stated = load_table("fee_rates")
    rows = [
        {**row, "country": country}
        for row in stated.to_pylist()
        for country in (sorted(EU_MEMBERS) if row["country"] == "EU" else [row["country"]])
    ]
    return pa.Table.from_pylist(rows, schema=stated.schema)


def fee_rate(platform: str, *, country: str | None, fee_kind: str, on: date, scope: str = DEFAULT) -> FeeRate | None:
    """Return the fee in force on a day, or None: cannot tell.

    ``country`` (ISO alpha-2) is that of the site for a channel, of the seller's account for a payment
    provider; its own row wins over one for all countries. Channels and providers both have rows of kind
    "payment": charge one of the two.
    """
    fitting = [row for row in _fee_rates() if (row.platform, row.fee_kind, row.scope) == (platform, fee_kind, scope)]
    own = newest_in_force((row for row in fitting if row.country == country), on=on)
    return own or newest_in_force((row for row in fitting if row.country is None), on=on)


@cache
def _fee_rates() -> tuple[FeeRate, ...]:
    """Return the fee rates as records."""
    columns = list(FeeRate.__dataclass_fields__)
    return tuple(FeeRate(**row) for row in fee_rate_table().select(columns).to_pylist())
