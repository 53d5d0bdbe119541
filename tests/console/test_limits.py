"""What is beyond the limits is turned away before it is kept anywhere."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from argosy.console.limits import FORM, MOST, MOST_FORM, limited


def asked(path: str, *, length: str | None, pieces: int = 1, size: int = 1) -> tuple[list[dict[str, Any]], int]:
    """Return what is answered, and how much of the body reached the application."""
    told: list[dict[str, Any]] = []
    came, left = 0, pieces

    async def application(scope: Any, receive: Any, send: Any) -> None:
        nonlocal came
        while (message := await receive())["type"] == "http.request":
            came += len(message["body"])
            if not message["more_body"]:
                await send({"type": "http.response.start", "status": 200})
                return

    async def receive() -> dict[str, Any]:
        nonlocal left
        left -= 1
        return {"type": "http.request", "body": b"x" * size, "more_body": left > 0}

    async def send(message: Any) -> None:
        told.append(dict(message))

    headers = [(b"content-length", length.encode())] if length is not None else []

    async def ask() -> None:
        await limited(application)({"type": "http", "path": path, "headers": headers}, receive, send)

    asyncio.run(ask())
    return told, came


@pytest.mark.parametrize(("path", "length"), [
    ("/account/login/", str(MOST + 1)), (FORM, str(MOST_FORM + 1)), ("/", "-1"), ("/", "many"), ("/", "9" * 30),
])  # fmt: skip
def test_what_says_to_be_too_much_is_never_read(path: str, length: str) -> None:
    told, came = asked(path, length=length)
    assert (told[0]["status"], came) == (413, 0)
    assert set(json.loads(told[1]["body"])) == {"en", "zh"}


def test_what_does_not_say_how_much_it_is_ends_at_the_limit() -> None:
    told, came = asked("/", length=None, pieces=1000, size=1_000_000)
    assert told == []
    assert came <= MOST


def test_what_is_within_the_limits_is_answered() -> None:
    assert asked(FORM, length=str(MOST_FORM))[0][0]["status"] == 200
    assert asked("/", length=None, pieces=3)[1] == 3
