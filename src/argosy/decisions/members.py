"""Who may decide. The first person who decides anything is the owner; owners add the others."""

from __future__ import annotations

import getpass
import os
from datetime import datetime

import sqlalchemy as sa

from argosy.decisions import audit, notices
from argosy.decisions.load import members
from argosy.decisions.records import Member
from argosy.decisions.state import State
from argosy.decisions.tables import MEMBERS
from argosy.model.actions import AGENT
from argosy.model.decisions import OWNER
from argosy.model.errors import LastOwner, MemberUnknown, OwnerOnly


def whoami(name: str | None = None) -> str:
    """Return who gives a command: the ``name`` they say, else ``ARGOSY_USER``, else the login name."""
    try:
        return name or os.environ.get("ARGOSY_USER") or getpass.getuser()
    except (KeyError, OSError):
        return f"user-{os.getuid()}"  # a container knows its user by number only


def person(connection: sa.Connection, who: str, *, at: datetime) -> Member:
    """Return the member ``who`` is; the first one ever is written down as the owner; ``MemberUnknown``."""
    known = {member.name: member for member in members(connection)}
    if not known and who != AGENT:
        _put(connection, Member(who, OWNER), by=who, at=at)
        return Member(who, OWNER)
    if who not in known:
        raise MemberUnknown(name=who)
    return known[who]


def owner(connection: sa.Connection, who: str, *, at: datetime) -> Member:
    """Return the owner ``who`` is; ``OwnerOnly``."""
    found = person(connection, who, at=at)
    if found.role != OWNER:
        raise OwnerOnly(who=who, role=found.role)
    return found


def set_member(state: State, name: str, role: str, *, who: str, at: datetime) -> Member:
    """Give somebody a role, as an owner; ``LastOwner`` where nobody would be left who may."""
    with state.write() as connection:
        owner(connection, who, at=at)
        others = {member.name: member for member in members(connection)}
        owners = [member for member in others.values() if member.role == OWNER and member.name != name]
        if role != OWNER and not owners:
            raise LastOwner(name=name)
        before = {"role": others[name].role} if name in others else {}
        _put(connection, Member(name, role), by=who, at=at, before=before)
    return Member(name, role)


def take_out(state: State, name: str, *, who: str, at: datetime) -> None:
    """Take somebody out, as an owner; ``LastOwner`` where nobody would be left who may, ``MemberUnknown``."""
    with state.write() as connection:
        owner(connection, who, at=at)
        roles = {member.name: member.role for member in members(connection)}
        if name not in roles:
            raise MemberUnknown(name=name)
        if not any(role == OWNER for other, role in roles.items() if other != name):
            raise LastOwner(name=name)
        connection.execute(sa.delete(MEMBERS).where(MEMBERS.c.name == name))
        notices.end_all(connection, name, at=at)
        audit.append(connection, "taken_out", name, who=who, at=at, before={"role": roles[name]})


def appoint(state: State, name: str, role: str, *, by: str, at: datetime) -> Member:
    """Give a role to somebody whom an owner's invitation, or who holds the workspace itself, lets in."""
    with state.write() as connection:
        _put(connection, Member(name, role), by=by, at=at)
    return Member(name, role)


def _put(
    connection: sa.Connection, member: Member, *, by: str, at: datetime, before: dict[str, str] | None = None
) -> None:
    connection.execute(sa.delete(MEMBERS).where(MEMBERS.c.name == member.name))
    connection.execute(sa.insert(MEMBERS).values(name=member.name, role=member.role, set_by=by, set_at=at))
    audit.append(connection, "member", member.name, who=by, at=at, before=before, after={"role": member.role})
