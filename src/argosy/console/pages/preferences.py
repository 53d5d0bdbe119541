"""Language and theme, remembered on this device."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from argosy.model.words import LANGUAGES

CHOICES = {"lang": LANGUAGES, "theme": ("light", "dark")}
YEAR = 365 * 24 * 3600


@require_POST
def choose(request: HttpRequest) -> HttpResponse:
    """Remember what was chosen and return to the page."""
    back = request.POST.get("next", "/")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return remember(request, HttpResponseRedirect(back if safe else "/"), request.POST)


def remember(request: HttpRequest, response: HttpResponse, chosen: Mapping[str, str]) -> HttpResponse:
    """Return the answer with what was chosen of language and theme kept on this device."""
    for name, allowed in CHOICES.items():
        if (value := chosen.get(name)) in allowed:
            response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
    return response
