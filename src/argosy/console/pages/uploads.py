"""Files sent from the browser: kept on disk piece by piece, then read by a worker."""

from __future__ import annotations

import os
import re
import time
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from argosy.brief.reports import report_says
from argosy.console.desk import ACTORS, only, pool, state, who
from argosy.decisions import errands, load, uploads
from argosy.decisions.slots import anybody
from argosy.decisions.uploads import ARRIVING, DONE, FAILED, Upload
from argosy.flow import now
from argosy.intake.formats import known_formats
from argosy.intake.importer import FileReport
from argosy.lake.workspace import disk_errors
from argosy.model.errors import AccountInvalid, FileTooLarge, NoSuchEntry, NothingSent, UploadIncomplete
from argosy.model.words import say

MOST = 2_000_000_000  # bytes of one file
PIECE = 8_000_000  # bytes of it in one request
CHUNK = 1 << 20
SHOWN = 5  # uploads on the page
LONGEST = 120  # signs of a name


@require_POST
@only(*ACTORS)
def announce(request: HttpRequest) -> JsonResponse:
    """Take note of files that are about to come in pieces: names, sizes, when they were written."""
    given = request.POST
    sizes, written = (_numbers(given.getlist(name)) for name in ("size", "modified"))
    names = given.getlist("name")
    if not len(names) == len(sizes) == len(written):
        raise NothingSent()
    upload = _announced(request, list(zip(names, sizes, written, strict=True)))
    return JsonResponse({"number": upload.number, "piece": PIECE})


@require_POST
@only(*ACTORS)
def piece(request: HttpRequest, number: int, place: int) -> JsonResponse:
    """Add a piece to a file; the answer says how much of it is there, so that a lost connection loses no more."""
    upload = _mine(request, number)
    if place >= len(upload.files):
        raise Http404
    file = upload.files[place]
    path = uploads.folder_of(state(), number) / file.stored
    there = path.stat().st_size if path.exists() else 0
    if request.GET.get("at") == str(there):
        room = min(file.size - there, PIECE)
        with disk_errors(settings.WORKSPACE.folder), path.open("ab") as kept:
            while room > 0 and (chunk := request.read(min(CHUNK, room))):
                kept.write(chunk)
                room -= len(chunk)
            there = kept.tell()
    return JsonResponse({"there": there})


@require_POST
@only(*ACTORS)
def read(request: HttpRequest, number: int) -> HttpResponse:
    """Let a worker read files that have come whole, or read them again after they could not be."""
    with state().read() as connection:
        failed = _found(connection, number).state == FAILED
    _ordered(uploads_of(number) if failed else _mine(request, number))
    return shown(request)


@require_POST
@only(*ACTORS)
def send(request: HttpRequest) -> HttpResponse:
    """Take files as a plain form sends them, without a script in the browser."""
    files = [file for file in request.FILES.getlist("files") if file.name]
    upload = _announced(request, [(file.name, file.size, int(time.time())) for file in files])
    for file, sent in zip(files, upload.files, strict=True):
        with disk_errors(settings.WORKSPACE.folder), _place(upload, sent.stored).open("wb") as kept:
            for chunk in file.chunks(CHUNK):
                kept.write(chunk)
    _ordered(upload)
    return redirect("data")


@require_POST
@only(*ACTORS)
def mend(request: HttpRequest, file_hash: str) -> HttpResponse:
    """Send a file once more with refused rows put right."""
    rows = {
        int(name.removeprefix("row-")): text.replace("\r\n", "\n")
        for name, text in request.POST.items() if re.fullmatch(r"row-\d{1,12}", name)
    }  # fmt: skip
    folder = settings.WORKSPACE.folder / uploads.FOLDER
    with disk_errors(folder):
        folder.mkdir(mode=0o700, exist_ok=True)
    with TemporaryDirectory(dir=folder) as scratch:
        path = Path(scratch) / "mended"
        with pool().business() as business:
            mended = business.mend(file_hash, rows, path)
        told = [(mended.name, path.stat().st_size, mended.modified_at)]
        upload = uploads.announce(state(), told, who=who(request), at=now(), account=mended.account)
        path.replace(_place(upload, upload.files[0].stored))
    _ordered(upload)
    return redirect("data")


@require_POST
@only(*ACTORS)
def look(request: HttpRequest) -> HttpResponse:
    """Ask for a watch now."""
    errands.ask(state(), errands.WATCH, who=who(request), at=now())
    return shown(request)


