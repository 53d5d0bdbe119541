"""Tokens with which programs use the API: made by a person, shown once, worth what that person's role is worth now."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from argosy.console.desk import ACTORS, MONEY, role_named, state
from argosy.console.models import ApiToken
from argosy.decisions import audit
from argosy.flow import now
from argosy.model.decisions import ROLES
from argosy.model.errors import ApiTokenLacks, ApiTokenUnknown, CannotSignIn

READ, SEE_MONEY, DECIDE, METRICS = "read", "money", "decide", "metrics"
# What a token may do, and people of which roles may give it that.
SCOPES = {READ: ROLES, SEE_MONEY: MONEY, DECIDE: ACTORS, METRICS: ROLES}
DAYS = (30, 90, 365)  # a token may hold
PREFIX = "argosy_"  # by which people and scanners know what they found
USED_EVERY = timedelta(minutes=10)  # its last use is written down no more often


def make(name: str, scopes: Collection[str], *, days: int, who: str) -> str:
    """Return a new token of somebody, which is kept nowhere; ``ApiTokenLacks`` where their role may not give a scope,
    ``CannotSignIn`` where they have no account."""
    owner = get_user_model().objects.filter(username=who, is_active=True).first()
    if owner is None:
        raise CannotSignIn(name=who)
    role = role_named(who)
    for scope in scopes:
        if role not in SCOPES.get(scope, ()):
            raise ApiTokenLacks(scope=scope)
    token, at = PREFIX + secrets.token_urlsafe(32), timezone.now()
    until = at + timedelta(days=days)
    with transaction.atomic():
        chosen = " ".join(scope for scope in SCOPES if scope in scopes)
        ApiToken.objects.create(
            owner=owner, name=name, hash=_hash(token), scopes=chosen, made_at=at, expires_at=until
        )  # fmt: skip
        _log("token_made", name, who=who, scopes=chosen, until=until.date())
    return token


def tokens_of(who: str | None) -> list[ApiToken]:
    """Return the tokens of somebody, or of all, that were not revoked, the newest first."""
    found = ApiToken.objects.filter(revoked_at=None).select_related("owner").order_by("-made_at")
    return list(found if who is None else found.filter(owner__username=who))


def revoke(number: int, *, who: str, every: bool = False) -> None:
    """Make a token of somebody's own worthless, or with ``every`` anybody's; ``ApiTokenUnknown``."""
    with transaction.atomic():
        found = ApiToken.objects.select_for_update().filter(pk=number, revoked_at=None)
        one = (found if every else found.filter(owner__username=who)).first()
        if one is None:
            raise ApiTokenUnknown()
        one.revoked_at = timezone.now()
        one.save()
        _log("token_revoked", one.name, who=who)


@dataclass(frozen=True)
class Held:
    """The user a token stands for, the role they have now, and what the token may do."""

    user: Any
    role: str
    scopes: tuple[str, ...]


def held(token: str, scope: str) -> Held:
    """Return what a token is worth now, where it has the scope; ``ApiTokenUnknown``, ``ApiTokenLacks``."""
    at = timezone.now()
    one = ApiToken.objects.select_related("owner").filter(hash=_hash(token), revoked_at=None, expires_at__gt=at).first()
    role = role_named(one.owner.get_username()) if one is not None and one.owner.is_active else ""
    if one is None or not role:
        raise ApiTokenUnknown()
    scopes = tuple(name for name in one.scopes.split() if role in SCOPES[name])
    if scope not in scopes:
        raise ApiTokenLacks(scope=scope)
    if one.used_at is None or one.used_at < at - USED_EVERY:
        ApiToken.objects.filter(pk=one.pk).update(used_at=at)
    return Held(one.owner, role, scopes)


def _log(what: str, name: str, *, who: str, **after: object) -> None:
    with state().write() as connection:
        audit.append(connection, what, name, who=who, at=now(), after=after)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
