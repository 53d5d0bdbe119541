"""Who still buys and what a buyer is worth: BG/NBD for how often, gamma-gamma for how much.

Fader, Hardie and Lee, "Counting Your Customers" the Easy Way (Marketing Science 24/2, 2005): a buyer orders at a rate
of one's own until one stops for good. Fader, Hardie and Lee, RFM and CLV (Journal of Marketing Research 42/4, 2005):
what an order brings differs between buyers and not with how often they order. Both by maximum likelihood with a weak
prior, so that a few buyers say little instead of something wild. Time is in weeks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import ibis
import numpy as np
import pyarrow as pa
from ibis.expr.types import NumericValue, Table
from numpy.typing import NDArray
from scipy.special import betaln, digamma, expit, gammaln, hyp2f1, log_expit

Floats = NDArray[np.float64]

# Where the prior lies and how wide it is, in logarithms: what the papers found for CD buyers, and a factor of e to
# either side one time in three; assumed. A hundred buyers outweigh it.
LAW_PRIOR, SPEND_PRIOR, PRIOR_WIDTH = (0.243, 4.414, 0.793, 2.426), (6.25, 3.74, 15.44), 1.0
FLOOR, CEILING = -7.0, 9.0  # logarithms of parameters: beyond them nothing changes any more


@dataclass(frozen=True)
class Histories:
    """What buyers did until a day, a place each: repeats (orders after the first; of one day are one), last (weeks from
    the first order to the last), age (weeks from the first order until the day), buyers (how many did so)."""

    repeats: Floats
    last: Floats
    age: Floats
    buyers: Floats

    def __post_init__(self) -> None:
        if not (len(self.repeats) == len(self.last) == len(self.age) == len(self.buyers)):
            raise ValueError("one repeats, last, age and buyers for each history")
        if np.any(self.last > self.age + 1e-9) or np.any(self.repeats < 0):
            raise ValueError("the last order lies between the first and the day")

    def __len__(self) -> int:
        return len(self.repeats)


@dataclass(frozen=True)
class Law:
    """How buyers of a business come again (BG/NBD): order rates a week spread as gamma(r, alpha), the chance to stop
    after an order as beta(a, b)."""

    r: float
    alpha: float
    a: float
    b: float

    def alive(self, of: Histories) -> Floats:
        """Return how probable it is that each buyer still comes; who came once only still does in this model."""
        return np.where(of.repeats > 0, expit(-self._stopped(of)), 1.0)

    def expected(self, of: Histories, weeks: float) -> Floats:
        """Return how many orders each buyer will make in the next ``weeks`` (paper of 2005, equation 10)."""
        a = self.a if abs(self.a - 1) > 1e-6 else 1 + 1e-6  # the formula has a hole there
        ahead, c = self.alpha + of.age + weeks, a + self.b + of.repeats - 1
        # Euler's transformation of the paper's 2F1: the numbers in it stay small.
        hyper = hyp2f1(a + self.b - 1 - self.r, a - 1, c, weeks / ahead)
        return np.asarray(c / (a - 1) * (1 - (1 - weeks / ahead) ** (a - 1) * hyper) * self.alive(of))

    def rate_of(self, *, repeats: NumericValue, last: NumericValue, age: NumericValue) -> NumericValue:
        """Return how many orders a week are to be expected of buyers now, as an expression over their histories: the
        chance that they still come times the rate of those who do."""
        fallen = ((self.alpha + age) / (self.alpha + last)) ** (self.r + repeats)
        stopped = ibis.ifelse(repeats > 0, self.a / ibis.greatest(self.b + repeats - 1, 1e-12) * fallen, 0.0)
        return (self.r + repeats) / (self.alpha + age) / (1 + stopped)

    def _stopped(self, of: Histories) -> Floats:
        """Return the logarithm of the odds that each buyer with repeats has stopped."""
        chance = np.log(self.a) - np.log(np.maximum(self.b + of.repeats - 1, 1e-12))
        fallen = np.log((self.alpha + of.age) / (self.alpha + of.last))
        return np.asarray(chance + (self.r + of.repeats) * fallen)


@dataclass(frozen=True)
class Spending:
    """What orders bring (gamma-gamma): those of one buyer spread as gamma(p, rate), the rates as gamma(q, scale)."""

    p: float
    q: float
    scale: float

    def expected(self, mean: Floats, orders: Floats) -> Floats:
        """Return what an order of each buyer is worth, given the mean of so many of them; of none: of anybody's."""
        known = np.where(orders > 0, self.p * orders * np.nan_to_num(mean), 0.0)
        return np.asarray(self.p * (self.scale + known / self.p) / np.maximum(self.p * orders + self.q - 1, 1e-9))


