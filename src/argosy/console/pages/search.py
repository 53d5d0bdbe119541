"""Search: one box for orders, articles, customers, payouts, parcels and what was noticed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from argosy.brief.search import cleaned
from argosy.console.desk import pool


def page(request: HttpRequest) -> HttpResponse:
    """Go straight to what was found when it is one thing; else list it by groups, or say what can be searched for."""
    text = cleaned(request.GET.get("q", ""))
    with pool().business() as business:
        found = business.search(text)
    hits = {group: [(row, address(group, row)) for row in rows] for group, rows in found.items()}
    places = [place for rows in hits.values() for _, place in rows]
    if len(places) == 1 and places[0]:
        return redirect(places[0])
    return render(request, "search.html", {"text": text, "hits": hits})


def address(group: str, row: Mapping[str, Any]) -> str:
    """Return where a thing that was found is shown; empty: nowhere by itself."""
    match group:
        case "orders":
            return reverse("orders-one", args=[row["order_id"]])
        case "parcels":
            return reverse("orders-one", args=[row["order_id"]]) if row["order_id"] else ""
        case "articles":
            return _orders(sku=row["sku"])
        case "customers":
            return _orders(customer=row["customer_key"])
        case "payouts":
            return _orders(payout=row["payout_id"])
        case "proposals":
            return reverse("queue-card", args=[row["number"]])
        case _:
            return reverse("queue-card", args=[row["proposals"][0]]) if row["proposals"] else ""


def _orders(**only: str) -> str:
    return f"{reverse('orders')}?{urlencode(only)}"
