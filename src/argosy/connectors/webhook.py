"""Changes as signed posts to a program of the seller's own."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import httpx

from argosy.connectors.calls import Far
from argosy.connectors.outbox import told_plainly
from argosy.connectors.tokens import DOTS, place_of, token_of
from argosy.model.actions import IDENTITY, Receipt, Request
from argosy.model.errors import ChangeRefused
from argosy.model.proposals import Change


@dataclass(frozen=True)
class Webhook:
    """An address that takes every change as JSON.

    ``Idempotency-Key`` is the action's own: who receives it must do the same key once, and may answer
    ``Idempotent-Replayed: true`` when it had been done. ``Argosy-Signature`` is ``v1=`` and the HMAC-SHA256, in hex, of
    ``Argosy-Timestamp`` (seconds since 1970), a dot and the body.
    """

    address: str
    folder: Path
    private: bool = False
    name: str = "webhook"

    def takes(self, change: Change) -> bool:
        """Return True: who listens decides what to do with it."""
        return True

    def preview(self, change: Change, *, key: str) -> Request:
        """Return the post as it would be sent now."""
        headers = signed_headers(key, "…", f"v1={DOTS}")
        return Request(self.name, "POST", self.address, headers, _body(change, key).decode("utf-8"))

    def current(self, change: Change) -> Mapping[str, str]:
        """Return nothing: it is only told, not asked."""
        return {}

    def send(self, change: Change, *, key: str) -> Receipt:
        """Post the change."""
        if not self.private and not self.address.startswith("https://"):
            raise ChangeRefused(connector=self.name, words=f"{self.address}: https://")
        far = Far(self.name, place_of(self.name, self.folder), private=self.private)
        answer = post_signed(far, self.address, _body(change, key), key=key, secret=token_of(self.name, self.folder))
        again = answer.headers.get("Idempotent-Replayed", "").lower() == "true"
        return Receipt(self.name, _number(answer.text) or key, datetime.now(UTC), f"HTTP {answer.status_code}", again)


def post_signed(far: Far, address: str, body: bytes, *, key: str, secret: str) -> httpx.Response:
    """Post a body with its key, the time and a signature over both time and body; raises as ``Far.post`` does."""
    stamp = str(int(time.time()))
    return far.post(address, body, signed_headers(key, stamp, signature(secret, stamp, body)))


def signed_headers(key: str, stamp: str, signed: str) -> dict[str, str]:
    """Return what stands above a signed post."""
    return {
        "User-Agent": IDENTITY,
        "Idempotency-Key": key,
        "Argosy-Timestamp": stamp,
        "Argosy-Signature": signed,
    }


def signature(secret: str, stamp: str, body: bytes) -> str:
    """Return what a post is signed with."""
    return "v1=" + hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()


def _body(change: Change, key: str) -> bytes:
    return json.dumps(told_plainly(change, key=key), ensure_ascii=False).encode()


def _number(text: str) -> str:
    """Return the number an answer gives what was done, if it is JSON that has one."""
    try:
        told = json.loads(text)
    except ValueError:
        return ""
    return str(told.get("number") or told.get("id") or "") if isinstance(told, dict) else ""
