"""Changes are noticed when they are there, from the day they began, by as much as they are; and else not."""

from __future__ import annotations

import numpy as np
import pytest

from argosy.outlook.change import changes
from argosy.outlook.series import Numbers

DAYS, MANY = 150, 400


def _counts(level: float, *, more: float = 0.0, start: int = 120, end: int = DAYS) -> tuple[Numbers, Numbers, Numbers]:
    """Return cases, exposure, and the cases that would not have been without the change, by subject."""
    chance = np.random.default_rng(1)
    exposure = chance.poisson(12, (DAYS, MANY))
    usual = chance.binomial(exposure, level)
    extra = np.zeros_like(usual)
    extra[start:end] = chance.binomial((exposure - usual)[start:end], level * more / (1 - level))
    return (usual + extra).astype(float), exposure.astype(float), extra.sum(axis=0).astype(float)


def test_where_nothing_changed_hardly_anything_is_told() -> None:
    counted, exposure, _ = _counts(0.1)
    for sense in (1, -1):
        found = changes(counted, exposure, sense=sense, share=True)
        assert (found.confidence > 0.9).mean() <= 0.005


def test_a_change_is_told_with_its_day_and_what_it_came_to() -> None:
    counted, exposure, extra = _counts(0.1, more=2.0)
    found = changes(counted, exposure, sense=1, share=True)
    assert (found.confidence > 0.9).mean() > 0.95
    assert abs(np.median(found.start) - 120) <= 2
    assert ((found.low <= extra) & (extra <= found.high)).mean() == pytest.approx(0.8, abs=0.07)
    assert (np.abs(np.log(found.mid / extra)) < np.log(1.5)).mean() > 0.9


def test_what_is_over_is_told_with_its_last_day() -> None:
    counted, exposure, _ = _counts(0.1, more=3.0, start=100, end=120)
    found = changes(counted, exposure, sense=1, share=True)
    assert abs(np.median(found.end) - 120) <= 1


def test_an_earlier_incident_does_not_hide_the_next() -> None:
    counted, exposure, _ = _counts(0.1, more=2.0)
    counted[60:74] *= 3
    found = changes(np.minimum(counted, exposure), exposure, sense=1, share=True)
    assert (found.confidence > 0.9).mean() > 0.9


def test_sums_of_measures_are_judged_by_their_own_spread() -> None:
    chance = np.random.default_rng(3)
    exposure = chance.poisson(5, (DAYS, 50)).astype(float)
    mean = np.where(np.arange(DAYS) >= 130, 13.0, 9.0)[:, None]
    counted = exposure * mean + chance.normal(0, 4, exposure.shape) * np.sqrt(exposure)
    found = changes(counted, exposure, sense=1, unit=np.full(50, 16.0))
    assert (found.confidence > 0.99).all()
    assert found.before == pytest.approx(np.full(50, 9.0), rel=0.1)


def test_too_short_a_history_tells_nothing() -> None:
    counted, exposure, _ = _counts(0.1, more=2.0)
    assert not changes(counted[-20:], exposure[-20:], sense=1).confidence.any()
