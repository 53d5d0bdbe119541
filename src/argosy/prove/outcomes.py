"""Actions in simulated worlds, measured as any seller's are and held against what they really brought there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow.parquet as pq

from argosy import flow
from argosy.business import Business
from argosy.decisions.outcomes import Taken, measure
from argosy.model.findings import Range
from argosy.model.proposals import BEFORE_AFTER, MATCHED, UNMEASURED, Change, Measure
from argosy.model.scores import SAME
from argosy.outlook.known import Known
from argosy.world import assumptions as assumed
from argosy.world.columns import seconds_of
from argosy.world.draws import Draws
from argosy.world.faults import faults
from argosy.world.goods import Article, catalogue, popularity
from argosy.world.happened import World
from argosy.world.making import make_world
from argosy.world.orders import KEPT
from argosy.world.plan import Event, Plan
from argosy.world.simulate import plan_of, simulate

WINDOW = 60  # days over which an action is measured
MAIL_DAYS = 7
SHORT_DAYS = 40  # before the actions, in which payouts of one payer come short, so that there is something to claim
MARKET_LEVERS = {"stop_coupon": 1.0, "faster_lane": 0.3, "method_off": 1.0, "method_on": 0.3, "message_segment": 1.0}
PRICES = (0.8, 0.9, 1.1, 1.25)


@dataclass(frozen=True)
class Way:
    """How an action of a kind of lever is measured: the change it is to Argosy, metric, comparison."""

    change: str
    metric: str
    comparison: str


# Every lever; goods ordered or brought avert what would have run out, and nothing that is left alone says what would.
WAYS = {
    "price": Way("price.set", "basket_sku", MATCHED),
    "stop_coupon": Way("coupon.stop", "margin_market", BEFORE_AFTER),
    "ad_budget": Way("campaign.budget", "margin_campaign", MATCHED),
    "pause_campaign": Way("campaign.pause", "margin_campaign", MATCHED),
    "message_segment": Way("buyers.write", "margin_market", BEFORE_AFTER),
    "hold_listing": Way("listing.hold", "basket_listing", MATCHED),
    "faster_lane": Way("lane.faster", "delivery_cost", MATCHED),
    "method_on": Way("method.on", "margin_provider", BEFORE_AFTER),
    "method_off": Way("method.off", "margin_provider", BEFORE_AFTER),
    "refund": Way("order.refund", "refund_paid", BEFORE_AFTER),
    "claim": Way("claim.send", "claim_paid", BEFORE_AFTER),
    "reorder": Way("stock.reorder", "margin_sku", UNMEASURED),
    "transfer": Way("stock.transfer", "margin_sku", UNMEASURED),
}


@dataclass(frozen=True)
class Seen:
    """One action: what it really brought in its window, what was measured (None: refused, and why), and whether it
    would have been told of an action expected to bring just as much; money of the book currency."""

    kind: str
    subject: str
    true: float
    brought: Range | None
    reason: str
    told: bool


@dataclass(frozen=True)
class Tally:
    """How actions of one kind were measured: how many there were, had a range, of those had the truth in it; the
    middle of what they really brought, of the error and of half the range; how many would have been told."""

    kind: str
    actions: int
    ranged: int
    covered: int
    true: float
    error: float
    half: float
    told: int


def outcomes(
    seeds: Sequence[int], *, months: int = 6, orders: int = 20_000,
    progress: Callable[[str, int, int], None] = lambda *_: None,
) -> list[Seen]:  # fmt: skip
    """Return what was measured of the actions of a world for each seed; one world at a time."""
    seen: list[Seen] = []
    for done, seed in enumerate(seeds):
        progress(f"seed {seed}", done, len(seeds))
        with TemporaryDirectory(prefix="argosy-world-") as scratch:
            world, shop = Path(scratch) / "world", Path(scratch) / "shop"
            simulate(acted(Plan(seed, months, orders)), world)
            flow.begin(shop, home=assumed.HOME, book_currency=assumed.BOOK_CURRENCY)
            with closing(Business.at(shop)) as business:
                business.import_files(str(world / "exports"))
                seen += measured(world, business.known())
    return seen


def measured(world: Path, known: Known) -> list[Seen]:
    """Return what was measured of each action of a world that was read, beside what it really brought."""
    plan, really = plan_of(world), _effects(world / "truth" / "actions.parquet")
    wrong = {row["subject"]: row for row in pq.read_table(world / "truth" / "faults.parquet").to_pylist()}
    every = [_taken(number, event, wrong) for number, event in enumerate(plan.actions)]
    return [_seen(known, one, event, really, every) for one, event in zip(every, plan.actions, strict=True)]


def _effects(path: Path) -> dict[tuple[int, date], Decimal]:
    rows = pq.read_table(path, columns=["number", "day", "effect"]).to_pylist()
    return {(row["number"], row["day"]): row["effect"] for row in rows}


def _seen(
    known: Known, one: Taken, event: Event, really: dict[tuple[int, date], Decimal], every: Sequence[Taken]
) -> Seen:
    days = (one.first + timedelta(days=n) for n in range(one.measure.days))
    true = sum((really.get((one.number, day), Decimal(0)) for day in days), Decimal(0))
    found = measure(known, one, others=every)
    forecast = measure(known, replace(one, expected=Range.exactly(abs(true))), others=every)
    told = forecast.brought is not None
    return Seen(event.kind, event.subject, float(true), found.brought, found.reason, told)


def _taken(number: int, event: Event, wrong: Mapping[str, Mapping[str, Any]]) -> Taken:
    """Return a world's action as Argosy would have it in its books, of no known expectation."""
    way = WAYS[event.kind]
    subject, values = event.subject, {}
    if event.kind == "claim":
        fault = wrong[event.subject]
        subject = f"{fault['party']}/{event.subject}"
        values = {"amount": str(fault["amount"]), "currency": str(fault["currency"])}
    elif event.kind == "hold_listing":
        subject = event.subject.replace("/shopify", "/shopify:main")
    reason = "no_counterfactual" if way.comparison == UNMEASURED else ""
    plan = Measure(way.metric, subject, WINDOW, way.comparison, reason)
    change = Change(way.change, subject, "", values)
    return Taken(number, f"world:{number}", change, plan, Range.exactly(Decimal(0)), "", event.first)


