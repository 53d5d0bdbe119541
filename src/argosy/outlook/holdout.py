"""Who is left alone on purpose, so that what a letter to buyers brings can be told: chosen by chance, and for good.

Chance is a hash of the buyer and the action's key: it needs no list to be kept, is the same on every engine and every
day, and is another one for every action.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import ibis
import numpy as np
from ibis.expr.types import BooleanValue, Table, Value
from numpy.typing import NDArray
from scipy.special import ndtri

from argosy.books.profit import earned
from argosy.model.proposals import HOLDOUT, UNMEASURED, Measure
from argosy.outlook.effect import LEAST_UNITS, TOO_FEW_UNITS
from argosy.outlook.known import Known

METRIC = "margin_buyers"
LEAST, MOST = 0.10, 0.50  # part of the buyers held out: at least what was promised, never more than half
STEP = 0.05
POWER, SURE = 0.80, 0.90  # probability to see what is expected, one-sided certainty; usual in experiments
DIGITS = 8  # hexadecimal ones of the hash that chance is read from


def held(customer: str, key: str, share: float) -> bool:
    """Return whether a buyer is left alone by the action of this key, when such a ``share`` of buyers is."""
    digest = hashlib.sha256(f"{key}/{customer}".encode()).hexdigest()
    return digest[:DIGITS] < _limit(share)


def held_column(customer: Value, key: str, share: float) -> BooleanValue:
    """Return the same for a column of buyers."""
    digest = (ibis.literal(f"{key}/") + customer).hexdigest("sha256")
    return digest.substr(0, DIGITS) < _limit(share)


def _limit(share: float) -> str:
    # Never above the largest hash: a share of all of them would need one digit more.
    return f"{min(round(share * 16**DIGITS), 16**DIGITS - 1):0{DIGITS}x}"


def share_held(units: int, expected: float, spread: float) -> float:
    """Return which part of the buyers to hold out: the smallest that lets the expected gain be seen.

    units: buyers there are; expected: gain of each that is written to; spread: standard deviation of what one brings in
    the window. Where even half would not do, the least: nothing is won by giving up more.
    """
    needed = float(ndtri(POWER) + ndtri(SURE))
    for share in np.arange(LEAST, MOST + STEP / 2, STEP):
        error = spread * np.sqrt(1 / (units * share) + 1 / (units * (1 - share))) if units else np.inf
        if abs(expected) >= needed * error:
            return round(float(share), 2)
    return LEAST


def planned(known: Known, market: str, *, expected: Decimal, days: int) -> tuple[Measure, float]:
    """Return how a letter to the buyers of a market is to be measured, and which part of them to hold out.

    expected: what it should bring in all. With too few buyers nobody is held out, and nothing can be told.
    """
    usual = spent(known, market, key="", share=0.0, first=known.day - timedelta(days=days), days=days)
    units = len(usual.after)
    if units * LEAST < LEAST_UNITS:
        return Measure(METRIC, market, days, UNMEASURED, TOO_FEW_UNITS), 0.0
    share = share_held(units, float(expected) / units, _spread(usual))
    return Measure(METRIC, market, days, HOLDOUT), share


def _spread(usual: Spent) -> float:
    """Return the standard deviation of what a buyer brings, what the time before says of it taken off."""
    alike = np.corrcoef(usual.after, usual.before)[0, 1] if usual.after.any() and usual.before.any() else 0.0
    return float(usual.after.std() * np.sqrt(1 - alike**2))


@dataclass(frozen=True)
class Spent:
    """What buyers earned the business in the window and in as many days before it, a place each; which were held."""

    after: NDArray[np.float64]
    before: NDArray[np.float64]
    held: NDArray[np.bool_]


def spent(known: Known, market: str, *, key: str, share: float, first: date, days: int) -> Spent:
    """Return what the buyers of a market (empty: of all) who had ordered before ``first`` earned the business.

    Goods, freight, fees and refunds of their orders are taken off, by the day the order was paid or placed: a letter
    changes orders, not what was on its way.
    """
    orders = known.facts["orders"].filter(lambda t: t.customer_key.notnull())
    orders = orders.filter(orders.country == market) if market else orders
    day = ibis.coalesce(orders.paid_at, orders.placed_at, orders.placed_on.cast("timestamp")).date()
    orders = orders.select("order_id", "customer_key", day=day)
    start, middle, end = (ibis.literal(first + timedelta(days=n)) for n in (-days, 0, days))
    buyers = orders.filter(orders.day < middle).select("customer_key").distinct()
    money = earned(known.entries).filter(lambda t: t.order_id.notnull() & ~t.account.startswith("fx:"))
    near = orders.filter(orders.day >= start, orders.day < end)
    both = money.select("order_id", "earned").inner_join(near, "order_id")
    sums = both.group_by("customer_key").aggregate(
        after=both.earned.sum(where=both.day >= middle).cast("float64"),
        before=both.earned.sum(where=both.day < middle).cast("float64"),
    )
    return _spent(known, buyers.left_join(sums, "customer_key"), key, share)


def _spent(known: Known, table: Table, key: str, share: float) -> Spent:
    rows = known.run(
        table.select(
            held=held_column(table.customer_key, key, share),
            after=table.after.fill_null(0.0), before=table.before.fill_null(0.0),
        )
    )  # fmt: skip
    return Spent(*(rows[name].to_numpy(zero_copy_only=False) for name in ("after", "before", "held")))
