"""Marketplace accounts whose health nears a limit beyond which they may be closed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import ibis
import numpy as np
from ibis.expr.types import Table
from scipy.special import ndtr

from argosy.books.profit import earned
from argosy.domains.compliance import settings
from argosy.model.findings import Finding, Range
from argosy.outlook.known import Known
from argosy.outlook.orders import NOT_BOUGHT
from argosy.outlook.series import Series, series
from argosy.rules.limits import AccountLimit, account_limits

MOST = "most"


@dataclass(frozen=True)
class Standing:
    """A channel's measure against its limit: now and as it will be when the coming days are like the last ones, in
    percent, and how likely that lies beyond the limit."""

    limit: AccountLimit
    channel: str
    now: float
    ahead: float
    likely: float
    counted: int
    first: int


def account_health_nearing(known: Known) -> Iterator[Finding]:
    """Return the channels one of whose health measures is beyond its limit, or will be when things go on like this.

    Subject: channel and measure, ``amazon:main/late_shipment``. Measured as the channel does, over its own window, as
    far as the files tell it; who called an order off they do not. Stake: the channel's margin of the days it would be
    closed, times how likely that is.
    """
    kinds = {row["channel_id"]: row["kind"] for row in known.rows(
        known.facts["channels"].select("channel_id", "kind"))}  # fmt: skip
    for measure, rows in MEASURES.items():
        daily = series(known, rows(known), days=settings.LONGEST_WINDOW, names=("n", "bad"))
        for place in sorted({name.rpartition("/")[0] for name in daily.subjects}):
            platform = "card" if measure == "disputed" else kinds.get(place, "")
            for limit in _limits(platform, measure, daily, place, known):
                one = _standing(daily, place, limit)
                if one is not None and one.likely >= settings.LIKELY_BEYOND:
                    yield from _finding(known, one, daily, rows)


def _limits(platform: str, measure: str, daily: Series, channel: str, known: Known) -> Iterator[AccountLimit]:
    countries = sorted({name.rpartition("/")[2] for name in daily.subjects if name.rpartition("/")[0] == channel})
    told = {limit.rule_id: limit for country in countries
            for limit in account_limits(platform, country=country, on=known.day)}  # fmt: skip
    yield from (limit for limit in told.values() if limit.measure == measure)


def _standing(daily: Series, channel: str, limit: AccountLimit) -> Standing | None:
    """Return how a channel stands; None where too little is known."""
    mine = [n for n, name in enumerate(daily.subjects) if name.rpartition("/")[0] == channel
            and limit.country in (None, name.rpartition("/")[2])]  # fmt: skip
    n, bad = (daily[name][-limit.window_days :, mine].sum(axis=1) for name in ("n", "bad"))
    if n.sum() < settings.LEAST_COUNTED:
        return None
    # Half a window from now: the older half has fallen out, and another like the newer half has come.
    half = limit.window_days // 2
    pace, of = bad[-half:].sum(), n[-half:].sum()
    ahead = (bad[half:].sum() + pace) / max(n[half:].sum() + of, 1)
    error = np.sqrt(max(pace, 0.5)) * 2 / max(n[half:].sum() + of, 1)
    edge = float(limit.limit_pct) / 100
    edge = edge if limit.side == MOST else 1 - edge  # what is to be rare is counted, never what is to be usual
    now = bad.sum() / n.sum()
    likely = 1.0 if now > edge else float(ndtr((ahead - edge) / error))
    first = daily.days - limit.window_days + int(np.argmax(bad > 0))
    return Standing(limit, channel, 100 * float(now), 100 * float(ahead), likely, int(n.sum()), first)


def _finding(known: Known, one: Standing, daily: Series, rows: Callable[[Known], Table]) -> Iterator[Finding]:
    a_day = known.once(_margin_a_day).get(one.channel, 0.0)
    if a_day <= 0:
        return
    amounts = (a_day * days * part * one.likely for days, part in settings.CLOSED)
    low, mid, high = (Decimal(str(round(max(amount, 0.01), 2))) for amount in amounts)
    limit, good = one.limit, one.limit.side != MOST
    now, ahead = ((100 - value if good else value) for value in (one.now, one.ahead))
    mine = rows(known).filter(lambda t: t.subject.startswith(f"{one.channel}/"))
    yield Finding(
        "compliance.account_health_nearing", f"{one.channel}/{limit.measure}", daily.day(one.first),
        Range(low, mid, high), known.book_currency, one.likely,
        told={
            "channel": one.channel, "metric": limit.metric, "measure": limit.measure, "now": _percent(now),
            "ahead": _percent(ahead), "limit": _percent(float(limit.limit_pct)), "side": limit.side,
            "window": limit.window_days, "effect": limit.effect, "orders": one.counted, "rule": limit.rule_id,
            "sure": limit.confidence, "beyond": int(one.now > (100 - float(limit.limit_pct) if good else
                                                               float(limit.limit_pct))),
        },
        evidence=(known.evidence("health_by_day", mine.order_by("day")),),
    )  # fmt: skip


def _percent(value: float) -> Decimal:
    return Decimal(str(round(value, 2)))


def _margin_a_day(known: Known) -> dict[str, float]:
    """Return what each channel's orders lately left over a day, in the book currency."""
    first = known.day - timedelta(days=settings.MARGIN_DAYS)
    rows = earned(known.entries, start=first).filter(lambda t: t.order_id.notnull())
    channels = known.facts["orders"].select("order_id", shop="channel_id")
    met = rows.inner_join(channels, "order_id")
    sums = known.rows(met.group_by("shop").aggregate(left=met.earned.sum().cast("float64")))
    return {row["shop"]: row["left"] / settings.MARGIN_DAYS for row in sums}