def tally(seen: Iterable[Seen]) -> list[Tally]:
    """Return how well each kind was measured, and all together (kind: all)."""
    every = list(seen)
    kinds = [kind for kind in WAYS if any(one.kind == kind for one in every)]
    return [_tally(kind, [one for one in every if one.kind == kind]) for kind in kinds] + [_tally("all", every)]


def _tally(kind: str, seen: Sequence[Seen]) -> Tally:
    with_range = [(one.true, one.brought) for one in seen if one.brought is not None]
    covered = sum(float(r.low) - _near(true) <= true <= float(r.high) + _near(true) for true, r in with_range)
    errors = [abs(float(r.mid) - true) for true, r in with_range]
    halves = [float(r.high - r.low) / 2 for _, r in with_range]
    return Tally(
        kind, len(seen), len(with_range), covered, _middle([abs(one.true) for one in seen]), _middle(errors),
        _middle(halves), sum(one.told for one in seen),
    )  # fmt: skip


def _near(true: float) -> float:
    """Return how much a result told exactly may differ from the truth, which has what rates moved until the payout."""
    return float(SAME) * abs(true)


def _middle(values: Sequence[float]) -> float:
    return float(np.median(values)) if values else 0.0


def table(tallies: Iterable[Tally]) -> str:
    """Return the table a person reads, one row per kind of action."""
    head = (
        f"{'kind':16} {'actions':>7} {'ranged':>6} {'covered':>7} {'|true|':>9} {'|error|':>9} {'half':>9} {'told':>5}"
    )
    rows = [
        f"{t.kind:16} {t.actions:7} {t.ranged:6} {t.covered / max(t.ranged, 1):7.0%} {t.true:9,.0f} {t.error:9,.0f} "
        f"{t.half:9,.0f} {t.told / max(t.actions, 1):5.0%}"
        for t in tallies
    ]
    return "\n".join([head, *rows])


