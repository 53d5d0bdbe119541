"""Buyers out of the rows before anything is written: a keyed hash stays, contact data goes to the people file."""

from __future__ import annotations

import hashlib
from typing import Any

import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Origin
from argosy.intake.formats import Format
from argosy.lake.engine import Lake
from argosy.lake.parsing import keyed_hash
from argosy.lake.people import Contact, remember

BLOCK = 64  # SHA-256's block in bytes (FIPS 180-4)


def hide_people(lake: Lake, rows: Table, format: Format, origin: Origin, file_hash: str) -> Table:
    """Return the rows with ``customer_key`` in place of every column that holds a person.

    The key is HMAC-SHA256 (RFC 2104) under the workspace's secret: of the e-mail, folded, so that one buyer is
    one key in every shop; else of the account and whatever the source calls the buyer by.
    """
    people = [column.name for column in format.columns if column.type == "person"]
    if not format.customer and not people:
        return lake.keep("rows_keyed", rows.mutate(customer_key=ibis.null("string")))
    named = rows.mutate(identity=_identity(rows, format, origin))
    keys = lake.keep("keys_of_buyers", _keys(named, lake.workspace.key()))
    keyed = lake.keep(
        "rows_keyed", named.left_join(keys, "identity", rname="key_{name}").drop("identity", "key_identity")
    )
    if people:
        _remember(lake, keyed, format, people, file_hash)
    return keyed.drop(*people)


def _keys(named: Table, secret: bytes) -> Table:
    """Return the key of every identity; hashing each once is what a large file of few buyers needs."""
    inner, outer = _pads(secret)
    buyers = named.filter(named.identity.notnull()).select("identity").distinct()
    return buyers.mutate(customer_key=ibis.literal("c_").concat(keyed_hash(buyers.identity, inner, outer).left(24)))


def _identity(rows: Table, format: Format, origin: Origin) -> Any:
    parts = []
    for name in format.customer:
        value = rows[name].strip().lower().nullif("")
        own = ibis.literal(f"{origin.channel_id}:{name}:").concat(value)
        # A column of e-mails may hold a name where the source knows no e-mail.
        email = format.column(name).person == "email"
        parts.append(ibis.ifelse(value.contains("@"), value, own) if email else own)
    return ibis.coalesce(*parts) if parts else ibis.null("string")


def _pads(key: bytes) -> tuple[bytes, bytes]:
    block = (hashlib.sha256(key).digest() if len(key) > BLOCK else key).ljust(BLOCK, b"\0")
    return bytes(b ^ 0x36 for b in block), bytes(b ^ 0x5C for b in block)


def _remember(lake: Lake, rows: Table, format: Format, people: list[str], file_hash: str) -> None:
    found: list[Contact] = []
    for name in people:
        known = rows.filter(rows.customer_key.notnull(), rows[name].notnull())
        for row in lake.rows(known.select("customer_key", value=known[name]).distinct()):
            found.append(Contact(row["customer_key"], format.column(name).person, row["value"], file_hash))
    if found:
        remember(lake.workspace.people, found)
