"""Tokens of programs: what somebody has, a new one shown once, one revoked."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from argosy.console.desk import only, who
from argosy.console.tokens import DAYS, SCOPES, make, revoke, tokens_of
from argosy.model.decisions import OWNER, ROLES

NAMED = 80  # characters of a name


@only(*ROLES)
def page(request: HttpRequest) -> HttpResponse:
    """Show one's own tokens, to an owner everybody's; with POST, make one and show it this once."""
    made, name = "", request.POST.get("name", "").strip()[:NAMED]
    scopes = [scope for scope in request.POST.getlist("scope") if scope in SCOPES]
    if request.method == "POST" and name and scopes:
        days = request.POST.get("days", "")
        held = int(days) if days.isdigit() and int(days) in DAYS else DAYS[0]
        made = make(name, scopes, days=held, who=who(request))
    return render(request, "tokens.html", _shown(request) | {
        "made": made, "name": name, "wrong": request.method == "POST" and not made,
    }, status=422 if request.method == "POST" and not made else 200)  # fmt: skip


@require_POST
@only(*ROLES)
def end(request: HttpRequest, number: int) -> HttpResponse:
    """Revoke a token of one's own; as an owner, anybody's."""
    revoke(number, who=who(request), every=request.role == OWNER)
    return redirect("account-tokens")


def _shown(request: HttpRequest) -> dict[str, Any]:
    every = request.role == OWNER
    return {
        "tokens": [(one, one.scopes.split()) for one in tokens_of(None if every else who(request))],
        "scopes": [scope for scope, roles in SCOPES.items() if request.role in roles], "days": DAYS,
    }  # fmt: skip
