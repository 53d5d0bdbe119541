"""The rule tables that ship with Argosy, typed, each row with an id for entries and promises to point at."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from hashlib import sha256
from importlib.resources import files
from io import StringIO

import pyarrow as pa

# Not part of what a rule says, so correcting them keeps its id: where it ends, and how we know it.
PROVENANCE = frozenset({"valid_to", "source", "source_kind", "confidence", "note", "derived_from"})
DAYS = {"valid_from": "day", "valid_to": "day"}
# Only columns that are numbers in every row; prose with numbers in it ("15% to 100, 8% above") stays text.
NUMBERS: Mapping[str, Mapping[str, str]] = {
    "account_limits": {"window_days": "count", "limit_pct": "rate"},
    "de_minimis": {"duty_threshold": "amount", "tax_threshold": "amount"},
    "fee_rates": {"rate_pct": "rate", "fixed": "amount", "minimum": "amount"},
    "payment_preferences": {"rank": "count", "share_pct": "rate"},
    "registration_limits": {"amount": "amount", "transactions": "count"},
    "registration_thresholds": {"amount": "amount", "transactions": "count"},
    "shopping_calendar": {"lead_days": "count", "typical_length_days": "count"},
    "vat_rates": {"rate_pct": "rate"},
}
# How the texts of each kind are read, and their Arrow type.
KINDS: Mapping[str, tuple[Callable[[str], object], pa.DataType]] = {
    "day": (date.fromisoformat, pa.date32()),
    "rate": (Decimal, pa.decimal128(9, 4)),
    "amount": (Decimal, pa.decimal128(18, 4)),
    "count": (int, pa.int32()),
}
# "n/a" in a number column: the rule has no such threshold.
ABSENT = frozenset({"", "n/a"})


class UnknownRuleTable(KeyError):
    """There is no rule table called ``name``; ``known`` are the names that exist."""

    code = "unknown_rule_table"

    def __init__(self, name: str, *, known: tuple[str, ...]) -> None:
        super().__init__(name)
        self.name = name
        self.known = known

    def __str__(self) -> str:
        return f"There is no rule table called {self.name!r}. Use one of: {', '.join(self.known)}."


@cache
def names() -> tuple[str, ...]:
    """Return the names of all rule tables, sorted."""
    shipped = files("argosy.rules").joinpath("tables").iterdir()
    return tuple(sorted(path.name.removesuffix(".csv") for path in shipped if path.name.endswith(".csv")))


@cache
def load_table(name: str) -> pa.Table:
    """Return one rule table, ``rule_id`` first, then its columns as they stand in the file.

    Types: ``valid_from``, ``valid_to`` (exclusive) date32; rates decimal(9,4) in percent; amounts
    decimal(18,4); counts int32; all else text. What the file leaves empty is null. Raises
    ``UnknownRuleTable``.
    """
    if name not in names():
        raise UnknownRuleTable(name, known=names())
    text = files("argosy.rules").joinpath("tables", f"{name}.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(StringIO(text, newline=""), strict=True))
    kinds = {**DAYS, **NUMBERS.get(name, {})}
    columns = {column: _column(kinds.get(column), [row[column] for row in rows]) for column in rows[0]}
    return pa.table({"rule_id": pa.array([rule_id(name, row) for row in rows], pa.string()), **columns})


def rule_id(table: str, row: Mapping[str, str]) -> str:
    """Return the id of a row as it is written in the file: ``<table>:<10 hex digits>``.

    The digits are the SHA-256 of the filled business columns and ``valid_from``, sorted by name, so a new
    column, a corrected source or an end date leaves the ids of existing rows alone.
    """
    said = sorted(f"{column}={value}" for column, value in row.items() if value and column not in PROVENANCE)
    digest = sha256("\n".join(said).encode()).hexdigest()
    return f"{table}:{digest[:10]}"


def _column(kind: str | None, values: list[str]) -> pa.Array:
    """Return the texts of one column as an Arrow array of its kind."""
    if kind is None:
        return pa.array([value or None for value in values], pa.string())
    parse, arrow_type = KINDS[kind]
    return pa.array([None if value in ABSENT else parse(value) for value in values], arrow_type)
