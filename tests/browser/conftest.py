"""A real server with its worker over a small business, and a real browser in front of it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright
from tests.decisions.samples import DAY, claim, finding

from argosy import flow
from argosy.business import Business
from argosy.decisions.state import State
from argosy.decisions.watch import Noticed, record
from argosy.lake.settings import change_settings
from argosy.lake.workspace import open_workspace
from argosy.world.plan import Plan
from argosy.world.simulate import simulate

CHROMIUM = shutil.which("chromium") or ""
# It runs as root in containers, and asks nobody outside for anything.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
FILES = ("orders_export.csv", "costs.csv", "payment_transactions_export.csv", "parcels.csv", "tracking_events.csv")
# Milliseconds: a page is waited for as long on a slow machine under load; speed is measured elsewhere.
PATIENCE = 60_000
NAME, PASSWORD = "ana", "sea shanty eleven"
SIZES = {"wide": (1440, 900), "narrow": (390, 844)}


@dataclass(frozen=True)
class Served:
    """Where the console answers, and the first owner's link."""

    address: str
    link: str
    folder: Path
    exports: Path


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The console of a business with three months of files and a card that waits."""
    folder = tmp_path_factory.mktemp("served")
    simulate(Plan(7, 3, 300), folder / "world")
    exports = folder / "exports"
    exports.mkdir()
    for name in FILES:
        shutil.copy(folder / "world" / "exports" / name, exports)
    shop = flow.begin(folder / "shop", home="CN", book_currency="CNY")
    # The card is nothing a check has found: the day's look would take it away.
    change_settings(shop.folder / "settings.toml", {"daily_at": "23:59"})
    business = Business.at(folder / "shop")
    business.import_files(str(exports))
    business.close()
    with State(open_workspace(folder / "shop")) as state:
        record(state, [Noticed(finding(), (claim(rests_on={}),))], day=DAY, at=flow.now(), seconds=1.0, rates={})
    port = free_port()
    with running(folder / "shop", port) as said:
        address, link = f"http://127.0.0.1:{port}", re.search(r"/welcome/\S+", said)
        assert link, said
        yield Served(address, address + link.group(), folder / "shop", exports)


def free_port() -> int:
    """Return a port nobody answers on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def running(folder: Path, port: int) -> Iterator[str]:
    """Run the server until the block ends, and yield what it said up to the first owner's link."""
    command = [sys.executable, "-m", "argosy", "serve", "-C", str(folder), "--port", str(port)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stdout is not None
            said = ""
            while "/welcome/" not in said and (line := process.stdout.readline()):
                said += line
            _answers(f"http://127.0.0.1:{port}/health/")
            yield said
        finally:
            process.terminate()


def _answers(address: str, *, seconds: float = 180) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            if httpx.get(address, timeout=10).is_success:
                return
        except httpx.TransportError:
            if time.monotonic() > until:
                raise
        time.sleep(0.2)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The system's Chromium."""
    if not CHROMIUM:
        reason = "no Chromium on the PATH"
        if os.environ.get("ARGOSY_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def signed(browser: Browser, served: Served) -> str:
    """The cookies of the first owner, who has set a name and a password with the link."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(served.link)
    page.get_by_label("Name").fill(NAME)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Enter").click()
    page.wait_for_url(served.address + "/")
    path = str(served.folder / ".." / "cookies.json")
    context.storage_state(path=path)
    context.close()
    return path


Opened = Callable[..., Page]


@pytest.fixture
def opened(browser: Browser, served: Served, signed: str) -> Iterator[Opened]:
    """Return a way to open an address as the owner: in a language, a theme and a size; nothing may go wrong in it."""
    contexts, wrong = [], list[str]()

    def open_(path: str, *, lang: str = "en", theme: str = "light", size: str = "wide") -> Page:
        width, height = SIZES[size]
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="en-GB", storage_state=signed, reduced_motion="reduce"
        )
        contexts.append(context)
        context.add_cookies([{"name": key, "value": value, "url": served.address}
                             for key, value in (("lang", lang), ("theme", theme))])  # fmt: skip
        page = context.new_page()
        page.on("console", lambda told: wrong.append(told.text) if told.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.goto(served.address + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not wrong