def _late_shipment(known: Known) -> Table:
    return _promised(known, "ship_by")


def _late_delivery(known: Known) -> Table:
    return _promised(known, "deliver_by")


def _promised(known: Known, kind: str) -> Table:
    """Return subject, day, n, bad of promises that are due: those broken are bad."""
    due = known.promises.filter(known.promises.kind == kind, known.promises.state.isin(("kept", "broken")))
    bad = (due.state == "broken").cast("int64")
    return due.group_by(subject=_place(due, due.market), day=due.made_at.date()).aggregate(n=due.count(), bad=bad.sum())


def _defects(known: Known) -> Table:
    """Return orders, and those with few stars or a dispute."""
    orders, reviews, disputes = (known.facts[name] for name in ("orders", "reviews", "disputes"))
    few = reviews.filter(reviews.stars <= settings.FEW_STARS).select("order_id")
    bad = few.union(disputes.select("order_id")).filter(lambda t: t.order_id.notnull()).distinct().mutate(bad=1)
    kept = orders.filter(~orders.status.isin(NOT_BOUGHT).fill_null(False), orders.placed_at.notnull())
    met = kept.left_join(bad, "order_id", rname="bad_{name}")
    return met.group_by(subject=_place(met, met.country), day=met.placed_at.date()).aggregate(
        n=met.count(), bad=met.bad.fill_null(0).sum()
    )


def _untracked(known: Known) -> Table:
    """Return parcels handed over, and those without a number."""
    parcels = known.facts["shipments"].filter(lambda t: t.shipped_at.notnull())
    met = parcels.inner_join(known.facts["orders"].select("order_id", "channel_id"), "order_id")
    bad = met.tracking_no.isnull().cast("int64")
    return met.group_by(subject=_place(met, met.country), day=met.shipped_at.date()).aggregate(
        n=met.count(), bad=bad.sum()
    )


def _disputed(known: Known) -> Table:
    """Return card payments taken, and those disputed, by the day of each."""
    paid = known.facts["payments"].filter(lambda t: (t.outcome == "captured") & (t.method == "card"))
    disputes = known.facts["disputes"]
    taken = paid.group_by(subject=_place(paid, paid.country), day=paid.attempted_at.date()).aggregate(
        n=paid.count(), bad=ibis.literal(0)
    )
    orders = known.facts["orders"].select("order_id", "country")
    met = disputes.left_join(orders, "order_id", rname="order_{name}")
    opened = met.group_by(subject=_place(met, met.country), day=met.opened_at.date()).aggregate(
        n=ibis.literal(0), bad=met.count()
    )
    columns = {"n": "int64", "bad": "int64"}
    return taken.cast(columns).union(opened.cast(columns))


def _place(rows: Table, country: ibis.Value) -> ibis.Value:
    return rows.channel_id.concat("/", country.fill_null("?"))


MEASURES: Mapping[str, Callable[[Known], Table]] = {
    "late_shipment": _late_shipment,
    "on_time_delivery": _late_delivery,
    "order_defect": _defects,
    "valid_tracking": _untracked,
    "disputed": _disputed,
}
