"""A team on one PostgreSQL: two servers and two workers, which know the same people and decisions."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from tests.decisions.killing import ROOT, business, changes, environment, expected, far_away, stocked
from tests.decisions.ordered import actions, offer
from tests.engines.test_jobs import database
from tests.engines.throwaway_postgres import ThrowawayPostgres

from argosy.decisions.state import State

PASSWORD = "sea shanty eleven"  # noqa: S105 - of nobody


class Browser:
    """A browser of somebody, with its cookies."""

    def __init__(self) -> None:
        self.client = httpx.Client(timeout=120, trust_env=False)

    def get(self, address: str) -> httpx.Response:
        return self.client.get(address)

    def post(self, address: str, values: dict[str, str], *, form: str = "") -> httpx.Response:
        """Fill in the form at ``form``, else at the address itself, and send it."""
        page = self.client.get(form or address).text
        [token, *_] = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        origin = "/".join(address.split("/")[:3])
        return self.client.post(address, data={**values, "csrfmiddlewaretoken": token}, headers={"Referer": origin})


@contextmanager
def running(*words: str) -> Iterator[subprocess.Popen[str]]:
    """Run a command of Argosy until the block ends; it ends itself when it is told to."""
    with subprocess.Popen(
        [sys.executable, "-m", "argosy", *words], env=environment(), cwd=ROOT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    ) as process:  # fmt: skip
        try:
            yield process
            process.send_signal(signal.SIGTERM)
            assert process.wait(180) == 0, process.stdout and process.stdout.read()
        finally:
            process.kill()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def until(so: Callable[[], Any], *, seconds: float = 180) -> Any:
    """Return what holds at last."""
    end = time.monotonic() + seconds
    while not (found := so()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.2)
    return found


def healthy(address: str) -> bool:
    try:
        return httpx.get(f"{address}/health/", trust_env=False, timeout=20).status_code == 200
    except httpx.TransportError:
        return False


def test_what_one_server_knows_the_other_knows(
    tmp_path: Path, postgres_server: ThrowawayPostgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = database(postgres_server, "team", monkeypatch)
    monkeypatch.setenv("ARGOSY_SECRET_KEY", "the same for all of a team's servers, and long enough to be one")
    with far_away(tmp_path) as far, ExitStack() as stack:
        [asked] = changes(1)
        stocked(far, 1)
        shop = business(tmp_path / "shop", far)
        folder = str(shop.folder)
        ports = [free_port(), free_port()]
        one, other = (f"http://127.0.0.1:{port}" for port in ports)
        # Both begin at once with an empty database.
        servers = [
            stack.enter_context(running("serve", "-C", folder, "--no-worker", "--port", str(port))) for port in ports
        ]
        until(lambda: healthy(one) and healthy(other))
        link = _link(servers)
        ana, ben = Browser(), Browser()
        for person in (ana, ben):
            stack.enter_context(person.client)
        assert ana.post(one + link, {"name": "ana", "password": PASSWORD}).headers["Location"] == "/"
        assert ana.get(f"{other}/queue/").status_code == 200, "signed in at the other, too"
        assert ben.get(f"{other}/queue/").headers["Location"].startswith("/account/login/")
        signed = ben.post(f"{other}/account/login/", {"login": "ana", "password": PASSWORD})
        assert signed.headers["Location"] == "/"

        for _ in range(2):
            stack.enter_context(running("worker", "-C", folder))
        with State(shop) as state:
            [number] = offer(state, [asked])
            card = f"/queue/P{number}/"
            assert ana.post(f"{one}{card}approve/", {}, form=one + card).status_code == 200
            assert ben.post(f"{other}{card}approve/", {}, form=other + card).status_code == 409, "decided already"
            until(lambda: [action.state for action in actions(state)] == ["done"])
        assert far.effects() == expected([asked])
        assert "A1" in ben.get(other + card).text
        told = ben.get(f"{other}/metrics").text
        assert 'argosy_actions{state="done"} 1' in told
    with psycopg.connect(address) as base:
        people = base.execute("SELECT username FROM argosy_console.auth_user").fetchall()
    assert people == [("ana",)]


def _link(servers: list[subprocess.Popen[str]]) -> str:
    """Return the first owner's link, which each server prints while nobody can sign in."""
    assert servers[0].stdout is not None
    for line in servers[0].stdout:
        if found := re.search(r"/welcome/\S+", line):
            return found[0]
    raise AssertionError("no link")
