"""One box for everything: which orders, articles, buyers, payouts, parcels and findings a text may mean."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import ibis
from ibis.expr.types import StringValue, Table

from argosy.decisions import load
from argosy.decisions.state import State
from argosy.model.errors import NoSuchEntry

Row = dict[str, Any]
Fetch = Callable[[Table], list[Row]]
GROUPS = ("orders", "articles", "customers", "payouts", "parcels", "findings", "proposals")
LONGEST = 100  # characters of a text that are looked for
PART = 3  # characters it takes to look for a part of a name
NAME = re.compile(r"([FfPp])(\d{1,9})")
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def cleaned(text: str) -> str:
    """Return a text as it is looked for: one line, no longer than ``LONGEST``."""
    return " ".join(UNSEEN.sub(" ", text[: 4 * LONGEST]).split())[:LONGEST]


def search(text: str, facts: Mapping[str, Table], state: State, fetch: Fetch, *, limit: int) -> dict[str, list[Row]]:
    """Return at most ``limit`` rows of each of ``GROUPS`` that has any.

    orders: order_id, order_name, channel_id, market, placed_at; articles: sku, title; customers: customer_key, orders;
    payouts: payout_id, channel_id, amount, currency, sent_on; parcels: tracking_no, carrier, order_id; findings and
    proposals: number (F12, P31 by their names alone). What is called exactly so comes first, and alone: parts are
    looked for only when nothing is.
    """
    sought = cleaned(text)
    if not sought:
        return {}
    exact = _found(facts, fetch, _same, sought, limit) | _noticed(state, sought)
    if any(exact.values()) or len(sought) < PART:
        return {name: exact[name] for name in GROUPS if exact.get(name)}
    parts = _found(facts, fetch, _part, sought, limit)
    return {name: parts[name] for name in GROUPS if parts.get(name)}


Alike = Callable[[StringValue, str], Any]


def _same(column: StringValue, sought: str) -> Any:
    # The letters as they were written, and as most numbers are: an index of the column serves both.
    return column.isin(sorted({sought, sought.upper(), sought.lower(), f"#{sought}"}))


def _part(column: StringValue, sought: str) -> Any:
    return column.lower().contains(sought.lower())


def _found(facts: Mapping[str, Table], fetch: Fetch, alike: Alike, sought: str, limit: int) -> dict[str, list[Row]]:
    tables = {
        "orders": _orders(facts["orders"], alike, sought),
        "articles": _articles(facts, alike, sought),
        "customers": _customers(facts["orders"], alike, sought),
        "payouts": _payouts(facts["payouts"], alike, sought),
        "parcels": _parcels(facts["shipments"], alike, sought),
    }
    return {name: fetch(table.limit(limit)) for name, table in tables.items()}


def _orders(orders: Table, alike: Alike, sought: str) -> Table:
    named = orders.filter(alike(orders.order_name, sought) | alike(orders.order_id, sought))
    return named.select("order_id", "order_name", "channel_id", "placed_at", market=named.country).order_by(
        ibis.desc("placed_at"), "order_id"
    )


def _articles(facts: Mapping[str, Table], alike: Alike, sought: str) -> Table:
    """Articles by their number, or by words that all stand in their title."""
    sold = facts["order_lines"].filter(lambda t: t.sku.notnull())
    both = facts["products"].select("sku", "title").union(sold.group_by("sku").aggregate(title=sold.title.max()))
    known = both.group_by("sku").aggregate(title=both.title.max())
    named = alike(known.sku, sought)
    if alike is _part:
        named = named | ibis.and_(*(_part(known.title, word) for word in sought.split()))
    return known.filter(named).order_by("sku")


def _customers(orders: Table, alike: Alike, sought: str) -> Table:
    # Keys are drawn at random: any few digits stand somewhere in many of them.
    begins = orders.customer_key.startswith(sought.lower())
    mine = orders.filter(begins if alike is _part else alike(orders.customer_key, sought))
    return mine.group_by("customer_key").aggregate(orders=mine.count()).order_by("customer_key")


def _payouts(payouts: Table, alike: Alike, sought: str) -> Table:
    # The provider's own number is what stands behind the channel.
    number = payouts.payout_id.split(":")[-1]
    named = payouts.filter(alike(payouts.payout_id, sought) | alike(number, sought))
    return named.select("payout_id", "channel_id", "amount", "currency", "sent_on").order_by(
        ibis.desc("sent_on"), "payout_id"
    )


def _parcels(shipments: Table, alike: Alike, sought: str) -> Table:
    named = shipments.filter(alike(shipments.tracking_no, sought))
    return named.select("tracking_no", "carrier", "order_id").distinct().order_by("tracking_no", "order_id")


def _noticed(state: State, sought: str) -> dict[str, list[Row]]:
    name = NAME.fullmatch(sought)
    if name is None:
        return {}
    kind, number = name[1].upper(), int(name[2])
    with state.read() as connection:
        try:
            if kind == "P":
                return {"proposals": [{"number": load.card(connection, number).number}]}
            load.finding(connection, number)
            offered = load.proposals(connection, finding=number)
        except NoSuchEntry:
            return {}
    return {"findings": [{"number": number, "proposals": [one.number for one in offered]}]}
