"""What can wait: done one after the other behind the requests, each thing once however often it is asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable, Hashable
from queue import SimpleQueue
from threading import Lock, Thread

log = logging.getLogger(__name__)
Task = Callable[[], object]


class Behind:
    """One thread, begun when there is something to do."""

    def __init__(self) -> None:
        self._tasks: SimpleQueue[tuple[Hashable, Task] | None] = SimpleQueue()
        self._waiting: set[Hashable] = set()
        self._lock = Lock()
        self._thread: Thread | None = None

    def do(self, name: Hashable, task: Task) -> None:
        """Do a task when those before it are done; nothing while one of this name waits or is being done."""
        with self._lock:
            if name in self._waiting:
                return
            self._waiting.add(name)
            if self._thread is None:
                self._thread = Thread(target=self._work, name="behind", daemon=True)
                self._thread.start()
        self._tasks.put((name, task))

    def _work(self) -> None:
        while (one := self._tasks.get()) is not None:
            name, task = one
            try:
                task()
            except Exception:  # nobody waits for it: the next who asks gives rise to it again
                log.exception("%s", name)
            with self._lock:
                self._waiting.discard(name)

    def close(self) -> None:
        """Do what is waiting and end."""
        if self._thread is not None:
            self._tasks.put(None)
            self._thread.join()
            self._thread = None
