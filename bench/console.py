"""Measures the console of a workspace: 50 operators on Brief and Queue during an import, pages alone, first paint.

`python bench/console.py SHOP --importing FILE` measures one that is there already.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from argosy.console.serve import GIVES_WAY

HERE = Path(__file__).parent
OPERATORS, SECONDS = 50, 60
BESIDE = ("/", "/queue/")
DOOR = "/account/login/"  # passes through all that a page does, and asks nothing of the business
PAGES = {"brief": "/", "queue": "/queue/", "orders": "/orders/", "money": "/money/", "products": "/products/"}
ALONE = 15  # orders opened, each for the first time
# A session for each operator, all of one owner: passwords are hashed slowly on purpose.
SIGNED_IN = """
import sys
from pathlib import Path
from argosy.console.serve import prepare
prepare(Path(sys.argv[1]))
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.backends.db import SessionStore
from argosy.console.desk import state
from argosy.decisions.members import appoint
from argosy.flow import now
name = "bench"
user = get_user_model().objects.filter(username=name).first()
if user is None:
    user = get_user_model().objects.create_user(name)
    appoint(state(), name, "owner", by="bench", at=now())
for _ in range(int(sys.argv[2])):
    one = SessionStore()
    one.update({SESSION_KEY: str(user.pk), HASH_SESSION_KEY: user.get_session_auth_hash(),
                BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend"})
    one.save()
    print(one.session_key)
"""
PAINTED = """() => ({
  paint: performance.getEntriesByName('first-contentful-paint')[0].startTime,
  bytes: [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
    .reduce((sum, one) => sum + one.transferSize, 0)})"""
Told = Callable[..., None]


def measure(shop: Path, told: Told, *, importing: Path | None = None, seconds: int = SECONDS) -> None:
    """Serve a workspace and tell how long its pages take; ``importing``: a file that is read during the load."""
    made = subprocess.run([sys.executable, "-c", SIGNED_IN, str(shop), str(OPERATORS)], check=True,
                          capture_output=True, text=True)  # fmt: skip
    sessions = made.stdout.split()
    with served(shop) as address:
        alone(address, sessions[0], told)
        door = played(address, [""], [DOOR], operators=OPERATORS, seconds=seconds // 3)[DOOR]
        one = played(address, sessions, BESIDE, operators=1, seconds=seconds // 3)
        with imported(shop, importing):
            many = played(address, sessions, BESIDE, operators=OPERATORS, seconds=seconds)
        beside = "with an import beside" if importing else "nothing beside"
        for path in BESIDE:
            p50, p95 = (quantile(many[path], share) for share in (0.5, 0.95))
            rate = f"{many[path]['num_requests'] / seconds:.1f} requests/s"
            told(f"{path}: {OPERATORS} operators, {beside}: p50", p50, rate, unit="ms")
            ratios = " and ".join(
                f"{p95 / quantile(other, 0.95):.1f}x {words}"
                for other, words in ((one[path], "one operator"), (door, f"the sign-in page of {OPERATORS}"))
            )
            told(f"{path}: p95", p95, f"{ratios}; aim: under 400 ms", unit="ms")
            told(f"{path}: failures", many[path]["num_failures"], f"of {many[path]['num_requests']}", unit="")
        painted(address, sessions[0], told)


def alone(address: str, session: str, told: Told) -> None:
    """Tell how long pages take that nobody asked for before, beside the sign-in page."""
    with httpx.Client(base_url=address, cookies={"sessionid": session}, timeout=300) as client:

        def took(path: str) -> tuple[float, str]:
            begun = time.perf_counter()
            text = client.get(path).raise_for_status().text
            return time.perf_counter() - begun, text

        door = sorted(httpx_seconds(address + DOOR) for _ in range(9))[4]
        for name, path in PAGES.items():
            first, text = took(path)
            told(f"{name}: asked for the first time", first, f"again {took(path)[0] / door:.1f}x the sign-in page")
            if name == "orders":
                orders = sorted(set(re.findall(r'href="(/orders/[^"?]+/)"', text)))[:ALONE]
        seconds = sorted(took(path)[0] for path in orders)
        if seconds:
            middle = seconds[len(seconds) // 2]
            told("one order whole, for the first time", middle, f"{middle / door:.1f}x the sign-in page; median of "
                 f"{len(seconds)}, the slowest {seconds[-1]:.2f} s; aim: under 1 s")  # fmt: skip
        again = [took(f"/orders/?market={market}")[0] for market in ("DE", "US", "FR")]
        told("orders of one market, for the first time", sorted(again)[1], "aim: under 1 s")


def httpx_seconds(address: str) -> float:
    """Return how long one request takes a stranger."""
    return httpx.get(address, timeout=60).elapsed.total_seconds()


def played(address: str, sessions: list[str], pages: Any, *, operators: int, seconds: int) -> dict[str, Any]:
    """Return what Locust counted of each page, in a process of its own."""
    options = {
        "locustfile": HERE / "operators.py", "host": address, "users": operators, "spawn-rate": 10,
        "run-time": f"{seconds + operators // 10}s", "loglevel": "ERROR", "exit-code-on-error": 0,
    }  # fmt: skip
    asked = [f"--{name}={value}" for name, value in options.items()]
    command = [sys.executable, "-m", "locust", "--headless", "--json", "--only-summary", "--reset-stats", *asked]
    environment = {**os.environ, "ARGOSY_SESSIONS": ",".join(sessions), "ARGOSY_PAGES": ",".join(pages)}
    done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
    return {row["name"]: row for row in json.loads(done.stdout[done.stdout.index("[") :])}


def quantile(row: Mapping[str, Any], share: float) -> float:
    """Return the milliseconds within which a share of the answers came, as Locust counts them."""
    counted, wanted = 0, row["num_requests"] * share
    for taken, times in sorted((float(taken), times) for taken, times in row["response_times"].items()):
        counted += times
        if counted >= wanted:
            return taken
    return 0.0


@contextmanager
def served(shop: Path) -> Iterator[str]:
    """Serve a workspace on a free port without a worker of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "argosy", "serve", "-C", str(shop), "--port", str(port), "--no-worker"]
    address = f"http://127.0.0.1:{port}"
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            until = time.monotonic() + 120
            while not answers(address) and time.monotonic() < until:
                time.sleep(0.2)
            yield address
        finally:
            process.terminate()


def answers(address: str) -> bool:
    """Tell whether the console answers by now."""
    try:
        return httpx.get(address + "/health/", timeout=60).is_success
    except httpx.TransportError:
        return False


@contextmanager
def imported(shop: Path, importing: Path | None) -> Iterator[None]:
    """Read files meanwhile and post the books, as the server's worker does with what was sent: giving way to pages."""
    if importing is None:
        yield
        return
    command = [sys.executable, "-m", "argosy", "import", "-C", str(shop), "--account", "bench", str(importing)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        os.setpriority(os.PRIO_PROCESS, process.pid, GIVES_WAY)
        yield
        print("the import took", "longer than the load" if process.poll() is None else "less time than the load")
        process.terminate()


def painted(address: str, session: str, told: Told) -> None:
    """Tell when Chromium first paints each page and what it fetches for it, all of it anew."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no Chromium on the PATH: first paint and weight are not measured")
        return
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, path in PAGES.items():
            found = []
            for _ in range(5):
                context = browser.new_context()
                context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
                page = context.new_page()
                page.goto(address + path, wait_until="networkidle")
                found.append(page.evaluate(PAINTED))
                context.close()
            paint, kb = sorted(one["paint"] for one in found)[2], found[0]["bytes"] / 1000
            told(
                f"{name}: first paint",
                paint,
                f"aim: under 700 ms; {kb:.0f} KB over the wire, aim: at most 150",
                unit="ms",
            )
        browser.close()


if __name__ == "__main__":
    from run import told as printed

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shop", type=Path)
    parser.add_argument("--importing", type=Path)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    asked = parser.parse_args()
    measure(asked.shop, printed, importing=asked.importing, seconds=asked.seconds)
