"""What a worker does because somebody asked for it: read uploaded files, look for findings before the day is over,
send notices of what happened."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from argosy.commands.door import opened, state_in

if TYPE_CHECKING:
    from argosy.business import Business
    from argosy.decisions.uploads import Upload

TELL_EVERY = 0.3  # seconds; progress is for people


def read_uploads(folder: str) -> None:
    """Read the upload whose turn it is; one that a dead worker left is read again, which changes nothing twice."""
    from argosy.decisions import uploads
    from argosy.flow import now

    with opened(folder) as business:
        with business.state.read() as connection:
            upload = uploads.unread(connection)
        if upload is None:
            return
        uploads.begin(business.state, upload.number, at=now())
        words = _refused(folder, lambda: _read(business, upload))
        if words:
            uploads.fail(business.state, upload.number, words=words, at=now())


def _read(business: Business, upload: Upload) -> None:
    from argosy.decisions import errands, uploads
    from argosy.flow import now

    told = 0.0

    def progress(name: str, done: int, total: int) -> None:
        nonlocal told
        if monotonic() >= told + TELL_EVERY or done == total:
            uploads.progress(business.state, upload.number, done=done, total=total, doing=name)
            told = monotonic()

    place = uploads.folder_of(business.state, upload.number)
    names = {str(place / one.stored): one.name for one in upload.files}
    reports = business.import_files(*names, account=upload.account, names=names, progress=progress)
    uploads.end(business.state, upload.number, reports=[asdict(report) for report in reports], at=now())
    if any(report.outcome == "imported" for report in reports):  # who sends files wants to know what follows from them
        errands.ask(business.state, errands.WATCH, who=upload.who, at=now())


def look(folder: str) -> None:
    """Run every check once, for those who asked for it."""
    from argosy.decisions import errands
    from argosy.flow import now

    with opened(folder) as business:
        with business.state.read() as connection:
            wanted = [one for one in errands.waiting(connection) if one.task == errands.WATCH]
        if not wanted:
            return
        words = _refused(folder, business.watch)
        for one in wanted:
            errands.end(business.state, one.number, at=now(), words=words)


def tell(folder: str) -> None:
    """Send the notices that are due."""
    from argosy.connectors.notices import deliver
    from argosy.flow import now

    with state_in(folder) as state:
        deliver(state, clock=now)


def _refused(folder: str, do: Callable[[], object]) -> str:
    """Do something; return why it could not be done, as people here read it, or nothing."""
    from argosy.lake.workspace import disk_error, open_workspace
    from argosy.model.errors import ArgosyError
    from argosy.model.words import say

    lang = open_workspace(Path(folder)).settings.language
    try:
        do()
    except ArgosyError as error:
        return error.sentence(lang)
    except Exception as error:  # a job's door: whatever goes wrong is told to who waits for it
        known = disk_error(error, Path(folder))
        reason = f"{type(error).__name__}: {error}".split("\n")[0][:200]
        return known.sentence(lang) if known else say("errors.unexpected", lang, reason=reason)
    return ""


TASKS: Mapping[str, Callable[[str], None]] = {"uploads": read_uploads, "errand-watch": look, "notices": tell}
