"""What one unit of each article has lately left over: its price less goods, fees, freight, duty and what is given back.

Method. Entries of orders placed ``WINDOW_DAYS`` to ``SETTLE_DAYS`` before the day, old enough that carriers and
channels have billed most of them; entries that name no article (a parcel, a payment fee, a refund) are shared among
the articles of their order by what these were sold for. Where few units were sold, price and costs are drawn
towards those of the wider group: the article everywhere, its market.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import ibis
import numpy as np
import numpy.typing as npt
from ibis.expr.types import Table, Value

from argosy.books.profit import under
from argosy.outlook.known import Known

WINDOW_DAYS, SETTLE_DAYS = 104, 14  # a quarter of settled sales; assumed
PSEUDO_UNITS = 10  # units of the wider group that are mixed in; assumed
SALES, GOODS, OTHER = "sales", "goods", "other"
# What each account head belongs to; advertising, storage, write-offs and exchange are not earned or lost by the unit.
PARTS: Mapping[str, tuple[str, ...]] = {
    SALES: ("income:", "contra:"),
    GOODS: ("cost:goods", "cost:inbound"),
    OTHER: ("cost:freight", "cost:packaging", "cost:duty", "cost:import_tax_unrecovered", "fee:channel",
            "fee:fulfilment", "fee:payment", "fee:other", "loss:chargeback"),
}  # fmt: skip

Numbers = npt.NDArray[np.float64]
Place = tuple[str, str | None]  # SKU and market


@dataclass(frozen=True)
class Margin:
    """What a unit earns, in the book currency; estimates, so in floating point.

    price: what is left of it after discounts and refunds, with the shipping buyers pay. goods: purchase and inbound.
    other: fees, freight, duty, payment. units: sold, that it rests on.
    """

    price: float
    goods: float
    other: float
    units: float

    @property
    def each(self) -> float:
        """What is left over of a unit (contribution margin 2)."""
        return self.price - self.goods - self.other

    def at(self, factor: float) -> float:
        """Return what is left over of a unit sold at so many times the price; costs that go with the price follow it
        for no part, which is on the safe side for a lower price."""
        return self.each + self.price * (factor - 1)


@dataclass(frozen=True)
class Margins:
    """Margins by article, and by article and market; articles whose goods have no cost are in neither."""

    of: Mapping[str, Margin]
    there: Mapping[Place, Margin]

    def get(self, sku: str, market: str | None = None) -> Margin | None:
        """Return an article's margin in a market, else everywhere; None: it was not sold, or has no cost."""
        return self.there.get((sku, market)) or self.of.get(sku)


def margins(known: Known) -> Margins:
    """Return what articles lately left over per unit; use it as ``known.once(margins)``."""
    found = known.run(sold_by_article(known)).to_pydict()
    sold = _Sold(
        *(np.array(found[name], object) for name in ("sku", "market")),
        *(np.array(found[name], float) for name in ("units", SALES, GOODS, OTHER, "costed")),
    )
    if sold.sales.sum() <= 0 or sold.costed.sum() <= 0:
        return Margins({}, {})
    return _margins(sold)


@dataclass(frozen=True)
class _Sold:
    """The rows of ``sold_by_article``, column by column."""

    sku: npt.NDArray[np.object_]
    market: npt.NDArray[np.object_]
    units: Numbers
    sales: Numbers
    goods: Numbers
    other: Numbers
    costed: Numbers


def _margins(sold: _Sold) -> Margins:
    article, names = _places(sold.sku)
    market, _ = _places(sold.market)
    units, sales, goods, other, costed = (
        _sums(article, part) for part in (sold.units, sold.sales, sold.goods, sold.other, sold.costed)
    )
    price = sales / np.maximum(units, 1e-9)
    each = np.where(costed > 0, goods / np.maximum(costed, 1e-9), np.nan)
    rate = _drawn(other, sales, sold.other.sum() / sold.sales.sum(), PSEUDO_UNITS * price)
    of = {
        str(names[i]): Margin(float(price[i]), float(each[i]), float(rate[i] * price[i]), float(units[i]))
        for i in np.flatnonzero((units > 0) & np.isfinite(each))
    }
    # In a market: as everywhere, as much dearer and costlier as all articles are there.
    dear = _ratio(_sums(market, sold.sales), _sums(market, sold.units * price[article]))[market]
    costly = _ratio(_sums(market, sold.other), _sums(market, sold.sales * rate[article]))[market]
    local = _drawn(sold.sales, sold.units, price[article] * dear, np.full(len(article), float(PSEUDO_UNITS)))
    share = _drawn(sold.other, sold.sales, np.clip(rate[article] * costly, 0, 2), PSEUDO_UNITS * local)
    there = {
        (str(sold.sku[i]), sold.market[i]): Margin(
            float(local[i]), float(each[article[i]]), float(share[i] * local[i]), float(sold.units[i])
        )
        for i in np.flatnonzero(np.isfinite(each[article]) & (sold.units > 0))
    }
    return Margins(of, there)


