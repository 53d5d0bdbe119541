"""Whether a change may be made now: asked when it is approved, and again at the moment of acting."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, DecimalException

from argosy.decisions.records import AGENT_ROLE, APPROVED, Freeze
from argosy.model.decisions import FINANCE, LIMITED, OBSERVE, OPERATOR, OWNER, PROPOSE, Policy
from argosy.model.errors import (
    BeyondAmount,
    BeyondCount,
    BeyondPercent,
    ChannelFrozen,
    DecisionRefused,
    FindingGone,
    Frozen,
    Lapsed,
    LevelOff,
    LimitUnknown,
    NotStanding,
    RoleMayNot,
    WorldMoved,
    WorldUnknown,
)
from argosy.model.proposals import ACTS, Change


@dataclass(frozen=True)
class Asked:
    """A change, and all that decides whether it may be made.

    name: P31 or A7. cash: what it binds, in the book currency. who, role: of the person who approves, or approved.
    today: how many others of its kind were ordered that day. rates: what one unit of a currency is worth in the book
    currency. state: of the proposal, APPROVED while the approval stands. gone: whether its finding is. so_now: what is
    so of the things it rests on, None while nobody is about to act. undoing: it takes back what was approved, and is
    bound by neither limits nor time.
    """

    name: str
    change: Change
    cash: Decimal
    policy: Policy
    who: str
    role: str
    day: date
    book_currency: str
    expires_on: date
    today: int = 0
    freezes: Sequence[Freeze] = ()
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    state: str = APPROVED
    gone: bool = False
    rests_on: Mapping[str, str] = field(default_factory=dict)
    so_now: Mapping[str, str] | None = None
    undoing: bool = False


Rule = Callable[[Asked], DecisionRefused | None]


def refusal(asked: Asked) -> DecisionRefused | None:
    """Return why a change may not be made now, the first of all reasons; None: it may."""
    return _first(ALWAYS if asked.undoing else ALWAYS + RULES + LIMITS, asked)


def beyond_limits(asked: Asked) -> DecisionRefused | None:
    """Return the limit a change goes beyond for this person; None: none."""
    return _first((_role, *LIMITS), asked)


def frozen(asked: Asked) -> DecisionRefused | None:
    """Return the freeze that holds a change back; None: none."""
    for freeze in asked.freezes:
        told = {"who": freeze.by, "since": freeze.since.date(), "reason": freeze.reason}
        if not freeze.channel:
            return Frozen(**told)
        if freeze.channel == asked.change.channel:
            return ChannelFrozen(channel=freeze.channel, **told)
    return None


def may_decide(role: str, kind: str) -> bool:
    """Return whether somebody of a role decides on a kind of change: owners and operators on all, finance on what
    moves money, viewers on nothing."""
    act = ACTS.get(kind)
    return role in (OWNER, OPERATOR) or (role == FINANCE and act is not None and act.financial)


def _first(rules: Sequence[Rule], asked: Asked) -> DecisionRefused | None:
    return next((refused for rule in rules if (refused := rule(asked)) is not None), None)


def _role(asked: Asked) -> DecisionRefused | None:
    itself = asked.role == AGENT_ROLE and asked.policy.level == LIMITED
    if itself or may_decide(asked.role, asked.change.kind):
        return None
    return RoleMayNot(who=asked.who, role=asked.role, kind=asked.change.kind)


def _standing(asked: Asked) -> DecisionRefused | None:
    return None if asked.state == APPROVED else NotStanding(name=asked.name, state=asked.state)


def _gone(asked: Asked) -> DecisionRefused | None:
    return FindingGone(name=asked.name) if asked.gone else None


def _level(asked: Asked) -> DecisionRefused | None:
    off = asked.policy.level in (OBSERVE, PROPOSE)
    return LevelOff(name=asked.name, kind=asked.change.kind) if off else None


def _lapsed(asked: Asked) -> DecisionRefused | None:
    return Lapsed(name=asked.name, expires_on=asked.expires_on) if asked.day >= asked.expires_on else None


def _moved(asked: Asked) -> DecisionRefused | None:
    if asked.so_now is None:
        return None
    for what, was in sorted(asked.rests_on.items()):
        now = asked.so_now.get(what)
        if now is None:
            return WorldUnknown(name=asked.name, what=what, was=was)
        if not _same(was, now):
            return WorldMoved(name=asked.name, what=what, was=was, now=now)
    return None


def _same(was: str, now: str) -> bool:
    """Return whether two texts say the same: 12.5 is 12.50."""
    one, other = _number(was), _number(now)
    return was == now if one is None or other is None else one == other


def _amount(asked: Asked) -> DecisionRefused | None:
    most = asked.policy.most_amount
    if asked.role == OWNER or most is None:
        return None
    amount = amount_moved(asked.change, cash=asked.cash, rates=asked.rates, book_currency=asked.book_currency)
    if amount is None:
        return LimitUnknown(name=asked.name, kind=asked.change.kind)
    told = {"name": asked.name, "kind": asked.change.kind, "currency": asked.book_currency}
    return BeyondAmount(amount=amount, most=most, **told) if amount > most else None


def _percent(asked: Asked) -> DecisionRefused | None:
    most = asked.policy.most_percent
    if asked.role == OWNER or most is None:
        return None
    percent = percent_moved(asked.change)
    if percent is None:
        return LimitUnknown(name=asked.name, kind=asked.change.kind)
    told = {"name": asked.name, "kind": asked.change.kind}
    return BeyondPercent(percent=f"{percent:.1f}", most=most, **told) if percent > most else None


def _count(asked: Asked) -> DecisionRefused | None:
    most = asked.policy.most_a_day
    if asked.role == OWNER or most is None or asked.today < most:
        return None
    return BeyondCount(name=asked.name, kind=asked.change.kind, count=asked.today, most=most)


# In this order: what stops everything, then what no longer stands, then who may, and how much.
ALWAYS: tuple[Rule, ...] = (frozen, _role)
RULES: tuple[Rule, ...] = (_standing, _gone, _level, _lapsed, _moved)
LIMITS: tuple[Rule, ...] = (_amount, _percent, _count)

# The value a change of a kind moves, and the one it replaces.
MOVES = {"price.set": "price", "campaign.budget": "share", "inventory.set": "units"}
PAID = ("order.refund", "claim.send")  # kinds that say the money they are about


def amount_moved(change: Change, *, cash: Decimal, rates: Mapping[str, Decimal], book_currency: str) -> Decimal | None:
    """Return the money one change moves, in the book currency: the larger of the cash it binds and what it is about
    (price moved, goods ordered, money refunded or claimed); None: that cannot be told."""
    values = change.values
    about = _about(change)
    if about is None:
        return None
    currency = values.get("currency", book_currency)
    rate = Decimal(1) if currency == book_currency else rates.get(currency)
    if about and rate is None:
        return None
    return max(cash, (about * (rate or 0)).quantize(Decimal("0.01")))


def _about(change: Change) -> Decimal | None:
    values = change.values
    if change.kind in PAID:
        amount = _number(values.get("amount"))
        return None if amount is None else abs(amount)
    if change.kind == "stock.reorder":
        units, cost = _number(values.get("units")), _number(values.get("unit_cost"))
        return None if units is None or cost is None else abs(units * cost)
    if change.kind == "price.set":
        price, was = _number(values.get("price")), _number(values.get("was"))
        return None if price is None or was is None else abs(price - was)
    return Decimal(0)


def percent_moved(change: Change) -> Decimal | None:
    """Return by how many percent a change moves a value; None: it replaces none, or nothing."""
    now, was = _number(change.values.get(MOVES.get(change.kind, ""))), _number(change.values.get("was"))
    if now is None or not was:
        return None
    return abs(now - was) / abs(was) * 100


def _number(text: str | None) -> Decimal | None:
    try:
        found = Decimal(text) if text is not None else None
    except DecimalException:
        return None
    return found if found is None or found.is_finite() else None
