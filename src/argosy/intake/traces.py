"""What the lake holds of one person: the keys they are known by, and the words written by and to them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import ibis
from ibis.expr.types import BooleanValue, Table

from argosy.intake.facts import Facts
from argosy.intake.texts import TEXTS
from argosy.lake.engine import Lake
from argosy.lake.people import forgotten


def keys_of(lake: Lake, customer_key: str) -> set[str]:
    """Return every key of the person: their own, and those their orders were visited and written about under."""
    orders = _orders(lake, [customer_key])
    visits, messages = lake.table("touchpoints"), lake.table("messages")
    visitors = visits.filter(visits.order_id.isin(list(orders))).select(key=visits.visitor_key)
    writers = messages.filter(messages.order_id.isin(list(orders))).select(key=messages.customer_key)
    found = lake.rows(visitors.union(writers, distinct=True))
    return {customer_key} | {row["key"] for row in found if row["key"]}


def words_of(lake: Lake, keys: Collection[str]) -> dict[str, list[str]]:
    """Return fact table -> ``source_row`` of every row, of any version, that holds words by or to these people."""
    orders = _orders(lake, keys)
    return {
        name: sorted({row["source_row"] for row in lake.rows(_theirs(lake.table(name), keys, orders))})
        for name in TEXTS
    }


def without_forgotten(lake: Lake, facts: Facts) -> Facts:
    """Return the facts without the words of people who were forgotten: a later export would bring them back."""
    keys = forgotten(lake.workspace.people)
    said = {name: table for name, table in facts.tables.items() if name in TEXTS}
    if not keys or not said:
        return facts
    orders = _orders(lake, keys)
    cleared = {name: _cleared(table, name, keys, orders) for name, table in said.items()}
    return replace(facts, tables={**facts.tables, **cleared})


def _cleared(table: Table, name: str, keys: Collection[str], orders: Collection[str]) -> Table:
    theirs = table.row_no.isin(_theirs(table, keys, orders).row_no)
    nothing = ibis.null("string")
    return table.mutate(
        **{text: ibis.ifelse(theirs, nothing, table[text]) for text in TEXTS[name] if text in table.columns}
    )


def _theirs(table: Table, keys: Collection[str], orders: Collection[str]) -> Table:
    """Return the rows of these people and orders, and whatever else was written in their conversations."""
    marks: list[BooleanValue] = []
    if "order_id" in table.columns:
        marks.append(table.order_id.isin(list(orders)))
    if "customer_key" in table.columns:
        marks.append(table.customer_key.isin(list(keys)))
    if not marks:
        return table.limit(0)
    direct = ibis.or_(*(mark.fill_null(False) for mark in marks))
    if "thread_id" not in table.columns:
        return table.filter(direct)
    return table.filter(direct | table.thread_id.isin(table.filter(direct).thread_id).fill_null(False))


def _orders(lake: Lake, keys: Collection[str]) -> list[str]:
    """Return the orders of these people, in any version: their own, and those that refer to them as buyers."""
    orders, buyers = lake.table("orders"), lake.table("customers")
    refs = buyers.filter(buyers.customer_key.isin(list(keys))).customer_ref
    theirs = orders.filter(orders.customer_key.isin(list(keys)) | orders.customer_ref.isin(refs))
    return sorted({row["order_id"] for row in lake.rows(theirs.select("order_id").distinct())})
