"""Money with its range, out of an amount and its standard error."""

from __future__ import annotations

from decimal import Decimal

from argosy.model.findings import Range
from argosy.outlook.change import CHOSEN, TENTH

CENT = 0.01


def around(mid: float, error: float) -> Range:
    """Return the range of an amount above zero that was estimated with a standard error, to the cent."""
    wide = TENTH * CHOSEN * error
    return Range(*(cents(max(amount, CENT)) for amount in (mid - wide, mid, mid + wide)))


def cents(amount: float) -> Decimal:
    """Return an amount to the cent."""
    return Decimal(str(round(amount, 2)))
