"""What articles sold for and what it cost, by day and place, with costs that are not billed yet put in as usual.

Method. Money that names an order and no article is shared among the order's articles: a parcel by their units, for a
low price makes it no lighter, all else by what they were sold for. Goods and what is charged and carried come weeks
after the sale: for young sales the usual cost of the article and of the place stand in. Refunds, disputes and
advertising are left out: this is what selling earns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import ibis
import numpy as np
import numpy.typing as npt
from ibis.expr.types import Table

from argosy.books.profit import under
from argosy.outlook.known import Known
from argosy.outlook.series import Numbers

DAYS = 190  # looked back on; assumed
BILLED_DAYS = 28  # after so many days statements and carriers' bills are there; assumed, two settlements
SOLD, GOODS, CARRIED, CHARGED = "sold", "goods", "carried", "charged"
PARTS: Mapping[str, tuple[str, ...]] = {
    SOLD: ("income:", "contra:discount"),
    GOODS: ("cost:goods", "cost:inbound"),
    # What comes with the parcel, whatever is in it is sold for; the rest goes with the price.
    CARRIED: ("cost:freight", "cost:packaging", "cost:duty", "cost:import_tax_unrecovered", "fee:fulfilment",
              "fee:other"),
    CHARGED: ("fee:channel", "fee:payment"),
}  # fmt: skip
RETURN = "return:"  # how transactions of goods that came back begin
MATERIAL = 0.0005  # part of a month's sales: assumed, some 80 euro for a seller of 2 million a year
WHOLE = 0.6  # part of the usual cost from which on it is taken to be all; assumed
LEAST = 1e-9


@dataclass(frozen=True)
class Lines:
    """What was sold, a row per article, place and day; money in the book currency, estimates in floating point.

    first: day 0. skus, places (channel and country, ``amazon:main/US``): the words behind ``sku`` and ``place``. day:
    number of the day. units; baskets: orders it was in; orders: an order of two articles is half an order of each.
    sold: with shipping, less discounts, without tax. cost: goods, carriage, fees. costed: whether the goods have a cost
    at all.
    """

    first: date
    skus: tuple[str, ...]
    places: tuple[str, ...]
    sku: npt.NDArray[np.int64]
    place: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]
    units: Numbers
    baskets: Numbers
    orders: Numbers
    sold: Numbers
    cost: Numbers
    costed: npt.NDArray[np.bool_]

    @property
    def result(self) -> Numbers:
        """What selling earned."""
        return np.asarray(self.sold - self.cost)

    @property
    def material(self) -> float:
        """Money below which nothing is worth a seller's attention: such a part of what a month's sales came to."""
        return float(MATERIAL * self.sold[self.day >= DAYS - 30].sum())

    def each_order(self, place: str) -> float:
        """Return what an order leaves over on average at places whose name ends so: ``/DE``, ``amazon:main/DE``; of
        none, everywhere."""
        fits = np.array([name.endswith(place) for name in self.places], bool)
        mine = self.costed & fits[self.place] if len(fits) else self.costed
        mine = mine if self.orders[mine].sum() >= 5 else self.costed
        return float(self.result[mine].sum() / max(self.orders[mine].sum(), LEAST))

    def each_unit(self, sku: str) -> float | None:
        """Return what a unit of an article leaves over on average; None: it was not sold, or has no cost."""
        mine = self.costed & (self.sku == (self.skus.index(sku) if sku in self.skus else -1))
        return float(self.result[mine].sum() / self.units[mine].sum()) if mine.any() else None


def lines(known: Known) -> Lines:
    """Return what was sold in the last ``DAYS`` days; use it as ``known.once(lines)``."""
    rows = known.run(_cells(known))
    skus, sku = np.unique(np.array(rows["sku"].to_pylist(), dtype=str), return_inverse=True)
    places, place = np.unique(np.array(rows["place"].to_pylist(), dtype=str), return_inverse=True)
    first = known.day - timedelta(days=DAYS)
    when = rows["day"].to_numpy(zero_copy_only=False).astype("datetime64[D]")
    day = (when - np.datetime64(first)).astype(np.int64)
    units, baskets, orders, sold, goods, carried, charged = (
        rows[name].to_numpy(zero_copy_only=False).astype(np.float64) for name in ("units", "baskets", "orders", *PARTS)
    )
    old = day < DAYS - BILLED_DAYS
    each = _per(sku, goods * (goods > 0), units * (goods > 0))
    cost = np.maximum(goods, np.nan_to_num(each[sku]) * units)
    usual = _carriage(sku, place, carried * old, units * old)
    fee = np.nan_to_num(_per(place, charged * old, sold * old))
    cost += _billed(carried, usual * units, old=old) + _billed(charged, fee[place] * sold, old=old)
    costed = np.isfinite(each)[sku] if len(sku) else np.zeros(0, bool)
    return Lines(
        first, tuple(skus.tolist()), tuple(places.tolist()), sku, place, day, units, baskets, orders, sold, cost, costed
    )


def _billed(told: Numbers, usual: Numbers, *, old: npt.NDArray[np.bool_]) -> Numbers:
    """Return costs as told where they are old, or as good as whole, and else as usual."""
    return np.asarray(np.where(old | (told >= WHOLE * usual), told, usual))


def _per(group: npt.NDArray[np.int64], top: Numbers, bottom: Numbers) -> Numbers:
    """Return the ratio of sums by group, not a number where there is nothing below."""
    many = int(group.max(initial=-1)) + 1
    whole = np.bincount(group, bottom, many)
    return np.asarray(np.where(whole > 0, np.bincount(group, top, many) / np.where(whole > 0, whole, 1), np.nan))


def _carriage(sku: npt.NDArray[np.int64], place: npt.NDArray[np.int64], carried: Numbers, units: Numbers) -> Numbers:
    """Return what carrying a unit of each row usually costs: dear places times heavy articles."""
    there = np.nan_to_num(_per(place, carried, units))[place]
    heavy = _per(sku, carried, there * units)[sku]
    return np.asarray(there * np.where(np.isfinite(heavy), heavy, 1))


def _cells(known: Known) -> Table:
    """Return sku, place, day, units, baskets, orders and ``PARTS`` of what was sold and not called off, float64."""
    orders = known.facts["orders"]
    since = ibis.literal(known.day - timedelta(days=DAYS)).cast("timestamp")
    orders = orders.filter(orders.placed_at >= since, orders.cancelled_at.isnull())
    orders = orders.filter((orders.status != "cancelled").fill_null(True)).select(
        "order_id", day=orders.placed_at.date(), place=orders.channel_id.concat("/", orders.country.fill_null("?"))
    )
    amounts = _amounts(known.entries)
    named = amounts.filter(amounts.sku.notnull())
    whole = amounts.filter(amounts.sku.isnull()).drop("sku").rename({f"whole_{part}": part for part in PARTS})
    sold = _units(known.facts["order_lines"]).inner_join(orders, "order_id")
    sold = sold.left_join(named, ["order_id", "sku"], rname="named_{name}")
    totals = sold.group_by("order_id").aggregate(total=sold[SOLD].sum(), many=sold.count(), pieces=sold.units.sum())
    sold = sold.inner_join(totals, "order_id").left_join(whole, "order_id", rname="whole_order_{name}")
    by_price = ibis.ifelse(sold.total > 0, sold[SOLD].fill_null(0.0) / sold.total, 1.0 / sold.many)
    share = dict.fromkeys(PARTS, by_price) | {CARRIED: sold.units / sold.pieces}
    sold = sold.mutate(
        part=1.0 / sold.many,
        **{
            f"full_{part}": sold[part].fill_null(0.0) + share[part] * sold[f"whole_{part}"].fill_null(0.0)
            for part in PARTS
        },
    ).filter(lambda t: t.full_sold > 0)
    return sold.group_by("sku", "place", "day").aggregate(
        units=sold.units.sum().cast("float64"), baskets=sold.count().cast("float64"), orders=sold.part.sum(),
        **{part: sold[f"full_{part}"].sum() for part in PARTS},
    )  # fmt: skip


def _units(rows: Table) -> Table:
    goods = rows.filter(rows.sku.notnull(), (rows.kind == "goods").fill_null(True), rows.quantity > 0)
    return goods.group_by("order_id", "sku").aggregate(units=goods.quantity.sum())


def _amounts(entries: Table) -> Table:
    """Return by order and article what ``PARTS`` come to, income and cost above zero."""
    kept = entries.filter(entries.order_id.notnull(), ~entries.transaction_id.startswith(RETURN))
    kept = kept.filter(under(kept.account, [head for heads in PARTS.values() for head in heads]))
    sums = {
        part: (-1 if part == SOLD else 1)
        * kept.book_amount.sum(where=under(kept.account, heads)).cast("float64").fill_null(0.0)
        for part, heads in PARTS.items()
    }
    return kept.group_by("order_id", "sku").aggregate(**sums)
