"""What plain sheets share: accounts named by people, words that stand for a few things, rows refused for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import ibis
from ibis.expr.types import BooleanValue, StringValue, Table


def account_named(channel: StringValue) -> StringValue:
    """Return a channel's account as facts name it: ``shopify`` is ``shopify:main``."""
    shop = channel.strip()
    return ibis.ifelse(shop.contains(":"), shop, shop.concat(":main"))


def order_named(channel: StringValue, number: StringValue) -> StringValue:
    """Return an order as its shop's own export keys it: ``shopify`` and ``#1001`` are ``shopify:main:#1001``."""
    return account_named(channel).concat(":", number.strip())


def meaning(said: StringValue, words: Mapping[str, Sequence[str]]) -> StringValue:
    """Return the key of ``words`` that stands for what was said, case aside; NULL for a word that is not there."""
    known = {word: meant for meant, alike in words.items() for word in (meant, *alike)}
    return said.lower().substitute(known, else_=ibis.null("string"))


def sorted_out(rows: Table, *faults: tuple[BooleanValue, str]) -> tuple[Table, Table]:
    """Return the good rows, and the refused ones as ``row_no`` and ``bad``: the first fault, ``column|reason``.

    A row that names an order and no channel is always refused: nobody can tell whose order it is.
    """
    stray = (rows["order"].notnull() & rows.channel.isnull(), "channel|missing")
    judged = rows.mutate(bad=ibis.cases(stray, *faults, else_=ibis.null("string")))
    return judged.filter(judged.bad.isnull()), judged.filter(judged.bad.notnull()).select("row_no", "bad")
