"""What can happen to the business: each kind alters a condition for a subject from a day to a day."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from argosy.model.errors import PlanImpossible
from argosy.world import assumptions as assumed
from argosy.world.draws import Draws
from argosy.world.goods import Article, catalogue, popularity
from argosy.world.kinds import EVERYTHING, Kind, by, check, clash, closed, less, more, subjects, to
from argosy.world.plan import Event, Plan

TRIES = 60  # to find a place for an incident of a kind before the next kind has its turn

KINDS: dict[str, Kind] = {
    # logistics
    "lane_slows": Kind(
        "logistics", "market", {"transit": more}, (0.5, 1.2), (14, 35), "days on the way rise by so much",
    ),
    "customs_hold": Kind("logistics", "market", {"held": by}, (0.3, 0.7), (10, 25), "so many more parcels are held"),
    "carrier_bills_twice": Kind(
        "logistics", "carrier", {"twice": by}, (0.05, 0.2), (21, 42), "so many parcels are billed twice"
    ),
    "carrier_charges_more": Kind(
        "logistics", "carrier", {"freight": more}, (0.15, 0.4), (28, 60), "bills lie so much above the contract"
    ),
    "handling_slows": Kind(
        "logistics", "all", {"handling": more}, (1.0, 2.5), (7, 16), "hours until sent rise by so much",
    ),
    # compliance
    "duty_rises": Kind("compliance", "market", {"duty": more}, (0.5, 1.5), (30, 90), "duty rises by so much"),
    "certificate_expires": Kind(
        "compliance", "family/place", {"blocked": closed}, (1.0, 1.0), (10, 25), "a place closes a family's listings"
    ),
    "account_suspended": Kind(
        "compliance", "place", {"blocked": closed}, (1.0, 1.0), (3, 9), "a place closes all listings"
    ),
    "threshold_nears": Kind(
        "compliance", "market", {"demand": more}, (0.6, 1.2), (45, 90), "sales rise past a tax threshold"
    ),
    # payments and money
    "payout_short": Kind(
        "payments", "payer", {"short": by}, (0.05, 0.3), (14, 28), "such a part of payouts is missing",
    ),
    "payout_late": Kind("payments", "payer", {"late": by}, (4, 8), (14, 28), "payouts come so many days later"),
    "currency_falls": Kind("payments", "currency", {"worth": less}, (0.05, 0.12), (30, 90), "it is worth so much less"),
    "fee_charged_twice": Kind(
        "payments", "site", {"charged_twice": by}, (0.05, 0.25), (14, 28), "so many fees are charged twice"
    ),
    "fee_rises": Kind("payments", "site", {"referral": more}, (0.2, 0.5), (30, 90), "referral fees rise by so much"),
    "fulfilment_rises": Kind(
        "payments", "site", {"fulfilment": more}, (0.5, 1.5), (30, 60), "fulfilment fees rise by so much"
    ),
    "approval_falls": Kind(
        "payments", "provider/market", {"approval": less}, (0.25, 0.6), (10, 28), "so many fewer payments are approved"
    ),
    "fraud_burst": Kind("payments", "market", {"fraud": more}, (40.0, 80.0), (7, 16), "disputes rise by so much"),
    # pricing
    "price_too_low": Kind("pricing", "article", {"price": less}, (0.5, 0.75), (5, 14), "it is sold so much cheaper"),
    "rival_undercuts": Kind("pricing", "article", {"rival": less}, (0.2, 0.4), (21, 50), "rivals charge so much less"),
    "coupon_leaks": Kind("pricing", "market", {"coupons": to}, (0.6, 0.9), (7, 21), "so many orders have the coupon"),
    # stock and suppliers
    "boat_late": Kind(
        "stock", "article", {"lead": by}, (40, 60), (46, 46), "what is ordered then comes so many days later",
    ),
    "dead_stock": Kind(
        "stock", "article", {"lots": more, "demand": lambda v, s: v * 0.3}, (2.0, 4.0), (60, 120),
        "so much more is ordered of what is hardly wanted",
    ),
    "supplier_slips": Kind(
        "suppliers", "supplier", {"lead": by}, (20, 40), (46, 60), "all it makes comes later, in days",
    ),
    "lot_is_bad": Kind("suppliers", "article", {"defects": more}, (5.0, 12.0), (14, 30), "defects rise by so much"),
    "storage_rises": Kind("stock", "all", {"storage": more}, (0.5, 1.5), (31, 62), "storage costs so much more"),
    # marketing
    "creative_wears_out": Kind(
        "marketing", "campaign", {"creative": less}, (0.5, 0.9), (21, 45), "advertising brings so much less"
    ),
    "campaign_overspends": Kind(
        "marketing", "campaign", {"budget": more}, (1.5, 4.0), (7, 21), "it spends so much more than planned"
    ),
    "search_rises": Kind(
        "marketing", "article", {"search": more}, (1.0, 2.0), (21, 45), "people search so much more for it",
    ),
    # customers and service
    "loyal_go_quiet": Kind(
        "customers", "market", {"loyal": less}, (0.6, 0.95), (30, 60), "old buyers buy so much less",
    ),
    "orders_surge": Kind("customers", "market", {"demand": more}, (0.8, 1.4), (3, 9), "so much more is wanted at once"),
    "replies_slow": Kind("service", "all", {"replies": more}, (4.0, 9.0), (10, 25), "answers take so much longer"),
    "complaints_rise": Kind(
        "service", "article", {"complaints": more}, (4.0, 9.0), (10, 25), "damage rises by so much",
    ),
    "returns_rise": Kind("service", "market", {"returns": more}, (1.0, 3.0), (21, 45), "so much more is sent back"),
}  # fmt: skip


def read_incidents(path: Path, plan: Plan, articles: tuple[Article, ...]) -> tuple[Event, ...]:
    """Return the incidents a plan file names; ``random = N`` places so many more by chance.

    A table per incident: kind, subject, from (day), days, strength. ``PlanImpossible`` when the file cannot be read or
    asks for what cannot be.
    """
    try:
        told = tomllib.loads(path.read_text(encoding="utf-8"))
        placed = tuple(_told(row) for row in told.get("incident", ()))
        more = int(told.get("random", 0))
    except OSError as error:
        raise PlanImpossible(reason="missing", value=path) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, KeyError, TypeError, ValueError) as error:
        raise PlanImpossible(reason="file", value=f"{path}: {error}") from error
    check(placed, KINDS, plan, articles)
    return (*placed, *at_random(more, plan, articles, placed=placed))


def _told(row: dict[str, Any]) -> Event:
    first = row["from"]
    if not isinstance(first, date):
        raise TypeError(f"from = {first!r}")
    last = first + timedelta(days=int(row["days"]) - 1)
    return Event(str(row["kind"]), str(row.get("subject", EVERYTHING)), first, last, float(row["strength"]))


def at_random(
    many: int, plan: Plan, articles: tuple[Article, ...], *, placed: Sequence[Event] = ()
) -> tuple[Event, ...]:
    """Return so many incidents placed by the plan's seed, each kind as often as the next, none in another's way.

    The first and the last two weeks stay as usual, so that an incident can be seen against something. Articles are
    those that sell best, for what nobody buys cannot be missed.
    """
    chance = Draws(plan.seed).stream("incidents")
    kinds, found = [list(KINDS)[place] for place in chance.permutation(len(KINDS))], list[Event]()
    for turn in range(many + len(kinds)):
        if len(found) == many:
            break
        for _ in range(TRIES):
            event = _drawn(kinds[turn % len(kinds)], plan, articles, chance)
            if event is not None and not any(clash(event, other, KINDS, articles) for other in (*placed, *found)):
                found.append(event)
                break
    if len(found) < many:
        raise PlanImpossible(reason="crowd", value=many)
    return tuple(sorted(found, key=lambda event: (event.first, event.kind)))


def _drawn(name: str, plan: Plan, articles: tuple[Article, ...], chance: np.random.Generator) -> Event | None:
    kind = KINDS[name]
    days = int(chance.integers(kind.days[0], kind.days[1] + 1))
    first = int(chance.integers(0, max(plan.days, 1)))
    strength = float(np.round(chance.uniform(*kind.strength), 3))
    able = _likely(kind, articles, plan)
    subject = able[int(chance.integers(0, len(able)))]
    quiet = min(14, plan.days // 6)
    if first < 2 * quiet or first + days > plan.days - quiet:
        return None
    return Event(name, subject, plan.day(first), plan.day(first + days - 1), strength)


def _likely(kind: Kind, articles: tuple[Article, ...], plan: Plan) -> tuple[str, ...]:
    """Return the subjects of which enough is sold that an incident matters."""
    able = subjects(kind, articles)
    if kind.subject == "article":
        best = np.argsort(-popularity(articles, Draws(plan.seed)))[:12]
        return tuple(articles[place].sku for place in best)
    big = tuple(market.country for market in assumed.MARKETS if market.share >= 0.05)
    if kind.subject == "market":
        dutiable = {lane.country for lane in assumed.LANES if lane.duty}
        return tuple(sorted(dutiable)) if "duty" in kind.alters else big
    if kind.subject == "provider/market":
        return tuple(s for s in able if s.split("/")[1] in big and _serves(*s.split("/")))
    return able


def _serves(provider: str, country: str) -> bool:
    return any(p.channel_id == provider and country in p.shares for p in assumed.PROVIDERS)


def planned(plan: Plan, path: Path | None) -> Plan:
    """Return the plan with the incidents of a file, or as it is without one."""
    return replace(plan, incidents=read_incidents(path, plan, catalogue(Draws(plan.seed)))) if path else plan
