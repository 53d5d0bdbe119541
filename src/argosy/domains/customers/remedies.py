"""One finding about buyers in, what can be done about it out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from argosy.domains.customers import settings
from argosy.model.findings import Finding, Range
from argosy.model.money import round_half_up
from argosy.model.proposals import LOW, Change, Proposal
from argosy.outlook.holdout import planned
from argosy.outlook.known import Known

TONGUES = {"CN": "zh", "HK": "zh", "TW": "zh", "DE": "de", "AT": "de", "FR": "fr", "ES": "es", "MX": "es", "BR": "pt",
           "PT": "pt", "JP": "ja"}  # fmt: skip


def write_to_loyal(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the letter to the buyers of a market who have gone quiet, some of them left out to measure it by."""
    told = finding.told
    if told["lasts"] != "yes":
        return
    usual = Decimal(str(told["day_usual"])) * settings.LIFT_DAYS
    left = max(1 - Decimal(str(told["percent"])) / 100, Decimal("0.1"))  # who has stopped does not come for a letter
    low, mid, high = (round_half_up(usual * left * Decimal(str(part)), 2) for part in settings.LIFT)
    measure, share = planned(known, finding.subject, expected=mid, days=settings.LIFT_DAYS)
    kept = 1 - Decimal(str(share))
    yield Proposal(
        Change(
            "buyers.write", finding.subject, "",
            {"text": "come_back", "language": TONGUES.get(finding.subject, "en"), "held_out": f"{share:.2f}"},
        ),
        expected=Range(low, mid, high).times(kept), cash=Decimal(0), minutes=settings.MINUTES, risk=LOW,
        expires_on=known.day + timedelta(days=settings.OPEN_DAYS), measure=measure, rests_on={"quiet": "yes"},
        told=told,
    )  # fmt: skip
