"""The queue: what waits for a decision, one card whole, what was decided and what came of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from argosy.console.desk import ACTORS, only, pool, state, who
from argosy.decisions import decide as decisions
from argosy.decisions import load
from argosy.decisions.decide import FIXED, business_day
from argosy.decisions.queue import Place, waiting, weighed
from argosy.decisions.records import DONE, IN_FLIGHT, OPEN, REJECTED, SNOOZED, UNDECIDED
from argosy.flow import now
from argosy.model.errors import NoSuchEntry

EVIDENCE = 20  # rows of a query
SNOOZE_DAYS = 7
STATES = (OPEN, SNOOZED, "approved", DONE, REJECTED, "expired", "withdrawn")


def page(request: HttpRequest) -> HttpResponse:
    """List what waits, the best first; with ``state`` or ``domain``, others and fewer."""
    asked, domain = request.GET.get("state", OPEN), request.GET.get("domain", "")
    currency = pool_currency()
    with state().read() as connection:
        run, actions = load.last_run(connection), load.actions(connection, states=IN_FLIGHT)
        if asked == OPEN:
            places = waiting(connection, book_currency=currency)
        else:
            chosen = (asked,) if asked in STATES else UNDECIDED
            places = [weighed(card, currency) for card in load.cards(connection, states=chosen)]
    domains = sorted({place.card.finding.finding.domain for place in places})
    places = [place for place in places if not domain or place.card.finding.finding.domain == domain]
    return render(request, "queue.html", {
        "places": places, "run": run, "actions": actions, "asked": asked, "states": STATES, "domains": domains,
        "domain": domain,
    })  # fmt: skip


def card(request: HttpRequest, number: int) -> HttpResponse:
    """Show one card whole: what was seen, what would be done exactly, what it rests on, what became of it."""
    return render(request, "card.html", _whole(number) | {"evidence": _evidence(number)})


@require_POST
@only(*ACTORS)
def decide(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Approve, edit, snooze, reject or undo, as the command line does, and show the card as it then is."""
    by, at, given = who(request), now(), request.POST
    if what == "approve":
        decisions.approve(state(), number, who=by, at=at)
    elif what == "edit":
        values = {key.removeprefix("value-"): value.strip() for key, value in given.items() if key.startswith("value-")}
        with state().read() as connection:
            before = load.card(connection, number).kept.change.values
        changed = {key: value for key, value in values.items() if before.get(key) != value}
        if changed:
            decisions.edit(state(), number, changed, who=by, at=at)
    elif what == "snooze":
        days = given.get("days", "")
        with state().read() as connection:
            today = business_day(load.last_run(connection), at)
        until = today + timedelta(days=int(days) if days.isdigit() and int(days) <= 365 else SNOOZE_DAYS)
        decisions.snooze(state(), number, until=until, who=by, at=at)
    elif what == "reject":
        decisions.reject(state(), number, reason=given.get("reason", "").strip(), who=by, at=at)
    elif what == "undo":
        decisions.undo(state(), number, who=by, at=at)
    else:
        raise Http404
    response = render(request, "parts/card.html", _whole(number))
    response["HX-Push-Url"] = reverse("queue-card", args=[number])
    return response


def action(request: HttpRequest, number: int) -> HttpResponse:
    """Show how far an action is."""
    with state().read() as connection:
        one = load.action(connection, number)
    return render(request, "parts/action.html", {"action": one, "running": one.state in IN_FLIGHT})


def count(request: HttpRequest) -> HttpResponse:
    """Show how many cards wait."""
    return render(request, "parts/waiting.html")


def pool_currency() -> str:
    """Return the book currency."""
    return state().workspace.settings.book_currency


def _whole(number: int) -> dict[str, Any]:
    currency = pool_currency()
    with state().read() as connection:
        try:
            card = load.card(connection, number)
        except NoSuchEntry as error:
            raise Http404 from error
        places = {place.card.number: place for place in waiting(connection, book_currency=currency)}
        place: Place = places.get(number) or weighed(card, currency)
        numbers = [place.card.number for place in places.values()]
        decided, actions = load.decisions(connection, proposal=number), load.actions(connection, proposal=number)
        planned = {one.action: one for act in actions for one in load.planned(connection, action=act.number)}
        others = [one for one in load.proposals(connection, finding=card.kept.finding) if one.number != number]
    at = numbers.index(number) if number in numbers else None
    return {
        "place": place, "card": card, "kept": card.kept, "finding": card.finding.finding, "decisions": decided,
        "actions": [(act, planned.get(act.number), act.state in IN_FLIGHT) for act in actions], "others": others,
        "open": card.kept.state in UNDECIDED, "in_queue": at is not None,
        "before": numbers[at - 1] if at else None,
        "after": numbers[at + 1] if at is not None and at + 1 < len(numbers) else None,
        "fields": [(key, value, key not in FIXED) for key, value in card.kept.change.values.items()],
    }  # fmt: skip


def _evidence(number: int) -> list[tuple[str, list[str], list[list[Any]]]]:
    """Return what the rows are, their columns and the first of them, for each query a finding rests on."""
    with state().read() as connection:
        try:
            wanted = load.card(connection, number).finding.finding.evidence
        except NoSuchEntry as error:
            raise Http404 from error
    if not wanted:
        return []

    def rows(one: Any) -> tuple[str, list[str], list[list[Any]]]:
        with pool().business() as business:
            found = business.lake.evidence(one.query, limit=EVIDENCE)
        return one.name, found.column_names, [list(row.values()) for row in found.to_pylist()]

    return [rows(one) for one in wanted]
