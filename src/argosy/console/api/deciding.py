"""What programs may decide, as the person who made their token: the gate asks that person's role."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from argosy.brief.cards import plain_action
from argosy.console.api.asking import whole_card
from argosy.console.api.door import API, REFUSALS, Token
from argosy.console.api.shapes import Action, Edit, Reject, Snooze, WholeCard
from argosy.console.desk import state, who
from argosy.console.tokens import DECIDE
from argosy.decisions import decide as decisions
from argosy.flow import now

decides = Token(DECIDE)


@API.post("/queue/P{int:number}/approve", auth=decides, response={200: Action, **REFUSALS}, tags=["decide"])
def approve(request: HttpRequest, number: int) -> Any:
    """Let a proposal be done; the action that was ordered. Asked again it is refused: not_decidable."""
    return plain_action(decisions.approve(state(), number, who=who(request), at=now()))


@API.post("/queue/P{int:number}/edit", auth=decides, response={200: WholeCard, **REFUSALS}, tags=["decide"])
def edit(request: HttpRequest, number: int, body: Edit) -> Any:
    """Set values of the change a card proposes."""
    decisions.edit(state(), number, body.values, who=who(request), at=now())
    return whole_card(number, request.lang)


@API.post("/queue/P{int:number}/snooze", auth=decides, response={200: WholeCard, **REFUSALS}, tags=["decide"])
def snooze(request: HttpRequest, number: int, body: Snooze) -> Any:
    """Put a card off until a day."""
    decisions.snooze(state(), number, until=body.until, who=who(request), at=now())
    return whole_card(number, request.lang)


@API.post("/queue/P{int:number}/reject", auth=decides, response={200: WholeCard, **REFUSALS}, tags=["decide"])
def reject(request: HttpRequest, number: int, body: Reject) -> Any:
    """Say no to a card, and why."""
    decisions.reject(state(), number, reason=body.reason, who=who(request), at=now())
    return whole_card(number, request.lang)


@API.post("/actions/A{int:number}/undo", auth=decides, response={200: Action, **REFUSALS}, tags=["decide"])
def undo(request: HttpRequest, number: int) -> Any:
    """Call an action off that waits, or order that one that was done be taken back; the action that does it."""
    return plain_action(decisions.undo(state(), number, who=who(request), at=now()))
