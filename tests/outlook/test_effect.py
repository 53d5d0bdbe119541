"""Ranges of effects hold nothing where nothing was done and what was added where it was; some are refused."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from argosy.model.findings import Range
from argosy.outlook import effect
from argosy.outlook.effect import Effect

DAYS, FIRST, DONORS = 130, 95, 20
WORLDS = 150
Floats = NDArray[np.float64]


def shop(seed: int, *, donors: int = DONORS) -> Floats:
    """Return daily margins of a subject (first row) and its donors: orders of chance, a common week, growth, sizes."""
    chance = np.random.default_rng(seed)
    size = np.exp(chance.normal(1.5, 0.5, donors + 1))[:, None]
    common = (1 + 0.2 * np.sin(np.arange(DAYS) * 2 * np.pi / 7)) * np.linspace(1, 1.15, DAYS)
    orders = chance.poisson(size * common * np.exp(chance.normal(0, 0.05, (donors + 1, DAYS))))
    return np.asarray(orders * chance.gamma(4, 5, (donors + 1, DAYS)))


def covered(found: list[Effect], true: list[float]) -> float:
    ranges = [one.brought for one in found]
    return float(
        np.mean([r is not None and float(r.low) <= t <= float(r.high) for r, t in zip(ranges, true, strict=True)])
    )


@pytest.mark.parametrize("way", [effect.matched, effect.synthetic])
@pytest.mark.parametrize("added", [0.0, 0.4])
def test_eight_ranges_in_ten_hold_what_was_really_added(way: object, added: float) -> None:
    found, true = [], []
    for seed in range(WORLDS):
        rows = shop(seed)
        gain = added * rows[0, FIRST:]
        rows[0, FIRST:] += gain
        found.append(way(rows[0], rows[1:], FIRST))  # type: ignore[operator]
        true.append(float(gain.sum()))
    assert covered(found, true) == pytest.approx(0.8, abs=0.08)


@pytest.mark.parametrize("units", [120, 1500])
def test_a_holdout_holds_what_a_letter_brought(units: int) -> None:
    found, true = [], []
    for seed in range(WORLDS):
        chance = np.random.default_rng(seed)
        before = chance.gamma(0.3, 200, units)
        after = 0.6 * before + chance.gamma(0.2, 200, units)
        held = chance.random(units) < 0.4
        gain = np.where(held, 0.0, 15.0)
        got = after + gain
        told = effect.held_out(
            got[~held], got[held], treated_before=before[~held], held_before=before[held], most=np.inf
        )  # fmt: skip
        found.append(told)
        true.append(float(gain.sum()))
    assert covered(found, true) == pytest.approx(0.8, abs=0.08)


def test_what_was_bought_before_makes_a_holdout_surer() -> None:
    chance = np.random.default_rng(1)
    before = chance.gamma(0.3, 200, 2000)
    after = before + chance.normal(0, 10, 2000)
    plain = effect.held_out(after[:1500], after[1500:], most=np.inf).brought
    known = effect.held_out(
        after[:1500], after[1500:], treated_before=before[:1500], held_before=before[1500:], most=np.inf
    ).brought
    assert plain is not None and known is not None
    assert known.high - known.low < (plain.high - plain.low) / 4


def test_without_donors_a_subject_is_held_against_its_own_weeks() -> None:
    found, true = [], []
    for seed in range(WORLDS):
        days = np.random.default_rng(seed).normal(100, 30, 150)
        days[120:] += 20
        found.append(effect.before_after(days, 120))
        true.append(600.0)
    assert covered(found, true) >= 0.7


def test_costs_that_grow_with_sales_have_not_risen() -> None:
    chance = np.random.default_rng(3)
    sales = chance.gamma(20, 5, (13, DAYS))
    sales[0, FIRST:] *= 2
    costs = -0.2 * sales * chance.normal(1, 0.1, sales.shape)
    costs[0, FIRST:] *= 0.8
    found = effect.rated(costs[0], sales[0], costs[1:], sales[1:], FIRST).brought
    saved = float(0.04 * sales[0, FIRST:].sum())
    assert found is not None
    assert float(found.mid) == pytest.approx(saved, rel=0.15)
    assert found.low > 0


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.sampled_from([0.01, 0.5, 3.0, 1000.0]))
def test_an_effect_in_another_currency_is_the_same_effect(seed: int, rate: float) -> None:
    rows = shop(seed)
    for way in (effect.matched, effect.synthetic):
        one, other = way(rows[0], rows[1:], FIRST), way(rate * rows[0], rate * rows[1:], FIRST)
        assert one.brought is not None and other.brought is not None
        for part in ("low", "mid", "high"):
            was, now = float(getattr(one.brought, part)), float(getattr(other.brought, part))
            assert now == pytest.approx(rate * was, abs=0.02 * max(1, rate))


def test_what_cannot_be_told_is_refused_with_its_reason() -> None:
    rows = shop(1)
    for way in (effect.matched, effect.synthetic):
        assert way(rows[0], rows[1:], 20).reason == "too_few_days"
        assert way(rows[0], rows[1:], DAYS - 3).reason == "too_few_days"
        assert way(rows[0], rows[1:4], FIRST).reason == "no_donors"
        assert way(rows[0], np.zeros((0, DAYS)), FIRST).reason == "no_donors"
        assert way(rows[0], rows[1:], FIRST, most=0.01).reason == "too_noisy"
    assert effect.before_after(rows[0], FIRST).reason == "too_few_days"
    assert effect.rated(rows[0], rows[0], rows[1:3], rows[1:3], FIRST).reason == "no_donors"
    assert effect.held_out(rows[0], rows[1][:10]).reason == "too_few_units"


def test_a_loss_that_no_chance_explains_is_told_however_little_was_expected() -> None:
    rows = shop(2)
    rows[0, FIRST:] -= 3 * rows[0, :FIRST].mean()
    found = effect.matched(rows[0], rows[1:], FIRST, most=0.01)
    assert found.brought is not None and found.brought.high < 0


def test_nothing_but_noughts_brings_nothing() -> None:
    assert effect.held_out(np.zeros(40), np.zeros(40)).brought == Range.exactly(Decimal("0.00"))
    assert effect.matched(np.zeros(DAYS), np.zeros((9, DAYS)), FIRST).reason == "too_little"
