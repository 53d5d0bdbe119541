"""Places that sell nothing though they should: a site as a whole, or a family of articles on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import ibis
import numpy as np
from ibis.expr.types import Table

from argosy.domains.compliance import settings
from argosy.model.findings import Finding, Range
from argosy.outlook.change import TENTH
from argosy.outlook.known import Known
from argosy.outlook.orders import SEVERAL, bought, families_of, left_over
from argosy.outlook.series import Numbers, Series, series, since_first

LEAST = 1e-9


@dataclass(frozen=True)
class Silence:
    """Days in a row, from number ``start`` to before ``end``, on which a subject sold nothing and should have sold
    ``expected`` orders; error: its standard error; surely: how improbable chance is, natural logarithm, tries paid."""

    start: int
    end: int
    expected: float
    error: float
    surely: float


def place_gone_quiet(known: Known) -> Iterator[Finding]:
    """Return the places, and families of articles on places, of which nothing was sold since some day.

    Subject: the place, ``amazon:main/DE``, or with the family after it, ``amazon:main/DE/toys``. What is usual is the
    subject's part of all orders in the weeks before. A family is not told where its whole place is silent.
    """
    places = since_first(series(known, _by_place(known), days=settings.HISTORY_DAYS, names=("n",)))
    silent = _silences(places["n"], places["n"].sum(axis=1))
    for place, silence in zip(places.subjects, silent, strict=True):
        if silence is not None:
            yield _finding(known, place, "", places, silence, 0.0)
    if known.has("products", "order_lines"):
        closed = {place: one for place, one in zip(places.subjects, silent, strict=True) if one is not None}
        yield from _families(known, places, closed)


def _families(known: Known, places: Series, closed: dict[str, Silence]) -> Iterator[Finding]:
    families = series(known, _by_family(known), days=places.days, names=("n", "mixed"))
    for column, silence in enumerate(_silences(families["n"], places["n"].sum(axis=1))):
        place, _, family = families.subjects[column].rpartition("/")
        if silence is None or _overlap(silence, closed.get(place)):
            continue
        # Of orders with several families about half set out for this one.
        mixed = families["mixed"][:, column]
        usual = mixed[: silence.start].sum() / max(families["n"][: silence.start, column].sum(), LEAST)
        missing = max(silence.expected * usual - mixed[silence.start : silence.end].sum(), 0.0)
        yield _finding(known, place, family, families, silence, missing)


def _by_place(known: Known) -> Table:
    orders = bought(known)
    return orders.group_by("day", subject=orders.place).aggregate(n=orders.count())


def _by_family(known: Known) -> Table:
    """Return orders of one family by place and family, and those in which the family is one of several."""
    sold = families_of(known).inner_join(bought(known).select("order_id", "place", "day"), "order_id")
    alone = (sold.families == 1).cast("int64")
    return sold.group_by("day", subject=sold.place.concat("/", sold.category)).aggregate(
        n=alone.sum(), mixed=(1 - alone).sum()
    )


def _silences(sold: Numbers, everything: Numbers) -> list[Silence | None]:
    """Return of each subject the most improbable days in a row without any order that reach into the last weeks."""
    days, subjects = sold.shape
    told: list[Silence | None] = []
    for column in range(subjects):
        mine, found = sold[:, column], None
        for start, end in _runs(mine == 0):
            if end > days - settings.TOLD_DAYS and start >= settings.LEAST_USUAL_DAYS:
                one = _silence(mine, everything - mine, start, end, subjects)
                found = one if found is None or one.surely > found.surely else found
        told.append(found if found is not None and found.surely >= settings.SURE else None)
    return told


def _runs(flags: Numbers) -> list[tuple[int, int]]:
    """Return first place and the one after the last of each run of set flags, runs of two or more."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int64), [0]))))
    return [(int(a), int(b)) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a >= 2]


def _silence(mine: Numbers, others: Numbers, start: int, end: int, subjects: int) -> Silence:
    # The last weeks before tell best what should have been sold, where enough was sold in them.
    lately = mine[max(start - settings.LATE_DAYS, 0) : start].sum() >= settings.LATE_ORDERS
    base = slice(max(start - (settings.LATE_DAYS if lately else settings.USUAL_DAYS), 0), start)
    usual, of = mine[base], others[base]
    level = usual.sum() / max(of.sum(), LEAST)
    expected = level * others[start:end].sum()
    # More than chance alone: what days vary beyond it makes silence less surprising; so does a usual level that is
    # hardly known (gamma prior of Jeffreys, negative binomial of the days ahead).
    over = max(float(((usual - level * of) ** 2).sum() / max((level * of).sum(), LEAST)), 1.0)
    unlikely = (usual.sum() + 0.5) * np.log1p(others[start:end].sum() / max(of.sum(), LEAST))
    tries = np.log(subjects * settings.TOLD_DAYS)
    spread = over * expected * (1 + expected / max(usual.sum(), LEAST))
    return Silence(start, end, float(expected), float(np.sqrt(spread)), float(unlikely / over - tries))


def _overlap(one: Silence, other: Silence | None) -> bool:
    return other is not None and one.start < other.end and other.start < one.end


def _finding(known: Known, place: str, family: str, of: Series, silence: Silence, mixed: float) -> Finding:
    subject = f"{place}/{family}" if family else place
    left = known.once(left_over)
    lost = silence.expected * left.of(subject) + mixed * left.of(f"{place}/{SEVERAL}")
    error = lost * float(np.hypot(silence.error / max(silence.expected, LEAST), settings.MARGIN_ERROR))
    low, mid, high = (Decimal(str(round(max(lost + way * TENTH * error, 0.01), 2))) for way in (-1, 0, 1))
    channel, _, country = place.rpartition("/")
    until = of.day(silence.end - 1)
    still = silence.end == of.days
    return Finding(
        "compliance.place_gone_quiet",
        subject,
        of.day(silence.start),
        Range(low, mid, high),
        known.book_currency,
        confidence=1 - float(np.exp(-silence.surely)),
        told={
            "place": place, "channel": channel, "country": country, "family": family or "*", "until": until,
            "days": silence.end - silence.start, "lasts": "yes" if still else "no", "since": of.day(silence.start),
            "missing": round(silence.expected + mixed),
            "a_day": Decimal(str(round(lost / (silence.end - silence.start), 2))),
        },
        evidence=(known.evidence("orders_of_place", _evidence(known, place, of, silence)),),
    )  # fmt: skip


def _evidence(known: Known, place: str, of: Series, silence: Silence) -> Table:
    first = of.day(silence.start) - timedelta(days=settings.USUAL_DAYS)
    rows = bought(known).filter(lambda t: (t.place == place) & (t.day >= ibis.literal(first)))
    return rows.group_by("day").aggregate(orders=rows.count()).order_by("day")
