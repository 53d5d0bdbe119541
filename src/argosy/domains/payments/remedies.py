"""One finding about payments in, what can be done about it out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from argosy.domains.payments import fees, routes, settings
from argosy.model.findings import Finding, Range
from argosy.model.money import round_half_up
from argosy.model.proposals import BEFORE_AFTER, LOW, Change, Measure, Proposal
from argosy.model.words import say
from argosy.outlook.known import Known

Part = tuple[Decimal, Decimal, Decimal]


def claim_missing(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the claim for what a payout came short of."""
    expected = Range.shares(finding.stake.mid, settings.CLAIM_PAID)
    yield _claim(finding, number=finding.subject, papers=finding.subject, expected=expected)


def claim_late(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the question where a payout is that is out too long; what came late is there already.

    Worth what the money costs until it would have come by itself, and what is lost where it never would.
    """
    held = Decimal(str(finding.told["book_held"]))
    if held > 0:
        papers = str(finding.told["sent"])
        expected = Range.shares(held, settings.ASKED_EARNS)
        yield _claim(finding, number=finding.subject, papers=papers, expected=expected, words="claim.late")


def claim_twice(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return one claim for all fees a site took twice; ``papers``: the orders."""
    papers = " ".join(fees.orders_charged_twice(known, finding.subject))
    expected = Range.shares(finding.stake.mid, settings.CLAIM_PAID)
    yield _claim(finding, number=finding.subject, papers=papers, expected=expected, words="claim.twice")


def _claim(finding: Finding, *, number: str, papers: str, expected: Range, words: str = "") -> Proposal:
    told = finding.told
    return Proposal(
        Change(
            "claim.send", f"{told['payer']}/{number}", str(told["payer"]),
            {"amount": str(told["missing"]), "currency": str(told["currency"]), "papers": papers},
        ),
        expected=expected, cash=Decimal(0), minutes=settings.CLAIM_MINUTES, risk=LOW,
        expires_on=finding.since + timedelta(days=settings.CLAIM_DAYS),
        measure=Measure("claim_paid", f"{told['payer']}/{number}", 45, BEFORE_AFTER),
        rests_on={"missing": str(told["missing"])}, told=told, words=words,
    )  # fmt: skip


def ask_for_rate(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return what to ask a channel whose fees have risen: somebody has to look whether the rate card says so."""
    yield _task(finding, words="task.fee_rate", works=settings.ASKED_WORKS, metric="margin_channel",
                subject=str(finding.told["payer"]))  # fmt: skip


def reprice_for_currency(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return what to do about a currency that has fallen: prices in it, or selling it ahead."""
    yield _task(finding, words="task.currency", works=settings.REPRICED_WORKS, metric="margin_all",
                subject=finding.subject)  # fmt: skip


def look_into_disputes(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return what to do about disputes: hold back what looks alike, and answer those that are still open."""
    each, many = Decimal(str(finding.told["each"])), int(str(finding.told["open"]))
    if many:
        answered = Range(*(round_half_up(each * many * part, 2) for part in settings.DISPUTE_WON))
        yield _task(finding, words="task.disputes", works=settings.DISPUTE_WON, metric="margin_market",
                    subject=finding.subject, expected=answered)  # fmt: skip


def other_way_to_pay(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return how buyers who are declined could pay instead: with what the market has beside it, with what other markets
    have, or as before once the provider has mended it."""
    yield from routes.routes(finding, known)
    if finding.told["lasts"] == "yes":
        yield _task(finding, words="task.approval", works=settings.ASKED_WORKS, metric="margin_provider",
                    subject=finding.subject)  # fmt: skip


def _task(
    finding: Finding, *, words: str, works: Part, metric: str, subject: str, expected: Range | None = None
) -> Proposal:
    """Return something a person must do, worth such a part of what goes on being lost."""
    a_day = Decimal(str(finding.told.get("a_day", 0)))
    saved = Range(*(round_half_up(a_day * settings.GOES_ON_DAYS * part, 2) for part in works))
    return Proposal(
        Change("task.do", f"{finding.kind}/{finding.subject}", "", {"text": say(f"payments.{words}", **finding.told)}),
        expected=expected or saved, cash=Decimal(0), minutes=settings.TASK_MINUTES, risk=LOW,
        expires_on=finding.since + timedelta(days=settings.CLAIM_DAYS),
        measure=Measure(metric, subject, settings.GOES_ON_DAYS, BEFORE_AFTER),
        told=finding.told, words=words,
    )  # fmt: skip