def shown(request: HttpRequest) -> HttpResponse:
    """Show how far the last uploads are and what became of each file."""
    words = told(request)
    response = render(request, "parts/uploads.html", words)
    if request.headers.get("HX-Request") and _first_is_read(words) and not request.session.get("first_brief"):
        request.session["first_brief"] = True  # once is enough: who comes back to this page wants to see it
        messages.success(request, say("console.first_brief", request.lang))
        response["HX-Redirect"] = reverse("brief")
    return response


def _first_is_read(words: dict[str, Any]) -> bool:
    """Return whether the first files of the business were just read, all of them without a fault."""
    sent = words["uploads"]
    read = {one["outcome"] for one in sent[0][1]} if len(sent) == 1 and sent[0][0].state == DONE else set()
    return "imported" in read and read <= {"imported", "known"}


def told(request: HttpRequest) -> dict[str, Any]:
    """Return the last uploads, whether somebody reads them, and when findings were looked for."""
    with state().read() as connection:
        last, run = uploads.latest(connection, count=SHOWN), load.last_run(connection)
        asked = errands.last(connection, errands.WATCH)
    looking = bool(asked and asked.ended_at is None)
    going = looking or any(one.unread for one in last)
    newest = max((one.ended_at for one in last if one.ended_at), default=None)
    titles = {
        one.name: one.title.get(request.lang, one.title["en"]) for one in known_formats(settings.WORKSPACE.folder)
    }
    return {
        "uploads": [(one, _reports(one, titles, request.lang)) for one in last], "going": going, "looking": looking,
        "asked": asked, "nobody": going and not anybody(state()), "run": run,
        "looked": bool(run and newest and run.at >= newest),
    }  # fmt: skip


def _reports(upload: Upload, titles: dict[str, str], lang: str) -> list[dict[str, Any]]:
    reports = [FileReport(**{**one, "assumed": tuple(one["assumed"])}) for one in upload.reports]
    return [
        {
            "name": one.name, "format": titles.get(one.format, one.format), "says": report_says(one, lang),
            "outcome": "partly" if one.rejected else one.outcome,
        }
        for one in reports
    ]  # fmt: skip


def _announced(request: HttpRequest, files: Sequence[tuple[str, int, int]]) -> Upload:
    if not files:
        raise NothingSent()
    account = request.POST.get("account", "").strip() or "main"
    if not re.fullmatch(r"[\w-]{1,40}", account):
        raise AccountInvalid(name=account)
    named = [(plain_name(name), size, min(written, int(time.time()))) for name, size, written in files]
    for name, size, _ in named:
        if size > MOST:
            raise FileTooLarge(name=name, most="2 GB")
    return uploads.announce(state(), named, who=who(request), at=now(), account=account)


def plain_name(text: str) -> str:
    """Return a file's name as people read it: without folders, and without signs that cannot be seen."""
    last = re.split(r"[/\\]", text)[-1]
    visible = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip()
    return visible[-LONGEST:] or "?"


def _ordered(upload: Upload) -> None:
    """Let a worker read an upload; ``UploadIncomplete`` when something of it is missing."""
    for file in upload.files:
        path = _place(upload, file.stored)
        if file.size == 0 and not path.exists():
            path.touch()  # no piece came of a file without anything in it
        there = path.stat().st_size if path.exists() else 0
        if there != file.size:
            raise UploadIncomplete(name=file.name, there=there, size=file.size)
        os.utime(path, (file.modified_at, file.modified_at))
    uploads.order(state(), upload.number, at=now())


def uploads_of(number: int) -> Upload:
    """Return an upload."""
    with state().read() as connection:
        return _found(connection, number)


def _found(connection: Any, number: int) -> Upload:
    try:
        return uploads.upload(connection, number)
    except NoSuchEntry as error:
        raise Http404 from error


def _mine(request: HttpRequest, number: int) -> Upload:
    """Return an upload whose files are still coming, from who asks."""
    upload = uploads_of(number)
    if upload.state != ARRIVING or upload.who != who(request):
        raise Http404
    return upload


def _place(upload: Upload, stored: str) -> Path:
    return uploads.folder_of(state(), upload.number) / stored


def _numbers(texts: Sequence[str]) -> list[int]:
    return [int(text) if text.isdigit() and len(text) < 15 else 0 for text in texts]
