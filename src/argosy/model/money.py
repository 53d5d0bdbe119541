"""Money: exact decimals with their currency, and sharing that never loses a cent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import accumulate, pairwise

import ibis
from ibis.expr.types import IntegerValue, NumericValue, Value

# ISO 4217 (maintenance agency list one, 2024-06-25): minor units that are not 2. Fund codes and metals left out.
MINOR_UNITS = {
    **dict.fromkeys(
        [
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ],
        0,
    ),
    **dict.fromkeys(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"], 3),
    **dict.fromkeys(["CLF", "UYW"], 4),
}
MONEY = "decimal(18,4)"
RATE = "decimal(18,10)"


def minor_units(currency: str) -> int:
    """Return how many decimals one amount of ``currency`` can have when it is paid (ISO 4217)."""
    return MINOR_UNITS.get(currency, 2)


@dataclass(frozen=True, order=True)
class Money:
    """An exact amount in the major unit of its currency."""

    amount: Decimal
    currency: str

    def rounded(self) -> Money:
        """Return the amount as it can be paid: half a smallest unit rounds away from zero."""
        return Money(round_half_up(self.amount, minor_units(self.currency)), self.currency)

    def share(self, weights: Sequence[Decimal]) -> list[Money]:
        """Return one part per weight whose sum is the rounded amount exactly.

        Cumulative rounding: part n is the rounded running share less the one before, so every error is carried
        on and none is lost. Weights are non-negative; when all are zero the parts are equal.
        """
        total = self.rounded().amount
        running = list(accumulate(weights if any(weights) else [Decimal(1)] * len(weights)))
        cuts = [round_half_up(total * r / running[-1], minor_units(self.currency)) for r in running]
        return [Money(b - a, self.currency) for a, b in pairwise([Decimal(0), *cuts])]


def round_half_up(amount: Decimal, digits: int) -> Decimal:
    """Return ``amount`` with ``digits`` decimals, halves away from zero (the rule both engines follow)."""
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)


def minor_units_of(currency: Value) -> IntegerValue:
    """Return the minor units of a currency column (ISO 4217) as an expression."""
    by_digits = {digits: [c for c, d in MINOR_UNITS.items() if d == digits] for digits in (0, 3, 4)}
    return ibis.cases(*((currency.isin(codes), digits) for digits, codes in by_digits.items()), else_=2)


def times(amount: NumericValue, factor: NumericValue, *, digits: int) -> NumericValue:
    """Return ``amount`` x ``factor`` rounded to ``digits`` decimals, half away from zero, exactly on every engine.

    18 + 19 + 1 digits are the most that Spark multiplies without dropping one; a factor of 19 digits keeps DuckDB
    from staying in 64 bits and overflowing.
    """
    return (amount.cast(MONEY) * factor.cast("decimal(19,10)")).round(digits).cast(MONEY)


def quotient(part: NumericValue, whole: NumericValue) -> NumericValue:
    """Return ``part / whole`` to ten decimals: no money; times less than a hundred million it is exact to the cent."""
    return (part.cast("float64") / whole.cast("float64")).round(10).cast(RATE)


def payable(amount: NumericValue, currency: Value) -> NumericValue:
    """Return a decimal column rounded, half away from zero, to what can be paid in its currency column."""
    digits = minor_units_of(currency)
    return ibis.cases(
        *((digits == n, amount.round(n).cast(MONEY)) for n in (0, 3, 4)), else_=amount.round(2).cast(MONEY)
    )
