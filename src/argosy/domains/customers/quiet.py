"""Markets whose loyal buyers order less than their own histories say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import ibis
import numpy as np
import pyarrow as pa
from ibis.expr.types import Table
from scipy.special import ndtr

from argosy.domains.customers import settings
from argosy.model.findings import Finding, Range
from argosy.outlook.change import CHOSEN, TENTH, changes
from argosy.outlook.customers import Law, fit_law, histories_of, histories_until
from argosy.outlook.known import Known
from argosy.outlook.orders import bought, left_over
from argosy.outlook.series import Numbers, Series, series

WEEK = 7


def loyal_quiet(known: Known) -> Iterator[Finding]:
    """Return the markets whose loyal buyers order less than they should by their own histories.

    Subject: the country. Expected of who ordered before is what BG/NBD says of the own history at the beginning of a
    week, times how the old buyers of the other markets did in it against theirs. Stake: the margin of all orders the
    market fell short by in those days, beside the other markets: many an old buyer is not known as one, by another
    address, on a channel that does not say who buys, or from before the files begin.
    """
    purchases = _purchases(known)
    law = known.once(law_of)
    if law is None:
        return
    of = _loyal(known, purchases, law)
    usual = _elsewhere(of)
    found = changes(of["orders"], usual, sense=-1, within=settings.WITHIN_DAYS, least=settings.LEAST_DAYS)
    sure = 1 - ndtr(found.z) * settings.TRIES
    told = (sure >= settings.SURE) & (found.share <= -settings.LEAST_FALL) & (of.days - found.end <= settings.TOLD_DAYS)
    places = series(known, _by_place(known), days=of.days, names=("n",)) if told.any() else of
    for n in np.flatnonzero(told):
        start, end, market = int(found.start[n]), int(found.end[n]), of.subjects[n]
        lost = -float(found.mid[n])
        money, error = _money(known, places, market, slice(start, end), lost, float(found.error[n]))
        if money <= 0:
            continue
        low, mid, high = (money + way * TENTH * CHOSEN * error for way in (-1, 0, 1))
        yield Finding(
            "customers.loyal_quiet", market, of.day(start), Range(_cents(low), _cents(mid), _cents(high)),
            known.book_currency, float(sure[n]),
            told={
                "market": market, "orders": int(of["orders"][start:end, n].sum()),
                "expected": round(of["orders"][start:end, n].sum() + lost), "buyers": round(of["buyers"][-1, n]),
                "percent": round(-100 * found.share[n]), "until": of.day(end - 1),
                "lasts": "yes" if end == of.days else "no", "since": of.day(start),
                "day_usual": _cents(_usual_a_day(of, market, int(n), start, known)),
                "a_day": _cents(money / max(end - start, 1)),
            },
            evidence=(known.evidence("orders_of_loyal_buyers", _evidence(purchases, market, of.day(start))),),
        )  # fmt: skip


def law_of(known: Known) -> Law | None:
    """Return how the buyers of this business come again; None: too few came again to tell. Use it by ``known.once``."""
    told = known.run(histories_until(_purchases(known), until=known.day))
    of = histories_of(told)
    return fit_law(of) if of.buyers[of.repeats > 0].sum() >= 50 else None


def _purchases(known: Known) -> Table:
    orders = bought(known)
    named = orders.filter(orders.customer_key.notnull(), orders.country.notnull())
    return named.select("customer_key", "day", subject="country").distinct()


def _loyal(known: Known, purchases: Table, law: Law) -> Series:
    """Return by market and day: orders of loyal buyers, expected (of them, by their histories at the beginning of the
    week), buyers (how many there are)."""
    weeks = [known.day - timedelta(days=WEEK * n) for n in range(settings.WEEKS, 0, -1)]
    starts = ibis.memtable(pa.table({"start": pa.array(weeks, pa.date32())}))
    met = purchases.join(starts, purchases.day < starts.start)
    each = met.group_by("start", "customer_key").aggregate(
        subject=met.subject.argmax(met.day), n=met.count(), first=met.day.min(), last=met.day.max()
    )
    each = each.filter(each.n >= settings.LOYAL_ORDERS)
    age, last = (to.delta(each.first, unit="day").cast("float64") / WEEK for to in (each.start, each.last))
    rate = law.rate_of(repeats=(each.n - 1).cast("float64"), last=last, age=age)
    week = (
        each.mutate(rate=rate)
        .group_by("start", "subject")
        .aggregate(expected=lambda t: t.rate.sum(), buyers=lambda t: t.count())
    )
    ahead = ibis.memtable(pa.table({"ahead": list(range(WEEK))}))
    days = week.cross_join(ahead)
    days = days.select(
        "subject", day=(days.start + days.ahead.as_interval("D")).cast("date"), expected=days.expected / WEEK,
        buyers=days.buyers.cast("float64"), orders=ibis.literal(0.0),
    )  # fmt: skip
    turn = ibis.row_number().over(ibis.window(group_by="customer_key", order_by="day"))
    again = purchases.mutate(turn=turn).filter(lambda t: t.turn >= settings.LOYAL_ORDERS)
    came = again.group_by("subject", "day").aggregate(orders=again.count().cast("float64"))
    came = came.select("subject", "day", expected=ibis.literal(0.0), buyers=ibis.literal(0.0), orders="orders")
    return series(
        known, days.union(came), days=WEEK * settings.WEEKS, names=("expected", "buyers", "orders")
    )  # fmt: skip


def _elsewhere(of: Series) -> Numbers:
    """Return what should have been ordered: what histories say, as it went in the other markets around those days."""
    near = np.ones(WEEK)
    orders, expected = (
        np.stack([np.convolve(of[name][:, n], near, mode="same") for n in range(len(of.subjects))], axis=1)
        for name in ("orders", "expected")
    )
    others = orders.sum(axis=1, keepdims=True) - orders
    told = expected.sum(axis=1, keepdims=True) - expected
    return of["expected"] * np.where(told > 0, others / np.maximum(told, 1e-9), 0.0)


def _by_place(known: Known) -> Table:
    orders = bought(known)
    return orders.group_by("day", subject=orders.place).aggregate(n=orders.count())


def _money(known: Known, places: Series, market: str, days: slice, lost: float, error: float) -> tuple[float, float]:
    """Return the margin of the orders that did not come, and its standard error: at least those of old buyers who are
    known, and as many as the market fell short by beside the others."""
    margins = known.once(left_over)
    mine = [n for n, place in enumerate(places.subjects) if place.endswith(f"/{market}")]
    if not mine:
        return 0.0, 0.0
    here = places["n"][:, mine].sum(axis=1)
    others = places["n"].sum(axis=1) - here
    base = slice(max(days.start - settings.BASE_DAYS, 0), days.start)
    level = here[base].sum() / max(others[base].sum(), 1.0)
    expected = level * others[days].sum()
    short = max(expected - here[days].sum(), lost)
    weights = places["n"][:, mine].sum(axis=0)
    margin = float(np.average([margins.of(places.subjects[n]) for n in mine], weights=np.maximum(weights, 1e-9)))
    spread = np.sqrt(settings.OVERDISPERSED * expected * (1 + expected / max(here[base].sum(), 1.0)))
    wide = np.hypot(max(spread, error) / max(short, 1e-9), settings.MARGIN_ERROR)
    return short * margin, float(short * margin * wide)


def _usual_a_day(of: Series, market: str, n: int, start: int, known: Known) -> float:
    """Return what a day's orders of old buyers used to leave over, in the weeks before they went quiet."""
    before = of["orders"][max(start - settings.BASE_DAYS, 0) : start, n]
    each: float = known.once(left_over).of(f"?/{market}")
    return float(before.mean() if len(before) else 0.0) * each


def _cents(amount: float) -> Decimal:
    return Decimal(str(round(max(amount, 0.01), 2)))


def _evidence(purchases: Table, market: str, since: date) -> Table:
    mine = purchases.filter(purchases.subject == market)
    turn = ibis.row_number().over(ibis.window(group_by="customer_key", order_by="day"))
    again = mine.mutate(turn=turn).filter(lambda t: t.turn >= settings.LOYAL_ORDERS)
    first = ibis.literal(since - timedelta(days=56))
    recent = again.filter(again.day >= first)
    return recent.group_by("day").aggregate(orders=recent.count()).order_by("day")
