"""Which other way to pay serves buyers better than one that is declined more often than it was."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import ibis

from argosy.domains.payments import settings
from argosy.model.findings import Finding, Range
from argosy.model.money import round_half_up
from argosy.model.proposals import BEFORE_AFTER, MEDIUM, Change, Measure, Proposal
from argosy.outlook.approval import purchases
from argosy.outlook.known import Known


@dataclass(frozen=True)
class Way:
    """A provider: the part of its purchases that is paid, here or elsewhere, and how many there were."""

    provider: str
    paid: float
    many: int


def routes(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the providers to switch off or on so that more purchases are paid, each with what it should bring."""
    if finding.told["lasts"] != "yes":
        return
    provider, _, market = finding.subject.rpartition("/")
    here, elsewhere = _ways(known, market)
    now, a_day = float(str(finding.told["now"])) / 100, float(str(finding.told["a_day"]))
    each = float(str(finding.told["each"]))
    bought = a_day * settings.GOES_ON_DAYS
    beside = [way for way in here if way.provider != provider]
    if sum(way.many for way in beside) >= settings.LEAST_BESIDE * sum(way.many for way in here):
        other = sum(way.paid * way.many for way in beside) / sum(way.many for way in beside)
        gains = [bought * each * (part * other - now) for part in settings.SWITCH]
        if gains[1] > 0:
            yield _change(finding, "method.off", finding.subject, values={}, gains=gains)
    new = [way for way in elsewhere if way.provider not in {one.provider for one in here} and way.paid > now]
    for way in sorted(new, key=lambda one: -one.paid)[:1]:
        gains = [bought * each * part * (way.paid - now) for part in settings.TAKE_UP]
        values = {"share": str(settings.TAKE_UP[1])}
        yield _change(finding, "method.on", f"{way.provider}/{market}", values=values, gains=gains)


def _ways(known: Known, market: str) -> tuple[list[Way], list[Way]]:
    """Return the providers of a market and those of all others, by the purchases of some weeks."""
    bought = purchases(known.facts["payments"])
    bought = bought.filter(bought.provider.notnull(),
                           bought.day >= ibis.literal(known.day - timedelta(days=settings.WAYS_DAYS)))  # fmt: skip
    bought = bought.mutate(here=(bought.country == market).fill_null(False))
    rows = known.rows(bought.group_by("provider", "here").aggregate(n=bought.count(), paid=bought.paid.sum()))
    found = [(row["here"], Way(row["provider"], row["paid"] / row["n"], row["n"])) for row in rows]
    return [way for here, way in found if here], [way for here, way in found if not here]


def _change(finding: Finding, kind: str, subject: str, *, values: dict[str, str], gains: list[float]) -> Proposal:
    other = {"method.off": "method.on", "method.on": "method.off"}[kind]
    provider, _, market = subject.rpartition("/")
    return Proposal(
        Change(kind, subject, provider, values),
        expected=Range(*(round_half_up(Decimal(gain), 2) for gain in sorted(gains))), cash=Decimal(0),
        minutes=settings.CLAIM_MINUTES, risk=MEDIUM, expires_on=finding.since + timedelta(days=60),
        measure=Measure("margin_market", market, settings.GOES_ON_DAYS, BEFORE_AFTER),
        undo=Change(other, subject, provider, {}),
        told=dict(finding.told) | {"by": provider, "market": market}, words=f"{kind}.approval",
    )  # fmt: skip
