"""A shop that does not exist, for tests and dry runs: what the Shopify and webhook connectors say, and counts.

``python -m argosy.connectors.fake_shop shop.sqlite --port 8123 --token secret`` answers on this machine only. It keeps
all in the SQLite file, so that it may be killed too. Beside the interface it imitates:

    POST /admin/api/VERSION/graphql.json   the queries and mutations of ``shopify.py``, known by their first field
    POST /hook                             a signed post, done once per Idempotency-Key
    POST /stock    {"variants": {sku: [price, available]}, "orders": [name]}       what it has
    POST /faults   [{"fault": ..., "share": 0.3, "times": 5, "seconds": 2.0}]      what goes wrong from now on
    GET  /told     {"effects": [[kind, subject, key, n]], "calls": n, "agents": [...]}  how often each took effect

Faults: ``slow`` answers after so many seconds; ``lost`` acts and drops the connection; ``expired`` 401; ``busy`` 429;
``throttled`` a cost error; ``broken`` 500; ``refused`` a user error. share: of the calls; times: so often at most.
"""

from __future__ import annotations

import argparse
import hmac
import json
import random
import sqlite3
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from argosy.connectors.webhook import signature

LOCATION = "gid://shopify/Location/1"
TABLES = """
CREATE TABLE IF NOT EXISTS variants (sku TEXT PRIMARY KEY, price TEXT, available INTEGER);
CREATE TABLE IF NOT EXISTS orders (name TEXT PRIMARY KEY, tags TEXT);
CREATE TABLE IF NOT EXISTS answers (key TEXT PRIMARY KEY, answer TEXT);
CREATE TABLE IF NOT EXISTS effects (kind TEXT, subject TEXT, key TEXT, n INTEGER, PRIMARY KEY (kind, subject, key));
CREATE TABLE IF NOT EXISTS calls (agent TEXT);
"""
Answer = dict[str, Any]


