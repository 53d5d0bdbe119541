"""How much anybody may send: what is beyond it is turned away before it is kept anywhere."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Coroutine, MutableMapping
from typing import Any

from argosy.model.words import LANGUAGES, say

MOST = 16_000_000  # bytes of any request
MOST_FORM = 256_000_000  # of a form with files; larger ones come in pieces
FORM = "/data/send/"
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Coroutine[Any, Any, None]]


def limited(application: Application) -> Application:
    """Return the application behind a limit: Django itself would write down whatever comes before it looks at it."""

    async def guarded(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await application(scope, receive, send)
        most = MOST_FORM if scope["path"] == FORM else MOST
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if not told.isdigit() or int(told) > most:
            return await _turned_away(send)
        came = 0

        async def counted() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            return message if came <= most else {"type": "http.disconnect"}

        await application(scope, counted, send)

    return guarded


async def _turned_away(send: Send) -> None:
    sentence = {lang: say("console.too_much", lang) for lang in LANGUAGES}
    body = json.dumps(sentence, ensure_ascii=False).encode()
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": body})
