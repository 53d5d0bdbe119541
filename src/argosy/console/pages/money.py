"""Money: any figure down to the source rows it is made of."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from argosy.console.desk import MONEY, only, pool

WHERE = ("market", "sku", "channel", "order")


@only(*MONEY)
def why(request: HttpRequest) -> HttpResponse:
    """Show what a figure is made of: its parts, its largest entries and the source rows behind them."""
    asked = request.GET
    figure = asked.get("figure", "cm3")
    start, end = (_day(asked.get(name, "")) for name in ("start", "end"))
    where = {name: asked[name] for name in WHERE if asked.get(name)}
    told = pool().remembered(
        ("why", figure, start, end, tuple(where.items())),
        lambda business: business.why(figure, start=start, end=end, **where),
    )
    return render(request, "why.html", {"told": told, "figure": figure, "start": start, "end": end, "where": where})


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
