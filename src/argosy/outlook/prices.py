"""What was sold of each article day by day at which price against its usual one, and how buyers answer to prices.

Method. Units of a day are Poisson about a level times what all else sold that day times price to a constant power
(the constant-elasticity demand curve). The level of each article drops out by conditioning on its sum (McCullagh and
Nelder, Generalized Linear Models, 1989, ch. 6), which leaves one number: the elasticity, learnt from all articles
together towards what is known of brands, then from each article towards all.
"""

from __future__ import annotations

from dataclasses import dataclass

import ibis
import numpy as np
from ibis.expr.types import Table

from argosy.outlook.known import Known
from argosy.outlook.series import Numbers, Series, series

DAYS = 182  # of sales looked at; assumed
# How many percent less is bought when the price rises by one: the mean of measured brands is 2.6, those of durable
# shop brands less (Bijmolt, van Heerde and Pieters, Journal of Marketing Research 42, 2005); its spread: assumed.
USUAL, SPREAD, OWN_SPREAD = 2.2, 0.7, 0.4
LEAST, MOST = 0.2, 3.0  # times the usual price: what lies beyond is a mistake in the file; assumed
BUSY = 0.5  # units a day from which on an article tells what all do; assumed
AS_USUAL = 0.04  # as a part of the price: such a difference is none; assumed
STEPS = 8  # of Newton's method


def sold(known: Known) -> Series:
    """Return units by article and day, the lines they stand on, and ``priced``: the sum over units of price against the
    usual price of the article on that channel (its median)."""
    return series(known, _sold(known), days=known.once(history_days), names=("units", "lines", "priced"))


def history_days(known: Known) -> int:
    """Return how many days of sales there are, at most ``DAYS``."""
    orders = known.facts["orders"]
    first = known.rows(orders.aggregate(day=orders.placed_at.min().date()))[0]["day"]
    return min((known.day - first).days, DAYS) if first else 0


def _sold(known: Known) -> Table:
    orders, lines = known.facts["orders"], known.facts["order_lines"]
    orders = orders.filter(orders.cancelled_at.isnull()).select("order_id", "channel_id", "placed_at")
    lines = lines.filter((lines.kind == "goods").fill_null(True), lines.quantity > 0, lines.sku.notnull())
    lines = lines.select(
        "order_id", "sku", "currency", units=lines.quantity.cast("float64"), price=lines.unit_price.cast("float64")
    )
    both = lines.inner_join(orders, "order_id")
    usual = both.group_by("sku", "channel_id", "currency").aggregate(usual=both.price.median())
    both = both.left_join(usual, ["sku", "channel_id", "currency"], rname="usual_{name}")
    ratio = ibis.ifelse((both.usual > 0) & (both.price > 0), both.price / both.usual, 1.0).fill_null(1.0)
    ratio = ratio.clip(LEAST, MOST)
    each = both.select(subject=both.sku, day=both.placed_at.date(), units=both.units, priced=both.units * ratio)
    return each.group_by("subject", "day").aggregate(
        units=each.units.sum(), lines=each.count().cast("float64"), priced=each.priced.sum()
    )


@dataclass(frozen=True)
class Answer:
    """How much buyers answer to prices: elasticity (above zero: dearer sells less) and its standard error."""

    elasticity: float
    error: float


def price_factor(told: Series) -> Numbers:
    """Return price against the usual one, days x articles; on a day without a sale that of the nearest day with one."""
    units, priced = told["units"], told["priced"]
    days = np.arange(len(units))[:, None]
    here = units > 0
    before = np.maximum.accumulate(np.where(here, days, -len(units)), axis=0)
    after = np.minimum.accumulate(np.where(here, days, 2 * len(units))[::-1], axis=0)[::-1]
    nearest = np.clip(np.where(days - before <= after - days, before, after), 0, len(units) - 1)
    factor = np.where(here, priced / np.maximum(units, 1e-9), 1.0)
    return np.take_along_axis(factor, nearest, axis=0)


def answers(known: Known) -> dict[str, Answer]:
    """Return how buyers answer to the price of each article; use it as ``known.once(answers)``."""
    told = known.once(sold)
    if not told.subjects:
        return {}
    units = told["units"]
    logs = np.log(price_factor(told))
    busy = units.sum(axis=0) >= BUSY * len(units)
    day = _busyness(units, logs)
    everywhere = _learnt(units[:, busy], day, logs[:, busy], np.array([USUAL]), SPREAD, together=True)
    each = _learnt(units, day, logs, np.full(units.shape[1], everywhere[0][0]), OWN_SPREAD, together=False)
    error = np.hypot(each[1], everywhere[1][0])
    return {name: Answer(float(e), float(s)) for name, e, s in zip(told.subjects, each[0], error, strict=True)}


def _busyness(units: Numbers, logs: Numbers) -> Numbers:
    """Return how much more than usual each day sold of what had its usual price: days x 1."""
    usual = np.abs(logs) < AS_USUAL
    mean = np.where(usual, units, 0).sum(axis=0) / np.maximum(usual.sum(axis=0), 1)
    whole = (usual * mean).sum(axis=1, keepdims=True)
    return np.where(whole > 0, (units * usual).sum(axis=1, keepdims=True) / np.maximum(whole, 1e-9), 1.0) + 1e-3


def _learnt(
    units: Numbers, day: Numbers, logs: Numbers, prior: Numbers, spread: float, *, together: bool
) -> tuple[Numbers, Numbers]:
    """Return the elasticities that fit best, and their standard errors: one for all articles, or one for each."""
    found, whole = prior.copy(), units.sum(axis=0)
    weight = 1 / spread**2
    information = np.full_like(found, weight)
    for _ in range(STEPS):
        pull = day * np.exp(-found * logs)
        share = pull / pull.sum(axis=0)
        mean = (share * logs).sum(axis=0)
        slope = whole * mean - (units * logs).sum(axis=0)
        bend = whole * (share * (logs - mean) ** 2).sum(axis=0)
        if together:
            slope, bend = np.array([slope.sum()]), np.array([bend.sum()])
        information = bend + weight
        found = np.clip(found + (slope - weight * (found - prior)) / information, 0.2, 6.0)
    return found, 1 / np.sqrt(information)
