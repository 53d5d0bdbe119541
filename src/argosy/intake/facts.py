"""Typed rows into facts: the few steps every format's mapping is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import ibis
from ibis.expr.types import IntegerScalar, Table, Value

from argosy.intake.formats import Format
from argosy.intake.parse import Reading
from argosy.lake.parsing import local_moment_of, local_time

# Ids that several files of a seller share: prefixed by the account of one file they would meet in no other.
AS_WRITTEN = ("channel_id", "warehouse_id", "supplier_id")


@dataclass(frozen=True)
class Origin:
    """What a mapping knows beside the rows: the account they belong to and what the seller set for it.

    headers: how the file words the header of each column it has.
    """

    account: str
    channel: str
    reading: Reading
    country: str | None = None
    currency: str | None = None
    home: str = ""
    book_currency: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def channel_id(self) -> str:
        """The account as facts name it, shopify:main."""
        return f"{self.channel}:{self.account}"

    def key(self, value: Any) -> Any:
        """Return a natural key prefixed by the account, so that two shops never collide."""
        return ibis.literal(f"{self.channel_id}:").concat(value)


@dataclass(frozen=True)
class Facts:
    """What a file says: fact tables by name, rows refused by the mapping, and counts worth telling.

    Every table carries ``row_no`` of the row it comes from. refused: ``row_no``, ``bad`` as ``column|reason``.
    ignored: ``row_no`` of rows that are rightly no fact.
    """

    tables: Mapping[str, Table]
    refused: Table | None = None
    ignored: Table | None = None
    counts: Mapping[str, IntegerScalar] = field(default_factory=dict)


def fact(rows: Table, **columns: Any) -> Table:
    """Return one fact per row with these columns, and the row it comes from."""
    return rows.select(row_no=rows.row_no, version_at=rows.version_at, **columns)


def first_of(rows: Table, *, by: str, **columns: Value) -> Table:
    """Return one fact per value of the column ``by``: each column's first value that is there, in file order."""
    # The value at the lowest row number: the same as the first in order, without sorting.
    ordered = {name: value.argmin(rows.row_no, where=value.notnull()) for name, value in columns.items()}
    return (
        rows.filter(rows[by].notnull())
        .group_by(by)
        .aggregate(row_no=rows.row_no.min(), version_at=rows.version_at.max(), **ordered)
    )


def declared_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return the facts of a format that is declared as data alone."""
    tables: dict[str, Table] = {}
    unwanted = rows.select("row_no")
    for mapping in format.facts:
        kept = rows
        for column, values in mapping.when.items():
            kept = kept.filter(kept[column].isin(values))
        columns = {name: _declared(kept, name, source, origin) for name, source in mapping.columns.items()}
        made = fact(kept, **columns)
        tables[mapping.table] = tables[mapping.table].union(made) if mapping.table in tables else made
        unwanted = unwanted.anti_join(kept, "row_no")
    always = any(not mapping.when for mapping in format.facts)
    return Facts(tables, ignored=None if always else unwanted)


def _declared(rows: Table, name: str, source: str, origin: Origin) -> Any:
    if source.startswith("="):
        return ibis.literal(source[1:])
    if source == "$channel":
        return ibis.literal(origin.channel_id)
    if source == "$currency":
        return ibis.literal(origin.currency, type="string")
    if source == "$row":
        return origin.key(content_of(rows))
    value = rows[source]
    if name.endswith("_id") and name not in AS_WRITTEN:
        return origin.key(value)
    return value


def numbered(content: Value, alike: Value) -> Value:
    """Return a name for each of several rows of one content: the content, and its ``occurrence`` from the second on."""
    return content.concat(ibis.ifelse(alike == 1, "", ibis.literal("/").concat(alike.cast("string"))))


def day_of(at_utc: Value, origin: Origin) -> Value:
    """Return the local day of the account on which a moment falls."""
    return local_time(at_utc, origin.reading.zone).date()


def end_of_day(day: Value, origin: Origin) -> Value:
    """Return the last second of a local day of the account, UTC: a day promised counts whole."""
    last = day.strftime("%Y-%m-%d 23:59:59")
    return local_moment_of(last, ["%Y-%m-%d %H:%M:%S"], origin.reading.zone)


def end_of_promise(moment: Value, origin: Origin) -> Value:
    """Return the last moment of a promise, UTC: midnight is how a day without a time reads, and counts whole."""
    bare = local_time(moment, origin.reading.zone).time() == ibis.time("00:00:00")
    return ibis.ifelse(bare, end_of_day(day_of(moment, origin), origin), moment)


def occurrence(rows: Table, *columns: str) -> Value:
    """Return 1, 2, 3 ... for rows that are alike in ``columns``, in file order: an identity that does not depend
    on where in the file a row stands, so that the same row read from another file is the same fact."""
    group = [rows[column] for column in columns]
    return ibis.row_number().over(ibis.window(group_by=group, order_by=rows.row_no)) + 1


def content_of(rows: Table) -> Value:
    """Return a name for each row made of its own content, for files whose rows have no number of their own."""
    cells = [name for name in rows.columns if name not in ("row_no", "version_at", "bad", "customer_key")]
    content = ibis.literal("|").join([rows[name].cast("string").fill_null("") for name in cells]).hexdigest("md5")
    turn = ibis.row_number().over(ibis.window(group_by=content, order_by=rows.row_no)) + 1
    return content.concat("/", turn.cast("string"))
