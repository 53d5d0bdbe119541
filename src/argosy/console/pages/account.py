"""One's own account: password, second factor, passkeys, and where one is signed in."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST


def page(request: HttpRequest) -> HttpResponse:
    """Show how one signs in and where one is signed in."""
    kept = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    codes = next((one for one in kept if one.type == Authenticator.Type.RECOVERY_CODES), None)
    sessions = UserSession.objects.purge_and_list(request.user)
    return render(request, "account/me.html", {
        "totp": any(one.type == Authenticator.Type.TOTP for one in kept),
        "passkeys": [one for one in kept if one.type == Authenticator.Type.WEBAUTHN],
        "codes": codes, "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "sessions": sorted(sessions, key=lambda one: one.last_seen_at, reverse=True),
    })  # fmt: skip


def to_page(request: HttpRequest) -> HttpResponse:
    """Lead to the page: where allauth has pages of its own, all stands on one."""
    return redirect("account")


@require_POST
def end(request: HttpRequest, number: int) -> HttpResponse:
    """End one of one's sessions."""
    get_object_or_404(UserSession, pk=number, user=request.user).end()
    return redirect("account")
