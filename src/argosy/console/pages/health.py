"""Whether this process can answer, for who watches over it."""

from __future__ import annotations

from django.http import HttpRequest, JsonResponse

from argosy.console.desk import pool, state
from argosy.decisions import load
from argosy.model.version import VERSION


def page(request: HttpRequest) -> JsonResponse:
    """Return that the lake and the state store can be read, and when the last watch was."""
    with pool().business() as business:
        business.mark()
    with state().read() as connection:
        run = load.last_run(connection)
    return JsonResponse({"version": VERSION, "lake": "ok", "state": "ok", "watched_at": run and run.at.isoformat()})
