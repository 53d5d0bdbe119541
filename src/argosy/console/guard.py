"""What every request passes: what a page may load, in which language, who asks, and how refusals are said."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation

from argosy.console.desk import held, role_of
from argosy.lake.workspace import disk_error
from argosy.model.decisions import OWNER
from argosy.model.errors import ArgosyError
from argosy.model.words import LANGUAGES

Answer = Callable[[HttpRequest], HttpResponse]
# Charts are drawn as part of the page; the only data: addresses are the style sheet's own small pictures.
POLICY = "; ".join((
    "default-src 'self'", "img-src 'self' data:", "object-src 'none'", "base-uri 'none'", "form-action 'self'",
    "frame-ancestors 'none'",
))  # fmt: skip
# What may be asked without being signed in: signing in itself, a first link, whether the server lives.
OPEN = (
    "/account/login/",
    "/account/logout/",  # who is half signed in turns back
    "/account/2fa/authenticate/",
    "/account/2fa/webauthn/login/",
    "/welcome/",
    "/again/",
    "/static/",
    "/health",
    "/metrics",
    "/preferences",
)
FIRST = ("/begin/", "/account/")  # what an owner sees before saying where the business sits and in what it counts
DJANGO = {"en": "en", "zh": "zh-hans"}
log = logging.getLogger(__name__)


def policies(answer: Answer) -> Answer:
    """Add what a browser may do with a page."""

    def told(request: HttpRequest) -> HttpResponse:
        # No word anybody types has a zero character in it, and no engine takes one.
        harm = any("\0" in text for text in (request.path, *request.GET.keys(), *request.GET.values()))
        response = HttpResponse(status=400) if harm else answer(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), microphone=(), geolocation=()")
        if not request.path.startswith("/static/"):
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return told


def language(answer: Answer) -> Answer:
    """Speak the language chosen, else the browser's where it is one of ours, else the workspace's."""

    def told(request: HttpRequest) -> HttpResponse:
        asked = request.COOKIES.get("lang") or request.headers.get("Accept-Language", "")[:2]
        request.lang = asked if asked in LANGUAGES else held().language
        request.theme = "dark" if request.COOKIES.get("theme") == "dark" else "light"
        with translation.override(DJANGO[request.lang]):
            return answer(request)

    return told


def signed_in(answer: Answer) -> Answer:
    """Let nobody see anything who is not signed in and a member."""

    def told(request: HttpRequest) -> HttpResponse:
        request.role = role_of(request)
        if request.path.startswith(OPEN) or request.path.startswith("/api/"):  # the API has keys of its own
            return answer(request)
        if not request.user.is_authenticated:
            if request.headers.get("HX-Request"):
                return HttpResponse(status=204, headers={"HX-Redirect": settings.LOGIN_URL})
            return redirect_to_login(request.get_full_path(), "account_login")
        if not request.role and not request.path.startswith("/account/"):
            return render(request, "refused.html", {"key": "no_role"}, status=403)
        if request.role == OWNER and held().guessed and not request.path.startswith(FIRST):
            return redirect("begin")
        return answer(request)

    return told


class refusals:
    """Say what is refused in one sentence that tells what to do; nothing was changed."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.answer(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page, or the part of one, that says it; None: Django's own (404, not allowed)."""
        known = error if isinstance(error, ArgosyError) else disk_error(error, settings.WORKSPACE.folder)
        if known is None:
            return None
        words = {"sentence": known.sentence(request.lang)}
        return refusal(request, words, status=409)


def refusal(request: HttpRequest, words: dict[str, str], *, status: int) -> HttpResponse:
    """Return the page that says what is refused; of a part of a page, the line above it that does."""
    if not request.headers.get("HX-Request"):
        return render(request, "refused.html", words, status=status)
    response = render(request, "parts/refusal.html", words)
    response["HX-Retarget"], response["HX-Reswap"] = "#told", "innerHTML"
    return response
