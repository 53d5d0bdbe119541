"""Notifications: what one is told of by e-mail and webhook, and the last messages with what became of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from argosy.connectors.notices import subscribe
from argosy.console.desk import only, state, who
from argosy.decisions import notices, rules
from argosy.decisions.happened import KINDS, STUCK, WAITS
from argosy.decisions.notices import AT_ONCE, EMAIL, MORNING, WEBHOOK, Wishes
from argosy.decisions.telling import headline
from argosy.domains.registry import CHECKS
from argosy.flow import now
from argosy.model.decisions import OWNER, ROLES
from argosy.model.words import LANGUAGES, say

SHOWN = 15  # messages on the page
DOMAINS = tuple(sorted({kind.partition(".")[0] for kind in CHECKS}))
USUAL = (WAITS, STUCK)  # chosen unless somebody says otherwise


@only(*ROLES)
def page(request: HttpRequest) -> HttpResponse:
    """Show one's own notifications, to an owner everybody's."""
    return render(request, "notices.html", shown(request))


@require_POST
@only(*ROLES)
def new(request: HttpRequest) -> HttpResponse:
    """Make a notification; the secret of a webhook is shown on the answer, this once."""
    given = request.POST
    channel = WEBHOOK if given.get("channel") == WEBHOOK else EMAIL
    made, secret = subscribe(
        state(), _wishes(request), channel=channel, address=given.get("address", "").strip(),
        home=request.build_absolute_uri("/"), who=who(request), at=now(),
    )  # fmt: skip
    if secret:
        return render(request, "notices.html", shown(request) | {"secret": secret, "made": made})
    return _done(request, "set_saved")


@require_POST
@only(*ROLES)
def change(request: HttpRequest, number: int, what: str) -> HttpResponse:
    """Do one thing of those below with a notification of one's own; an owner may test and end anybody's."""
    if what not in CHANGES:
        raise Http404
    return _done(request, CHANGES[what](request, number))


def shown(request: HttpRequest) -> dict[str, Any]:
    """Return what the part of the page about notifications shows."""
    whose = "" if request.role == OWNER else who(request)
    with state().read() as connection:
        mine, last = notices.subscriptions(connection, who=whose), notices.latest(connection, who=whose, count=SHOWN)
    kinds = [kind for kind, roles in KINDS.items() if request.role in roles]
    return {
        "subscriptions": mine, "deliveries": [(one, headline(one, request.lang)) for one in last], "kinds": kinds,
        "domains": DOMAINS, "paces": (AT_ONCE, MORNING),
        "usual": Wishes(USUAL, lang=request.lang), "languages": LANGUAGES,
    }  # fmt: skip


def _wishes(request: HttpRequest) -> Wishes:
    given = request.POST
    least = rules.limit_of(given.get("least", ""))
    return Wishes(
        tuple(kind for kind in KINDS if kind in given.getlist("kind")),
        tuple(name for name in DOMAINS if name in given.getlist("domain")),
        None if least is None else Decimal(least),
        given["lang"] if given.get("lang") in LANGUAGES else request.lang,
        MORNING if given.get("pace") == MORNING else AT_ONCE,
    )


def _save(request: HttpRequest, number: int) -> str:
    notices.change(state(), number, _wishes(request), who=who(request), at=now())
    return "set_saved"


def _end(request: HttpRequest, number: int) -> str:
    notices.end(state(), number, who=who(request), at=now(), every=request.role == OWNER)
    return "set_saved"


def _test(request: HttpRequest, number: int) -> str:
    notices.test(state(), number, who=who(request), at=now(), every=request.role == OWNER)
    return "notice_tested"


def _done(request: HttpRequest, key: str) -> HttpResponse:
    messages.success(request, say(f"console.{key}", request.lang))
    return redirect("notices")


# Each returns what is said about it.
CHANGES: Mapping[str, Callable[[HttpRequest, int], str]] = {"save": _save, "end": _end, "test": _test}
