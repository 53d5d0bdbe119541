"""A business with a fake shop, whose worker is killed again and again."""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.decisions.ordered import actions, offer

from argosy.decisions import audit
from argosy.decisions.state import State
from argosy.lake.workspace import Workspace, create_workspace, open_workspace
from argosy.model.proposals import Change

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "far-too-secret"  # noqa: S105 - of a shop that does not exist
# What goes wrong with calls: some act and do not say so, some take longer than the worker lives, some break.
FAULTS = [
    {"fault": "lost", "share": 0.06, "times": 1_000_000},
    {"fault": "slow", "share": 0.03, "times": 1_000_000, "seconds": 0.6},
    {"fault": "broken", "share": 0.02, "times": 1_000_000},
    {"fault": "busy", "share": 0.02, "times": 1_000_000, "seconds": 0.1},
]


@dataclass(frozen=True)
class Far:
    """The fake shop in a process of its own."""

    address: str

    def told(self) -> dict[str, Any]:
        with urllib.request.urlopen(f"{self.address}/told") as answer:  # noqa: S310 - our own
            return json.load(answer)  # type: ignore[no-any-return]

    def tell(self, path: str, value: Any) -> None:
        asked = urllib.request.Request(f"{self.address}/{path}", json.dumps(value).encode())  # noqa: S310
        urllib.request.urlopen(asked).close()  # noqa: S310

    def effects(self) -> Counter[tuple[str, str]]:
        """Return how often which kind of change of what took effect."""
        counted: Counter[tuple[str, str]] = Counter()
        for kind, subject, _, n in self.told()["effects"]:
            counted[kind, subject] += n
        return counted


@contextmanager
def in_memory(otherwise: Path) -> Iterator[Path]:
    """Yield a folder in memory, if there is one: a kill loses nothing of it that it would not lose on a disk, and more
    is under way when it comes."""
    memory = Path("/dev/shm")  # noqa: S108 - a folder of its own is made in it
    if not os.access(memory, os.W_OK):
        yield otherwise
        return
    with tempfile.TemporaryDirectory(dir=memory) as folder:
        yield Path(folder)


def environment() -> dict[str, str]:
    """Return what the processes of a test need to know."""
    known = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "ARGOSY_SHOPIFY_TOKEN": TOKEN, "ARGOSY_WEBHOOK_TOKEN": TOKEN}
    return {**os.environ, **known}


@contextmanager
def far_away(folder: Path) -> Iterator[Far]:
    """Start a fake shop and yield it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    words = [str(folder / "far.sqlite"), "--port", str(port), "--token", TOKEN]
    process = subprocess.Popen([sys.executable, "-m", "argosy.connectors.fake_shop", *words], env=environment())
    far = Far(f"http://127.0.0.1:{port}")
    try:
        for _ in range(1200):
            try:
                far.told()
                break
            except urllib.error.URLError:
                time.sleep(0.05)
        yield far
    finally:
        process.kill()
        process.wait()


def business(folder: Path, far: Far) -> Workspace:
    """Make a workspace that acts on the fake shop."""
    create_workspace(folder, home="DE", book_currency="EUR")
    path = folder / "settings.toml"
    use = f'use = ["shopify", "webhook"]\nshopify = "{far.address}"\nwebhook = "{far.address}/hook"\nprivate = true'
    text = path.read_text(encoding="utf-8").replace('use = ["outbox"]', use)
    # Nothing but the actions.
    path.write_text(text.replace('daily_at = "06:00"', 'daily_at = "23:59"'), encoding="utf-8")
    return open_workspace(folder)


def changes(n: int) -> list[Change]:
    """Return n changes of four kinds, no two of the same."""
    kinds = [
        lambda i: Change("price.set", f"P{i}", "shopify:main", {"price": "11.00", "was": "10.00", "currency": "USD"}),
        lambda i: Change("inventory.set", f"I{i}/main", "shopify:main", {"units": "9", "was": "5"}),
        lambda i: Change("order.tag", f"shopify:main:#{i}", "shopify:main", {"tag": "late"}),
        lambda i: Change("task.do", f"carrier/{i}", "", {"text": "Ask"}),
    ]
    return [kinds[i % 4](i) for i in range(n)]


def expected(asked: list[Change]) -> Counter[tuple[str, str]]:
    """Return what the shop must have counted: each change once."""
    cut = {"inventory.set": lambda s: s.partition("/")[0], "order.tag": lambda s: s.removeprefix("shopify:main:")}
    return Counter((change.kind, cut.get(change.kind, str)(change.subject)) for change in asked)


def stocked(far: Far, n: int) -> None:
    """Give the shop what n changes are about."""
    variants = {f"{letter}{i}": ["10.00", 5] for letter in "PI" for i in range(n)}
    far.tell("stock", {"variants": variants, "orders": [f"#{i}" for i in range(n)]})


def kill_again_and_again(folder: Path, *, kills: int, n: int, seed: int) -> str:
    """Kill a worker ``kills`` times while it carries out ``n`` actions, check that each is done once; tell how."""
    dice = random.Random(seed)  # noqa: S311 - moments to kill at, not secrets
    with far_away(folder) as far:
        asked = changes(n)
        stocked(far, n)
        shop = business(folder / "shop", far)
        with State(shop) as state:
            offer(state, asked)
        far.tell("faults", FAULTS)
        begun = time.monotonic()
        words = [sys.executable, "-m", "tests.decisions.lives", str(shop.folder)]
        before = []
        with subprocess.Popen(
            words, env=environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
        ) as lives:
            assert lives.stdin is not None
            assert lives.stdout is not None
            for life in range(kills):
                since = ("at_birth", "at_work")[life % 2]
                lives.stdin.write(f"{dice.uniform(0.05, 1.5):.3f} {max(1, n // kills)} {since}\n")
                lives.stdin.flush()
                assert lives.stdout.readline() == "-9\n", "it was killed, and had not ended by itself"
                before.append(sum(far.effects().values()))
            far.tell("faults", [])
            killed = time.monotonic() - begun
            for _ in range(2):
                lives.stdin.write(f"0 {n} at_birth\n")
                lives.stdin.flush()
                assert lives.stdout.readline() == "0\n"
            lives.stdin.close()
        with State(shop) as state:
            assert [(one.name, one.words) for one in actions(state) if one.state != "done"] == []
            assert len(actions(state)) == n
            assert audit.verify(state).sound
        assert far.effects() == expected(asked)
        again = sum(later > earlier for earlier, later in pairwise(before))
        return (
            f"{kills} kills in {killed:.0f} s, {before[-1]} of {n} done meanwhile, in {again} of the lives; "
            f"{far.told()['calls']} calls; {time.monotonic() - begun:.0f} s in all"
        )
