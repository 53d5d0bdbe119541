"""What is wanted more, or less, than it used to be: articles by their sales and searches, markets by their sales.

Sales of an article are held against those of all others on the same days, put right for its own price by how buyers
answer to it; sales of a market against those of all others. So festivals everywhere and promotions are no news.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
from ibis.expr.types import Table
from scipy.special import ndtri

from argosy.domains.stock import settings
from argosy.outlook.change import changes
from argosy.outlook.known import Known
from argosy.outlook.prices import answers, history_days, price_factor, sold
from argosy.outlook.rare import at_least
from argosy.outlook.series import Numbers, Series, series


@dataclass(frozen=True)
class Rise:
    """Sales of an article or a market that have risen: first day and day after the last, more: units beyond the usual
    in all, and their standard error; share: by which part; searches: by which part these rose, 0: not told."""

    subject: str
    since: date
    until: date
    more: float
    error: float
    share: float
    confidence: float
    searches: float = 0.0


def articles_risen(known: Known) -> list[Rise]:
    """Return the articles that sell more than they used to, against all others and for their price; where searches for
    them have risen, less is enough."""
    told = known.once(sold)
    if told.days < settings.WITHIN_DAYS // 2 or not told.subjects:
        return []
    lines, exposure = told["lines"], _exposure(known, told)
    each = told["units"].sum(axis=0) / np.maximum(lines.sum(axis=0), 1)
    rises = {
        rise.subject: rise for rise in _clear(told, lines, exposure, each, least=settings.RISEN, z=settings.RISEN_Z)
    }
    for sku, start, end, share in _searched(known, told):
        place = told.subjects.index(sku)
        seen = _in(lines[:, place], exposure[:, place], start, end)
        if seen.z > settings.SEARCH_Z:
            more, error = seen.more * each[place], seen.error * each[place]
            rises[sku] = Rise(sku, told.day(start), told.day(end), more, error, seen.share, settings.SURE, share)
    return list(rises.values())


def markets_risen(known: Known) -> list[Rise]:
    """Return the markets that buy more than they used to, against all others."""
    told = series(known, _by_market(known), days=known.once(history_days), names=("units", "orders"))
    if len(told.subjects) < 2:
        return []
    orders = told["orders"]
    each = told["units"].sum(axis=0) / np.maximum(orders.sum(axis=0), 1)
    return _clear(told, orders, _others(orders), each, least=settings.MARKET_RISEN, z=settings.MARKET_Z)


def articles_fallen(known: Known) -> dict[str, tuple[date, float]]:
    """Return the articles that sell less than they used to until now: since when, and units a day since."""
    told = known.once(sold)
    if told.days < settings.WITHIN_DAYS // 2 or not told.subjects:
        return {}
    units = told["units"]
    found = changes(
        told["lines"], _exposure(known, told), sense=-1, within=settings.FALLEN_WITHIN, least=settings.FALLEN_DAYS
    )
    clear = (found.confidence > settings.SURE) & (found.share < -settings.FALLEN) & (found.end >= told.days - 3)
    return {
        told.subjects[n]: (told.day(found.start[n]), float(units[int(found.start[n]) :, n].mean()))
        for n in np.flatnonzero(clear)
    }


def _clear(told: Series, counted: Numbers, exposure: Numbers, each: Numbers, *, least: float, z: float) -> list[Rise]:
    """Return the rises that are no chance, by what few cases can do too, and more than mere recovery."""
    found = changes(counted, exposure, sense=1, within=settings.WITHIN_DAYS, least=settings.RISE_DAYS)
    lately = found.end >= told.days - settings.OVER_DAYS
    rises = []
    for n in np.flatnonzero((found.confidence > settings.SURE) & (found.share > least) & lately):
        seen = _in(counted[:, n], exposure[:, n], int(found.start[n]), int(found.end[n]))
        if seen.z > z and seen.best * (1 + least / 2) < float(found.after[n]):
            rises.append(
                Rise(
                    told.subjects[n], told.day(found.start[n]), told.day(found.end[n]), float(found.mid[n] * each[n]),
                    float(found.error[n] * each[n]), float(found.share[n]), float(found.confidence[n]),
                )
            )  # fmt: skip
    return rises


def _others(units: Numbers) -> Numbers:
    return np.asarray(units.sum(axis=1, keepdims=True) - units + 1e-3)


def _exposure(known: Known, told: Series) -> Numbers:
    """Return what an article's sales are held against: those of all others, times what its price makes of them."""
    elasticity = np.array([known.once(answers)[name].elasticity for name in told.subjects])
    return np.asarray(_others(told["units"]) * price_factor(told) ** -elasticity)


