"""The tables of the state store: findings, proposals, decisions, actions, what they brought, rules, people, the log.

Times are UTC. Amounts are exact. Numbers begin at 1 and are never given again.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect

from argosy.decisions.codec import text_of, value_of

VERSION = "0003"  # of the newest migration


class Exact(TypeDecorator[Decimal]):
    """A decimal kept as its text, so that no database rounds it."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else format(value, "f")

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Written(TypeDecorator[Any]):
    """A value kept as its one text, see ``codec``."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else text_of(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else value_of(value)


METADATA = MetaData()


def _number() -> Column[int]:
    return Column("number", Integer, primary_key=True)


def _range(prefix: str = "", *, null: bool = False) -> list[Column[Decimal]]:
    return [Column(prefix + part, Exact, nullable=null) for part in ("low", "mid", "high")]


FINDINGS = Table(
    "findings", METADATA, _number(),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("sense", Text, nullable=False),
    Column("since", Date, nullable=False),
    *_range(),
    Column("currency", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("told", Written, nullable=False),
    Column("evidence", Written, nullable=False),
    Column("missing", Written, nullable=False),
    Column("noted_mid", Exact, nullable=False),  # the stake when it was last told to be new or changed
    Column("seen_first_at", DateTime, nullable=False),
    Column("seen_last_at", DateTime, nullable=False),
    Column("gone_at", DateTime),
    sqlite_autoincrement=True,
)  # fmt: skip
OPEN = text("gone_at IS NULL")
Index(
    "one_open_finding", FINDINGS.c.kind, FINDINGS.c.subject, unique=True, sqlite_where=OPEN, postgresql_where=OPEN
)  # fmt: skip

PROPOSALS = Table(
    "proposals", METADATA, _number(),
    Column("finding", ForeignKey("findings.number"), nullable=False),
    # What a proposal is recognised by when it is made anew: a finding has the nth remedy of a kind on a subject.
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("nth", Integer, nullable=False),
    Column("change", Written, nullable=False),
    Column("edited", Written, nullable=False),  # the values a person has set instead
    *_range(),
    Column("currency", Text, nullable=False),
    Column("cash", Exact, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("risk", Text, nullable=False),
    Column("expires_on", Date, nullable=False),
    Column("measure", Written, nullable=False),
    Column("undo", Written),
    Column("rests_on", Written, nullable=False),
    Column("told", Written, nullable=False),
    Column("words", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("until", Date),  # snoozed until this day
    Column("reason", Text, nullable=False),  # of a rejection, in a person's words; of a withdrawal, a word of ours
    Column("offered_at", DateTime, nullable=False),
    Column("changed_at", DateTime, nullable=False),
    UniqueConstraint("finding", "kind", "subject", "nth", name="one_proposal"),
    sqlite_autoincrement=True,
)  # fmt: skip

DECISIONS = Table(
    "decisions", METADATA, _number(),
    Column("proposal", ForeignKey("proposals.number"), nullable=False),
    Column("who", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("what", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("change", Written, nullable=False),
    sqlite_autoincrement=True,
)  # fmt: skip

ACTIONS = Table(
    "actions", METADATA, _number(),
    Column("key", Text, nullable=False, unique=True),
    Column("proposal", ForeignKey("proposals.number"), nullable=False),
    Column("undoes", ForeignKey("actions.number")),
    Column("change", Written, nullable=False),
    Column("state", Text, nullable=False),
    Column("ordered_by", Text, nullable=False),
    Column("ordered_at", DateTime, nullable=False),
    Column("began_at", DateTime),
    Column("ended_at", DateTime),
    Column("request", Written),
    Column("receipt", Written),
    Column("words", Text, nullable=False),  # why it was refused or failed, as a person reads it
    sqlite_autoincrement=True,
)  # fmt: skip

MEASURES = Table(
    "measures", METADATA,
    Column("action", ForeignKey("actions.number"), primary_key=True),
    # Written down before acting:
    Column("metric", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("days", Integer, nullable=False),
    Column("comparison", Text, nullable=False),
    Column("reason", Text, nullable=False),
    *_range("expected_"),
    Column("currency", Text, nullable=False),
    Column("first", Date, nullable=False),  # the day it is ordered, then the day it is done
    # And what it brought:
    Column("last", Date),
    *_range("brought_", null=True),
    Column("compared", Text),
    Column("why", Text),
    Column("measured_at", DateTime),
)  # fmt: skip

POLICIES = Table(
    "policies", METADATA,
    Column("kind", Text, primary_key=True),
    Column("level", Text, nullable=False),
    Column("most_amount", Exact),
    Column("most_percent", Exact),
    Column("most_a_day", Integer),
    Column("set_by", Text, nullable=False),
    Column("set_at", DateTime, nullable=False),
)  # fmt: skip

MEMBERS = Table(
    "members", METADATA,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("set_by", Text, nullable=False),
    Column("set_at", DateTime, nullable=False),
)  # fmt: skip

FREEZES = Table(
    "freezes", METADATA, _number(),
    Column("channel", Text, nullable=False),  # empty: everything
    Column("since", DateTime, nullable=False),
    Column("by", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("ended_at", DateTime),
    Column("ended_by", Text),
    sqlite_autoincrement=True,
)  # fmt: skip
ON = text("ended_at IS NULL")
Index("one_open_freeze", FREEZES.c.channel, unique=True, sqlite_where=ON, postgresql_where=ON)

RUNS = Table(
    "runs", METADATA, _number(),
    Column("at", DateTime, nullable=False),
    Column("day", Date, nullable=False),
    Column("seconds", Float, nullable=False),
    Column("found", Integer, nullable=False),
    Column("new", Integer, nullable=False),
    Column("changed", Integer, nullable=False),
    Column("gone", Integer, nullable=False),
    Column("rates", Written, nullable=False),  # what one unit of a currency was worth in the book currency
    sqlite_autoincrement=True,
)  # fmt: skip

BLIND = Table(
    "blind", METADATA,
    Column("run", ForeignKey("runs.number"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("needs", Written, nullable=False),
)  # fmt: skip

# Files that people sent, kept in the folder ``incoming`` until a worker has read them.
UPLOADS = Table(
    "uploads", METADATA, _number(),
    Column("who", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("account", Text, nullable=False),
    Column("files", Written, nullable=False),
    Column("state", Text, nullable=False),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("doing", Text, nullable=False),  # the file that is being read; empty: the books are being posted
    Column("reports", Written, nullable=False),
    Column("words", Text, nullable=False),  # why it could not be read, as a person reads it
    Column("began_at", DateTime),
    Column("ended_at", DateTime),
    sqlite_autoincrement=True,
)  # fmt: skip

# Tasks that somebody wants done before their time.
ERRANDS = Table(
    "errands", METADATA, _number(),
    Column("task", Text, nullable=False),
    Column("who", Text, nullable=False),
    Column("at", DateTime, nullable=False),
    Column("words", Text, nullable=False),
    Column("ended_at", DateTime),
    sqlite_autoincrement=True,
)  # fmt: skip

# What people want to be told of, where and how often.
SUBSCRIPTIONS = Table(
    "subscriptions", METADATA, _number(),
    Column("who", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("address", Text, nullable=False),
    Column("kinds", Written, nullable=False),
    Column("domains", Written, nullable=False),
    Column("least", Exact),
    Column("lang", Text, nullable=False),
    Column("pace", Text, nullable=False),
    Column("home", Text, nullable=False),  # where the console is reached, for links
    Column("salt", Text, nullable=False),  # with the workspace's own secret it makes the one posts are signed with
    Column("mark", Text, nullable=False),  # by which that secret is recognised
    Column("made_at", DateTime, nullable=False),
    Column("looked_on", Date),  # the last morning on which it was asked what to tell
    Column("ended_at", DateTime),
    sqlite_autoincrement=True,
)  # fmt: skip

# Messages: what they tell and what became of them.
NOTICES = Table(
    "notices", METADATA, _number(),
    Column("subscription", ForeignKey("subscriptions.number"), nullable=False),
    Column("key", Text, nullable=False, unique=True),
    Column("events", Written, nullable=False),
    Column("made_at", DateTime, nullable=False),
    Column("state", Text, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("next_at", DateTime, nullable=False),
    Column("ended_at", DateTime),
    Column("words", Text, nullable=False),  # why it has not arrived, as a person reads it
    sqlite_autoincrement=True,
)  # fmt: skip

# What each subscription was told of, so that nothing is told twice.
TOLD = Table(
    "told", METADATA,
    Column("subscription", ForeignKey("subscriptions.number"), primary_key=True),
    Column("event", Text, primary_key=True),
    Column("at", DateTime, nullable=False),
)  # fmt: skip

# All of it text: what is signed is what is stored.
AUDIT = Table(
    "audit", METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    *(Column(name, Text, nullable=False) for name in (
        "at", "who", "what", "subject", "before", "after", "previous", "hash")),
)  # fmt: skip
