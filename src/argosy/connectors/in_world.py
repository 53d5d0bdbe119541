"""The simulated world: changes become its levers, from the day its files end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path

from argosy.model.actions import IDENTITY, Receipt, Request
from argosy.model.errors import ChangeRefused, PlanImpossible
from argosy.model.proposals import Change, papers_of
from argosy.world import connector, levers
from argosy.world.assumptions import MERCADO_SITES, SHOP_CURRENCY, SITES, TIKTOK_SHOPS, Place
from argosy.world.draws import Draws
from argosy.world.goods import catalogue
from argosy.world.plan import END, Event, Plan

# Kind of change -> lever, and the days it holds. What a seller decides until further notice holds for a quarter, which
# is as long as its effect is measured at most; a letter works for two weeks; an order or a refund is done in a day.
LEVERS: Mapping[str, tuple[str, int]] = {
    "price.set": ("price", 90),
    "coupon.stop": ("stop_coupon", 90),
    "campaign.pause": ("pause_campaign", 90),
    "campaign.budget": ("ad_budget", 90),
    "buyers.write": ("message_segment", 14),
    "stock.reorder": ("reorder", 1),
    "stock.transfer": ("transfer", 1),
    "listing.hold": ("hold_listing", 90),
    "lane.faster": ("faster_lane", 90),
    "method.on": ("method_on", 90),
    "method.off": ("method_off", 90),
    "order.refund": ("refund", 1),
    "claim.send": ("claim", 1),
}
# Where a lever's strength stands among the values of a change; the other levers have but one.
STRENGTH = {"campaign.budget": "share", "stock.reorder": "units", "stock.transfer": "units", "lane.faster": "share",
            "method.on": "share"}  # fmt: skip
# What a channel's kind is called there.
PLACES: Mapping[str, Sequence[Place]] = {"amazon": SITES, "tiktok_shop": TIKTOK_SHOPS, "mercado_libre": MERCADO_SITES}


@dataclass(frozen=True)
class InWorld:
    """A world's folder, as ``argosy simulate`` wrote it. ``days`` among the values of a change says how long it holds
    there, else its kind does."""

    folder: Path
    name: str = "world"

    def takes(self, change: Change) -> bool:
        """Return whether the world has such a lever."""
        return change.kind in LEVERS

    def preview(self, change: Change, *, key: str) -> Request:
        """Return the lever as it would be pulled, a line for each thing it is pulled on."""
        events = self._events(change)
        body = "\n".join(f"{e.kind} {e.subject} {e.first} – {e.last} {e.strength:g}" for e in events)
        return Request(self.name, "ACT", str(self.folder), {"key": key, "agent": IDENTITY}, body)

    def current(self, change: Change) -> Mapping[str, str]:
        """Return nothing: the world's own numbers are read from its files alone."""
        return {}

    def send(self, change: Change, *, key: str) -> Receipt:
        """Pull the lever, if it was not pulled under this key."""
        far = connector.Connector(self.folder)
        try:
            known = far.asked(key)
            events = self._events(change) if known is None else [known]
            new = [far.act(event, key=f"{key}/{n}" if n else key) for n, event in reversed([*enumerate(events)])]
        except PlanImpossible as error:
            raise ChangeRefused(connector=self.name, words=str(error)) from error
        first = events[0]
        return Receipt(self.name, first.name, datetime.now(UTC), f"{first.first} – {first.last}", again=not any(new))

    def _events(self, change: Change) -> list[Event]:
        kind, days = LEVERS[change.kind]
        plan = connector.Connector(self.folder).plan
        days = int(change.values.get("days", days)) if levers.KINDS[kind].days[1] > 1 else 1
        last = max(min(plan.until + timedelta(days=max(days, 1) - 1), _last_day()), plan.until)
        strength = self._strength(change, plan)
        return [Event(kind, subject, plan.until, last, strength) for subject in _subjects(change)]

    def _strength(self, change: Change, plan: Plan) -> float:
        try:
            if change.kind != "price.set":
                return float(Decimal(change.values.get(STRENGTH.get(change.kind, ""), "1")))
            listed = {article.sku: Decimal(article.price) / 100 for article in catalogue(Draws(plan.seed))}
            if change.values.get("currency", SHOP_CURRENCY) != SHOP_CURRENCY or change.subject not in listed:
                raise ChangeRefused(connector=self.name, words=f"{change.subject} {change.values.get('currency', '')}")
            return float(Decimal(change.values["price"]) / listed[change.subject])
        except (InvalidOperation, KeyError) as error:
            raise ChangeRefused(connector=self.name, words=repr(error)) from error


def _subjects(change: Change) -> list[str]:
    """Return what a change is about in the world's words: a claim by the number on each of its papers, a listing by the
    places where its channel sells, an order by its own number."""
    named, _, place = change.subject.partition("/")
    if change.kind == "claim.send":
        return sorted({paper.rpartition(":")[2] for paper in papers_of(change)}) or [place.rpartition(":")[2]]
    if change.kind == "order.refund":
        return [change.subject.rpartition(":")[2]]
    if change.kind == "listing.hold":
        return [f"{named}/{one}" for one in _places(place)]
    return [change.subject]


def _places(place: str) -> list[str]:
    """Return the places of the world that a channel sells on, in one country if it names one; itself if it is one."""
    channel, _, country = place.partition("/")
    kind = channel.partition(":")[0]
    sold = [one.name for one in PLACES.get(kind, ()) if country in ("", one.country)]
    return sold or [kind if kind == "shopify" else place]


def _last_day() -> date:
    return END - timedelta(days=1)
