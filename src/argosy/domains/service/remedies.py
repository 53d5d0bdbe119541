"""One finding about service in, what can be done about it out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from argosy.books.profit import earned
from argosy.domains.service import settings
from argosy.model.findings import Finding, Range
from argosy.model.proposals import BEFORE_AFTER, LOW, MATCHED, MEDIUM, Change, Measure, Proposal
from argosy.outlook.known import Known

LEAST_WORTH = Decimal(1)  # of the book currency: less is no reason to ask anybody for anything


def find_cause(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the look at what comes back from a market, while it does."""
    if finding.told["lasts"] == "yes":
        yield from _task(finding, words="task.returns", metric="refunds_market")


def answer_sooner(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return more hands for answers; worth what is seen of the refunds that calm who waits."""
    if finding.told["lasts"] == "yes":
        days = max((known.day - finding.since).days, 1)
        a_day = finding.stake.high / days
        yield from _task(finding, words="task.replies", metric="margin_all", a_day=a_day)


def stop_bad_article(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return what to do about an article that is complained of: off sale on the channel that sells it where each day
    costs more than it earns, else a look at the lot."""
    told = finding.told
    if told["lasts"] != "yes":
        return
    earns = _earns_a_day(known, finding.subject)
    channel = max(earns, key=lambda name: earns[name], default="")
    a_day, made = Decimal(str(told["a_day"])), Decimal(str(round(sum(earns.values()), 2)))
    if channel and float(a_day) > settings.COSTS_MORE * float(made):
        subject = f"{finding.subject}/{channel}"
        saved = (a_day - max(made, Decimal(0))) * settings.GOES_ON_DAYS
        yield Proposal(
            Change("listing.hold", subject, channel, {}), expected=Range.shares(saved, settings.HELD_SAVES),
            cash=Decimal(0), minutes=settings.HOLD_MINUTES, risk=MEDIUM,
            expires_on=known.day + timedelta(days=settings.OPEN_DAYS),
            measure=Measure("basket_listing", subject, settings.GOES_ON_DAYS, MATCHED),
            rests_on={"complaints": "risen"}, told=dict(told) | {"channel": channel},
        )  # fmt: skip
    yield from _task(finding, words="task.lot", metric="refunds_sku")


def _earns_a_day(known: Known, sku: str) -> dict[str, float]:
    """Return what an article's own lines earned a day in the last weeks, by channel, before what was given back."""
    first = known.day - timedelta(days=settings.GOES_ON_DAYS)
    rows = earned(known.entries, start=first).filter(lambda t: (t.sku == sku) & (t.account != "contra:refund"))
    sums = rows.group_by("channel_id").aggregate(left=rows.earned.sum().cast("float64"))
    return {row["channel_id"]: row["left"] / settings.GOES_ON_DAYS for row in known.rows(sums) if row["channel_id"]}


def _task(finding: Finding, *, words: str, metric: str, a_day: Decimal | None = None) -> Iterator[Proposal]:
    goes_on = (a_day if a_day is not None else Decimal(str(finding.told["a_day"]))) * settings.GOES_ON_DAYS
    if goes_on < LEAST_WORTH:
        return
    yield Proposal(
        Change("task.do", f"{finding.kind}/{finding.subject}", "", {"task": words}),
        expected=Range.shares(goes_on, settings.WORKS), cash=Decimal(0), minutes=settings.TASK_MINUTES, risk=LOW,
        expires_on=finding.since + timedelta(days=90),
        measure=Measure(metric, finding.subject, settings.GOES_ON_DAYS, BEFORE_AFTER), told=finding.told, words=words,
    )  # fmt: skip