def fit_law(of: Histories) -> Law:
    """Return how buyers come again, by their histories."""
    x, last, age, many = of.repeats, of.last, of.age, of.buyers
    came = x > 0

    def badness(logs: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = np.exp(logs)
        pooled, older = r + x, alpha + age
        # b + x - 1 is above zero wherever there are repeats; elsewhere the term is left out.
        tries = np.where(came, b + x - 1, 1.0)
        fallen = np.log(older / (alpha + last))
        odds = np.where(came, np.log(a / tries) + pooled * fallen, -np.inf)
        fit = gammaln(pooled) - gammaln(r) + r * np.log(alpha) + betaln(a, b + x) - betaln(a, b)
        fit += -pooled * np.log(older) - log_expit(-odds)
        weight, sums = expit(odds), digamma(a + b) - digamma(a + b + x)
        slope = np.array([
            many @ (digamma(pooled) - digamma(r) + np.log(alpha) - np.log(older) + weight * fallen),
            many @ (r / alpha - pooled / older + weight * pooled * (1 / older - 1 / (alpha + last))),
            many @ (sums + weight / a),
            many @ (digamma(b + x) - digamma(b) + sums - weight / tries),
        ])  # fmt: skip
        return -float(many @ fit), -slope * np.exp(logs)

    return Law(*_fitted(badness, np.log(LAW_PRIOR)))


def fit_spending(mean: Floats, orders: Floats) -> Spending:
    """Return what orders bring, by each buyer's mean (above zero, one currency) and number of orders."""
    seen = (orders > 0) & (mean > 0)
    x, total = orders[seen].astype(np.float64), (mean * orders)[seen]
    usual = float(np.median(mean[seen])) if seen.any() else 1.0
    p0, q0, _ = SPEND_PRIOR
    prior = np.log([p0, q0, usual * (q0 - 1) / p0])  # at the scale of this business's own orders

    def badness(logs: Floats) -> tuple[float, Floats]:
        p, q, scale = np.exp(logs)
        shape, whole = p * x, scale + total
        fit = gammaln(shape + q) - gammaln(shape) - gammaln(q) + q * np.log(scale)
        fit += shape * np.log(total) - (shape + q) * np.log(whole)
        both = digamma(shape + q)
        slope = np.array([
            (x * (both - digamma(shape) + np.log(total / whole))).sum(),
            (both - digamma(q) + np.log(scale / whole)).sum(),
            (q / scale - (shape + q) / whole).sum(),
        ])  # fmt: skip
        return -float(fit.sum()), -slope * np.exp(logs)

    return Spending(*_fitted(badness, prior))


def _fitted(badness: Callable[[Floats], tuple[float, Floats]], prior: Floats) -> tuple[float, ...]:
    """Return the parameters at which the badness of fit and the distance from the prior are least."""

    from scipy.optimize import minimize  # noqa: PLC0415 - slow to import, and seldom needed

    def whole(logs: Floats) -> tuple[float, Floats]:
        value, slope = badness(logs)
        off = (logs - prior) / PRIOR_WIDTH
        return value + float(off @ off) / 2, slope + off / PRIOR_WIDTH

    found = minimize(whole, prior, jac=True, method="L-BFGS-B", bounds=[(FLOOR, CEILING)] * len(prior))
    return tuple(float(value) for value in np.exp(found.x))


def histories_until(purchases: Table, *, until: date) -> Table:
    """Return the histories of buyers before the day ``until``: repeats, last, age, buyers; see ``Histories``.

    purchases: customer_key, day (date); a row per order.
    """
    end = ibis.literal(until)
    known = purchases.filter(purchases.customer_key.notnull(), purchases.day < end)
    each = known.group_by("customer_key").aggregate(
        days=known.day.nunique(), first=known.day.min(), latest=known.day.max()
    )
    rows = each.select(
        repeats=(each.days - 1).cast("float64"),
        last=each.latest.delta(each.first, unit="day").cast("float64") / 7,
        age=end.delta(each.first, unit="day").cast("float64") / 7,
    )
    return rows.group_by("repeats", "last", "age").aggregate(buyers=rows.count()).order_by("repeats", "last", "age")


def histories_of(rows: pa.Table) -> Histories:
    """Return the rows of ``histories_until`` as columns."""
    return Histories(*(rows[name].to_numpy().astype(np.float64) for name in ("repeats", "last", "age", "buyers")))
