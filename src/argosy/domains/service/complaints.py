"""Articles buyers complain of more than they used to: few stars, words of damage, money given back in part or whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import ibis
import numpy as np
from ibis.expr.types import Table

from argosy.domains.service import settings
from argosy.domains.service.stakes import around, cents
from argosy.model.findings import Finding
from argosy.outlook.aftermath import FULL, followed, given_back, told_back
from argosy.outlook.change import changes
from argosy.outlook.known import Known
from argosy.outlook.orders import bought
from argosy.outlook.rare import surely_more
from argosy.outlook.series import Numbers, Series, since_first


def complaint_cluster(known: Known) -> Iterator[Finding]:
    """Return the articles of which more orders brought complaints than used to.

    Subject: the article. An order complained of has few stars, words of damage from its buyer, or a part of its money
    given back; orders that came late are left out, for they complain of the parcel. Stake: what was given back beyond
    the usual.
    """
    orders, back = _in_time(known), known.once(told_back)
    broken = since_first(followed(known, orders, _complaints(known, back)))
    parts = followed(known, orders, back.filter(back.part < FULL).select("order_id", "on", "worth"))
    whole = followed(known, orders, back.filter(back.part >= FULL).select("order_id", "on", "worth"))
    told = _risen(broken)
    # A bad lot shows in what comes back too, most of all where buyers say nothing else.
    for sku, one in _risen(since_first(_sum(broken, whole))).items():
        if sku not in told or one.sure > told[sku].sure:
            told[sku] = one
    for sku, one in told.items():
        since, until = one.since, one.until
        days = slice((since - parts.first).days, (until - parts.first).days + 1)
        amount, error, beyond = _beyond(parts, sku, days)
        more, wide, whole_beyond = _beyond(whole, sku, days)
        if more > settings.PLAINLY * wide:  # what comes back whole is mostly not wanted, whatever is broken
            amount, error, beyond = amount + more, float(np.hypot(error, wide)), beyond + whole_beyond
        if amount <= 0:
            continue
        yield Finding(
            "service.complaint_cluster", sku, since, around(amount, error), known.book_currency, one.sure,
            told={
                "sku": sku, "complaints": one.many, "usual": one.usual, "orders": one.orders, "until": until,
                "lasts": "yes" if (known.day - until).days <= settings.LASTS_DAYS else "no", "since": since,
                "refunds": round(beyond), "a_day": cents(amount / ((until - since).days + 1)),
            },
            evidence=(known.evidence("complaints_of_article", _evidence(known, sku, since)),),
            missing=tuple(name for name in ("reviews", "messages") if not known.has(name)),
        )  # fmt: skip


@dataclass(frozen=True)
class Risen:
    """Days in which more orders of an article were complained of than usual."""

    since: date
    until: date
    sure: float
    many: int
    usual: int
    orders: int


def _risen(of: Series) -> dict[str, Risen]:
    found = changes(of["counted"], of["usual"], sense=1, within=settings.WITHIN_DAYS, least=settings.LEAST_DAYS)
    sure = surely_more(of["counted"], of["usual"], found, tries=settings.TRIES_ARTICLES)
    told = {}
    for n in np.flatnonzero((sure >= settings.SURE_OF_CLUSTER) & (found.share >= settings.LEAST_WORSE)):
        days = slice(int(found.start[n]), int(found.end[n]))
        if of.days - days.stop > settings.TOLD_DAYS:
            continue
        many = int(of["counted"][days, n].sum())
        told[of.subjects[n]] = Risen(
            of.day(days.start), of.day(days.stop - 1), float(sure[n]), many, max(many - round(found.mid[n]), 0),
            int(of["n"][days, n].sum()),
        )  # fmt: skip
    return told


def _sum(one: Series, other: Series) -> Series:
    """Return what two series of the same articles count together, from the first day of the first."""
    skip = (one.first - other.first).days
    places = [other.subjects.index(name) for name in one.subjects]
    values = {name: one[name] + other[name][skip:][:, places] for name in ("counted", "usual")}
    return Series(one.first, one.subjects, values | {"n": one["n"]})


def _in_time(known: Known) -> Table:
    """Return order_id, channel_id, day, subject (article) of orders that did not come late."""
    late = known.promises.filter(known.promises.kind == "deliver_by", known.promises.state == "broken")
    orders = bought(known).select("order_id", "channel_id", "day").anti_join(
        late.select(order_id="subject"), "order_id"
    )  # fmt: skip
    lines = known.facts["order_lines"].filter(lambda t: (t.kind == "goods") & t.sku.notnull())
    return orders.inner_join(lines.select("order_id", subject="sku").distinct(), "order_id")


def _complaints(known: Known, back: Table) -> Table:
    """Return order_id, on, worth: the orders complained of, a row each; back: what was given back."""
    reviews, messages = known.facts["reviews"], known.facts["messages"]
    parts = [back.filter(back.part < FULL).select("order_id", "on")]
    few = reviews.filter(reviews.stars <= settings.FEW_STARS, reviews.order_id.notnull())
    parts.append(few.select("order_id", on=few.written_at.date()))
    said = messages.filter(messages.direction == "in", messages.order_id.notnull())
    said = said.filter(said.text.lower().re_search("|".join(settings.BROKEN)))
    parts.append(said.select("order_id", on=said.sent_at.date()))
    every = ibis.union(*parts)
    return every.group_by("order_id").aggregate(on=every.on.min(), worth=ibis.literal(0.0))


def _beyond(of: Series, sku: str, days: slice) -> tuple[float, float, float]:
    """Return what was given back on an article's orders of some days beyond the usual, its standard error, and how
    many times."""
    if sku not in of.subjects:
        return 0.0, 0.0, 0.0
    n = of.subjects.index(sku)
    each = _mean(of["worth"][:, n], of["counted"][:, n], of)
    expected = of["usual"][days, n].sum()
    many = of["counted"][days, n].sum() - expected
    return float(many * each), float(np.sqrt(expected + settings.EACH_ERROR**2 * many**2) * each), float(many)


def _mean(worth: Numbers, counted: Numbers, of: Series) -> float:
    """Return what one was worth, drawn towards what those of all articles are by a few of them."""
    everywhere = of["worth"].sum() / max(of["counted"].sum(), 1)
    few = settings.FEW_TO_KNOW
    return float((worth.sum() + few * everywhere) / (counted.sum() + few))


def _evidence(known: Known, sku: str, since: object) -> Table:
    orders = _in_time(known).filter(lambda t: (t.subject == sku) & (t.day >= since))
    return (
        orders.inner_join(_complaints(known, given_back(known)), "order_id")
        .select("order_id", "day", "on")
        .order_by("day")
    )
