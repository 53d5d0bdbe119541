"""The log: who did what and when, and whether it is what was written."""

from __future__ import annotations

import pyarrow as pa
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from argosy.console.desk import MONEY, only, state
from argosy.console.sheets import TYPES, table_file
from argosy.decisions import audit
from argosy.decisions.sentences import entry_says

SHOWN = 50  # events on a page
MOST = 100_000  # events in a file


@only(*MONEY)
def page(request: HttpRequest) -> HttpResponse:
    """Tell what happened, the newest first, of one person or one kind where asked."""
    return _shown(request)


@require_POST
@only(*MONEY)
def verify(request: HttpRequest) -> HttpResponse:
    """Check the log entry by entry and say what was found above it."""
    return _shown(request, audit.verify(state()))


@only(*MONEY)
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """Give what the page tells, all pages of it, as a file."""
    if ending not in TYPES:
        raise Http404
    who, what, _ = _asked(request)
    with state().read() as connection:
        found = audit.found(connection, who=who, what=what, limit=MOST)
    columns = {
        "number": [one.number for one in found], "at": [one.at.isoformat() for one in found],
        "who": [one.who for one in found], "what": [one.what for one in found],
        "subject": [one.subject for one in found], "says": [entry_says(one, request.lang) for one in found],
        "hash": [one.hash for one in found],
    }  # fmt: skip
    return table_file(pa.table(columns), name="log", ending=ending)


def _shown(request: HttpRequest, checked: audit.Checked | None = None) -> HttpResponse:
    who, what, before = _asked(request)
    with state().read() as connection:
        found = audit.found(connection, who=who, what=what, before=before, limit=SHOWN + 1)
        everybody, kinds = audit.kinds(connection)
    key = "wrong_" + checked.wrong if checked and checked.wrong else "verified"
    if checked and checked.sound and checked.head.count and not checked.sealed:
        key = "verified_unsealed"
    return render(request, "audit.html", {
        "entries": [(one, entry_says(one, request.lang)) for one in found[:SHOWN]], "who": who, "what": what,
        "everybody": everybody, "kinds": kinds, "before": before,
        "older": found[SHOWN - 1].number if len(found) > SHOWN else None, "checked": checked, "checked_key": key,
    })  # fmt: skip


def _asked(request: HttpRequest) -> tuple[str, str, int]:
    before = request.GET.get("before", "")
    number = int(before) if before.isascii() and before.isdigit() and len(before) < 10 else 0
    return request.GET.get("who", ""), request.GET.get("what", ""), number
