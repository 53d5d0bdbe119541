"""What can be done about a finding: an exact change, the money it should bring, and how it is to be measured."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from argosy.model.findings import Range, Told

LOW, MEDIUM, HIGH = "low", "medium", "high"


@dataclass(frozen=True)
class Act:
    """A kind of change. ``domain`` answers for it; ``reversible``: whether another change takes it back;
    ``financial``: whether it moves money of its own, so that finance may approve it too."""

    domain: str
    reversible: bool
    financial: bool = False


# Everything Argosy can do, by kind. subject and values of a change of each kind stand beside it.
ACTS: Mapping[str, Act] = {
    "price.set": Act("pricing", True),  # sku: price, was, currency
    "coupon.stop": Act("pricing", True),  # market
    "campaign.pause": Act("marketing", True),  # campaign
    "campaign.budget": Act("marketing", True),  # campaign: share (of the usual budget), was
    "stock.reorder": Act("stock", False, financial=True),  # sku/warehouse: units, supplier, unit_cost, currency
    "stock.transfer": Act("stock", True),  # sku/warehouse it goes to: units, origin
    "inventory.set": Act("stock", True),  # sku/warehouse: units, was
    "listing.hold": Act("compliance", True),  # sku/channel
    "lane.faster": Act("logistics", True),  # market: share (of the days that fall away), days
    "method.on": Act("payments", True),  # provider/market: share (of the buyers it is offered to)
    "method.off": Act("payments", True),  # provider/market
    "order.refund": Act("service", False, financial=True),  # order_id: amount, currency
    "order.tag": Act("service", True),  # order_id: tag
    "buyers.write": Act("customers", False),  # market or segment: text, language
    "claim.send": Act("payments", False, financial=True),  # party/number: amount, currency, text, papers
    "task.do": Act("organisation", True),  # anything a person must do: text
}


@dataclass(frozen=True)
class Change:
    """An exact change in the world outside.

    kind: one of ``ACTS``. subject: what is changed. channel: channel_id, platform or place it is done on, for freezing
    one of them; empty when none. values: new values and what they replace (``was``), as texts.
    """

    kind: str
    subject: str
    channel: str
    values: Mapping[str, str]


HOLDOUT, MATCHED, BEFORE_AFTER, UNMEASURED = "holdout", "matched", "before_after", "unmeasured"


@dataclass(frozen=True)
class Measure:
    """How it will be told what a change brought, written down before it is made.

    metric: one of ``outlook.metrics.METRICS``. subject: what it is measured on. days: how long after the change.
    comparison: with units left alone on purpose, with others like it, with itself before, or not at all. reason: why
    not, a key of ``locale/measures.toml``.
    """

    metric: str
    subject: str
    days: int
    comparison: str
    reason: str = ""


@dataclass(frozen=True)
class Proposal:
    """A change that answers a finding.

    expected: what it should bring, in ``currency`` of the finding. cash: what it binds until it comes back, never below
    zero. minutes: of a person's attention. risk: LOW, MEDIUM or HIGH. expires_on: the first day it is worth nothing
    any more. undo: the change that takes it back, None where nothing does. rests_on: what must still be so when it is
    acted on, by name, as texts; compared again at the moment of acting. told: values its sentence speaks of; the
    sentence stands under the key of ``words``, else of the change's kind.
    """

    change: Change
    expected: Range
    cash: Decimal
    minutes: int
    risk: str
    expires_on: date
    measure: Measure
    undo: Change | None = None
    rests_on: Mapping[str, str] = field(default_factory=dict)
    told: Told = field(default_factory=dict)
    words: str = ""


AMOUNT = re.compile(r":[\d.]+(/[\d.]+)?$")  # what stands behind the number of a paper


def papers_of(change: Change) -> list[str]:
    """Return the numbers a claim speaks of, one for each of its ``papers``, without the amounts behind them."""
    return [AMOUNT.sub("", paper) for paper in change.values.get("papers", "").split()]
