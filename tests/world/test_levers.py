"""Actions act once, from their day on, and what they earned is the difference of two worlds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from argosy.model.errors import PlanImpossible
from argosy.world import effects
from argosy.world.columns import seconds_of
from argosy.world.connector import Connector
from argosy.world.faults import faults
from argosy.world.making import make_world
from argosy.world.orders import KEPT
from argosy.world.plan import Event, Plan
from argosy.world.simulate import simulate

PLAN = Plan(33, months=6, orders=12_000)
JULY = date(2026, 7, 1)
END = date(2026, 9, 30)


def earned(action: Event, *incidents: Event) -> float:
    plan = replace(PLAN, incidents=incidents, actions=(action,))
    return float(effects.effect_of(action, plan, make_world(plan, whole=False).ledger.result).sum()) / 100


def action(kind: str, subject: str, strength: float = 1.0, *, last: date = END) -> Event:
    return Event(kind, subject, JULY, last, strength)


@pytest.mark.parametrize(
    "act",
    [
        action("price", "HOME-01C", 0.5), action("stop_coupon", "US"), action("ad_budget", "US pet - prospecting", 2.0),
        action("pause_campaign", "US electronics - search"), action("message_segment", "US", last=date(2026, 7, 3)),
        action("transfer", "ELEC-01C/ontario-3pl", 20, last=JULY), action("hold_listing", "HOME-01C/shopify"),
        action("faster_lane", "BR", 0.4), action("method_off", "shopify_payments:main/FR"),
        action("method_on", "paypal:main/BR", 0.5),
    ],
    ids=lambda act: act.kind,
)  # fmt: skip
def test_an_action_changes_the_result_from_its_day_on(act: Event) -> None:
    plan = replace(PLAN, actions=(act,))
    base, with_it = (make_world(p, whole=False).ledger.result for p in (PLAN, plan))
    before = (JULY - PLAN.start).days + 30
    assert (base[:before] == with_it[:before]).all()
    assert (base != with_it).any()


def test_a_refund_costs_what_the_order_brought() -> None:
    orders = make_world(PLAN, whole=False).orders
    place = int(np.flatnonzero((orders.fate == KEPT) & (orders.paid_at < seconds_of(JULY)))[-1])
    assert earned(action("refund", orders.names[place], last=JULY)) < 0


def test_pausing_a_campaign_whose_creative_wore_out_earns_more_than_pausing_a_good_one() -> None:
    worn = Event("creative_wears_out", "US electronics - search", JULY, END, 0.95)
    act = action("pause_campaign", "US electronics - search")
    assert earned(act, worn) > max(earned(act), 0)


def test_writing_to_old_buyers_brings_more_than_it_costs() -> None:
    assert earned(action("message_segment", "US", last=date(2026, 7, 5))) > 0


def test_goods_ordered_anew_come_and_can_be_sold() -> None:
    act = action("reorder", "HOME-01C/shenzhen", 400, last=JULY)
    base, more = (make_world(p, whole=False).shelves.on_hand for p in (PLAN, replace(PLAN, actions=(act,))))
    assert (more >= base)[:, 0].all()
    assert (more - base)[-1].max() > 0


def test_what_is_claimed_from_a_payer_comes_back_to_the_bank_and_nothing_else_does(tmp_path: Path) -> None:
    short = Event("payout_short", "shopify_payments:main", date(2026, 6, 15), date(2026, 7, 10), 0.2)
    plan = replace(PLAN, orders=1_500, incidents=(short,))
    wrong = [row for row in faults(make_world(plan)).to_pylist() if row["day"] < JULY]
    asked = tuple(action("claim", row["subject"], last=JULY) for row in wrong)
    world = make_world(replace(plan, actions=(*asked, action("claim", "no such payout", last=JULY))))
    assert 0 < len(world.claims) <= len(wrong)
    assert {paid.number: paid.amount for paid in world.claims}.items() <= {
        row["subject"]: int(row["amount"] * 100) for row in wrong
    }.items()
    simulate(replace(plan, actions=asked), tmp_path / "world")
    bank = (tmp_path / "world" / "exports" / "bank.csv").read_text(encoding="utf-8")
    assert bank.count("CLAIM") == len(world.claims)
    assert earned(asked[0], short) >= 0


def test_what_is_no_world_cannot_be_acted_on(tmp_path: Path) -> None:
    with pytest.raises(PlanImpossible, match="no simulated world"):
        Connector(tmp_path / "nothing").advance(JULY)


def test_a_world_that_was_cut_off_while_time_went_by_is_there_again(tmp_path: Path) -> None:
    simulate(Plan(33, months=2, orders=100, until=date(2026, 9, 1)), tmp_path / "world")
    (tmp_path / "world").rename(tmp_path / ".world.old")
    Connector(tmp_path / "world").advance(date(2026, 9, 10))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".world.lock", "world"]


def test_an_action_is_taken_once_and_shows_in_the_files_of_later_days(tmp_path: Path) -> None:
    plan = replace(PLAN, orders=1_500, until=JULY)
    simulate(plan, tmp_path / "world")
    far = Connector(tmp_path / "world")
    budget = action("pause_campaign", "US pet - prospecting")
    assert far.act(budget, key="a-1")
    assert not far.act(budget, key="a-1"), "the same key acts once"
    with pytest.raises(PlanImpossible, match="another action"):
        far.act(action("pause_campaign", "US home - prospecting"), key="a-1")
    with pytest.raises(PlanImpossible, match="Two of them"):
        far.act(budget, key="a-2")
    with pytest.raises(PlanImpossible, match="passed"):
        far.act(replace(budget, first=date(2026, 6, 1)), key="a-3")
    before = (tmp_path / "world" / "exports" / "meta_ads.csv").read_text(encoding="utf-8")
    far.advance(date(2026, 8, 1))
    after = (tmp_path / "world" / "exports" / "meta_ads.csv").read_text(encoding="utf-8")
    assert after.startswith(before.rstrip("\n"))
    july = [line for line in after.splitlines() if line.startswith('"2026-07') and "US pet" in line]
    assert len(july) == 31
    assert all(',"0.00",' in line for line in july)
    (kind,) = set(pq.read_table(tmp_path / "world" / "truth" / "actions.parquet")["kind"].to_pylist())
    assert kind == "pause_campaign"
    assert not far.act(budget, key="a-1"), "nor does it after time went by"
    assert sorted(path.name for path in tmp_path.iterdir() if not path.name.endswith(".lock")) == ["world"]
