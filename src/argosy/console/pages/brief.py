"""The morning brief: what was earned, what was promised, what to look at first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from argosy.console.charts import bridge
from argosy.console.desk import MONEY, pool, state
from argosy.console.span import day_of
from argosy.decisions.queue import waiting
from argosy.model.entries import BRIDGE

SPANS = (1, 7, 30, 90)
CARDS = 5
SHOWN = ("net_sales", "cm3")  # the figures that stand above, besides orders and promises


def page(request: HttpRequest) -> HttpResponse:
    """Show the brief of the last days; first steps while there is nothing to tell."""
    asked = request.GET.get("days", "30")
    days = int(asked) if asked.isdigit() and int(asked) in SPANS else 30
    until = day_of(request.GET.get("until"))
    answer = pool().latest(("brief", days, until), lambda business: business.brief(days=days, until=until))
    told = answer.told
    if told is None:
        return render(request, "first_steps.html")
    with state().read() as connection:
        places = waiting(connection, book_currency=told["currency"])
    figures = {figure["name"]: figure for figure in told["money"]}
    sees = request.role in MONEY
    return render(request, "brief.html", {
        "brief": told, "older": None if answer.current else answer.at, "figures": figures, "days": days,
        "spans": SPANS, "sees": sees,
        "bridge": bridge([(name, figures[name]["amount"]) for name in BRIDGE], total=("cm3", figures["cm3"]["amount"]))
        if sees else None,
        "heads": [(name, figures[name]) for name in SHOWN] if sees else [],
        "places": [place for place in places if not place.gives_way_to][:CARDS],
    })  # fmt: skip
