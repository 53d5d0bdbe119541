"""What was sold of each article day by day, from which warehouse, and which days can tell what was wanted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from ibis.expr.types import Table

from argosy.outlook.known import Known

Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]

MOST_DAYS = 3 * 366  # of history
NEWS_DAYS = 8  # a count says nothing of days further off
THERE, OUT = 1, 2
HALF = 0.5  # an article cannot tell what is wanted of it in all while what usually sells so much of it is out

Key = tuple[str, str | None]
Lane = tuple[str | None, str | None, str | None]  # channel, country, origin of the parcel


@dataclass(frozen=True)
class Sales:
    """Units of each series by day up to ``last``; NaN where a day cannot tell what was wanted.

    keys: article and the warehouse it is sent from; None: all that send it. known_ahead: (1 or series) x (these and
    coming days) x features: what is known of days in advance, such as promotions and holidays.
    """

    keys: Sequence[Key]
    last: date
    units: Numbers
    known_ahead: Numbers


def sales(known: Known) -> Sales | None:
    """Return what was sold of each article, by warehouse and in all, until the day before ``known.day``; None: nothing.

    Counted are lines of goods of orders that were not cancelled, on the shop's own day where it is told. A day tells
    nothing before the first sale or stock of an article, and while ``stock_levels`` have it at nought: from the day
    after the sale that emptied the shelf to the next sale or count with stock.
    """
    if not known.has("orders", "order_lines"):
        return None
    lanes = known.once(_lanes)
    found = known.run(sold_days(known))
    if not len(found):
        return None
    keys, units, first = _table(found, known.day)
    stock = known.run(_stock(known, split=bool(lanes))) if known.has("stock_levels") else None
    units = _censored(units, keys, stock, first)
    if lanes:
        keys, units = _with_all(keys, units)
    return Sales(keys, known.day - timedelta(days=1), units, np.zeros((1, units.shape[1], 0)))


def sold_days(known: Known) -> Table:
    """Return what forecasts rest on, day by day, as evidence to show: one row for each article, warehouse and day with
    sales.

    Columns: sku, warehouse (NULL where nobody tells of any), day (date), units (float64, whole).
    """
    lanes: Mapping[Lane, str] = known.once(_lanes)
    orders, lines = _with_origin(known), known.facts["order_lines"]
    lines = lines.filter(lines.quantity > 0, lines.sku.notnull(), lines.kind.fill_null("goods") == "goods")
    joined = lines.select("order_id", "sku", "quantity").inner_join(orders, "order_id")
    if lanes:
        rows = [
            dict(zip(("channel_id", "country", "origin"), lane, strict=True)) | {"warehouse": to}
            for lane, to in lanes.items()
        ]
        names = ibis.memtable(pa.Table.from_pylist(rows))
        joined = joined.left_join(names, ["channel_id", "country", "origin"], rname="lane_{name}")
    else:
        joined = joined.mutate(warehouse=ibis.null("string"))
    return joined.group_by("sku", "warehouse", "day").aggregate(units=joined.quantity.sum().cast("float64"))


def _with_origin(known: Known) -> Table:
    """Return order_id, day, channel_id, country, origin ('' where not told) of the orders that count."""
    orders, parcels = known.facts["orders"], known.facts["shipments"]
    day = ibis.coalesce(orders.placed_on, orders.placed_at.date())
    until, since = ibis.literal(known.day), ibis.literal(known.day - timedelta(days=MOST_DAYS))
    made = orders.mutate(day=day).filter(
        orders.cancelled_at.isnull(), orders.status.fill_null("") != "cancelled", day < until, day >= since
    )
    told = {name: made[name].fill_null("") for name in ("channel_id", "country")}
    if not known.has("shipments"):
        return made.select("order_id", "day", **told, origin=ibis.literal(""))
    origin = parcels.group_by("order_id").aggregate(origin=parcels.origin.min())
    made = made.select("order_id", "day", **told).left_join(origin, "order_id", rname="parcel_{name}")
    return made.select("order_id", "day", "channel_id", "country", origin=made.origin.fill_null(""))


def _lanes(known: Known) -> dict[Lane, str]:
    """Return the warehouse each channel, country and origin of parcels is served from; empty: not told of any.

    An origin is the warehouse whose name shares a word with it (not the mere code of a country). Orders without a
    parcel are sent by the channel's own warehouse in the country of the buyer, else like others of the same channel
    and country, else like most.
    """
    if not known.has("stock_levels"):
        return {}
    stock, orders = known.facts["stock_levels"], _with_origin(known)
    names = [row["warehouse_id"] for row in known.rows(stock.select("warehouse_id").distinct())]
    rows = known.rows(orders.group_by("channel_id", "country", "origin").aggregate(n=orders.count()))
    rows.sort(key=lambda row: (-row["n"], row["channel_id"], row["country"], row["origin"]))
    found: dict[Lane, str] = {}
    usual: dict[tuple[str, ...], str] = {}
    for row in rows:
        origin, channel = _words(row["origin"]), _words(row["channel_id"].split(":")[0])
        at = _named(names, {word for word in origin if len(word) > 2}) or _named(names, channel, _words(row["country"]))
        if at is not None:
            found[row["channel_id"], row["country"], row["origin"]] = at
            usual.setdefault((row["channel_id"], row["country"]), at)
            if row["origin"]:
                usual.setdefault((), at)
    if not found:
        return {}
    home = usual.get((), next(iter(found.values())))
    for row in rows:
        lane = row["channel_id"], row["country"], row["origin"]
        found.setdefault(lane, usual.get(lane[:2], home))
    return found


def _named(warehouses: Sequence[str], *told: set[str]) -> str | None:
    """Return the one warehouse whose name has a word of each of what is told."""
    fits = [name for name in warehouses if all(_words(name) & words for words in told)]
    return fits[0] if len(fits) == 1 else None


def _words(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]+", text.casefold()))


def _table(found: pa.Table, day: date) -> tuple[list[Key], Numbers, date]:
    """Return keys, units by series and day until ``day``, and the first day."""
    days = found["day"].to_numpy().astype("datetime64[D]")
    (skus, sku), (places, place) = (_coded(found[name]) for name in ("sku", "warehouse"))
    pairs, series = np.unique(sku * len(places) + place, return_inverse=True)
    units = np.zeros((len(pairs), int((np.datetime64(day) - days.min()).astype(int))))
    units[series, (days - days.min()).astype(int)] = found["units"].to_numpy()
    return [(skus[pair // len(places)], places[pair % len(places)]) for pair in pairs], units, days.min().item()


def _coded(column: pa.ChunkedArray) -> tuple[list[str | None], Places]:
    """Return the values of a column in order, and the place of each row's among them."""
    values = sorted(column.unique().to_pylist(), key=lambda value: value or "")
    return values, pc.index_in(column, pa.array(values, column.type)).to_numpy().astype(np.int64)


