"""Every order that travels: when it was paid, sent, held, promised and delivered, and what was given back for it.

How long orders of a way usually take is a life table of each way (Kaplan and Meier 1958), drawn towards that of all
ways where it is thin. What arrived against what should have by then (the martingale residuals of the log-rank test:
Aalen, Borgan and Gjessing, Survival and Event History Analysis, 2008, ch. 3) tells slow weeks before they are over,
for orders still under way count for what is known of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from ibis.expr.types import Table, TimestampValue

from argosy.books.promises import orders_with_buyers, parcels_of
from argosy.outlook.known import Known
from argosy.outlook.series import Numbers

Places = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
EPOCH = date(1970, 1, 1)
DAY_SECONDS = 86400
UNKNOWN = "?"
# A way counts as much as all ways together when it has so many orders of its own.
PSEUDO_COUNT = 30
# A life table has so many steps for the usual time, and ends at so many times it.
STEPS, LONGEST = 20, 6
# Given back is the whole when it is at least such a part of what was sold.
WHOLE = 0.9


@dataclass(frozen=True)
class Journeys:
    """One place per order that is sent, in the order of ``order_id``.

    now: the moment nothing is known of. Moments are days since 1970, NaN where there is none: paid, sent (the last
    parcel), held (the first time a carrier said so), due (delivery promised), came (delivered). order_id; market and
    way (country, origin and service): places in ``markets`` and ``ways``; abroad: whether it crosses a border. sold:
    what the order brought; part, whole: what was given back of it, by whether that was all; in the book currency.
    """

    now: float
    order_id: npt.NDArray[np.object_]
    markets: tuple[str, ...]
    ways: tuple[str, ...]
    market: Places
    way: Places
    abroad: Flags
    paid: Numbers
    sent: Numbers
    held: Numbers
    due: Numbers
    came: Numbers
    sold: Numbers
    back_at: Numbers
    part: Numbers
    whole: Numbers

    @property
    def late(self) -> Numbers:
        """Days begun since each order was due, until it came, else until now; 0: in time, NaN: nothing was promised."""
        until = np.where(np.isnan(self.came), self.now, self.came)
        return np.asarray(np.maximum(np.ceil(until - self.due), 0))

    def day(self, moment: float) -> date:
        """Return the day of a moment."""
        return EPOCH + timedelta(days=int(moment))


@dataclass(frozen=True)
class Pace:
    """How far things are by each age, by way: ``usual`` days, and the cumulated hazard by steps of them."""

    usual: Numbers
    hazard: Numbers

    def by(self, way: Places, age: Numbers) -> Numbers:
        """Return the hazard cumulated until an age in days: how often it should have happened by then."""
        step, rest = steps(age, self.usual[way])
        until = self.hazard[way, step]
        return np.asarray(until - (1 - rest) * (until - np.where(step > 0, self.hazard[way, step - 1], 0)))

    def done(self, way: Places, age: Numbers) -> Numbers:
        """Return the share that has happened by an age."""
        return 1 - np.exp(-self.by(way, age))


def steps(age: Numbers, usual: Numbers) -> tuple[Places, Numbers]:
    """Return the step of a life table an age lies in, and which part of it has passed."""
    # Half a step on: where all take exactly the usual time, that lies inside a step and not on its edge.
    place = np.clip(np.nan_to_num(age) / usual * STEPS + 0.5, 0, STEPS * LONGEST - 1e-6)
    step = place.astype(np.int64)
    return step, place - step


def pace(way: Places, ways: int, age: Numbers, happened: Flags) -> Pace:
    """Return how soon something usually happens on each way.

    age: days until it happened, else until now; happened: whether it did.
    """
    n = np.bincount(way[happened], minlength=ways)
    days = np.bincount(way[happened], age[happened], minlength=ways)
    # A way nobody finished yet takes as long as all of them do.
    mean = days.sum() / max(n.sum(), 1)
    usual = np.maximum((days + PSEUDO_COUNT / 10 * mean) / (n + PSEUDO_COUNT / 10), 1 / 24)
    step, rest = steps(age, usual[way])
    cell, shape = way * STEPS * LONGEST + step, (ways, STEPS * LONGEST)
    events, ended, passed = (
        np.bincount(cell, weights=weight, minlength=shape[0] * shape[1]).reshape(shape)
        for weight in (happened.astype(float), np.ones(len(cell)), rest)
    )
    at_risk = ended[:, ::-1].cumsum(axis=1)[:, ::-1] - ended + passed
    all_ways = events.sum(axis=0) / np.maximum(at_risk.sum(axis=0), 1)
    hazard = (events + PSEUDO_COUNT * all_ways) / (at_risk + PSEUDO_COUNT)
    return Pace(usual, hazard.cumsum(axis=1))


def journeys(known: Known) -> Journeys:
    """Return the orders of every channel that tells of parcels, without those called off."""
    rows = known.run(_rows(known))
    market, markets = _coded(rows["market"])
    way, ways = _coded(rows["way"])
    sold, back = (_numbers(rows[name]) for name in ("sold", "back"))
    back = np.nan_to_num(back)
    whole = back >= WHOLE * np.nan_to_num(sold)
    origin = rows["origin"].fill_null(UNKNOWN).to_pylist()
    abroad = [not place.startswith(markets[code]) for place, code in zip(origin, market.tolist(), strict=True)]
    return Journeys(
        now=float((known.day - EPOCH).days),
        order_id=np.array(rows["order_id"].to_pylist(), dtype=object),
        markets=markets,
        ways=ways,
        market=market,
        way=way,
        abroad=np.array(abroad, bool),
        **{name: _numbers(rows[name]) / DAY_SECONDS for name in ("paid", "sent", "held", "due", "came", "back_at")},
        sold=np.nan_to_num(sold),
        part=np.where(whole, 0, back),
        whole=np.where(whole, back, 0),
    )


def _rows(known: Known) -> Table:
    facts = known.facts
    shipments, events = facts["shipments"], facts["tracking_events"]
    held = events.filter(events.status == "on_hold").group_by("tracking_no").aggregate(held=events["at"].min())
    parcels = shipments.left_join(held, "tracking_no", rname="event_{name}")
    parcels = parcels.group_by("order_id").aggregate(
        held=parcels.held.min(), service=parcels.service.min(), to=parcels.country.min()
    )
    orders = orders_with_buyers(facts)
    tells = orders.semi_join(shipments, "order_id").select("channel_id").distinct()
    orders = orders.filter(orders.cancelled_at.isnull()).semi_join(tells, "channel_id")
    orders = orders.left_join(parcels_of(facts), "order_id", rname="parcel_{name}")
    orders = orders.left_join(parcels, "order_id", rname="way_{name}")
    orders = orders.left_join(_money(known.entries), "order_id", rname="money_{name}")
    market = ibis.coalesce(orders.country, orders.to, UNKNOWN)
    service = ibis.coalesce(orders.service, UNKNOWN)
    return orders.select(
        "order_id", "origin", "sold", "back",
        market=market,
        way=market.concat("/", ibis.coalesce(orders.origin, UNKNOWN), "/", service),
        paid=_seconds(ibis.coalesce(orders.paid_at, orders.placed_at)),
        sent=_seconds(orders.shipped_at),
        held=_seconds(orders.held),
        due=_seconds(ibis.coalesce(orders.deliver_by, orders.parcels_deliver_by)),
        came=_seconds(orders.delivered_at),
        back_at=_seconds(orders.back_at),
    ).order_by("order_id")  # fmt: skip


def _money(entries: Table) -> Table:
    """Return what each order brought and what of it was given back."""
    mine = entries.filter(entries.order_id.notnull(), entries.book_amount.notnull())
    sales = mine.account.isin(("income:sales", "income:shipping", "contra:discount"))
    refunds = mine.account == "contra:refund"
    mine = mine.filter(sales | refunds)
    return mine.group_by("order_id").aggregate(
        sold=-mine.book_amount.sum(where=mine.account != "contra:refund").cast("decimal(28,4)"),
        back=mine.book_amount.sum(where=mine.account == "contra:refund").cast("decimal(28,4)"),
        back_at=mine.posted_at.min(where=mine.account == "contra:refund"),
    )


def _seconds(moment: TimestampValue) -> ibis.expr.types.IntegerValue:
    # Some engines keep parts of a second in it.
    return moment.truncate("s").epoch_seconds()


def _numbers(column: pa.ChunkedArray) -> Numbers:
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)


def _coded(column: pa.ChunkedArray) -> tuple[Places, tuple[str, ...]]:
    codes = column.combine_chunks().dictionary_encode()
    return codes.indices.to_numpy().astype(np.int64), tuple(codes.dictionary.to_pylist())
