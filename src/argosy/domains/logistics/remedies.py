"""One finding about logistics in, what can be done about it out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import ibis
import numpy as np

from argosy.domains.logistics import settings
from argosy.domains.logistics.bills import billed_again
from argosy.domains.logistics.late import LANE, open_orders
from argosy.model.findings import Finding, Range
from argosy.model.money import round_half_up
from argosy.model.proposals import BEFORE_AFTER, LOW, MATCHED, MEDIUM, Change, Measure, Proposal
from argosy.outlook.carriage import Lines, agreed, billed, usual_amounts
from argosy.outlook.journeys import Journeys, journeys
from argosy.outlook.known import Known
from argosy.outlook.late_cost import LateCost, cost_of_late, costly_chances

Parts = tuple[Decimal, Decimal, Decimal]


def faster_lane(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return a faster service to the market, where the late orders it saves are worth more than it costs."""
    j: Journeys = known.once(journeys)
    market = finding.subject
    if market not in j.markets:
        return
    mine = (j.market == j.markets.index(market)) & (j.sold > 0)
    first = j.now - (known.day - finding.since).days
    recent = mine & (j.sent >= j.now - settings.AHEAD_DAYS)
    late = np.nan_to_num(known.once(costly_chances))
    now, usual = (
        (late[some].mean() if some.any() else 0.0) for some in (mine & (j.sent >= first), mine & (j.sent < first))
    )
    cost: LateCost = known.once(cost_of_late)
    saved = max(now - usual, 0.0) * cost.share * float(j.sold[recent].sum())
    more = _freight(known, market, settings.AHEAD_DAYS) * settings.FASTER * settings.FASTER_COSTS
    if saved > more > 0:
        expected = Range(*(_cents(saved * part - more) for part in (0.4, 0.8, 1.0)))
        yield Proposal(
            Change("lane.faster", market, "", {"share": str(settings.FASTER), "days": str(settings.AHEAD_DAYS)}),
            expected=expected, cash=max(_cents(more), Decimal(0)), minutes=settings.LANE_MINUTES, risk=MEDIUM,
            expires_on=known.day + timedelta(days=settings.VOID_DAYS),
            measure=Measure("lateness_cost", market, 42, MATCHED), rests_on={"since": finding.since.isoformat()},
            told=finding.told,
        )  # fmt: skip


