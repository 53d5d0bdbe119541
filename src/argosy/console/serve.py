"""``argosy serve``: the pages, the API and, beside them, a worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import django
import uvicorn
from django.core.management import call_command
from filelock import FileLock

from argosy.console.store import SCHEMA

GIVES_WAY = 10  # how much less of the processors the worker gets while pages want them (POSIX nice)
LOCK = 0x4172676F636F  # the advisory lock of who brings the tables to a version: "Argoco"


def prepare(folder: Path, *, pages: bool = True) -> None:
    """Bring the console's own tables, and with ``pages`` the files of its pages, to this version."""
    os.environ["ARGOSY_WORKSPACE"] = str(folder.resolve())
    os.environ["DJANGO_SETTINGS_MODULE"] = "argosy.console.settings"
    django.setup()

    with FileLock(folder / ".console.lock"), _alone():
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
        if pages:
            call_command("collectstatic", verbosity=0, interactive=False)


@contextmanager
def _alone() -> Iterator[None]:
    """Hold the tables against every other process that would bring them to its version, on whatever machine."""
    from django.db import connection  # noqa: PLC0415 - only after setup

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        try:
            cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def serve(folder: Path, *, host: str, port: int, worker: bool, tell: Callable[[str], None]) -> None:
    """Serve a workspace until told to end; ``worker``: with one of its own. ``tell`` is given the address, and the
    first owner's link while nobody can sign in."""
    prepare(folder)
    from argosy.console.people import first_link  # noqa: PLC0415 - only after setup

    address = f"http://{host}:{port}"
    tell(address)
    if link := first_link():
        tell(address + link)
    config = uvicorn.Config(
        "argosy.console.asgi:application", host=host, port=port, log_level="warning", ws_per_message_deflate=False,
        ws="websockets-sansio", ws_max_size=1024, server_header=False, lifespan="off", timeout_graceful_shutdown=5,
    )  # fmt: skip
    # The server hands the signal that ended it on: as an exit the worker is told too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with _worker(folder) if worker else nullcontext():
        uvicorn.Server(config).run()


@contextmanager
def _worker(folder: Path) -> Iterator[None]:
    """Run a worker beside the pages, which gives way to them; what it has begun it ends first."""
    process = subprocess.Popen([sys.executable, "-m", "argosy", "worker", "-C", str(folder)])  # noqa: S603 - our own
    if hasattr(os, "setpriority"):
        os.setpriority(os.PRIO_PROCESS, process.pid, GIVES_WAY)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()
