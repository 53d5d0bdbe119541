"""One finding about advertising in, what can be done about it out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import numpy as np

from argosy.domains.marketing import settings
from argosy.domains.marketing.lost import saturated
from argosy.model.findings import Finding, Range
from argosy.model.money import round_half_up
from argosy.model.proposals import LOW, MATCHED, Change, Measure, Proposal
from argosy.outlook.change import TENTH
from argosy.outlook.known import Known


def spend_less(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the budget that earns most while the campaign brings what it now does; none at all where little is best.

    What a budget brings saturates, so the best one is where the last of it still brings what it costs.
    """
    cost, usual, brought = (float(str(finding.told[name])) for name in ("cost", "cost_was", "brought"))
    until = finding.told["until"]
    if usual <= 0 or not isinstance(until, date) or until < known.day - timedelta(days=1):
        return
    now, room = cost / usual, settings.ROOM
    worth = brought / _saturated(now)  # what the usual budget would bring a day
    best: float = max(float(worth * (1 + room) * room / usual) ** 0.5 - room, 0.0)
    share: float = 0.0 if best < settings.LEAST_SHARE else min(best, 1.0, now)
    missed = brought - worth * _saturated(share)
    gain = cost - share * usual - missed
    # What was counted is unsure: one time in ten it really brings so much more, and less is won.
    unsure = TENTH * settings.MARGIN_ERROR * missed
    if gain - unsure > 0 and now - share > settings.LEAST_SHARE:
        a_day = gain - unsure, gain, gain + unsure
        yield _proposal(finding, share, now, a_day, expires_on=until + timedelta(days=settings.DAYS_LEFT))


def _saturated(budget: float) -> float:
    return float(saturated(np.array(budget)))


def until_refilled(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the budget without the part that goes to what cannot be had, until it can be had again."""
    a_day, percent = float(str(finding.told["a_day"])), int(str(finding.told["percent"]))
    if a_day > 0 and percent >= 100 * settings.LEAST_SHARE:
        gains = tuple(a_day * part for part in (*settings.WASTED[:1], 1.0, *settings.WASTED[1:]))
        expires = known.day + timedelta(days=settings.DAYS_LEFT)
        yield _proposal(finding, 1 - percent / 100, 1.0, (gains[0], gains[1], gains[2]), expires_on=expires)


def _proposal(
    finding: Finding, share: float, now: float, a_day: tuple[float, float, float], *, expires_on: date
) -> Proposal:
    platform, name = str(finding.told["platform"]), finding.subject
    was, to = (str(round_half_up(Decimal(repr(float(part))), 2)) for part in (now, share))
    change = Change("campaign.budget", name, platform, {"share": to, "was": was})
    back = Change("campaign.budget", name, platform, {"share": "1.00", "was": to})
    if share == 0:
        change = Change("campaign.pause", name, platform, {})
    amounts = (Decimal(repr(part * settings.DAYS_LEFT)).quantize(Decimal("0.01")) for part in a_day)
    return Proposal(
        change,
        expected=Range(*amounts), cash=Decimal(0), minutes=settings.READ_MINUTES, risk=LOW,
        expires_on=expires_on,
        measure=Measure("margin_campaign", name, settings.DAYS_LEFT, MATCHED),
        undo=back, rests_on={name: str(finding.told[name]) for name in ("cause", "sku") if name in finding.told},
        told=dict(finding.told) | {"campaign": name, "percent": round(100 * share)},
    )  # fmt: skip