def acted(plan: Plan) -> Plan:
    """Return the plan with an action of each kind of lever, ``WINDOW`` days before its end, drawn by its seed.

    No two of them share a market, an article or a campaign, and articles whose price moves are none that a changed
    campaign advertises, so that each can be seen by itself.
    """
    chance = Draws(plan.seed).stream("actions")
    first, articles = plan.until - timedelta(days=WINDOW), catalogue(Draws(plan.seed))
    markets = _markets(chance)
    campaigns = [c for c in assumed.CAMPAIGNS if c.country not in markets]
    chosen = [campaigns[n] for n in chance.permutation(len(campaigns))[:2]]
    told = [
        (kind, f"paypal:main/{market}" if kind.startswith("method") else market, strength)
        for (kind, strength), market in zip(MARKET_LEVERS.items(), markets, strict=True)
    ]
    told += [(kind, c.name, s) for kind, c, s in zip(("pause_campaign", "ad_budget"), chosen, (1.0, 2.0), strict=False)]
    told += _on_articles(_best(plan, articles, without={c.family for c in chosen}), chance)
    last = plan.until - timedelta(days=1)
    days = {"message_segment": MAIL_DAYS, "reorder": 1, "transfer": 1}
    events = [
        Event(kind, subject, first, first + timedelta(days=days[kind] - 1) if kind in days else last, strength)
        for kind, subject, strength in told
    ]
    short = Event("payout_short", "shopify_payments:main", first - timedelta(days=SHORT_DAYS), first, 0.2)
    world = make_world(replace(plan, incidents=(short,)), whole=False)
    return replace(plan, incidents=(short,), actions=(*events, *_refund(world, first), *_claim(world, first)))


def _refund(world: World, first: date) -> list[Event]:
    """Return a refund of the last order paid before a day."""
    orders = world.orders
    placed = np.flatnonzero((orders.fate == KEPT) & (orders.paid_at < seconds_of(first)))
    return [Event("refund", orders.names[int(place)], first, first, 1.0) for place in placed[-1:]]


def _claim(world: World, first: date) -> list[Event]:
    """Return claims for the payouts that came short before a day."""
    known = [
        row["subject"] for row in faults(world).to_pylist() if row["kind"] == "payout_short" and row["day"] < first
    ]
    return [Event("claim", subject, first, first, 1.0) for subject in known[-2:]]


def _markets(chance: np.random.Generator) -> list[str]:
    weight = np.sqrt([market.share for market in assumed.MARKETS])
    many = len(MARKET_LEVERS)
    picked = chance.choice(len(weight), many, replace=False, p=weight / weight.sum())
    return [assumed.MARKETS[place].country for place in picked]


def _best(plan: Plan, articles: tuple[Article, ...], *, without: set[str]) -> list[Article]:
    order = np.argsort(-popularity(articles, Draws(plan.seed)))
    return [articles[n] for n in order if articles[n].family not in without]


def _on_articles(best: list[Article], chance: np.random.Generator) -> list[tuple[str, str, float]]:
    """Return three prices, a listing held, an order and a transfer of goods, of articles that sell well."""
    picked = [best[n].sku for n in chance.permutation(min(len(best), 20))[:6]]
    prices = [("price", sku, float(chance.choice(PRICES))) for sku in picked[:3]]
    return [
        *prices, ("hold_listing", f"{picked[3]}/shopify", 1.0), ("reorder", f"{picked[4]}/shenzhen", 150.0),
        ("transfer", f"{picked[5]}/ontario-3pl", 30.0),
    ]  # fmt: skip
