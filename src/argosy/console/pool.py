"""A few open businesses that requests take in turn: a connection to the lake is for one thread at a time."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import BoundedSemaphore, Lock
from typing import TypeVar

from argosy.business import Business
from argosy.lake.settings import current_settings

T = TypeVar("T")
MOST = 6  # open at once; who comes later waits
REMEMBERED = 500  # answers kept


class Pool:
    """Businesses over one workspace, and what they answered since its facts last changed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._free: queue.LifoQueue[Business] = queue.LifoQueue()
        self._turn = BoundedSemaphore(MOST)
        self._lock = Lock()
        self._known: dict[tuple[object, ...], object] = {}

    @contextmanager
    def business(self) -> Iterator[Business]:
        """Yield a business that nobody else uses meanwhile."""
        with self._turn:
            try:
                one = self._free.get_nowait()
            except queue.Empty:
                one = Business.at(self.folder)
            if one.workspace.settings != current_settings(self.folder / "settings.toml"):
                one.close()
                one = Business.at(self.folder)
            try:
                yield one
            except Exception:
                one.close()  # whatever state it is left in, nobody else takes it
                raise
            self._free.put(one)

    def remembered(self, key: tuple[object, ...], ask: Callable[[Business], T]) -> T:
        """Return an answer, asked for once as long as the facts, the settings and the day are the same."""
        with self.business() as business:
            whole = (business.mark(), *key)
            with self._lock:
                if whole in self._known:
                    return self._known[whole]  # type: ignore[return-value]
            answer = ask(business)
        with self._lock:
            while len(self._known) >= REMEMBERED:
                del self._known[next(iter(self._known))]
            self._known[whole] = answer
        return answer

    def close(self) -> None:
        """Let go of all businesses that are free."""
        while not self._free.empty():
            self._free.get_nowait().close()
