"""Products and markets: what each brought, and one of them whole."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import ibis
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from argosy.console import tables
from argosy.console.cells import market_name, month_name
from argosy.console.charts import Columns, columns
from argosy.console.desk import MONEY, only, pool, state
from argosy.console.figures import link_of
from argosy.console.pages.money import bridge_of
from argosy.console.span import DAYS, known_of, span_of
from argosy.decisions import load
from argosy.decisions.queue import waiting
from argosy.model.words import say
from argosy.views import VIEWS, Asked

ONE = {"products": "sku", "markets": "market"}  # what a row of each table is of
SERIES = ("net_sales", "cm3")


@only(*MONEY)
def products(request: HttpRequest) -> HttpResponseBase:
    """List the articles with what they brought."""
    return _list(request, "products")


@only(*MONEY)
def markets(request: HttpRequest) -> HttpResponseBase:
    """List the markets with what they brought and the promises kept there."""
    return _list(request, "markets")


@only(*MONEY)
def product(request: HttpRequest, sku: str) -> HttpResponseBase:
    """Show one article whole: bridge, months, markets, what was noticed about it."""
    return _one(request, "products", sku)


@only(*MONEY)
def market(request: HttpRequest, market: str) -> HttpResponseBase:
    """Show one market whole: bridge, months, articles, what was noticed about it."""
    return _one(request, "markets", market)


def _list(request: HttpRequest, view: str) -> HttpResponseBase:
    span = span_of(request)
    asked = Asked(as_known=known_of(request), start=span.first, end=span.end)
    if file := tables.export(request, view, asked):
        return file
    lang = request.lang
    return render(request, "goods.html", {
        "page": view, "span": span, "days": DAYS, "spanned": True, "known": asked.as_known, "asked": asked,
        "table": tables.shown(request, view, asked, link=link_of(view, asked)),
        "label": say(f"console.page_{view}", lang), "empty": say(f"console.empty_{view}", lang),
        "blind": pool().remembered(("blind", view), VIEWS[view].blind),
    })  # fmt: skip


def _kept(request: HttpRequest) -> str:
    """Return the days and the as-of day of an address, to be taken along."""
    told = {name: request.GET[name] for name in ("days", "start", "end", "as_known") if request.GET.get(name)}
    return f"?{urlencode(told)}" if told else ""


def _one(request: HttpRequest, view: str, name: str) -> HttpResponseBase:
    span, by = span_of(request), ONE[view]
    whole = Asked(as_known=known_of(request), start=span.first, end=span.end)
    asked = Asked(("market" if by == "sku" else "sku",), whole.as_known, start=span.first, end=span.end,
                  where=((by, name),))  # fmt: skip
    if file := tables.export(request, "profit", asked):
        return file
    months, row = _months(asked), _row(view, whole, name)
    if not months and row is None:
        raise Http404
    lang = request.lang
    places, findings = _noticed(name)
    return render(request, "one.html", {
        "page": view, "name": name, "row_of": row, "asked": asked, "span": span, "days": DAYS, "spanned": True,
        "known": asked.as_known, "back": reverse(view) + _kept(request), "chart": _chart(months, lang),
        "series": SERIES, "title": market_name(name, lang) if by == "market" else (row or {}).get("title") or name,
        "places": places, "findings": findings, "other": "markets" if by == "sku" else "products",
        "table": tables.shown(request, "profit", asked, link=link_of("profit", asked)),
        "label": say(f"console.by_{asked.by[0]}", lang), "empty": say("console.nothing_in_span", lang),
        **bridge_of(Asked(as_known=asked.as_known, start=asked.start, end=asked.end, where=asked.where)),
    })  # fmt: skip


def _row(view: str, asked: Asked, name: str) -> dict[str, Any] | None:
    """Return the row of one article or market as the list of all has it."""

    def ask(business: Any) -> dict[str, Any] | None:
        table = VIEWS[view].table(business, asked)
        return next(iter(business.lake.rows(table.filter(table[ONE[view]] == ibis.literal(name)))), None)

    return pool().remembered(("one", view, asked, name), ask)


def _months(asked: Asked) -> list[dict[str, Any]]:
    """Return profit by month as far back as anything is known."""
    always = Asked(("month",), asked.as_known, where=asked.where)
    return pool().remembered(
        ("months", always), lambda business: business.lake.rows(VIEWS["profit"].table(business, always))
    )


def _chart(months: list[dict[str, Any]], lang: str) -> Columns | None:
    return columns([(month_name(row["month"], lang), [(name, row[name]) for name in SERIES]) for row in months
                    if row["month"]])  # fmt: skip


def _noticed(name: str) -> tuple[list[Any], list[Any]]:
    """Return the cards that wait about an article or market, and what was noticed without one."""
    with state().read() as connection:
        places = waiting(connection, book_currency=state().workspace.settings.book_currency)
        found = load.findings(connection)
    mine = [place for place in places if place.card.finding.finding.is_about(name)]
    carded = {place.card.finding.number for place in mine}
    return mine, [one for one in found if one.finding.is_about(name) and one.number not in carded]
