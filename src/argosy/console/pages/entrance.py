"""The page behind an invitation: set a name and a password, once."""

from __future__ import annotations

from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from argosy.console.people import accept, invitation

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def welcome(request: HttpRequest, token: str) -> HttpResponse:
    """Show the form, or let somebody in who filled it in."""
    held = invitation(token)
    if held is None:
        return render(request, "refused.html", {"key": "link_used"}, status=410)
    name, wrong = request.POST.get("name", "").strip(), []
    if request.method == "POST":
        try:
            user = accept(token, name=name, password=request.POST.get("password", ""))
        except ValidationError as error:
            wrong = [one.code or "name" for one in error.error_list]
        else:
            login(request, user, backend=BACKEND)
            return redirect("brief")
    return render(
        request, "welcome.html", {"invited": held, "name": name, "wrong": wrong}, status=422 if wrong else 200
    )