def _stock(known: Known, *, split: bool) -> Table:
    """Return of each sku and warehouse: the day it was first there, the days it was out; and of those that ever were
    out, the days it was counted."""
    levels = known.facts["stock_levels"].filter(known.facts["stock_levels"].sku.notnull())
    levels = levels.mutate(warehouse=levels.warehouse_id if split else ibis.null("string"))
    levels = levels.group_by("sku", "warehouse", "on_date").aggregate(on_hand=levels.on_hand.sum())
    out = levels.on_hand <= 0
    found = levels.group_by("sku", "warehouse").aggregate(
        there=levels.on_date.min(where=~out), out=levels.on_date.collect(where=out), counted=levels.on_date.collect()
    )
    return found.mutate(counted=ibis.ifelse(found.out.length() > 0, found.counted, ibis.null(found.counted.type())))


def _censored(units: Numbers, keys: Sequence[Key], stock: pa.Table | None, first: date) -> Numbers:
    """Return units with NaN where a day cannot tell."""
    n, days = units.shape
    begun = np.where(units > 0, np.arange(days), days).min(axis=1)
    counts = np.zeros((n, days), np.int8)
    if stock is not None:
        place = {key: number for number, key in enumerate(keys)}
        pairs = zip(stock["sku"].to_pylist(), stock["warehouse"].to_pylist(), strict=True)
        series = np.array([place.get(pair, -1) for pair in pairs], np.int64)
        there = _places(stock["there"], first, days)
        known = (series >= 0) & (there >= 0)
        begun[series[known]] = np.minimum(begun[series[known]], there[known])
        for name, mark in (("counted", THERE), ("out", OUT)):
            lists = stock[name].combine_chunks()
            of = series[pc.list_parent_indices(lists).to_numpy()]
            on = _places(pc.list_flatten(lists), first, days)
            known = (of >= 0) & (on >= 0) & (on < days)
            counts[of[known], on[known]] = mark
    cannot = np.arange(days)[None, :] < begun[:, None]
    some = np.flatnonzero((counts == OUT).any(axis=1))
    cannot[some] |= _out(units[some], counts[some])
    return np.where(cannot, np.nan, units)


