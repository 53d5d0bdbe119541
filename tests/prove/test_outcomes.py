"""Actions for the proving ground stand in nobody's way, and how they were measured is counted right."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from argosy.model.findings import Range
from argosy.prove.outcomes import WAYS, WINDOW, Seen, acted, table, tally
from argosy.world import levers
from argosy.world.draws import Draws
from argosy.world.goods import catalogue
from argosy.world.kinds import check
from argosy.world.plan import Plan


def test_every_lever_has_a_way_to_be_measured() -> None:
    assert WAYS.keys() == levers.KINDS.keys()


@pytest.mark.parametrize("seed", [34])
def test_a_world_gets_actions_of_every_kind_that_share_no_subject(seed: int) -> None:
    plan = acted(Plan(seed, months=4, orders=1_500))
    check(plan.actions, levers.KINDS, plan, catalogue(Draws(seed)))
    first = {
        event.subject.rpartition("/")[0] or event.subject for event in plan.actions if "paypal" not in event.subject
    }
    assert len(first) == len([event for event in plan.actions if "paypal" not in event.subject])
    assert {event.first for event in plan.actions} == {plan.until - timedelta(days=WINDOW)}
    assert acted(Plan(seed, months=4, orders=1_500)) == plan


def seen(kind: str, true: float, half: float | None) -> Seen:
    found = (
        None if half is None else Range(Decimal(10) - Decimal(str(half)), Decimal(10), Decimal(10) + Decimal(str(half)))
    )
    return Seen(kind, "x", true, found, "" if found else "too_noisy", found is not None)


def test_ranges_are_counted_that_hold_the_truth() -> None:
    rows = tally([seen("price", 12, 5), seen("price", 20, 5), seen("price", 1, None), seen("refund", 10.04, 0)])
    assert [(r.kind, r.actions, r.ranged, r.covered, r.told) for r in rows] == [
        ("price", 3, 2, 1, 2), ("refund", 1, 1, 1, 1), ("all", 4, 3, 2, 3),
    ]  # fmt: skip
    assert (rows[0].error, rows[0].half, rows[0].true) == (6.0, 5.0, 12.0)
    assert len(table(rows).splitlines()) == 4