def tell_buyers(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return an early word to those whose orders will be late; ``text``: the orders."""
    subject = finding.subject
    orders = _named(known, subject)
    if not orders:
        return
    expected = Range.shares(finding.stake.mid, settings.WORD_SAVES)
    measure = Measure("lateness_cost", subject.rpartition("/")[2], 42, MATCHED)
    rests_on = {"orders": str(len(orders))}
    kept = known.day + timedelta(days=settings.VOID_DAYS)
    if subject.startswith(f"{LANE}/") or finding.kind != "logistics.parcel_likely_late":
        text = " ".join(order.rpartition(":")[2] for order in orders)
        change = Change("task.do", f"late/{subject.rpartition('/')[2]}", "", {"text": text})
        yield Proposal(
            change, expected, Decimal(0), settings.WRITE_MINUTES, LOW, kept, measure, rests_on=rests_on,
            told=dict(finding.told) | {"orders": len(orders)}, words="task.late",
        )  # fmt: skip
        return
    undo = Change("order.tag", subject, subject.rpartition(":")[0], {"tag": ""})
    change = Change("order.tag", subject, subject.rpartition(":")[0], {"tag": "likely-late"})
    yield Proposal(
        change, expected, Decimal(0), settings.WRITE_MINUTES, LOW, kept, measure, undo=undo, rests_on=rests_on,
        told=finding.told, words="order.tag.late",
    )  # fmt: skip


def ask_customs(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return what to look after when customs hold parcels: what papers are asked for; and a word to the buyers."""
    yield from _task(finding, known, f"customs/{finding.subject}", "task.customs", settings.PAPERS_SAVE)
    yield from tell_buyers(finding, known)


def speed_handling(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return that somebody has to see to the packing; and a word to the buyers who wait."""
    yield from _task(finding, known, "packing", "task.packing", settings.PACKING_SAVES)


def ask_duty(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the questions duty that has risen asks: the code goods are declared by, and who pays."""
    yield from _task(finding, known, f"duty/{finding.subject}", "task.duty", settings.DUTY_SAVES)


def claim_overcharge(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the claim for what a carrier charged above the contract; ``papers``: tracking numbers, charged/agreed."""
    since = finding.since
    lines: Lines = known.once(billed)
    usual, _ = usual_amounts(lines, agreed(known))
    carrier = np.array([one == finding.subject for one in lines.carriers])[lines.carrier]
    first = (since - type(since)(1970, 1, 1)).days
    over = carrier & (lines.day >= first) & (lines.amount > usual * (1 + float(settings.OVERCHARGED)))
    currencies = np.array(lines.currency, dtype=object)[lines.way]
    for currency in sorted(set(currencies[over])):
        mine = over & (currencies == currency)
        owed = _cents(float((lines.amount - usual)[mine].sum()))
        told = zip(lines.number[mine], lines.amount[mine], usual[mine], strict=True)
        papers = " ".join(f"{number}:{amount:.2f}/{agreed_:.2f}" for number, amount, agreed_ in told)
        yield _claim(finding, known, amount=owed, currency=str(currency), papers=papers)


def claim_twice(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the claim for parcels billed twice, one for each currency; ``papers``: tracking numbers and amounts."""
    again = billed_again(known)
    again = again.filter(again.carrier == finding.subject).order_by("currency", "charged_on", "tracking_no")
    rows = known.rows(again)
    for currency in sorted({row["currency"] for row in rows}):
        mine = [row for row in rows if row["currency"] == currency]
        amount = round_half_up(sum((row["amount"] for row in mine), Decimal(0)), 2)
        papers = " ".join(f"{row['tracking_no']}:{row['amount']:.2f}" for row in mine)
        yield _claim(finding, known, amount=amount, currency=currency, papers=papers)


def _claim(finding: Finding, known: Known, *, amount: Decimal, currency: str, papers: str) -> Proposal:
    subject = f"{finding.subject}/{finding.since.isoformat()}"
    rate = known.rate(currency) or Decimal(0)
    return Proposal(
        Change("claim.send", subject, finding.subject,
               {"amount": str(amount), "currency": currency, "papers": papers}),
        expected=Range.shares(amount * rate, settings.CLAIM_PAID), cash=Decimal(0), minutes=settings.CLAIM_MINUTES,
        risk=LOW, expires_on=finding.since + timedelta(days=settings.CLAIM_DAYS + settings.VOID_DAYS),
        measure=Measure("claim_paid", subject, 45, BEFORE_AFTER), rests_on={"amount": str(amount)},
        told=dict(finding.told) | {"owed": amount, "in": currency}, words=f"claim.{finding.kind.partition('.')[2]}",
    )  # fmt: skip


def _task(finding: Finding, known: Known, subject: str, words: str, saves: Parts) -> Iterator[Proposal]:
    yield Proposal(
        Change("task.do", subject, "", {"text": words}),
        expected=Range.shares(finding.stake.mid, saves), cash=Decimal(0), minutes=settings.TASK_MINUTES, risk=LOW,
        expires_on=known.day + timedelta(days=settings.VOID_DAYS),
        measure=Measure("delivery_cost", finding.subject, 42, MATCHED),
        rests_on={"since": finding.since.isoformat()}, told=finding.told, words=words,
    )  # fmt: skip


def _named(known: Known, subject: str) -> list[str]:
    """Return the open orders a finding speaks of: those likely late in a market, or the one."""
    j: Journeys = known.once(journeys)
    chosen = open_orders(known)
    market = subject.rpartition("/")[2]
    if market in j.markets:
        return sorted(j.order_id[chosen & (j.market == j.markets.index(market))].tolist())
    return [order for order in j.order_id[chosen].tolist() if order == subject]


def _freight(known: Known, market: str, days: int) -> float:
    """Return what carriage to a market cost in the last weeks, for so many days, in the book currency."""
    since = ibis.literal(known.day - timedelta(days=56)).cast("timestamp")
    entries = known.entries.filter(known.entries.account == "cost:freight", known.entries.market == market)
    entries = entries.filter(entries.posted_at >= since)
    total = known.rows(entries.aggregate(cost=entries.book_amount.sum().cast("float64")))[0]["cost"]
    return float(total or 0) * days / 56


def _cents(amount: float) -> Decimal:
    return Decimal(f"{amount:.2f}")
