"""A few open businesses that requests take in turn, and what they answered: asked once, however many want to know."""

from __future__ import annotations

import queue
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from threading import BoundedSemaphore, Lock
from time import monotonic
from typing import Any, Generic, TypeVar

from argosy.brief.orders import Wanted
from argosy.business import Business
from argosy.console.behind import Behind
from argosy.flow import now
from argosy.lake.settings import current_settings

T = TypeVar("T")
Key = tuple[object, ...]
MOST = 6  # open at once; who comes later waits
REMEMBERED = 500  # answers kept
LOOK_SECONDS = 0.25  # how long what the lake was last seen at is taken for so
IMPORT_SECONDS = 86_400.0  # the longest an import is waited for before its books are posted here


@dataclass(frozen=True)
class Marks:
    """What the books were last posted from, and what they would be posted from now."""

    books: str
    facts: str


@dataclass(frozen=True)
class Answer(Generic[T]):
    """What was answered and when, UTC; ``current``: the books are still those it was made from."""

    told: T
    at: datetime
    mark: Key
    current: bool = True


class Pool:
    """Businesses over one workspace, and what they answered since its facts last changed.

    No request posts books: they are told as they were last posted, and posted behind the requests where nobody else
    does, after an import that is under way.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._free: queue.LifoQueue[Business] = queue.LifoQueue()
        self._turn = BoundedSemaphore(MOST)
        self._lock = Lock()
        self._answers: dict[Key, Answer[Any]] = {}
        self._asked: dict[Key, Future[Any]] = {}
        self._watch = Lock()
        self._watcher: Business | None = None
        self._seen: tuple[Key, Marks] | None = None
        self._looked = 0.0
        self._behind = Behind()

    @contextmanager
    def business(self) -> Iterator[Business]:
        """Yield a business that nobody else uses meanwhile."""
        with self._turn:
            try:
                one = self._fresh(self._free.get_nowait())
            except queue.Empty:
                one = self._fresh(None)
            try:
                yield one
            except Exception:
                one.close()  # whatever state it is left in, nobody else takes it
                raise
            self._free.put(one)

    def remembered(self, key: Key, ask: Callable[[Business], T]) -> T:
        """Return an answer, asked for once as long as the facts, the settings and the day are the same."""
        marks = self.marks()
        return self._answer(key, ask, (marks.books, marks.facts)).told

    def latest(self, key: Key, ask: Callable[[Business], T]) -> Answer[T]:
        """Return the answer from the books as they were last posted; while it is made, the one before. Only the first
        is waited for; that there was nothing is not worth showing again, nor worth an older look."""
        known = self._answers.get(key)
        if known is None or known.told is None:
            return self._answer(key, ask, (self.marks(anew=True).books,))
        mark = (self.marks().books,)
        if known.mark == mark:
            return known
        self._behind.do(key, lambda: self._answer(key, ask, mark))
        return replace(known, current=False)

    def marks(self, *, anew: bool = False) -> Marks:
        """Return what tells answers that hold from older ones, as it was seen a moment ago; ``anew``: as it is."""
        with self._watch:
            if self._seen is not None and not anew and monotonic() - self._looked < LOOK_SECONDS:
                return self._seen[1]
            one, self._watcher = self._watcher, None  # whatever state a failure leaves it in, nobody takes it again
            one = self._fresh(one)
            # The number of the lake's newest snapshot is told at once; only a new one is looked into.
            seen = (one.lake.snapshot(), one.workspace.settings, now().date())
            if self._seen is None or self._seen[0] != seen:
                self._seen = (seen, Marks(one.mark(), one.facts_mark()))
                self._behind.do(("books",), self._ready)
            self._watcher, self._looked = one, monotonic()
            return self._seen[1]

    def _ready(self) -> None:
        """Post the books where they are due, and make the list of orders that goes with them."""
        with closing(Business.at(self.folder)) as business, business.lake.posting(patience=IMPORT_SECONDS):
            business.lake.rows(business.orders(Wanted(), limit=1))

    def _answer(self, key: Key, ask: Callable[[Business], T], mark: Key) -> Answer[T]:
        """Return the answer of this mark; of those who want it at once, one asks and the others wait."""
        with self._lock:
            known = self._answers.get(key)
            if known is not None and known.mark == mark:
                return known
            asked = self._asked.get((*mark, *key))
            mine = asked is None
            if asked is None:
                asked = self._asked[*mark, *key] = Future()
        if not mine:
            return asked.result()
        try:
            with self.business() as business:
                answer = Answer(ask(business), now(), mark)
            self._keep(key, answer)
            asked.set_result(answer)
            return answer
        except BaseException as error:
            asked.set_exception(error)
            raise
        finally:
            with self._lock:
                del self._asked[*mark, *key]

    def _keep(self, key: Key, answer: Answer[Any]) -> None:
        with self._lock:
            self._answers.pop(key, None)  # so that it stands behind the others
            while len(self._answers) >= REMEMBERED:
                del self._answers[next(iter(self._answers))]
            self._answers[key] = answer

    def _fresh(self, one: Business | None) -> Business:
        """Return a business with the settings as they stand in the file now."""
        if one is not None and one.workspace.settings != current_settings(self.folder / "settings.toml"):
            one.close()
            one = None
        return one or Business.at(self.folder, posts=False)

    def close(self) -> None:
        """Let go of all businesses that are free."""
        self._behind.close()
        with self._watch:
            if self._watcher is not None:
                self._watcher.close()
            self._watcher = self._seen = None
        while not self._free.empty():
            self._free.get_nowait().close()
