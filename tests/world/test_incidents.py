"""Incidents alter what they say and nothing else, and their money is the difference of two worlds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from argosy.model.errors import PlanImpossible
from argosy.world import effects, levers
from argosy.world.draws import Draws
from argosy.world.goods import catalogue, popularity
from argosy.world.happened import World
from argosy.world.incidents import KINDS, at_random, read_incidents
from argosy.world.kinds import check, subjects
from argosy.world.making import make_world
from argosy.world.plan import Event, Plan
from argosy.world.simulate import plan_of, simulate

PLAN = Plan(31, months=6, orders=15_000)
GOODS = catalogue(Draws(31))


def event(kind: str, subject: str, strength: float, *, first: date = date(2026, 6, 1), days: int = 30) -> Event:
    return Event(kind, subject, first, first + timedelta(days=days - 1), strength)


def effect(*events: Event) -> dict[str, float]:
    """Return what each event changed in all, in the book currency."""
    plan = replace(PLAN, incidents=events)
    result = make_world(plan, whole=False).ledger.result
    return {e.name: effects.effect_of(e, plan, result).sum() / 100 for e in events}


@pytest.fixture(scope="module")
def usual() -> World:
    return make_world(PLAN)


# What each kind is for: whether it costs or brings, at the strength one placed at random has at least.
COSTS = [
    ("lane_slows", "US", 0.8), ("customs_hold", "US", 0.5), ("carrier_bills_twice", "Pearl River Line", 0.1),
    ("carrier_charges_more", "Silk Parcel", 0.2), ("handling_slows", "all", 2.5), ("duty_rises", "US", 0.5),
    ("certificate_expires", "ELEC/Amazon.com", 1.0), ("account_suspended", "Amazon.com", 1.0),
    ("payout_short", "Amazon.com", 0.1), ("currency_falls", "USD", 0.08), ("fee_charged_twice", "Amazon.com", 0.2),
    ("fee_rises", "Amazon.com", 0.3), ("fulfilment_rises", "Amazon.com", 0.6),
    ("approval_falls", "shopify_payments:main/US", 0.4), ("fraud_burst", "US", 40.0),
    ("rival_undercuts", "best", 0.3), ("boat_late", "best", 55.0), ("lot_is_bad", "best", 8.0),
    ("dead_stock", "best", 3.0), ("storage_rises", "all", 1.0), ("creative_wears_out", "US home - prospecting", 0.8),
    ("campaign_overspends", "US home - prospecting", 3.0), ("loyal_go_quiet", "US", 0.8),
    ("replies_slow", "all", 8.0), ("complaints_rise", "best", 8.0), ("returns_rise", "US", 2.0),
    ("price_too_low", "best", 0.7),
]  # fmt: skip
BRINGS = [("orders_surge", "US", 1.0), ("threshold_nears", "US", 0.8), ("search_rises", "best", 1.5)]
BEST_SELLER = GOODS[int(np.argmax(popularity(GOODS, Draws(31))))].sku


@pytest.mark.parametrize(("kind", "subject", "strength"), COSTS + BRINGS)
def test_an_incident_costs_or_brings_what_it_says(kind: str, subject: str, strength: float) -> None:
    told = event(kind, BEST_SELLER if subject == "best" else subject, strength, days=46)
    (money,) = effect(told).values()
    assert money > 0 if (kind, subject, strength) in BRINGS else money < 0


def test_a_payout_that_only_comes_later_costs_nothing() -> None:
    assert list(effect(event("payout_late", "Amazon.com", 6)).values()) == [0]


def test_there_are_kinds_for_every_domain() -> None:
    assert len(KINDS) >= 25
    assert {kind.domain for kind in KINDS.values()} == {
        "logistics", "compliance", "payments", "pricing", "stock", "suppliers", "marketing", "customers", "service",
    }  # fmt: skip
    assert {kind for kind, *_ in COSTS + BRINGS} >= KINDS.keys() - {"payout_late", "coupon_leaks", "supplier_slips"}


def test_effects_of_two_incidents_on_disjoint_subjects_add_up() -> None:
    one = event("approval_falls", "shopify_payments:main/FR", 0.4)
    other = event("carrier_bills_twice", "Pearl River Line", 0.15)
    third = event("fee_charged_twice", "Amazon.co.jp", 0.2)
    base = make_world(PLAN, whole=False).ledger.result
    alone = [make_world(replace(PLAN, incidents=(e,)), whole=False).ledger.result - base for e in (one, other, third)]
    together = make_world(replace(PLAN, incidents=(one, other, third)), whole=False).ledger.result - base
    assert (np.sum(alone, axis=0) == together).all()
    assert all(part.any() for part in alone)


def test_before_an_incident_nothing_differs(usual: World) -> None:
    told = event("orders_surge", "US", 1.0, first=date(2026, 7, 1), days=5)
    with_it = make_world(replace(PLAN, incidents=(told,)))
    before = (date(2026, 7, 1) - PLAN.start).days + usual.given.when.first - usual.ledger.first_day
    assert (with_it.ledger.result[:before] == usual.ledger.result[:before]).all()
    assert with_it.count > usual.count


def test_the_money_of_an_incident_is_written_day_by_day(tmp_path: Path) -> None:
    told = event("duty_rises", "US", 1.0)
    plan = replace(PLAN, orders=2_000, incidents=(told,))
    simulate(plan, tmp_path / "with")
    rows = pq.read_table(tmp_path / "with" / "truth" / "incidents.parquet").to_pylist()
    assert {(row["kind"], row["subject"], row["strength"]) for row in rows} == {("duty_rises", "US", 1.0)}
    without = make_world(plan.without(told), whole=False).ledger.result
    really = make_world(plan, whole=False).ledger.result
    assert sum(row["effect"] for row in rows) * 100 == int((really - without).sum())
    assert min(row["day"] for row in rows) >= told.first
    assert plan_of(tmp_path / "with") == plan


def test_without_a_plan_of_incidents_there_is_no_truth_of_any(tmp_path: Path) -> None:
    simulate(Plan(31, months=1, orders=200), tmp_path / "world")
    names = {path.name for path in (tmp_path / "world" / "truth").iterdir()}
    assert names == {"entries.parquet", "promises.parquet", "faults.parquet", "world.json"}


def test_incidents_by_chance_are_of_many_kinds_and_in_nobodys_way() -> None:
    plan = Plan(5, months=12, orders=1_000)
    placed = at_random(24, plan, GOODS)
    assert len({e.kind for e in placed}) == 24
    check(placed, KINDS, plan, GOODS)
    assert placed == at_random(24, plan, GOODS)


GOOD = 'kind = "lane_slows"\nsubject = "BR"\nfrom = 2026-06-01\ndays = 10\nstrength = 0.5\n'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (GOOD.replace("lane_slows", "moon_falls"), "kind"),
        (GOOD.replace("BR", "Atlantis"), "subject"),
        (GOOD.replace("lane_slows", "lot_is_bad").replace("BR", "NO-SUCH-SKU"), "subject"),
        (GOOD.replace("0.5", "-0.5"), "strength"),
        (GOOD.replace("0.5", "nan"), "strength"),
        (GOOD.replace("lane_slows", "loyal_go_quiet").replace("0.5", "1.0"), "strength"),
        (GOOD.replace("0.5", "1000"), "strength"),
        (GOOD.replace("2026-06-01", "2019-06-01"), "days"),
        (GOOD.replace("days = 10", "days = 0"), "days"),
        (GOOD.replace("days = 10", "days = 4000"), "days"),
        (GOOD.replace('from = 2026-06-01', 'from = "soon"'), "file"),
        (GOOD.replace('strength = 0.5', ''), "file"),
        (GOOD + "\n[[incident]]\n" + GOOD.replace("06-01", "06-05"), "clash"),
        ("kind = [", "file"),
    ],
)  # fmt: skip
def test_an_impossible_plan_of_incidents_is_refused(text: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(f"[[incident]]\n{text}")
    with pytest.raises(PlanImpossible, match="Nothing was written") as refused:
        read_incidents(path, PLAN, GOODS)
    assert refused.value.code == f"plan_{reason}"
    assert sorted(tmp_path.iterdir()) == [path]


def test_a_plan_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PlanImpossible, match="no file"):
        read_incidents(tmp_path / "plan.toml", PLAN, GOODS)


def test_a_wrong_subject_is_told_what_would_be_right(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(f"[[incident]]\n{GOOD.replace('BR', 'Atlantis')}")
    with pytest.raises(PlanImpossible, match=r"lane_slows: Atlantis \(US, GB, DE"):
        read_incidents(path, PLAN, GOODS)


def test_more_incidents_than_there_is_room_for_are_refused() -> None:
    with pytest.raises(PlanImpossible, match="no room"):
        at_random(60, Plan(1, months=1, orders=100), GOODS)


def test_a_plan_file_names_incidents_and_places_more(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(f"random = 3\n[[incident]]\n{GOOD}")
    found = read_incidents(path, PLAN, GOODS)
    assert found[0] == event("lane_slows", "BR", 0.5, days=10)
    assert len(found) == 4


def test_every_kind_has_subjects_and_is_documented() -> None:
    assert all(subjects(kind, GOODS) for kind in KINDS.values())
    told = (Path(__file__).parents[2] / "docs" / "proving-ground.md").read_text(encoding="utf-8")
    for kinds in (KINDS, levers.KINDS):
        for name, kind in kinds.items():
            assert f"| `{name}` |" in told
            assert f"| {kind.meaning} |" in told


@pytest.mark.parametrize("step", [0, 1, 2])
def test_a_run_that_is_cut_off_leaves_nothing_that_looks_finished(step: int, tmp_path: Path) -> None:
    plan = Plan(31, months=1, orders=100, incidents=(event("duty_rises", "US", 1.0, first=date(2026, 9, 2), days=9),))

    def cut_off(_: str, done: int, __: int) -> None:
        if done == step:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(plan, tmp_path / "world", progress=cut_off)
    assert not (tmp_path / "world").exists()
    simulate(plan, tmp_path / "world")
    assert [path.name for path in tmp_path.iterdir()] == ["world"]
