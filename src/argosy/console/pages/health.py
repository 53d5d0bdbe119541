"""Whether this process can answer, for who watches over it; it tells no name and no amount."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.contrib.sessions.models import Session
from django.http import HttpRequest, JsonResponse

from argosy.console.desk import pool, state
from argosy.decisions import load
from argosy.model.version import VERSION

log = logging.getLogger(__name__)


def page(request: HttpRequest) -> JsonResponse:
    """Return whether the lake, the state store and the sign-in can be read, and when the last watch was; 503 where one
    cannot."""
    watched: list[str | None] = []

    def lake() -> None:
        with pool().business() as business:
            business.mark()

    def decisions() -> None:
        with state().read() as connection:
            run = load.last_run(connection)
        watched.append(run.at.isoformat() if run else None)

    told = {"lake": _can(lake), "state": _can(decisions), "sign_in": _can(Session.objects.exists)}
    well = all(found == "ok" for found in told.values())
    told_of = {"version": VERSION, **told, "watched_at": next(iter(watched), None)}
    return JsonResponse(told_of, status=200 if well else 503)


def _can(read: Callable[[], object]) -> str:
    """Return ok, or failed; why stands in the log, for the answer is for everybody."""
    try:
        read()
    except Exception:
        log.exception("health")
        return "failed"
    return "ok"
