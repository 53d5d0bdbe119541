"""What follows orders, given back or complained of: how much of it there is by now, and how much is usual by now.

An order of yesterday has not come back yet, and channels differ in what is told of them. So what is usual is the
channel's own pace: how many of its orders something follows within so many days (the cumulative hazard of Nelson and
Aalen: orders count as long as they have been watched), times the orders and their ages.
"""

from __future__ import annotations

from datetime import timedelta

import ibis
import numpy as np
import pyarrow as pa
from ibis.expr.types import Table

from argosy.outlook.known import Known
from argosy.outlook.series import Series, series

MOST_DAYS = 90  # what comes later than this after an order does not count
HISTORY_DAYS = 180
FULL = 0.8  # of what was paid: given back in full, for what is kept may be postage


def given_back(known: Known) -> Table:
    """Return a row per order of which something was given back: order_id, on (day of the first time), worth (given
    back without tax, book currency, float64), part (of what was sold)."""
    e = known.entries.filter(known.entries.order_id.notnull())
    back, sold = e.account == "contra:refund", e.account.startswith("income:") | (e.account == "contra:discount")
    each = e.filter(back | sold).mutate(
        back=ibis.ifelse(back, e.book_amount, 0).cast("float64"),
        sold=ibis.ifelse(sold, -e.book_amount, 0).cast("float64"),
        back_on=ibis.ifelse(back, e.posted_at.date(), ibis.null("date")),
    )  # fmt: skip
    sums = each.group_by("order_id").aggregate(worth=each.back.sum(), sold=each.sold.sum(), on=each.back_on.min())
    some = sums.filter(sums.on.notnull(), sums.worth > 0.005)
    return some.select("order_id", "on", "worth", part=some.worth / ibis.greatest(some.sold, 0.01))


def told_back(known: Known) -> Table:
    """Return the rows of ``given_back`` by themselves, not as a question to the books; for ``known.once``."""
    return ibis.memtable(known.run(given_back(known)))


def followed(known: Known, orders: Table, events: Table) -> Series:
    """Return by subject and day of order: n (orders), counted (of them followed by an event until now), usual (as many
    as the channels' pace gives), worth (of the events).

    orders: order_id, channel_id, day, subject; an order may have several subjects. events: order_id, on (day), worth;
    one row per order.
    """
    since = ibis.literal(known.day - timedelta(days=HISTORY_DAYS))
    events = ibis.memtable(known.run(events))  # few beside the orders, and asked for twice
    mine = orders.filter(orders.day >= since)
    mine = mine.mutate(age=ibis.least(ibis.literal(known.day).delta(mine.day, unit="day"), MOST_DAYS))
    met = mine.left_join(events, "order_id", rname="event_{name}")
    lag = ibis.greatest(met.on.delta(met.day, unit="day"), 0)
    seen = met.on.notnull() & (lag < MOST_DAYS)
    met = met.mutate(lag=ibis.ifelse(seen, lag, ibis.null("int64")), seen=seen.cast("int64"))
    per = met.group_by("channel_id", "age", "lag").aggregate(n=met.order_id.nunique())
    paced = met.inner_join(ibis.memtable(_pace(known.run(per))), ["channel_id", "age"])
    sums = paced.group_by("subject", "day").aggregate(
        n=paced.count(), counted=paced.seen.sum(), usual=paced.pace.sum(),
        worth=ibis.ifelse(paced.seen == 1, paced.worth, 0.0).sum(),
    )  # fmt: skip
    return series(known, sums, days=HISTORY_DAYS, names=("n", "counted", "usual", "worth"))


def _pace(rows: pa.Table) -> pa.Table:
    """Return channel_id, age, pace: how many events usually followed an order of the channel by that age in days."""
    channels = np.array(rows["channel_id"].to_pylist(), dtype=object)
    age, many = (rows[name].to_numpy().astype(np.int64) for name in ("age", "n"))
    lag = np.array([-1 if value is None else value for value in rows["lag"].to_pylist()], np.int64)
    told: dict[str, list[object]] = {"channel_id": [], "age": [], "pace": []}
    for channel in sorted({name for name in channels if name is not None}):
        mine = channels == channel
        watched = np.bincount(age[mine], weights=many[mine], minlength=MOST_DAYS + 1)[::-1].cumsum()[::-1]
        came = np.bincount(lag[mine & (lag >= 0)], weights=many[mine & (lag >= 0)], minlength=MOST_DAYS + 1)
        # What happens on day n after an order is seen of orders that are at least n + 1 days old.
        at_risk = np.append(watched[1:], 0)
        hazard = np.where(at_risk > 0, came / np.maximum(at_risk, 1), 0.0)
        pace = np.concatenate(([0.0], np.cumsum(hazard)[:-1]))
        told["channel_id"] += [channel] * len(pace)
        told["age"] += range(len(pace))
        told["pace"] += pace.tolist()
    return pa.table({
        "channel_id": pa.array(told["channel_id"], pa.string()), "age": pa.array(told["age"], pa.int64()),
        "pace": pa.array(told["pace"], pa.float64()),
    })  # fmt: skip
