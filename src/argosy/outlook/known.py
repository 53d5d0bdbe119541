"""All that is known on a day: what checks, remedies and measures are given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from argosy.model.findings import Evidence
from argosy.outlook.hindsight import entries_before, facts_before, promises_before

RATE_DAYS = 800  # what checks speak of lies no further back


@dataclass(frozen=True)
class Known:
    """Facts and both ledgers on a day.

    day: the first day nothing is known of. home, book_currency: of the business; all money told is in the book
    currency. facts, entries, promises: as their declarations in ``model``. filled: the fact tables that have rows. run:
    computes an expression into rows; query: the text of the query it is.
    """

    day: date
    home: str
    book_currency: str
    facts: Mapping[str, Table]
    entries: Table
    promises: Table
    filled: frozenset[str]
    run: Callable[[Table], pa.Table]
    query: Callable[[Table], str]
    _found: dict[Any, Any] = field(default_factory=dict, repr=False, compare=False)

    def before(self, day: date) -> Known:
        """Return what was known before an earlier ``day``."""
        return replace(
            self,
            day=day,
            facts=facts_before(self.facts, day),
            entries=entries_before(self.entries, day),
            promises=promises_before(self.promises, day),
            _found={},
        )

    def has(self, *tables: str) -> bool:
        """Return whether all these fact tables have rows."""
        return self.filled.issuperset(tables)

    def rows(self, expression: Table) -> list[dict[str, Any]]:
        """Return the few rows of an expression."""
        return self.run(expression).to_pylist()  # type: ignore[no-any-return]

    def evidence(self, name: str, expression: Table) -> Evidence:
        """Return rows a finding rests on, as a query that gives them again."""
        return Evidence(name, self.query(expression))

    def once(self, make: Callable[[Known], Any]) -> Any:
        """Return ``make(self)``, computed the first time only: forecasts that several checks share."""
        if make not in self._found:
            self._found[make] = make(self)
        return self._found[make]

    def rate(self, currency: str, *, on: date | None = None) -> Decimal | None:
        """Return what one unit of a currency was worth in the book currency on a day, else on the last day known;
        None: no rate."""
        if currency == self.book_currency:
            return Decimal(1)
        rates: dict[tuple[str, date], Decimal] = self.once(_rates)
        day = min(on or self.day, self.day - timedelta(days=1))
        return rates.get((currency, day))


def _rates(known: Known) -> dict[tuple[str, date], Decimal]:
    rates = known.facts["fx_rates"]
    recent = rates.filter(rates.day >= ibis.literal(known.day - timedelta(days=RATE_DAYS)))
    return {
        (row["currency"], row["day"]): row["per_unit"]
        for row in known.rows(recent.select("currency", "day", "per_unit"))
    }