@dataclass(frozen=True)
class _Seen:
    """Cases beyond the usual in a stretch of days, their standard error, the same as a part of the usual; z: standard
    errors a normal of the same chance would lie off; best: what one of exposure counted in good weeks before."""

    more: float
    error: float
    share: float
    z: float
    best: float


def _in(counted: Numbers, exposure: Numbers, start: int, end: int) -> _Seen:
    """Return what was seen from a day to a day against the days before; chance: counts of a rate that is itself only
    known by counts (negative binomial)."""
    cases, base, days = counted[:start].sum() + 0.5, max(exposure[:start].sum(), 1e-9), exposure[start:end].sum()
    ought, got = cases / base * days, counted[start:end].sum()
    chance = at_least(got, cases, base / (base + days)) if got > ought else 1.0
    weeks = start // 7
    in_weeks = [part[start - 7 * weeks : start].reshape(weeks, 7).sum(axis=1) for part in (counted, exposure)]
    best = np.quantile(in_weeks[0] / np.maximum(in_weeks[1], 1e-9), settings.GOOD_WEEKS) if weeks else 0.0
    error = np.sqrt(ought * (1 + days / base) + 1)
    return _Seen(float(got - ought), float(error), float(got / ought - 1), float(-ndtri(chance)), float(best))


def _searched(known: Known, told: Series) -> list[tuple[str, int, int, float]]:
    """Return the articles whose words are searched for more than they used to be: first day, day after the last, by
    which part. An article has the words its title begins with."""
    if not known.has("search_days", "products"):
        return []
    days = known.facts["search_days"]
    sums = days.group_by(subject=days.keyword, day=days.day).aggregate(searches=days.searches.sum())
    words = series(known, sums, days=told.days, names=("searches",))
    if len(words.subjects) < 2:
        return []
    searches = words["searches"]
    usual = np.maximum(searches.mean(axis=0), 1e-9)
    others = _others(np.minimum(searches / usual, 3.0))
    noise = np.var(searches / others, axis=0) * np.median(others, axis=0)
    found = changes(searches, others, sense=1, within=settings.WITHIN_DAYS, least=settings.RISE_DAYS, unit=noise)
    clear = (found.confidence > settings.SURE) & (found.share > settings.SEARCHED)
    risen = {words.subjects[n]: n for n in np.flatnonzero(clear & (found.end >= told.days - settings.OVER_DAYS))}
    titles = known.rows(known.facts["products"].select("sku", "title"))
    return [
        (row["sku"], int(found.start[n]), int(found.end[n]), float(found.share[n]))
        for row in titles
        if row["sku"] in told.subjects
        for word, n in risen.items()
        if (row["title"] or "").casefold().startswith(word.casefold())
    ]


def _by_market(known: Known) -> Table:
    orders, lines = known.facts["orders"], known.facts["order_lines"]
    orders = orders.filter(orders.cancelled_at.isnull(), orders.country.notnull())
    orders = orders.select("order_id", subject=orders.country, day=orders.placed_at.date())
    lines = lines.filter((lines.kind == "goods").fill_null(True), lines.quantity > 0)
    each = lines.select("order_id", "quantity").inner_join(orders, "order_id")
    return each.group_by("subject", "day").aggregate(units=each.quantity.sum(), orders=each.order_id.nunique())
