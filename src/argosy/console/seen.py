"""When each session was last seen: written down once a minute, for a write with every page keeps all others waiting."""

from __future__ import annotations

from time import monotonic

from allauth.usersessions.middleware import UserSessionsMiddleware
from django.http import HttpRequest, HttpResponse

from argosy.console.guard import Answer

SECONDS = 60.0
MOST = 10_000  # sessions held in mind


def session_seen(answer: Answer) -> Answer:
    """Write down that a session is alive, at once where its browser or address changed."""
    written: dict[tuple[str | None, ...], float] = {}
    track = UserSessionsMiddleware(answer)

    def told(request: HttpRequest) -> HttpResponse:
        of = (request.session.session_key, request.META.get("REMOTE_ADDR"), request.headers.get("User-Agent"))
        at = monotonic()
        if at - written.get(of, -SECONDS) < SECONDS:
            return answer(request)
        if len(written) >= MOST:
            written.clear()
        written[of] = at
        return track(request)

    return told