@dataclass
class Shop:
    """What the shop has and was told; every call is one transaction."""

    path: Path
    token: str
    faults: list[dict[str, Any]] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(7))  # noqa: S311 - which call fails, no secret
    alone: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.base = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
        self.base.executescript(f"PRAGMA journal_mode = WAL; {TABLES}")

    def stock(self, told: Answer) -> Answer:
        """Put variants and orders in."""
        rows = [(sku, price, available) for sku, (price, available) in told.get("variants", {}).items()]
        self.base.executemany("INSERT OR REPLACE INTO variants VALUES (?, ?, ?)", rows)
        self.base.executemany("INSERT OR REPLACE INTO orders VALUES (?, '')", [(n,) for n in told.get("orders", [])])
        return {}

    def told(self) -> Answer:
        """Return how often what took effect, and who called."""
        agents = [agent for (agent,) in self.base.execute("SELECT DISTINCT agent FROM calls ORDER BY 1")]
        (calls,) = self.base.execute("SELECT count(*) FROM calls").fetchone()
        effects = [list(row) for row in self.base.execute("SELECT * FROM effects ORDER BY 1, 2, 3")]
        variants = {sku: [price, n] for sku, price, n in self.base.execute("SELECT * FROM variants")}
        orders = dict(self.base.execute("SELECT * FROM orders"))
        return {"effects": effects, "calls": calls, "agents": agents, "variants": variants, "orders": orders}

    def once(self, act: Callable[[], Answer], *, agent: str) -> Answer:
        """Act in one transaction: what was answered is kept, what was not kept did not happen."""
        with self.alone:
            self.base.execute("BEGIN IMMEDIATE")
            try:
                self.base.execute("INSERT INTO calls VALUES (?)", (agent,))
                answer = act()
            except BaseException:
                self.base.execute("ROLLBACK")
                raise
            self.base.execute("COMMIT")
            return answer

    def keyed(self, key: str, act: Callable[[], Answer]) -> tuple[Answer, bool]:
        """Act once per key; return the answer and whether it is an old one."""
        known = self.base.execute("SELECT answer FROM answers WHERE key = ?", (key,)).fetchone()
        if known:
            return json.loads(known[0]), True
        answer = act()
        self.base.execute("INSERT INTO answers VALUES (?, ?)", (key, json.dumps(answer)))
        return answer, False

    def effect(self, kind: str, subject: str, key: str = "") -> None:
        """Count that something changed."""
        self.base.execute(
            "INSERT INTO effects VALUES (?, ?, ?, 1) ON CONFLICT DO UPDATE SET n = n + 1", (kind, subject, key)
        )

    def trouble(self) -> dict[str, Any]:
        """Return what goes wrong with the next call, if anything."""
        with self.alone:
            for fault in self.faults:
                if fault.get("times", 1) > 0 and self.dice.random() < fault.get("share", 1.0):
                    fault["times"] = fault.get("times", 1_000_000) - 1
                    return fault
        return {}

    def graphql(self, query: str, given: Answer) -> Answer:
        """Answer one of the connector's own queries, in the shape it asks for."""
        for field_, answer in (
            ("productVariantsBulkUpdate(", self._set_price),
            ("inventorySetQuantities(", self._set_level),
            ("tagsAdd(", self._tag),
            ("productVariants(", self._variants),
            ("locations(", self._locations),
            ("inventoryLevel(", self._level),
            ("orders(", self._orders),
        ):
            if field_ in query:
                return answer(given)
        return {"errors": [{"message": "not imitated"}]}

    def _variants(self, given: Answer) -> Answer:
        sku = given["query"].removeprefix("sku:").strip("'")
        found = self.base.execute("SELECT sku, price FROM variants WHERE sku = ?", (sku,)).fetchall()
        nodes = [
            {"id": _gid("ProductVariant", s), "sku": s, "price": price, "product": {"id": _gid("Product", s)},
             "inventoryItem": {"id": _gid("InventoryItem", s)}}
            for s, price in found
        ]  # fmt: skip
        return {"data": {"shop": {"currencyCode": "USD"}, "productVariants": {"nodes": nodes}}}

    def _set_price(self, given: Answer) -> Answer:
        for variant in given["variants"]:
            sku = _tail(variant["id"])
            changed = self.base.execute(
                "UPDATE variants SET price = ? WHERE sku = ? AND price <> ?", (variant["price"], sku, variant["price"])
            )
            if changed.rowcount:
                self.effect("price.set", sku, variant["price"])
        return {"data": {"productVariantsBulkUpdate": {"productVariants": given["variants"], "userErrors": []}}}

    def _locations(self, given: Answer) -> Answer:
        return {"data": {"locations": {"nodes": [{"id": LOCATION, "name": "main"}]}}}

    def _level(self, given: Answer) -> Answer:
        sku = _tail(given["item"])
        (available,) = self.base.execute("SELECT available FROM variants WHERE sku = ?", (sku,)).fetchone()
        level = {"quantities": [{"name": "available", "quantity": available}]}
        return {"data": {"inventoryItem": {"inventoryLevel": level}}}

    def _set_level(self, given: Answer) -> Answer:
        return self.keyed(given["key"], lambda: self._set_levels(given))[0]

    def _set_levels(self, given: Answer) -> Answer:
        wrong = []
        for level in given["input"]["quantities"]:
            sku, compared = _tail(level["inventoryItemId"]), level["changeFromQuantity"]
            changed = self.base.execute(
                "UPDATE variants SET available = ? WHERE sku = ? AND available = ?", (level["quantity"], sku, compared)
            )
            if changed.rowcount:
                self.effect("inventory.set", sku, given["key"])
            else:
                wrong.append({"code": "CHANGE_FROM_QUANTITY_STALE", "field": ["input"], "message": "quantity is stale"})
        return {"data": {"inventorySetQuantities": {"inventoryAdjustmentGroup": None, "userErrors": wrong}}}

    def _orders(self, given: Answer) -> Answer:
        name = given["query"].removeprefix("name:").strip("'")
        found = self.base.execute("SELECT name, tags FROM orders WHERE name = ?", (name,)).fetchall()
        nodes = [{"id": _gid("Order", n), "name": n, "tags": [t for t in tags.split(",") if t]} for n, tags in found]
        return {"data": {"orders": {"nodes": nodes}}}

    def _tag(self, given: Answer) -> Answer:
        name = _tail(given["id"])
        (tags,) = self.base.execute("SELECT tags FROM orders WHERE name = ?", (name,)).fetchone()
        for tag in set(given["tags"]) - set(tags.split(",")):
            self.base.execute("UPDATE orders SET tags = tags || ? || ',' WHERE name = ?", (tag, name))
            self.effect("order.tag", name, tag)
        return {"data": {"tagsAdd": {"node": {"id": given["id"]}, "userErrors": []}}}

    def hook(self, key: str, told: Answer) -> tuple[Answer, bool]:
        """Take a posted change, once per key."""

        def act() -> Answer:
            self.effect(told["kind"], told["subject"], key)
            return {"number": f"hook-{key}"}

        return self.keyed(f"hook:{key}", act)


