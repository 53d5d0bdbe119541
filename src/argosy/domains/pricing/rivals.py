"""Rivals that have cut their price for what the seller sells too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import ibis
import numpy as np
import numpy.typing as npt
from ibis.expr.types import Table

from argosy.domains.pricing import settings
from argosy.model.findings import Finding, Range
from argosy.model.money import round_half_up
from argosy.outlook.change import TENTH
from argosy.outlook.known import Known
from argosy.outlook.lines import DAYS, Lines, lines
from argosy.outlook.series import Numbers


@dataclass(frozen=True)
class Cut:
    """What rivals ask for an article: since when less, as a part of what they used to, and in the book currency."""

    sku: str
    since: date
    part: float
    price: float
    rivals: tuple[str, ...]
    markets: tuple[str, ...]


@dataclass(frozen=True)
class Lost:
    """Orders an article lost: how many, their standard error; was, now: orders a day before and since."""

    orders: float
    error: float
    was: float
    now: float


def rival_undercuts(known: Known) -> Iterator[Finding]:
    """Return the articles whose rivals ask much less than they used to while fewer are sold; subject: the article.

    How many sales that cost is told by what is sold beside what all else sold, and by how sales usually follow a
    rival's price, each as sure as it is. Stake: the margin of those orders.
    """
    sold = known.once(lines)
    for cut in _cuts(known):
        own, each = _own_price(sold, cut.sku), sold.each_unit(cut.sku)
        if own is None or each is None or each <= 0 or cut.price >= own:
            continue
        lost = _lost(sold, cut)
        if lost is None:
            continue
        worth = _each_basket(sold, cut.sku)
        if lost.orders * worth < sold.material:
            continue
        error = TENTH * settings.WIDER * lost.error
        stake = [round_half_up(Decimal(max(part * worth, 0.01)), 2)
                 for part in (lost.orders - error, lost.orders, lost.orders + error)]  # fmt: skip
        yield Finding(
            "pricing.rival_undercuts", cut.sku, cut.since, Range(*stake), known.book_currency, 0.9,
            told={
                "article": cut.sku, "rivals": ", ".join(cut.rivals), "markets": ", ".join(cut.markets),
                "since": cut.since, "percent": round(100 * (1 - cut.part)),
                "rival_price": round_half_up(Decimal(cut.price), 2), "own_price": round_half_up(Decimal(own), 2),
                "currency": known.book_currency, "was": round_half_up(Decimal(7 * lost.was), 1),
                "now": round_half_up(Decimal(7 * lost.now), 1), "each": round_half_up(Decimal(each), 2),
                "a_day": round_half_up(Decimal(lost.orders * worth / max((known.day - cut.since).days, 1)), 2),
            },
            evidence=(known.evidence("rival_prices", _asked(known).filter(lambda t, sku=cut.sku: t.sku == sku)),),
        )  # fmt: skip


def _asked(known: Known) -> Table:
    """Return what rivals with stock asked by day: sku, market, competitor, day, price, book (in the book currency)."""
    asked, rates = known.facts["competitor_prices"], known.facts["fx_rates"]
    since = ibis.literal(known.day - timedelta(days=settings.RIVAL_DAYS)).cast("timestamp")
    asked = asked.filter(asked["at"] >= since, asked.in_stock.fill_null(True), asked.price > 0)
    asked = asked.select("sku", "market", "competitor", "currency", "price", day=asked["at"].date())
    asked = asked.left_join(rates.select("day", "currency", "per_unit"), ["day", "currency"], rname="rate_{name}")
    rate = ibis.ifelse(asked.currency == known.book_currency, 1.0, asked.per_unit.cast("float64"))
    price = asked.price.cast("float64")
    asked = asked.mutate(asks=price, book=price * rate)
    return asked.group_by("sku", "market", "competitor", "day").aggregate(price=asked.asks.min(), book=asked.book.min())


def _cuts(known: Known) -> Iterator[Cut]:
    """Yield the articles whose rivals now ask much less than they used to."""
    rows = known.run(_asked(known).order_by("sku", "market", "competitor", "day")).to_pydict()
    keys = np.array(["|".join(parts) for parts in zip(rows["sku"], rows["market"], rows["competitor"], strict=True)])
    price, book, day = (np.array(rows[name]) for name in ("price", "book", "day"))
    part = np.ones(len(price))
    for key in np.unique(keys):
        mine = keys == key
        part[mine] = price[mine] / np.quantile(price[mine], settings.USUAL_QUANTILE)
    skus = np.array(rows["sku"], dtype=str)
    for sku in np.unique(skus):
        mine = skus == sku
        days = np.unique(day[mine])
        level = np.array([float(np.median(part[mine & (day == one)])) for one in days])
        low = level <= 1 - settings.LEAST_CUT
        if not low[-1] or low.all():
            continue
        since = days[np.flatnonzero(~low)[-1] + 1]
        cut = mine & (day >= since) & (part <= 1 - settings.LEAST_CUT)
        last = cut & (day == days[-1])
        if last.any():
            words = [key.split("|") for key in np.unique(keys[cut])]
            yield Cut(str(sku), since, float(np.mean(part[cut])), float(np.nanmin(book[last])),
                      tuple(sorted({one[2] for one in words})), tuple(sorted({one[1] for one in words})))  # fmt: skip


def _own_price(sold: Lines, sku: str) -> float | None:
    """Return what a unit of an article lately brought, without tax and discounts; None: none was sold."""
    mine = (sold.sku == (sold.skus.index(sku) if sku in sold.skus else -1)) & (sold.day >= DAYS - settings.SALES_DAYS)
    return float(sold.sold[mine].sum() / sold.units[mine].sum()) if mine.any() else None


def _each_basket(sold: Lines, sku: str) -> float:
    """Return what an order leaves over that has the article in it at its usual price: its own part, and what else lies
    in such orders."""
    mine = (sold.sku == sold.skus.index(sku)) & sold.costed
    mine &= _price_part(sold, mine) >= settings.NEAR_USUAL
    baskets = max(float(sold.baskets[mine].sum()), 1.0)
    others = 1 - float(sold.orders[mine].sum()) / baskets
    return float(sold.result[mine].sum()) / baskets + others * sold.each_order("")


def _as_usual(sold: Lines, mine: npt.NDArray[np.bool_]) -> Numbers:
    """Return the orders with an article as many as they would have been at its usual price at each place: the seller's
    own promotions, before the cut or since, are not the rival's doing."""
    part = np.clip(_price_part(sold, mine), *settings.PROMOTED)
    return np.asarray(sold.baskets * part ** settings.OWN_ELASTICITY[1])


