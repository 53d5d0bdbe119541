"""What others pay back when they are asked for what they got wrong."""

from __future__ import annotations

import zlib

import numpy as np

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS
from argosy.world.conditions import day_number
from argosy.world.faults import faults
from argosy.world.happened import Paid, World


def paid_claims(world: World) -> tuple[Paid, ...]:
    """Return the claims that were paid before the day the files end; a claim for what nobody got wrong is not."""
    given = world.given
    asked = {action.subject: action.first for action in given.plan.actions if action.kind == "claim"}
    if not asked:
        return ()
    paid = []
    for row in faults(world).to_pylist():
        day = asked.get(row["subject"])
        if day is None or day < row["day"] or not _agreed(world, row["subject"]):
            continue
        booked = given.when.first + day_number(given.plan, day) + assumed.CLAIM_DAYS
        if booked < given.when.last:
            paid.append(Paid(row["party"], row["subject"], booked, int(row["amount"] * 100), row["currency"]))
    return tuple(paid)


def _agreed(world: World, number: str) -> bool:
    return bool(world.given.draws.of("claims", zlib.crc32(number.encode())) < assumed.CLAIM_PAID)


def post_claims(world: World) -> None:
    """Post what came back: money at the bank that no payout explains; what was lost is no longer."""
    for claim in world.claims:
        at, amount = np.array([claim.day * DAY_SECONDS]), np.array([claim.amount])
        worth = world.ledger.post(f"asset:bank:{claim.currency.lower()}", amount, at=at, currency=claim.currency)
        world.ledger.post("asset:suspense", -amount, at=at, currency=claim.currency, book=-worth)
        world.ledger.lose(-worth, at=at)
