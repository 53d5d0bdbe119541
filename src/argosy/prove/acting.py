"""What acting on the queue brings in a world, against doing nothing and against simpler ways to choose."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from argosy import flow
from argosy.business import Business
from argosy.connectors.in_world import InWorld
from argosy.decisions import load
from argosy.decisions.carry_out import Hands, act, note
from argosy.decisions.decide import approve
from argosy.decisions.queue import Place, rank
from argosy.decisions.records import OPEN
from argosy.decisions.rules import set_policy
from argosy.model.decisions import Policy
from argosy.model.errors import DecisionRefused
from argosy.model.proposals import ACTS
from argosy.model.scores import Acted
from argosy.world import assumptions as assumed
from argosy.world.connector import Connector
from argosy.world.draws import Draws
from argosy.world.goods import catalogue
from argosy.world.incidents import at_random
from argosy.world.making import make_world
from argosy.world.plan import END, Plan
from argosy.world.simulate import plan_of, simulate

DAYS, STEP = 90, 15  # how long is acted, and days from one sitting to the next
MONTHS = 4  # the last ones, in which the incidents lie: what was over before anybody acts is nothing to choose from
MINUTES = 20  # of attention a person gives at each sitting, whatever the way of choosing
OWNER = "owner"

Choose = Callable[[Sequence[Place]], list[Place]]


def top(places: Sequence[Place]) -> list[Place]:
    """Return what leads the queue and brings more than it costs, as far as a sitting's attention reaches."""
    return _within(place for place in places if not place.gives_way_to and place.gain > place.cost)


def everything(places: Sequence[Place]) -> list[Place]:
    """Return every card as it came, as far as a sitting's attention reaches."""
    return _within(sorted(places, key=lambda place: place.card.number))


def by_claim(places: Sequence[Place]) -> list[Place]:
    """Return the cards that claim most, however sure and at whatever cost, as far as a sitting's attention reaches."""
    return _within(sorted(places, key=lambda place: -place.card.kept.proposal.expected.mid))


WAYS: dict[str, Choose] = {"top": top, "everything": everything, "by_claim": by_claim}


def _within(places: Iterable[Place]) -> list[Place]:
    chosen, left = [], MINUTES
    for place in places:
        if _minutes(place) <= left:
            chosen.append(place)
            left -= _minutes(place)
    return chosen


def _minutes(place: Place) -> int:
    return place.card.kept.proposal.minutes


def race(
    seeds: Sequence[int],
    *,
    months: int,
    orders: int,
    incidents: int,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> list[Acted]:
    """Return what each way of choosing brought in one world per seed, with so many incidents by chance; as many at once
    as there are processors."""
    plans = [Plan(seed, months, orders) for seed in seeds]
    plans = [
        replace(plan, incidents=at_random(incidents, replace(plan, months=MONTHS), catalogue(Draws(plan.seed))))
        for plan in plans
    ]
    asked = [(plan, way) for plan in plans for way in WAYS]
    with ProcessPoolExecutor(min(len(asked), os.cpu_count() or 1), mp_context=get_context("spawn")) as pool:
        running = [pool.submit(acted, plan, way) for plan, way in asked]
        for done, ready in enumerate(as_completed(running), 1):
            progress(f"seed {ready.result().seed}, {ready.result().way}", done, len(asked))
        return [ready.result() for ready in running]


def acted(plan: Plan, way: str) -> Acted:
    """Return what one way of choosing brought in the last ``DAYS`` days of a world against the same world in which
    nothing is done; the seller's files are read, the queue is made and changes are sent as by anybody."""
    with TemporaryDirectory(prefix="argosy-acting-") as scratch:
        world, shop = Path(scratch) / "world", Path(scratch) / "shop"
        simulate(replace(plan, until=END - timedelta(days=DAYS)), world)
        flow.begin(shop, home=assumed.HOME, book_currency=assumed.BOOK_CURRENCY)
        done: list[Place] = []
        with closing(Business.at(shop)) as business:
            _unlimited(business)
            while True:
                business.import_files(str(world / "exports"))
                done += _sitting(business, world, WAYS[way])
                until = plan_of(world).until + timedelta(days=STEP)
                if until >= END:
                    break
                Connector(world).advance(until)
        minutes, cost = sum(map(_minutes, done)), sum((place.cost for place in done), Decimal(0))
        return Acted(way, plan.seed, _brought(replace(Connector(world).plan, until=END)), cost, len(done), minutes)


def _sitting(business: Business, world: Path, choose: Choose) -> list[Place]:
    """Watch, choose, approve and carry out, and return what was done."""
    at = flow.now()  # the watch knows which day it is in the business
    hands = Hands(business.state, lambda change: InWorld(world), lambda kept: kept.proposal.rests_on)
    flow.watch(business.lake, business.state, at=at)
    with business.state.read() as connection:
        cards, findings = load.cards(connection, states=(OPEN,)), load.findings(connection)
    far = InWorld(world)
    able = [card for card in cards if far.takes(card.kept.change)]
    done = []
    for place in choose(rank(able, findings=findings, book_currency=assumed.BOOK_CURRENCY)):
        try:
            action = approve(business.state, place.card.number, who=OWNER, at=at)
        except DecisionRefused:
            continue
        if note(hands, action.key, act(hands, action.key)) == "done":
            done.append(place)
    return done


def _unlimited(business: Business) -> None:
    """Let the owner of this world approve as much a day as the way of choosing wants: it is what is compared."""
    at = flow.now()
    for kind in ACTS:
        set_policy(business.state, Policy(kind), who=OWNER, at=at)


def _brought(plan: Plan) -> Decimal:
    done, undone = (make_world(one, whole=False).ledger.result.sum() for one in (plan, replace(plan, actions=())))
    return Decimal(int(done - undone)) / 100
