"""What is really so: the world's own double entry, kept apart from what its files will tell."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from argosy.world.columns import DAY_SECONDS, Flags, Ints, money
from argosy.world.orders import rounded
from argosy.world.rates import SCALE

HALF = 10**5  # HALF x HALF is SCALE


@dataclass
class Ledger:
    """Entries as columns; amounts in minor units of two decimals, book amounts likewise.

    rates: the worth of one unit of each foreign currency in the book currency, times ``SCALE``, by day from
    ``first_day`` (days since 1970).
    """

    book_currency: str
    first_day: int
    rates: dict[str, Ints]
    _parts: list[pa.Table] = field(default_factory=list)

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
        rows = len(amount)
        names = pa.array([account] * rows, pa.string()) if isinstance(account, str) else account
        nothing = pa.nulls(rows, pa.string())
        part = pa.table(
            {
                "account": names,
                "posted_at": pa.array(at, pa.timestamp("s")),
                "order_name": nothing if order is None else order,
                "payout": nothing if payout is None else payout,
                "currency": pa.array([currency] * rows, pa.string()),
                "amount": money(amount),
                "book_amount": money(worth),
                "state": pa.array([state] * rows, pa.string()),
            }
        )
        moving: Flags = (amount != 0) | (worth != 0)
        self._parts.append(part.filter(pa.array(moving)))
        return worth

    def worth(self, amount: Ints, *, at: Ints, currency: str) -> Ints:
        """Return what amounts were worth in the book currency on their days."""
        if currency == self.book_currency:
            return amount
        day = at // DAY_SECONDS - self.first_day
        return converted(amount, self.rates[currency][day])

    def table(self) -> pa.Table:
        """Return all entries: account, posted_at, order_name, payout, currency, amount, book_amount, state."""
        return pa.concat_tables(self._parts)


def converted(amount: Ints, rate: Ints) -> Ints:
    """Return amounts times rates over ``SCALE``, half away from zero; in two halves, for 64 bits hold no more."""
    size = np.abs(amount)
    high, low = np.divmod(rate, HALF)
    whole, rest = np.divmod(size * high, HALF)
    return np.asarray(np.sign(amount) * (whole + rounded(rest * HALF + size * low, SCALE)))