class Door(BaseHTTPRequestHandler):
    """Speaks HTTP for a shop."""

    shop: Shop

    def do_GET(self) -> None:
        """Tell what was counted."""
        self._answer(200, self.shop.told())

    def do_POST(self) -> None:
        """Take a call, or an order from the test."""
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:
            return None  # the caller was cut off while it spoke
        given = json.loads(body)
        if self.path == "/stock":
            return self._answer(200, self.shop.stock(given))
        if self.path == "/faults":
            self.shop.faults = given
            return self._answer(200, {})
        fault = self.shop.trouble()
        name, seconds = fault.get("fault"), fault.get("seconds", 1.0)
        if name in ("expired", "busy", "broken"):
            status = {"expired": 401, "busy": 429, "broken": 500}[name]
            return self._answer(status, {}, {"Retry-After": str(seconds)})
        if name == "throttled":
            return self._answer(200, _throttled(seconds))
        if name == "slow":
            time.sleep(seconds)
        return self._act(given, body, lost=name == "lost", refused=name == "refused")

    def _act(self, given: Answer, body: bytes, *, lost: bool, refused: bool) -> None:
        agent = self.headers.get("User-Agent", "")
        headers = {}
        if self.path == "/hook":
            if not self._signed(body):
                return self._answer(401, {})
            answer, old = {}, False

            def act() -> Answer:
                nonlocal old
                told, old = self.shop.hook(self.headers["Idempotency-Key"], given)
                return told

            answer = self.shop.once(act, agent=agent)
            headers = {"Idempotent-Replayed": "true"} if old else {}
        elif self.headers.get("X-Shopify-Access-Token") != self.shop.token:
            return self._answer(401, {})
        elif refused and given["query"].startswith("mutation"):
            wrong = {"field": ["x"], "message": "Price is not allowed here"}
            answer = {"data": {"refused": {"userErrors": [wrong]}}}
        else:
            answer = self.shop.once(lambda: self.shop.graphql(given["query"], given["variables"]), agent=agent)
        if lost:
            # It was done, and nobody is told.
            self.connection.close()
        else:
            self._answer(200, answer, headers)

    def _signed(self, body: bytes) -> bool:
        stamp = self.headers.get("Argosy-Timestamp", "")
        return hmac.compare_digest(self.headers.get("Argosy-Signature", ""), signature(self.shop.token, stamp, body))

    def _answer(self, status: int, told: Answer, headers: dict[str, str] | None = None) -> None:
        body = json.dumps(told).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


class Server(ThreadingHTTPServer):
    """Does not mind callers that are killed in the middle of a call."""

    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing of a caller that is gone."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)


def opened(path: Path, *, token: str, port: int = 0) -> Server:
    """Return a server that answers for the shop kept at ``path``, on this machine; it is not running yet."""

    class Mine(Door):
        shop = Shop(path, token)

    return Server(("127.0.0.1", port), Mine)


def _gid(kind: str, tail: str) -> str:
    return f"gid://shopify/{kind}/{tail}"


def _tail(gid: str) -> str:
    return gid.rpartition("/")[2]


def _throttled(seconds: float) -> Answer:
    status = {"maximumAvailable": 1000.0, "currentlyAvailable": 0, "restoreRate": 50.0}
    cost = {"requestedQueryCost": seconds * 50, "throttleStatus": status}
    return {
        "errors": [{"message": "Throttled", "extensions": {"code": "THROTTLED"}}],
        "extensions": {"cost": cost},
    }


def main() -> None:
    """Answer until stopped."""
    said = argparse.ArgumentParser(
        prog="python -m argosy.connectors.fake_shop", description=(__doc__ or "").split("\n")[0]
    )
    said.add_argument("path", type=Path, help="SQLite file it keeps all in")
    said.add_argument("--port", type=int, default=8123)
    said.add_argument("--token", required=True, help="what a caller must know")
    words = said.parse_args()
    server = opened(words.path, token=words.token, port=words.port)
    server.serve_forever()


if __name__ == "__main__":
    main()
