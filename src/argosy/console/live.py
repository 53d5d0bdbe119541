"""The live hub: tells every open page what moved, so that none of them has to ask again and again.

One web socket (RFC 6455) for each open page, held by the server itself and not by a thread of the pages; a stream of
events would take one of the six connections a browser has for a server. One look a second at the state store for all
of them together sees what this process, another one or a worker wrote. What is sent is only a name: a page that shows
such things asks for its part again, with its own rights.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any
from urllib.parse import urlsplit

from asgiref.sync import sync_to_async

from argosy.console.limits import Application, Message, Receive, Send

PATH = "/live/"
EVERY = 1.0  # seconds from one look to the next
LASTS = 300  # seconds until a socket ends; the page comes back by itself, and is asked who it is again
MOST = 500  # sockets at once; who comes later is told to come back
REFUSED, LATER, OVER = 1008, 1013, 1000  # codes of RFC 6455 7.4.1: against the rules, try again later, done


class Hub:
    """Who listens, and what the state store looked like last."""

    def __init__(self) -> None:
        self._listening: set[asyncio.Queue[str]] = set()
        self._looking: asyncio.Task[None] | None = None

    def join(self) -> asyncio.Queue[str] | None:
        """Return a line that will bring the names of what moved; None when too many listen."""
        if len(self._listening) >= MOST:
            return None
        line: asyncio.Queue[str] = asyncio.Queue(maxsize=32)
        self._listening.add(line)
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        return line

    def leave(self, line: asyncio.Queue[str]) -> None:
        """Forget a line; nobody looks while nobody listens."""
        self._listening.discard(line)
        if not self._listening and self._looking is not None:
            self._looking.cancel()

    async def _look(self) -> None:
        before: Mapping[str, object] = {}
        while True:
            now = await sync_to_async(_pulse, thread_sensitive=False)()
            for name in (name for name, mark in now.items() if before and mark != before.get(name)):
                for line in self._listening:
                    with suppress(asyncio.QueueFull):  # it has as much to ask for again as it can
                        line.put_nowait(name)
            before = now or before
            await asyncio.sleep(EVERY)


def _pulse() -> Mapping[str, object]:
    """Return what stands for the state of each part; nothing while the store cannot be read."""
    from argosy.console.desk import state  # noqa: PLC0415 - only after Django's setup
    from argosy.decisions.pulse import pulse  # noqa: PLC0415
    from argosy.model.errors import ArgosyError  # noqa: PLC0415

    with suppress(ArgosyError), state().read() as connection:
        return pulse(connection)
    return {}


def live(application: Application) -> Application:
    """Return the application with the hub beside it."""
    hub = Hub()

    async def told(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            return await application(scope, receive, send)
        await receive()  # that it wants to connect
        ours = scope["path"] == PATH and _same_site(scope)
        if not (ours and await sync_to_async(partial(_member, _cookies(scope)), thread_sensitive=False)()):
            return await send({"type": "websocket.close", "code": REFUSED})
        line = hub.join()
        if line is None:
            return await send({"type": "websocket.close", "code": LATER})
        try:
            await _tell(line, receive, send)
        finally:
            hub.leave(line)

    return told


async def _tell(line: asyncio.Queue[str], receive: Receive, send: Send) -> None:
    await send({"type": "websocket.accept"})
    gone, clock = asyncio.create_task(_gone(receive)), asyncio.get_running_loop()
    until = clock.time() + LASTS
    try:
        while not gone.done() and (left := until - clock.time()) > 0:
            coming = asyncio.create_task(line.get())
            await asyncio.wait({coming, gone}, timeout=left, return_when=asyncio.FIRST_COMPLETED)
            if coming.done():
                await send({"type": "websocket.send", "text": coming.result()})
            else:
                coming.cancel()
        if not gone.done():
            await send({"type": "websocket.close", "code": OVER})
    finally:
        gone.cancel()


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "websocket.disconnect":
        pass  # a page has nothing to say here


def _same_site(scope: Message) -> bool:
    """Return whether a page of this very server asks: a browser sends the session to whoever opens a socket."""
    headers = dict(scope["headers"])
    origin = urlsplit(headers.get(b"origin", b"").decode("latin-1"))
    return bool(origin.netloc) and origin.netloc == headers.get(b"host", b"").decode("latin-1")


def _cookies(scope: Message) -> Mapping[str, str]:
    text = b"; ".join(value for name, value in scope["headers"] if name == b"cookie").decode("latin-1")
    try:
        return {name: cookie.value for name, cookie in SimpleCookie(text).items()}
    except CookieError:
        return {}


def _member(cookies: Mapping[str, str]) -> bool:
    """Return whether the session is that of somebody with a role."""
    from django.conf import settings  # noqa: PLC0415 - only after Django's setup
    from django.contrib.auth import get_user  # noqa: PLC0415
    from django.db import close_old_connections  # noqa: PLC0415
    from django.http import HttpRequest  # noqa: PLC0415

    from argosy.console.desk import role_of  # noqa: PLC0415

    close_old_connections()
    try:
        request: Any = HttpRequest()
        key = cookies.get(settings.SESSION_COOKIE_NAME)
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(key)
        request.user = get_user(request)
        return bool(role_of(request))
    finally:
        close_old_connections()