def _sums(place: npt.NDArray[np.int64], values: Numbers) -> Numbers:
    return np.bincount(place, values).astype(np.float64)


def _places(words: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.object_]]:
    names, place = np.unique(np.array(["" if word is None else word for word in words]), return_inverse=True)
    return place.astype(np.int64), names.astype(object)


def _ratio(top: Numbers, bottom: Numbers) -> Numbers:
    return np.where(bottom > 0, top / np.where(bottom > 0, bottom, 1), 1.0)


def _drawn(top: Numbers, bottom: Numbers, towards: Numbers | float, weight: Numbers) -> Numbers:
    """Return ratios, drawn towards others that count for so much of the bottom."""
    whole = np.maximum(bottom, 0) + np.maximum(weight, 1e-9)
    return np.asarray((top + np.maximum(weight, 1e-9) * towards) / whole)


def month_of_sales(known: Known) -> float:
    """Return what was sold in the last four weeks, in the book currency: what money is large or small beside."""
    sales = known.entries.filter(known.entries.account == "income:sales")
    sales = sales.filter(sales.posted_at >= _start(known.day - timedelta(days=28)))
    return float(known.rows(sales.aggregate(sold=-sales.book_amount.sum()))[0]["sold"] or 0)


def sold_by_article(known: Known) -> Table:
    """Return what was sold of each article in each market: sku, market, units, sales, goods, other, costed (units whose
    goods have a cost); amounts in the book currency, float64."""
    orders = known.facts["orders"]
    first, last = (known.day - timedelta(days=days) for days in (WINDOW_DAYS, SETTLE_DAYS))
    orders = orders.filter(orders.placed_at >= _start(first), orders.placed_at < _start(last))
    orders = orders.filter(orders.cancelled_at.isnull()).select("order_id", market=orders.country)
    units = _units(known.facts["order_lines"].semi_join(orders, "order_id"))
    amounts = _amounts(known.entries.semi_join(orders, "order_id"))
    whole = amounts.filter(amounts.sku.isnull()).drop("sku").rename(dict(zip(REST, PARTS, strict=True)))
    lines = units.left_join(amounts.filter(amounts.sku.notnull()), ["order_id", "sku"], rname="booked_{name}")
    lines = lines.mutate(**{part: lines[part].fill_null(0.0) for part in PARTS}).inner_join(
        orders, "order_id", rname="order_{name}"
    )
    totals = lines.group_by("order_id").aggregate(total=lines.sales.sum())
    lines = lines.inner_join(totals, "order_id", rname="total_{name}").left_join(whole, "order_id", rname="rest_{name}")
    share = ibis.ifelse(lines.total > 0, lines.sales / lines.total, 0.0)
    full = {part: lines[part] + (share * lines[rest]).fill_null(0.0) for part, rest in zip(PARTS, REST, strict=True)}
    lines = lines.select("sku", "market", "units", costed=ibis.ifelse(lines.goods > 0, lines.units, 0), **full)
    return lines.group_by("sku", "market").aggregate(
        **{name: lines[name].sum().cast("float64") for name in ("units", *PARTS, "costed")}
    )


REST = tuple(f"whole_{part}" for part in PARTS)


def _units(lines: Table) -> Table:
    goods = lines.filter(lines.sku.notnull(), (lines.kind == "goods").fill_null(True), lines.quantity > 0)
    return goods.group_by("order_id", "sku").aggregate(units=goods.quantity.sum().cast("int64"))


def _amounts(entries: Table) -> Table:
    """Return what each order brought and cost by article, NULL where no article is named: sales, goods, other."""
    kept = entries.filter(
        entries.order_id.notnull(), under(entries.account, [h for heads in PARTS.values() for h in heads])
    )
    return kept.group_by("order_id", "sku").aggregate(
        **{
            part: ((-1 if part == SALES else 1) * kept.book_amount.sum(where=under(kept.account, heads)))
            .cast("float64")
            .fill_null(0.0)
            for part, heads in PARTS.items()
        }
    )


def _start(day: object) -> Value:
    return ibis.literal(day).cast("timestamp")
