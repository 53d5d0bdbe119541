"""The pages behind links: an invitation, and a new password for who forgot theirs."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib.auth import login
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from argosy.console.people import accept, invitation, renew, user_of_link

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


def again(request: HttpRequest, number: str, token: str) -> HttpResponse:
    """Show the form, or set a new password; who sets it signs in as always, with a second factor where there is one."""
    user = user_of_link(number, token)
    if user is None:
        return render(request, "refused.html", {"key": "link_used"}, status=410)
    wrong = []
    if request.method == "POST":
        try:
            renew(user, password=request.POST.get("password", ""))
        except ValidationError as error:
            wrong = [one.code or "name" for one in error.error_list]
        else:
            get_adapter()._delete_login_attempts_cached_email(request, username=user.username)
            return redirect("account_login")
    return render(request, "again.html", {"person": user, "wrong": wrong}, status=422 if wrong else 200)
