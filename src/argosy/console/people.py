"""Who may sign in: the first owner by a link on the terminal, everybody else by invitation of an owner."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode
from django.utils.translation import get_language

from argosy.console.desk import role_named, state
from argosy.console.models import Invitation
from argosy.decisions import audit
from argosy.decisions.members import appoint, take_out
from argosy.flow import now
from argosy.model.decisions import OWNER
from argosy.model.words import say

DAYS = 3  # an invitation holds


def _in_words(key: str, **values: Any) -> str:
    return say(f"console.{key}", "zh" if (get_language() or "").startswith("zh") else "en", **values)


in_words = lazy(_in_words, str)  # in the language of who reads it, which is known later


class Adapter(DefaultAccountAdapter):
    """Sign-up by oneself is closed: links are the only way in. What goes wrong is said in our words."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": in_words("wrong_sign_in"),
        "incorrect_password": in_words("wrong_password"),
        "enter_current_password": in_words("wrong_password"),
        "incorrect_code": in_words("wrong_code"),
        "too_many_login_attempts": in_words("locked_out_while"),
        "rate_limited": in_words("locked_out_while"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return no."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Lock out who failed too often, and say for how long."""
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError as error:
            key = self._get_login_attempts_cache_key(request, **credentials)
            raise ValidationError(in_words("locked_out", minutes=_locked(request, key)), code=error.code) from error


class SecondFactor(DefaultMFAAdapter):
    """Codes and passkeys, with what goes wrong in our words."""

    error_messages = DefaultMFAAdapter.error_messages | {"incorrect_code": in_words("wrong_code")}


def _locked(request: HttpRequest, key: str) -> int:
    """Return the minutes until somebody who failed too often may try again: until the oldest failure is forgotten."""
    app, action = "allauth.account", "login_failed"
    waits = [0.0]
    for rate in ratelimit.get_rates(app=app, action=action):
        failed = cache.get(ratelimit.get_cache_key(request, app=app, action=action, rate=rate, key=key), [])
        if len(failed) >= rate.amount:
            waits.append(failed[-1] + rate.duration - timezone.now().timestamp())
    return int(max(waits) // 60) + 1


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
    _note("invited", "", by=by, after={"role": role})
    return f"/welcome/{token}/"


def invited() -> Any:
    """Return the invitations that still hold, the newest first."""
    return Invitation.objects.filter(used_at=None, expires_at__gt=timezone.now()).order_by("-expires_at")


def withdraw(number: int, *, by: str) -> None:
    """End an invitation that was not used."""
    for held in invited().filter(pk=number):
        held.delete()
        _note("invitation_ended", "", by=by, after={"role": held.role})


def invitation(token: str) -> Invitation | None:
    """Return the invitation of a link that still holds."""
    return Invitation.objects.filter(token=_hash(token), used_at=None, expires_at__gt=timezone.now()).first()


def new_link(name: str, *, by: str, bare: bool = False) -> str | None:
    """Return the path of a link with which somebody sets a new password, once; None: nobody of that name signs in.

    bare: their passkeys and codes are taken away too, for who lost the phone they were on.
    """
    user = get_user_model().objects.filter(username=name).first()
    if user is None:
        return None
    if bare:
        Authenticator.objects.filter(user=user).delete()
    _note("new_link_bare" if bare else "new_link", name, by=by)
    return f"/again/{urlsafe_base64_encode(str(user.pk).encode())}/{default_token_generator.make_token(user)}/"


def user_of_link(number: str, token: str) -> Any:
    """Return whose link to a new password it is, None where it does not hold: used, too old, or signed in since."""
    try:
        user = get_user_model().objects.filter(pk=int(urlsafe_base64_decode(number))).first()
    except ValueError:
        return None
    return user if default_token_generator.check_token(user, token) else None


def renew(user: Any, *, password: str) -> None:
    """Set a new password, which ends every session of that person; ``ValidationError`` says what is wrong with it."""
    validate_password(password, user)
    user.set_password(password)
    user.save()


def remove(name: str, *, by: str) -> None:
    """Take somebody out: role, sign-in, sessions and the invitations they made; refused for the last owner."""
    take_out(state(), name, who=by, at=now())
    get_user_model().objects.filter(username=name).delete()
    invited().filter(invited_by=name).delete()


def _note(what: str, subject: str, *, by: str, after: dict[str, str] | None = None) -> None:
    with state().write() as connection:
        audit.append(connection, what, subject, who=by, at=now(), after=after)


def accept(token: str, *, name: str, password: str) -> Any:
    """Return the new user of an invitation; ``ValidationError`` says what is wrong with the name or the password."""
    users = get_user_model()
    with transaction.atomic():
        held = Invitation.objects.select_for_update().filter(token=_hash(token), used_at=None).first()
        if held is None or held.expires_at <= timezone.now():
            raise ValidationError("", code="used")
        user = users(username=name)
        user.username_validator(name)
        if users.objects.filter(username__iexact=name).exists() or role_named(name) not in (held.role, ""):
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
