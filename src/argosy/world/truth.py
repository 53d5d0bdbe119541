"""What is really so: the world's own double entry, kept apart from what its files will tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from argosy.world.columns import DAY_SECONDS, Flags, Ints, money
from argosy.world.orders import rounded
from argosy.world.rates import SCALE

HALF = 10**5  # HALF x HALF is SCALE
RESULT = ("income", "contra", "cost", "fee", "marketing", "loss", "fx")  # roots of the accounts that make the result
SCHEMA = pa.schema(
    {
        "account": pa.string(), "posted_at": pa.timestamp("s"), "order_name": pa.string(), "payout": pa.string(),
        "currency": pa.string(), "amount": pa.decimal128(18, 2), "book_amount": pa.decimal128(18, 2),
        "state": pa.string(),
    }
)  # fmt: skip


@dataclass
class Ledger:
    """Entries as columns; amounts in minor units of two decimals, book amounts likewise.

    rates: the worth of one unit of each foreign currency in the book currency, times ``SCALE``, by day from
    ``first_day`` (days since 1970). result: what every day earned in the book currency, minor units. whole: whether
    entries are kept; without them only the result is.
    """

    book_currency: str
    first_day: int
    rates: dict[str, Ints]
    whole: bool = True
    result: Ints = field(init=False)
    _parts: list[pa.Table] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.result = np.zeros(len(next(iter(self.rates.values()))), np.int64)

    def post(
        self,
        account: str | pa.Array,
        amount: Ints,
        *,
        at: Ints,
        currency: str,
        order: pa.Array | None = None,
        payout: pa.Array | None = None,
        book: Ints | None = None,
        state: str = "settled",
    ) -> Ints:
        """Write entries down, debit above zero, and return their book amounts.

        Each entry is valued by itself at the rate of its day, half away from zero, unless ``book`` says how.
        """
        worth = book if book is not None else self.worth(amount, at=at, currency=currency)
        if isinstance(account, str) and account.split(":")[0] in RESULT:
            self.lose(worth, at=at)
        if not self.whole:
            return worth
        rows = len(amount)
        nothing = pa.nulls(rows, pa.string())
        part = pa.table(
            {
                "account": _same(account, rows) if isinstance(account, str) else account.dictionary_encode(),
                "posted_at": pa.array(at, pa.timestamp("s")),
                "order_name": nothing if order is None else order,
                "payout": (nothing if payout is None else payout).dictionary_encode(),
                "currency": _same(currency, rows),
                "amount": money(amount),
                "book_amount": money(worth),
                "state": _same(state, rows),
            }
        )
        moving: Flags = (amount != 0) | (worth != 0)
        self._parts.append(part.filter(pa.array(moving)))
        return worth

    def lose(self, worth: Ints, *, at: Ints) -> None:
        """Take amounts of the book currency off the result of their days, whether or not any entry says so."""
        day = np.clip(at // DAY_SECONDS - self.first_day, 0, len(self.result) - 1)
        np.subtract.at(self.result, day, worth)

    def worth(self, amount: Ints, *, at: Ints, currency: str) -> Ints:
        """Return what amounts were worth in the book currency on their days."""
        if currency == self.book_currency:
            return amount
        day = at // DAY_SECONDS - self.first_day
        return converted(amount, self.rates[currency][day])

    def tables(self) -> Iterator[pa.Table]:
        """Yield all entries part by part, columns as in ``SCHEMA``."""
        for part in self._parts:
            yield part.cast(SCHEMA)

    def table(self) -> pa.Table:
        """Return all entries in one table, columns as in ``SCHEMA``."""
        return pa.concat_tables([SCHEMA.empty_table(), *self.tables()])

    def write(self, path: Path) -> None:
        """Write all entries into a Parquet file."""
        with pq.ParquetWriter(path, SCHEMA) as file:
            for part in self.tables():
                file.write_table(part)


def _same(word: str, rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(np.zeros(rows, np.int32), pa.array([word]))


def converted(amount: Ints, rate: Ints) -> Ints:
    """Return amounts times rates over ``SCALE``, half away from zero; in two halves, for 64 bits hold no more."""
    size = np.abs(amount)
    high, low = np.divmod(rate, HALF)
    whole, rest = np.divmod(size * high, HALF)
    return np.asarray(np.sign(amount) * (whole + rounded(rest * HALF + size * low, SCALE)))