def _places(days: pa.Array, first: date, last: int) -> Places:
    """Return how many days after the first each is; -1: not told; days before count as the first."""
    at = days.to_numpy(zero_copy_only=False) if isinstance(days, pa.Array) else days.to_numpy()
    at = at.astype("datetime64[D]")
    after = np.maximum((at - np.datetime64(first)).astype(np.int64), 0)
    return np.where(np.isnat(at), -1, np.minimum(after, last))


def _out(units: Numbers, counts: npt.NDArray[np.int8]) -> npt.NDArray[np.bool_]:
    """Return the days on which there was nothing: after the sale before a count of nought, until the next sale."""
    days = units.shape[1]
    at = np.broadcast_to(np.arange(days), units.shape)
    sold_last, sold_next = _last(units > 0, at), _next(units > 0, at)
    last, next_ = _last(counts > 0, at), _next(counts > 0, at)
    row = np.arange(len(units))[:, None]
    was = (counts[row, np.maximum(last, 0)] == OUT) & (last >= 0) & (sold_last <= last) & (at - last < NEWS_DAYS)
    will = (counts[row, np.minimum(next_, days - 1)] == OUT) & (next_ < days) & (sold_next > next_)
    return np.asarray((was | (will & (next_ - at < NEWS_DAYS))) & (units == 0))


def _last(flags: npt.NDArray[np.bool_], at: Places) -> Places:
    return np.maximum.accumulate(np.where(flags, at, -1), axis=1)


def _next(flags: npt.NDArray[np.bool_], at: Places) -> Places:
    return np.minimum.accumulate(np.where(flags, at, at.shape[1])[:, ::-1], axis=1)[:, ::-1]


def _with_all(keys: Sequence[Key], units: Numbers) -> tuple[list[Key], Numbers]:
    """Return the series with those of all warehouses together, article by article."""
    skus, article = np.unique(np.array([sku for sku, _ in keys], dtype=object), return_inverse=True)
    told = np.isfinite(units)
    usual = np.where(told, units, 0.0).sum(axis=1, keepdims=True) / np.maximum(told.sum(axis=1, keepdims=True), 1)
    total, can, could = (np.zeros((len(skus), units.shape[1])) for _ in range(3))
    np.add.at(total, article, np.where(told, units, 0.0))
    np.add.at(can, article, np.where(told, usual, 0.0))
    np.add.at(could, article, np.broadcast_to(usual, units.shape))
    total = np.where(can > HALF * could, total, np.nan)
    return [*keys, *((sku, None) for sku in skus)], np.concatenate((units, total))
