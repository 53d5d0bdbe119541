"""Buyers pay through three providers, as their country goes; what each takes is paid out or withdrawn, no cent lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pyarrow.csv as pacsv
import pytest

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS
from argosy.world.files import write_exports
from argosy.world.happened import World
from argosy.world.making import make_world
from argosy.world.payments import APPROVED
from argosy.world.plan import Event, Plan
from argosy.world.provider import CHARGE, DISPUTE

PLAN = Plan(11, months=6, orders=30_000)
PLACE = {provider.channel_id: place for place, provider in enumerate(assumed.PROVIDERS)}
PAYPAL = PLACE["paypal:main"]


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(PLAN)


def day(number: int) -> date:
    return date(1970, 1, 1) + timedelta(days=int(number))


def test_everybody_can_pay_and_nobody_in_two_ways() -> None:
    for market in assumed.MARKETS:
        assert sum(p.shares.get(market.country, 0) for p in assumed.PROVIDERS) == pytest.approx(1)


@pytest.mark.parametrize("country", ["US", "DE", "GB", "BR", "TR"])
def test_a_country_s_first_attempts_are_shared_as_assumed(world: World, country: str) -> None:
    market = [m.country for m in assumed.MARKETS].index(country)
    first = (world.attempts.turn == 0) & (world.attempted_in == market)
    found = np.bincount(world.attempts.provider[first], minlength=len(assumed.PROVIDERS))
    for place, provider in enumerate(assumed.PROVIDERS):
        share = provider.shares.get(country, 0)
        # Buyers keep to their way, so that a share spreads by buyers rather than by attempts.
        assert abs(found[place] - share * first.sum()) <= 8 * np.sqrt(share * (1 - share) * first.sum())


def test_a_wallet_is_approved_alike_wherever_the_buyer_is(world: World) -> None:
    mine = (world.attempts.turn == 0) & (world.attempts.provider == PAYPAL)
    good = world.attempts.declined[mine] == APPROVED
    spread = np.sqrt(0.97 * 0.03 / mine.sum())
    assert abs(good.mean() - assumed.PROVIDERS[PAYPAL].approved) < 5 * spread


def test_each_provider_takes_its_own_fee(world: World) -> None:
    moves, orders = world.moves, world.orders
    abroad = np.array([market.country != "US" for market in assumed.MARKETS])[orders.market][moves.order]
    for name, fee in (("shopify_payments:main", 290), ("stripe:main", 290), ("paypal:main", 349)):
        mine = (moves.provider == PLACE[name]) & (moves.kind == CHARGE)
        exact = moves.amount[mine] * (fee + 150 * abroad[mine]) / 10_000 + assumed.PROVIDERS[PLACE[name]].fixed
        assert np.abs(moves.fee[mine] - exact).max() <= 0.5


def test_payouts_hold_every_move_once_and_come_on_their_days(world: World) -> None:
    moves = world.moves
    for place, (provider, payouts) in enumerate(zip(assumed.PROVIDERS, world.payouts, strict=True)):
        mine = moves.of(place)
        for sent, amount in zip(payouts.day, payouts.amount, strict=True):
            assert mine.net[mine.payout_day == sent].sum() == amount
        assert payouts.amount.sum() + mine.net[mine.payout_day == 0].sum() == mine.net.sum()
        out = mine.payout_day > 0
        if provider.weekday is not None:
            assert {day(sent).weekday() for sent in payouts.day} == {provider.weekday}
            assert (mine.payout_day - mine.at // DAY_SECONDS)[out].min() == assumed.PAYOUT_LAG_DAYS


def test_a_withdrawal_empties_the_wallet_on_its_days_and_nothing_is_withdrawn_from_an_empty_one(world: World) -> None:
    mine, payouts = world.moves.of(PAYPAL), world.payouts[PAYPAL]
    assert {day(sent).day for sent in payouts.day} == set(assumed.WITHDRAWN_ON)
    assert (payouts.amount > 0).all()
    for sent, withdrawn in zip(payouts.day, np.cumsum(payouts.amount), strict=True):
        assert mine.net[mine.at < sent * DAY_SECONDS + assumed.WITHDRAWN_AT].sum() == withdrawn


def test_a_wallet_in_debt_waits_until_there_is_something() -> None:
    burst = Event("fraud_burst", "DE", PLAN.start, PLAN.day(60), 800.0)
    mine = make_world(replace(PLAN, orders=300, incidents=(burst,))).moves.of(PAYPAL)
    for sent in np.unique(mine.payout_day[mine.payout_day > 0]):
        assert mine.net[mine.payout_day == sent].sum() > 0
    assert (mine.kind == DISPUTE).any()


def test_a_short_withdrawal_is_short_at_the_bank_alone() -> None:
    short = Event("payout_short", "paypal:main", PLAN.day(40), PLAN.day(70), 0.2)
    usual, less = (make_world(replace(PLAN, orders=3_000, incidents=e)).payouts for e in ((), (short,)))
    for place, (before, after) in enumerate(zip(usual, less, strict=True)):
        assert (before.amount == after.amount).all()
        assert (before.arrived == after.arrived).all() == (place != PAYPAL)
    assert less[PAYPAL].arrived.sum() < usual[PAYPAL].arrived.sum()


def test_the_files_say_what_moved(tmp_path: Path) -> None:
    world, folder = make_world(replace(PLAN, orders=2_000)), tmp_path / "exports"
    write_exports(world, folder)
    orders = pacsv.read_csv(folder / "orders_export.csv").to_pydict()
    told = [word for word in orders["Payment Method"] if word]
    assert told == [assumed.PROVIDERS[place].name for place in world.paid_by]
    stripe = pacsv.read_csv(folder / "stripe_payout_reconciliation.csv").to_pydict()
    mine = world.moves.of(PLACE["stripe:main"])
    assert [round(float(net) * 100) for net in stripe["net"]] == mine.net.tolist()
    assert len(set(stripe["balance_transaction_id"])) == len(mine.at)
    assert stripe["payment_metadata[order_id]"] == [world.orders.names[order] for order in mine.order]
    paypal = pacsv.read_csv(folder / "paypal_activity.csv").to_pydict()
    assert len(paypal) == 41
    assert len(set(paypal["Transaction ID"])) == len(paypal["Transaction ID"])
    withdrawn = [n for n, word in enumerate(paypal["Type"]) if word == "General Withdrawal"]
    assert [round(-100 * float(paypal["Net"][n])) for n in withdrawn] == world.payouts[PAYPAL].amount.tolist()
    assert {float(paypal["Balance"][n]) for n in withdrawn} == {0.0}
    causes = {word for word, type_ in zip(paypal["Reference Txn ID"], paypal["Type"], strict=True) if "Refund" in type_}
    assert causes <= set(paypal["Transaction ID"])
