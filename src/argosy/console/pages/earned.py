"""What it brought: a quarter's account, each action's forecast beside what came, and how right the checks are."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from argosy.brief.cards import Writing
from argosy.brief.earned import earned_says, notes_say, told_how
from argosy.brief.proved import proved
from argosy.console.charts import ranges
from argosy.console.desk import MONEY, only, pool, state
from argosy.console.span import day_of
from argosy.decisions import outcomes
from argosy.domains.registry import CHECKS


@only(*MONEY)
def page(request: HttpRequest) -> HttpResponse:
    """Show what was earned in a quarter, how hopeful forecasts were, and every action of it."""
    today = pool().remembered(("today",), lambda business: business.today)
    first, last = outcomes.quarter(day_of(request.GET.get("quarter")) or today)
    with state().read() as connection:
        every = outcomes.taken(connection)
    currency = state().workspace.settings.book_currency
    told, writing = outcomes.account(every, since=first, until=last, currency=currency), Writing(request.lang)
    # As in the account: by the day an action's window closes; what is still watched stands with the quarter of today.
    closed = [one for one in every if first <= one.last <= last or (one.outcome is None and first <= today <= last)]
    shown = sorted(closed, key=lambda one: -one.number)
    drawn = ranges([(one.expected, one.outcome.brought if one.outcome else None) for one in shown])
    return render(request, "earned.html", {
        "account": told, "says": earned_says(writing, told), "notes": notes_say(writing, told), "currency": currency,
        "first": first, "last": last, "before": first - timedelta(days=1),
        "after": last + timedelta(days=1) if last < today else None, "any": bool(every),
        "rows": [(one, told_how(writing, one), bars) for one, bars in zip(shown, drawn, strict=True)],
        "proved": [proved()[kind] for kind in CHECKS if kind in proved()],
        "worlds": max(one.worlds for one in proved().values()),
    })  # fmt: skip
