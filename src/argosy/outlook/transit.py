"""How long deliveries take, and which delivery time can be promised next.

Method. Deliveries are compared as days against what is usual on their lane: the mean of the lane, drawn
towards destination region, country and all where the lane is thin (empirical-Bayes shrinkage with a
pseudo-count, Efron and Morris 1975). What shares of the usual time the last weeks took is a period life
table: of the orders that were under way in those weeks at each age, how many arrived (Kaplan and Meier 1958,
with delayed entry). So orders still under way count for what is known of them, and neither slow nor quick
weeks hide. One more order is taken to be under way for ever, the finite-sample correction of conformal
prediction (Lei et al. 2018).

Held against data it had not seen (``backtest``): recent weeks alone carry the season; correcting the asked
share by past misses (adaptive conformal inference, Gibbs and Candès 2021) made quotes swing, because a miss
is known weeks late, and weekdays of ordering added nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from ibis.expr.types import DateValue, Table, TimestampValue

from argosy.books.promises import orders_with_buyers, parcels_of

# The weeks that speak for the next ones: four, or as far back as it takes to see this many deliveries.
WINDOW_DAYS = 28
ENOUGH_DELIVERIES = 200
# A group counts as much as the wider one it lies in when it has this many deliveries of its own.
PSEUDO_COUNT = 30
# Orders without a delivery that say nothing about how long one takes: not under way, or nobody told when.
UNTOLD = ("pending", "cancelled", "delivered", "refunded", "adjustment")
LEVELS = ("lane", "region", "country", "all")

# Stands for a day that has not come: later than any, and a promise nobody made: shorter than any.
NEVER, NONE = np.iinfo(np.int32).max, np.iinfo(np.int32).min

Days = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Lane = tuple[str | None, str | None, str | None]  # country, region, origin
Group = tuple[str | None, ...]
EPOCH = date(1970, 1, 1)
# Neither stands in a place's name.
SPLIT, UNKNOWN = "\x1f", "\x00"


@dataclass(frozen=True)
class Place:
    """Where goods go: ISO 3166 country and the region as orders write it."""

    country: str
    region: str | None = None


@dataclass(frozen=True)
class DeliveryQuote:
    """The shortest delivery time kept with the asked probability, in days from the day of order.

    from_days: the day by which only the share 1 - ``kept`` has arrived. n: deliveries the shape of recent
    weeks rests on. level: the narrowest of ``LEVELS`` whose own deliveries outweigh what it borrows; level_n:
    how many it has.
    """

    days: int
    kept: float
    from_days: int
    n: int
    level: str
    level_n: int


@dataclass(frozen=True)
class Record:
    """How a way of promising did: share of its promises that were kept, and the days it promised."""

    kept_share: float
    mean_days: float
    median_days: float


@dataclass(frozen=True)
class BacktestResult:
    """Quotes for held-out orders, each by what was known before its day, against what happened.

    promised: the shop's own promises for the same orders; None when it made none. n: orders compared;
    unquoted: held-out orders with too little evidence to quote. levels: orders per level the quote rests on.
    """

    since: date
    kept: float
    n: int
    unquoted: int
    quoted: Record
    promised: Record | None
    levels: Mapping[str, int]


def transit_times(facts: Mapping[str, Table], *, hours_east: Mapping[str, int] | None = None) -> Table:
    """Return how long each order took from the day it was placed, one row per order that can tell.

    hours_east: offset from UTC of a channel's local day, by channel_id; without one its days are those of
    UTC. Columns: order_id, channel_id, origin (of the parcel, else of the first line's seller), country,
    region, placed_at, placed_on, delivered_on (NULL while under way), days (until delivered), promised_days
    (until the promised day), seen_on (the last day the channel's facts speak of). Left out are orders in a
    status of ``UNTOLD`` without a delivery, and channels that never tell one.
    """
    orders = orders_with_buyers(facts)
    orders = orders.left_join(parcels_of(facts), "order_id", rname="parcel_{name}")
    orders = orders.left_join(_seller_places(facts), "order_id", rname="seller_{name}")
    orders = orders.mutate(origin=ibis.coalesce(orders.origin, orders.seller_place))
    promised_by = ibis.coalesce(orders.deliver_by, orders.parcels_deliver_by)
    local = orders.mutate(
        placed_on=ibis.coalesce(orders.placed_on, _local_day(orders, orders.placed_at, hours_east or {})),
        delivered_on=_local_day(orders, orders.delivered_at, hours_east or {}),
        # A promise until midnight is one until the end of the day before.
        promised_on=_local_day(orders, promised_by - ibis.interval(seconds=1), hours_east or {}),
    )
    local = local.filter(
        local.placed_on.notnull(), local.delivered_on.isnull() | (local.delivered_on >= local.placed_on)
    )
    channel = ibis.window(group_by="channel_id")
    last_on = ibis.coalesce(ibis.greatest(local.placed_on, local.delivered_on), local.placed_on)
    seen = local.mutate(seen_on=last_on.max().over(channel), told=local.delivered_on.count().over(channel) > 0)
    untold = (seen.cancelled_at.notnull() | seen.status.isin(UNTOLD)).fill_null(False)
    known = seen.filter(seen.told, seen.delivered_on.notnull() | ~untold)
    return known.select(
        "order_id",
        "channel_id",
        "origin",
        "country",
        "region",
        "placed_at",
        "placed_on",
        "delivered_on",
        days=known.delivered_on.delta(known.placed_on, unit="day").cast("int64"),
        promised_days=known.promised_on.delta(known.placed_on, unit="day").cast("int64"),
        seen_on=known.seen_on,
    )


def quote(
    history: pa.Table, *, to: Place, origin: str | None = None, on: date, kept: float = 0.95
) -> DeliveryQuote | None:
    """Return the delivery time to promise for an order placed on a day, or None: too little evidence to tell.

    history: the rows of ``transit_times``; what happened on ``on`` or later is not looked at. An order never
    seen to arrive counts as not kept. A place without deliveries of its own is quoted by the wider group its
    ``level`` names.
    """
    past, lane = _read(history), (to.country, to.region, origin)
    day = (on - EPOCH).days
    usual = _usual(past, day)
    taken = _taken(past, day, usual)
    last, first = taken.by(kept), taken.by(min(kept, 1 - kept))
    if last is None or first is None:
        return None
    days, from_days = (int(_whole_days(usual.on(lane) * multiple)) for multiple in (last, first))
    return DeliveryQuote(days, kept, from_days, taken.n, *usual.level(lane))


def backtest(history: pa.Table, *, holdout: float = 1 / 3, kept: float | None = None) -> BacktestResult | None:
    """Return how quotes for the last ``holdout`` of the time would have done, or None: nothing to compare.

    Each order is quoted as it would have been on its day, by what had happened before that day. kept: the
    probability asked for; None asks for the share the shop itself kept of its promises for these orders, or
    0.95 when it made none. Orders count once both the quoted and the promised day have passed in the history.
    """
    past = _read(history)
    if not len(past.placed):
        return None
    start = int(past.placed.max() - (past.placed.max() - past.placed.min()) * holdout)
    held = past.placed >= start
    promised = past.promised != NONE
    if (held & promised).any():
        held &= promised
    over = held & (past.placed + past.promised <= past.seen)
    asked = kept if kept is not None else _own_share(past, over & promised)
    quoted, levels = _quoted(past, held, asked)
    compared = over & (quoted != NONE) & (past.placed + quoted <= past.seen)
    if not compared.any():
        return None
    return BacktestResult(
        since=EPOCH + timedelta(days=start),
        kept=asked,
        n=int(compared.sum()),
        unquoted=int((held & (quoted == NONE)).sum()),
        quoted=_record(past, quoted, compared),
        promised=_record(past, past.promised, compared) if promised[compared].all() else None,
        levels=Counter(levels[compared].tolist()),
    )


@dataclass(frozen=True)
class _Past:
    """The history as arrays, an entry per order, days since ``EPOCH``; ``lane`` is a place in ``lanes``."""

    placed: Days
    delivered: Days
    promised: Days
    seen: Days
    lane: Days
    lanes: list[Lane]


@dataclass(frozen=True)
class _Usual:
    """How many deliveries each group has and how many days they took in all, by the keys of ``_groups``."""

    n: Counter[Group]
    days: Counter[Group]

    def on(self, lane: Lane) -> float:
        """Return the mean days on a lane, drawn towards the wider groups where it is thin."""
        mean = self.days[()] / self.n[()]
        for group in _groups(lane):
            mean = (self.days[group] + PSEUDO_COUNT * mean) / (self.n[group] + PSEUDO_COUNT)
        return mean

    def level(self, lane: Lane) -> tuple[str, int]:
        """Return the narrowest level whose own deliveries outweigh what it borrows, and how many it has."""
        for level, group in zip(LEVELS, reversed(_groups(lane)), strict=True):
            if self.n[group] >= PSEUDO_COUNT:
                return level, self.n[group]
        return LEVELS[-1], self.n[()]


@dataclass(frozen=True)
class _Taken:
    """A life table: the share of orders still under way after each multiple of the usual time."""

    multiple: Numbers
    under_way: Numbers
    n: int

    def by(self, share: float) -> float | None:
        """Return the multiple of the usual time by which a share has arrived, or None: not told that far."""
        # A share that is met exactly must not fail by the last bit of a float.
        place = int(np.searchsorted(-self.under_way, share - 1 - 1e-12))
        return float(self.multiple[place]) if place < len(self.multiple) else None


def _groups(lane: Lane) -> tuple[Group, ...]:
    """Return the groups a lane lies in, widest first."""
    return (), lane[:1], lane[:2], lane


def _read(history: pa.Table) -> _Past:
    columns = [history[name].cast(pa.string()) for name in ("country", "region", "origin")]
    keys = pc.binary_join_element_wise(*columns, SPLIT, null_handling="replace", null_replacement=UNKNOWN)
    codes = keys.combine_chunks().dictionary_encode()
    lanes = [
        tuple(None if part == UNKNOWN else part for part in key.split(SPLIT)) for key in codes.dictionary.to_pylist()
    ]
    return _Past(
        placed=_days(history["placed_on"]),
        delivered=_days(history["delivered_on"], missing=NEVER),
        promised=_days(history["promised_days"], missing=NONE),
        seen=_days(history["seen_on"]),
        lane=codes.indices.to_numpy().astype(np.int64),
        lanes=[(country, region, origin) for country, region, origin in lanes],
    )


def _days(column: Any, *, missing: int = NONE) -> Days:
    whole = column.cast(pa.int32()) if pa.types.is_date(column.type) else column.cast(pa.int64())
    return np.asarray(pc.fill_null(whole, missing).to_numpy(), dtype=np.int64)


def _usual(past: _Past, on: int) -> _Usual:
    """Return what is usual by the deliveries of all days before ``on``, the day of order counted as one."""
    arrived = past.delivered < on
    lane, days = past.lane[arrived], (past.delivered - past.placed)[arrived] + 1
    n, total = Counter[Group](), Counter[Group]()
    numbers = np.bincount(lane, minlength=len(past.lanes)).tolist()
    sums = np.bincount(lane, days, minlength=len(past.lanes)).tolist()
    for one, number, added in zip(past.lanes, numbers, sums, strict=True):
        for group in _groups(one):
            n[group] += number
            total[group] += added
    return _Usual(n, total)


def _taken(past: _Past, on: int, usual: _Usual) -> _Taken:
    """Return what orders under way in recent weeks took of the usual time, as known the day before ``on``."""
    end = np.minimum(past.seen, on - 1)
    known = past.placed <= end
    arrived = known & (past.delivered <= end)
    if not arrived.any():
        return _Taken(np.zeros(0), np.zeros(0), 0)
    back = np.sort(end[known].max() - past.delivered[arrived])
    window = max(WINDOW_DAYS, int(back[min(ENOUGH_DELIVERIES, len(back)) - 1]) + 1)
    start = end - window + 1
    # A channel whose facts end before the window says nothing about it.
    rows = known & (past.delivered >= start) & (end > end[known].max() - window)
    scale = np.array([usual.on(lane) for lane in past.lanes])[past.lane[rows]]
    entered = np.maximum(start - past.placed, 0)[rows] / scale
    left = (np.minimum(past.delivered, end) - past.placed + 1)[rows] / scale
    multiple, arrivals = np.unique(left[arrived[rows]], return_counts=True)
    at_risk = np.searchsorted(np.sort(entered), multiple) - np.searchsorted(np.sort(left), multiple)
    under_way = np.cumprod(1 - arrivals / (at_risk + 1))
    return _Taken(multiple, under_way, int(arrivals.sum()))


def _whole_days(days: Any) -> Any:
    """Return days cut to whole ones, less the day of order, which the usual time counts as one.

    Cut, not rounded up: deliveries take whole days, so the cut keeps exactly as many of them in time.
    """
    return np.maximum(np.floor(days + 1e-9).astype(np.int64) - 1, 0)


def _quoted(past: _Past, held: Flags, kept: float) -> tuple[Days, Any]:
    """Return the days quoted for each held order by what was known before its day, and the level behind."""
    days, levels = np.full(len(held), NONE), np.full(len(held), "", dtype=object)
    for day in np.unique(past.placed[held]).tolist():
        rows = np.flatnonzero(held & (past.placed == day))
        usual = _usual(past, day)
        multiple = _taken(past, day, usual).by(kept)
        if multiple is None:
            continue
        for lane in np.unique(past.lane[rows]).tolist():
            mine = rows[past.lane[rows] == lane]
            days[mine] = _whole_days(usual.on(past.lanes[lane]) * multiple)
            levels[mine] = usual.level(past.lanes[lane])[0]
    return days, levels


def _own_share(past: _Past, rows: Flags) -> float:
    return float((past.delivered - past.placed <= past.promised)[rows].mean()) if rows.any() else 0.95


def _record(past: _Past, days: Days, rows: Flags) -> Record:
    in_time = past.delivered - past.placed <= days
    return Record(float(in_time[rows].mean()), float(days[rows].mean()), float(np.median(days[rows])))


def _seller_places(facts: Mapping[str, Table]) -> Table:
    sellers, lines = facts["sellers"], facts["order_lines"]
    places = sellers.select("seller_id", seller_place=ibis.coalesce(sellers.region, sellers.country))
    sold = lines.inner_join(places, "seller_id", rname="place_{name}")
    return sold.group_by("order_id").aggregate(seller_place=sold.seller_place.argmin(sold.line_no))


def _local_day(orders: Table, moment: TimestampValue, hours_east: Mapping[str, int]) -> DateValue:
    shifted = [(orders.channel_id == one, moment + ibis.interval(hours=hours)) for one, hours in hours_east.items()]
    return (ibis.cases(*shifted, else_=moment) if shifted else moment).date()
