"""Who may sign in: the first owner by a link on the terminal, everybody else by invitation of an owner."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from argosy.console.desk import state
from argosy.console.models import Invitation
from argosy.decisions.members import appoint
from argosy.flow import now
from argosy.model.decisions import OWNER

DAYS = 3  # an invitation holds


class Adapter(DefaultAccountAdapter):
    """Sign-up by oneself is closed: links are the only way in."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return no."""
        return False


def first_link() -> str | None:
    """Return the path with which the first owner sets a password; None: somebody can already sign in."""
    if get_user_model().objects.exists():
        return None
    return invite(OWNER, by="argosy serve")


def invite(role: str, *, by: str) -> str:
    """Return the path of a link that gives a role to who opens it, once."""
    token = secrets.token_urlsafe(24)
    Invitation.objects.create(
        token=_hash(token), role=role, invited_by=by, expires_at=timezone.now() + timedelta(days=DAYS)
    )
    return f"/welcome/{token}/"


def invitation(token: str) -> Invitation | None:
    """Return the invitation of a link that still holds."""
    return Invitation.objects.filter(token=_hash(token), used_at=None, expires_at__gt=timezone.now()).first()


def accept(token: str, *, name: str, password: str) -> Any:
    """Return the new user of an invitation; ``ValidationError`` says what is wrong with the name or the password."""
    users = get_user_model()
    with transaction.atomic():
        held = Invitation.objects.select_for_update().filter(token=_hash(token), used_at=None).first()
        if held is None or held.expires_at <= timezone.now():
            raise ValidationError("", code="used")
        user = users(username=name)
        user.username_validator(name)
        if users.objects.filter(username__iexact=name).exists():
            raise ValidationError("", code="taken")
        validate_password(password, user)
        user.set_password(password)
        user.save()
        held.used_at = timezone.now()
        held.save()
        appoint(state(), name, held.role, by=held.invited_by, at=now())
    return user


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
