"""The fake shop and a mail server, each answering on a port of its own, and the token to the shop."""

from __future__ import annotations

import json
import socketserver
import threading
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from argosy.connectors.fake_shop import Server, opened

TOKEN = "shpat_far-too-secret"  # noqa: S105 - of a shop that does not exist


@dataclass(frozen=True)
class Shop:
    """The fake shop as a test talks to it."""

    server: Server

    @property
    def address(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.server.server_port}"

    def told(self) -> dict[str, Any]:
        """Return what it counted."""
        with urllib.request.urlopen(f"{self.address}/told") as answer:  # noqa: S310 - our own server
            return json.load(answer)  # type: ignore[no-any-return]

    def effects(self) -> dict[tuple[str, str], int]:
        """Return how often which kind of change of what took effect."""
        counted: dict[tuple[str, str], int] = {}
        for kind, subject, _, n in self.told()["effects"]:
            counted[kind, subject] = counted.get((kind, subject), 0) + n
        return counted

    def tell(self, path: str, value: Any) -> None:
        """Stock it, or let something go wrong."""
        asked = urllib.request.Request(f"{self.address}/{path}", json.dumps(value).encode())  # noqa: S310
        urllib.request.urlopen(asked).close()  # noqa: S310


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A shop with two articles and an order."""
    server = opened(tmp_path / "far.sqlite", token=TOKEN)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    monkeypatch.setenv("ARGOSY_SHOPIFY_TOKEN", TOKEN)
    monkeypatch.setenv("ARGOSY_WEBHOOK_TOKEN", TOKEN)
    far = Shop(server)
    far.tell("stock", {"variants": {"MUG": ["10.00", 5], "VASE": ["20.00", 7]}, "orders": ["#1001"]})
    yield far
    server.shutdown()
    thread.join()
    server.server_close()


class Postman(socketserver.StreamRequestHandler):
    """Takes mail as a mail server does, or not."""

    taken: list[str]
    refuses: dict[str, str]

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        while line := self.rfile.readline().decode().strip():
            word = line.split()[0].upper()
            said = self.refuses.get(word, "250 yes")
            if word == "DATA" and said.startswith("250"):
                self.wfile.write(b"354 go on\r\n")
                lines = iter(self.rfile.readline, b".\r\n")
                self.taken.append(b"".join(lines).decode())
            self.wfile.write(f"{said}\r\n".encode())
            if word == "QUIT":
                return


@pytest.fixture
def postman() -> Iterator[tuple[str, type[Postman]]]:
    class Mine(Postman):
        taken: list[str] = []  # noqa: RUF012 - of this test alone
        refuses: dict[str, str] = {}  # noqa: RUF012

    with socketserver.TCPServer(("127.0.0.1", 0), Mine) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"smtp://127.0.0.1:{server.server_address[1]}", Mine
        server.shutdown()
        thread.join()
