"""What people decide about the rules: policies of kinds, freezes, and the settings of the business."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, DecimalException

import sqlalchemy as sa

from argosy.decisions import audit, load, members
from argosy.decisions.records import Freeze
from argosy.decisions.state import State
from argosy.decisions.tables import FREEZES, POLICIES
from argosy.lake import settings
from argosy.lake.settings import change_settings
from argosy.model.decisions import VIEWER, Policy
from argosy.model.errors import LimitInvalid, RoleMayNot

LIMITS = ("level", "most_amount", "most_percent", "most_a_day")


def set_policy(state: State, policy: Policy, *, who: str, at: datetime) -> Policy:
    """Set what Argosy may do with a kind of change, as an owner."""
    with state.write() as connection:
        members.owner(connection, who, at=at)
        was = load.policy(connection, policy.kind, book_currency=state.workspace.settings.book_currency)
        connection.execute(sa.delete(POLICIES).where(POLICIES.c.kind == policy.kind))
        connection.execute(sa.insert(POLICIES).values(**vars(policy), set_by=who, set_at=at))
        before, after = ({name: vars(one)[name] for name in LIMITS} for one in (was, policy))
        audit.append(connection, "policy", policy.kind, who=who, at=at, before=before, after=after)
    return policy


def limit_of(text: str, *, whole: bool = False) -> Decimal | int | None:
    """Return a limit as people write it, None for an empty one; ``LimitInvalid`` where it is no number of 0 or more."""
    if not text.strip():
        return None
    try:
        limit = int(text) if whole else Decimal(text.strip())
    except (ValueError, DecimalException) as error:
        raise LimitInvalid(value=text) from error
    if not Decimal(limit).is_finite() or limit < 0:
        raise LimitInvalid(value=text)
    return limit


def freeze(state: State, channel: str = "", *, reason: str = "", who: str, at: datetime) -> Freeze:
    """Hold back everything that would be sent, or what is for one channel; anybody but a viewer may. What is frozen
    already stays as it is."""
    with state.write() as connection:
        person = members.person(connection, who, at=at)
        if person.role == VIEWER:
            raise RoleMayNot(who=who, role=person.role, kind="freeze")
        for one in load.freezes(connection):
            if one.channel == channel:
                return one
        connection.execute(sa.insert(FREEZES).values(channel=channel, since=at, by=who, reason=reason))
        audit.append(
            connection,
            "frozen" if channel else "frozen_all",
            channel,
            who=who,
            at=at,
            after={"reason": reason} if reason else {},
        )
    return Freeze(channel, at, who, reason)


def unfreeze(state: State, channel: str = "", *, who: str, at: datetime) -> bool:
    """Let go what was frozen, as an owner; False: it was not frozen."""
    with state.write() as connection:
        members.owner(connection, who, at=at)
        on = (FREEZES.c.channel == channel) & FREEZES.c.ended_at.is_(None)
        ended = connection.execute(sa.update(FREEZES).where(on).values(ended_at=at, ended_by=who)).rowcount
        if ended:
            audit.append(connection, "unfrozen" if channel else "unfrozen_all", channel, who=who, at=at)
    return bool(ended)


def answer_settings(state: State, answers: Mapping[str, str], *, who: str, at: datetime) -> None:
    """Say what was only guessed of the business, as an owner; see ``argosy.lake.settings.answer_settings``."""
    with state.write() as connection:
        members.owner(connection, who, at=at)
        before = settings.answer_settings(state.workspace.folder / "settings.toml", answers)
        audit.append(connection, "settings", "", who=who, at=at, before=before, after=dict(answers))


def set_settings(state: State, changes: Mapping[str, str], *, who: str, at: datetime) -> None:
    """Change settings of the business in its file, as an owner; see ``argosy.lake.settings.change_settings``."""
    with state.write() as connection:
        members.owner(connection, who, at=at)
        before = change_settings(state.workspace.folder / "settings.toml", changes)
        if before:
            after = {key: changes[key] for key in before}
            audit.append(connection, "settings", "", who=who, at=at, before=before, after=after)
