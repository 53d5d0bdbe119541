"""Figures for who watches over the server; they tell no name and no amount."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from argosy.console.desk import state
from argosy.console.meter import METER, written
from argosy.console.tokens import METRICS, held
from argosy.decisions import load, notices, uploads
from argosy.decisions.records import STATES, UNDECIDED
from argosy.flow import now
from argosy.model.errors import ApiError
from argosy.model.version import VERSION

TYPE = "text/plain; version=0.0.4; charset=utf-8"
FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Proto", "X-Real-IP")


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Return the metrics to a program on this machine, or to one with a token of scope metrics."""
    if not _from_here(request):
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        try:
            held(token if scheme == "Bearer" else "", METRICS)
        except ApiError as error:
            said = error.sentence(request.lang)
            return HttpResponse(f"{said}\n", status=401, content_type=TYPE, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse("".join(_told()), content_type=TYPE)


def _from_here(request: HttpRequest) -> bool:
    """Return whether a program of this machine asks: behind a proxy, every request seems to come from here."""
    if settings.SECURE or any(name in request.headers for name in FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def _told() -> list[str]:
    with state().read() as connection:
        run, acts = load.last_run(connection), load.count_actions(connection)
        cards = {name: load.count(connection, state=name) for name in UNDECIDED}
        frozen, told = len(load.freezes(connection)), notices.counts(connection)
        unread = uploads.count_unread(connection)
    ago = [("", (), (now() - run.at).total_seconds())] if run else []
    return [
        written("argosy_info", "gauge", "The version that answers.", [("", (("version", VERSION),), 1)]),
        written("argosy_request_seconds", "histogram", "Answers of this process and their seconds.", METER.samples()),
        written("argosy_actions", "gauge", "Actions by state.", [
            ("", (("state", name),), acts.get(name, 0)) for name in STATES]),
        written("argosy_cards", "gauge", "Cards that wait for a decision.", [
            ("", (("state", name),), count) for name, count in cards.items()]),
        written("argosy_freezes", "gauge", "What is frozen: nothing is sent there.", [("", (), frozen)]),
        written("argosy_uploads_waiting", "gauge", "Uploads that a worker has not read to their end.", [
            ("", (), unread)]),
        written("argosy_notices", "gauge", "Notices that wait to be sent, and that were given up.", [
            ("", (("state", name),), told.get(name, 0)) for name in (notices.WAITING, notices.GIVEN_UP)]),
        written("argosy_watch_age_seconds", "gauge", "Seconds since the last watch; none before the first.", ago),
    ]  # fmt: skip
