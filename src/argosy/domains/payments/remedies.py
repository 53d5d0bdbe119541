"""One finding about payments in, what can be done about it out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from argosy.domains.payments import settings
from argosy.model.findings import Finding, Range
from argosy.model.proposals import BEFORE_AFTER, LOW, Change, Measure, Proposal
from argosy.outlook.known import Known


def claim_missing(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the claim for what a payout came short of."""
    told = finding.told
    low, mid, high = settings.CLAIM_PAID
    yield Proposal(
        Change(
            "claim.send",
            f"{told['payer']}/{finding.subject}",
            str(told["payer"]),
            {"amount": str(told["missing"]), "currency": str(told["currency"])},
        ),
        expected=Range(*(part.quantize(Decimal("0.01")) for part in (
            finding.stake.mid * low, finding.stake.mid * mid, finding.stake.mid * high))),
        cash=Decimal(0),
        minutes=settings.CLAIM_MINUTES,
        risk=LOW,
        expires_on=finding.since + timedelta(days=settings.CLAIM_DAYS),
        measure=Measure("claim_paid", f"{told['payer']}/{finding.subject}", 45, BEFORE_AFTER),
        rests_on={"missing": str(told["missing"])},
        told=told,
    )  # fmt: skip
