"""One action carried out: gate, send, receipt. Each part may be run again after a kill and then does nothing twice.

``act`` asks the gate, says that the action runs, and sends it with its key. ``note`` writes down what came of it. What
was cut off between them is sent again with the same key, which the far end knows. Time decides nothing: neither how
late it is nor which clock says so, but for the gate's own days.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from decimal import Decimal, DecimalException
from typing import Any

from argosy.decisions import acting, load
from argosy.decisions.records import IN_FLIGHT, WAITING, Action, KeptProposal
from argosy.decisions.state import State
from argosy.model.actions import Connector, Receipt, Request
from argosy.model.errors import (
    ArgosyError,
    ChangeMoved,
    ChangeRefused,
    DecisionRefused,
    OutsideBusy,
    OutsideUnreachable,
)
from argosy.model.proposals import Change
from argosy.model.words import say

SoNow = Callable[[KeptProposal], Mapping[str, str]]
# What came of an attempt. DONE: there is a receipt. NO: it is not done, for good. HELD: it is not done until somebody
# sees to it. AGAIN: the far end was not reached, or its answer was lost. OVER: there was nothing left to do.
DONE, NO, HELD, AGAIN, OVER = "done", "no", "held", "again", "over"


@dataclass(frozen=True)
class Came:
    """What came of an attempt, in values that can be kept: ``words`` for people, ``seconds`` to wait, the receipt."""

    how: str
    words: str = ""
    seconds: float = 0.0
    receipt: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Hands:
    """What carrying out needs from outside: who makes a change, and what is so now of what a proposal rests on."""

    state: State
    connector_for: Callable[[Change], Connector]
    so_now: SoNow

    @property
    def lang(self) -> str:
        """The language people here read."""
        return self.state.workspace.settings.language


def preview(hands: Hands, number: int) -> Request:
    """Return the exact request an action would send; nothing is changed anywhere."""
    with hands.state.read() as connection:
        action = load.action(connection, number)
    return hands.connector_for(action.change).preview(action.change, key=action.key)


def act(hands: Hands, key: str) -> Came:
    """Make the change of an action, if it may still be made, and return what came of it."""
    with hands.state.read() as connection:
        action = load.action_of_key(connection, key)
        kept = load.proposal(connection, action.proposal)
    if action.state not in IN_FLIGHT:
        return Came(OVER)
    try:
        refused = _begun(hands, action, kept)
        if refused is not None:
            return Came(HELD, refused.sentence(hands.lang))
        receipt = hands.connector_for(action.change).send(action.change, key=key)
    except (ChangeRefused, ChangeMoved) as error:
        return Came(NO, error.sentence(hands.lang))
    except OutsideBusy as error:
        return Came(AGAIN, error.sentence(hands.lang), float(str(error.values["seconds"])))
    except OutsideUnreachable as error:
        return Came(AGAIN, error.sentence(hands.lang))
    except ArgosyError as error:
        return Came(HELD, error.sentence(hands.lang))
    except Exception as error:  # the door to the outside: whatever a connector trips over is told, and nothing is lost
        return Came(HELD, say("errors.unexpected", hands.lang, reason=f"{type(error).__name__}: {error}"[:200]))
    return Came(DONE, receipt={**asdict(receipt), "at": receipt.at.isoformat()})


def note(hands: Hands, key: str, came: Came) -> str:
    """Write down what came of an attempt and return the state the action is in."""
    with hands.state.read() as connection:
        action = load.action_of_key(connection, key)
    if came.how == DONE and came.receipt is not None:
        receipt = Receipt(**{**came.receipt, "at": datetime.fromisoformat(came.receipt["at"])})
        action = acting.finish(hands.state, action.number, receipt=receipt, at=_now())
    elif came.how == NO:
        end = acting.refuse if action.state == WAITING else acting.fail
        action = end(hands.state, action.number, words=came.words, at=_now())
    elif came.how in (HELD, AGAIN):
        action = acting.hold(hands.state, action.number, words=came.words, at=_now())
    return action.state


def _begun(hands: Hands, action: Action, kept: KeptProposal) -> DecisionRefused | None:
    """Say that the action runs, or return why it must not: only here and now is the gate open."""
    far, so_now = hands.connector_for(action.change), {}
    if action.state == WAITING:
        _unmoved(far, action.change)
        rests = action.undoes is None and kept.proposal.rests_on
        so_now = dict(hands.so_now(kept)) if rests else {}
    request = action.request or far.preview(action.change, key=action.key)
    begun = acting.begin(hands.state, action.number, request=request, so_now=so_now, at=_now())
    return begun if isinstance(begun, DecisionRefused) else None


def _unmoved(far: Connector, change: Change) -> None:
    """``ChangeMoved`` when there stands outside what is not to be replaced."""
    was, stands = change.values.get("was"), far.current(change).get("was")
    if was is not None and stands is not None and not _same(was, stands):
        raise ChangeMoved(connector=far.name, subject=change.subject, found=stands, was=was)


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _same(one: str, other: str) -> bool:
    try:
        return Decimal(one) == Decimal(other)
    except DecimalException:
        return one == other
