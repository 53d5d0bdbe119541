"""Open pages are told what moved: who may listen, what is told, and that a socket ends."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from tests.console.conftest import Enter

Heard = list[dict[str, Any]]
SOON = 20  # seconds until what moved must have been told


async def listening(cookies: str, meanwhile: Callable[[Heard], Awaitable[None]], **changed: Any) -> Heard:
    """Return what the hub says to somebody while something happens."""
    from argosy.console.live import live

    async def nothing(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("a socket is the hub's alone")

    heard, said = Heard(), asyncio.Queue[dict[str, Any]]()
    headers = {b"host": b"shop.test", b"origin": b"http://shop.test", b"cookie": cookies.encode()}
    scope = {"type": "websocket", "path": "/live/", "headers": list((headers | changed.pop("headers", {})).items())}

    async def send(message: Any) -> None:
        heard.append(message)

    said.put_nowait({"type": "websocket.connect"})
    socket = asyncio.create_task(live(nothing)(scope | changed, said.get, send))
    try:
        await meanwhile(heard)
    finally:
        said.put_nowait({"type": "websocket.disconnect"})
        await asyncio.wait_for(socket, SOON)
    return heard


async def answered(heard: Heard) -> None:
    await asyncio.wait_for(_until(lambda: bool(heard)), SOON)


async def _until(so: Callable[[], bool]) -> None:
    while not so():
        await asyncio.sleep(0.05)


def cookies_of(browser: Any) -> str:
    return "; ".join(f"{name}={cookie.value}" for name, cookie in browser.cookies.items())


@pytest.mark.parametrize("role", ["owner", "operator", "finance", "viewer"])
def test_every_member_may_listen(enter: Enter, role: str) -> None:
    heard = asyncio.run(listening(cookies_of(enter(role)), answered))
    assert heard[0]["type"] == "websocket.accept"


@pytest.mark.parametrize(
    "changed",
    [
        {"headers": {b"cookie": b""}},
        {"headers": {b"cookie": b"sessionid=nobody"}},
        {"headers": {b"cookie": b"\xff=;;=\x00"}},
        {"headers": {b"origin": b"http://evil.test"}},
        {"headers": {b"origin": b""}},
        {"path": "/live/else/"},
    ],
)
def test_nobody_else_may(enter: Enter, changed: Any) -> None:
    heard = asyncio.run(listening(cookies_of(enter("owner")), answered, **changed))
    assert heard == [{"type": "websocket.close", "code": 1008}]


def test_a_file_being_read_is_told(console: Path, enter: Enter) -> None:
    from argosy.console.desk import state
    from argosy.decisions import uploads
    from argosy.flow import now

    async def send_a_file(heard: Heard) -> None:
        await answered(heard)
        await asyncio.sleep(1.5)  # it looks once before anything moves
        number = uploads.announce(state(), [("orders.csv", 1, 0)], who="ana", at=now()).number
        uploads.order(state(), number, at=now())
        told = {"type": "websocket.send", "text": "uploads"}
        await asyncio.wait_for(_until(lambda: told in heard), SOON)
        uploads.end(state(), number, reports=[], at=now())

    asyncio.run(listening(cookies_of(enter("viewer")), send_a_file))


def test_a_socket_ends_and_asks_again_who_it_is(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    from argosy.console import live

    async def ended(heard: Heard) -> None:
        await asyncio.wait_for(_until(lambda: heard[-1:] == [{"type": "websocket.close", "code": 1000}]), SOON)

    monkeypatch.setattr(live, "LASTS", 0.2)
    asyncio.run(listening(cookies_of(enter("owner")), ended))


def test_too_many_are_told_to_come_later(enter: Enter, monkeypatch: pytest.MonkeyPatch) -> None:
    from argosy.console import live

    monkeypatch.setattr(live, "MOST", 0)
    heard = asyncio.run(listening(cookies_of(enter("owner")), answered))
    assert heard == [{"type": "websocket.close", "code": 1013}]