def _price_part(sold: Lines, mine: npt.NDArray[np.bool_]) -> Numbers:
    """Return the price of an article's sales as a part of the usual one, the median of the place."""
    each = sold.sold / sold.units
    usual = each.copy()
    for place in np.unique(sold.place[mine]):
        here = mine & (sold.place == place)
        usual[here] = np.median(each[here])
    return np.asarray(each / usual)


def _lost(sold: Lines, cut: Cut) -> Lost | None:
    """Return the orders lost since the cut; None where no fewer are sold, or none were before it."""
    mine = sold.sku == sold.skus.index(cut.sku)
    start = (cut.since - sold.first).days
    before = (sold.day < start) & (sold.day >= start - settings.SALES_DAYS)
    after = sold.day >= start
    had, got = (float(sold.baskets[mine & when].sum()) for when in (before, after))
    usual = _as_usual(sold, mine)
    seen = np.log((float(usual[mine & after].sum()) + 0.5) / (float(usual[mine & before].sum()) + 0.5))
    others = [float(sold.baskets[~mine & when].sum()) for when in (before, after)]
    if had <= 0 or others[0] <= 0 or start <= 0:
        return None
    ought = had * others[1] / others[0]
    seen -= np.log(others[1] / others[0]) if others[1] > 0 else 0.0
    if seen > -settings.LEAST_FALL:
        return None
    scatter = 1 / (got + 0.5) + 1 / (had + 0.5) + settings.SALES_WANDER**2
    fall = np.log(cut.part)
    believed, spread = settings.CROSS_ELASTICITY * fall, (settings.CROSS_SPREAD * fall) ** 2
    mean = (seen / scatter + believed / spread) / (1 / scatter + 1 / spread)
    error = (1 / (1 / scatter + 1 / spread)) ** 0.5
    base = max((min(start, settings.SALES_DAYS)), 1)
    # What would have been sold, told by both what was and what was believed to be: sales without the cut.
    without = got * np.exp(-mean) if got >= 5 else ought
    return Lost(float(without * (1 - np.exp(mean))), float(without * np.exp(mean) * error), had / base,
                got / max(DAYS - start, 1))  # fmt: skip
