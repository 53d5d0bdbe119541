"""The world as something one can act on: take actions from its day on, each once, and let time go by."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from argosy.model.errors import PlanImpossible
from argosy.world import levers
from argosy.world.draws import Draws
from argosy.world.goods import catalogue
from argosy.world.happened import World
from argosy.world.kinds import check
from argosy.world.plan import Event, Plan
from argosy.world.simulate import plan_of, simulate

ASKED = "actions.jsonl"


@dataclass(frozen=True)
class Connector:
    """A world's folder, as ``simulate`` wrote it, and what was asked of it since: ``actions.jsonl`` in it."""

    folder: Path

    @property
    def plan(self) -> Plan:
        """The plan of the world as its files tell it, with the actions asked for since."""
        made = plan_of(self.folder)
        known = {event.name for event in made.actions}
        return replace(made, actions=(*made.actions, *(e for e in self._asked().values() if e.name not in known)))

    def asked(self, key: str) -> Event | None:
        """Return the action that was taken under a key, if any."""
        return self._asked().get(key)

    def act(self, event: Event, *, key: str) -> bool:
        """Take an action from its first day on; return whether it is new: a ``key`` acts once and only once.

        ``PlanImpossible`` when there is no such action, its days have passed or another one is in its way.
        """
        with self._alone():
            asked = self._asked()
            if key in asked:
                if asked[key] != event:
                    raise PlanImpossible(reason="key", value=key)
                return False
            plan = self.plan
            if event.first < plan.until:
                raise PlanImpossible(reason="past", value=f"{event.first} < {plan.until}")
            check((*plan.actions, event), levers.KINDS, plan, catalogue(Draws(plan.seed)))
            with (self.folder / ASKED).open("a", encoding="utf-8") as file:
                file.write(json.dumps(event.told() | {"key": key}) + "\n")
                file.flush()
                os.fsync(file.fileno())
            return True

    def advance(self, until: date) -> World:
        """Let time go by until a day: the files then tell of the days before it, and of what the actions did."""
        with self._alone():
            plan = self.plan
            if until <= plan.until:
                raise PlanImpossible(reason="past", value=f"{until} <= {plan.until}")
            beside = self.folder.with_name(f".{self.folder.name}.next")
            shutil.rmtree(beside, ignore_errors=True)
            world = simulate(replace(plan, until=until), beside)
            if (self.folder / ASKED).exists():
                shutil.copy2(self.folder / ASKED, beside / ASKED)
            shutil.rmtree(self._old, ignore_errors=True)
            self.folder.rename(self._old)
            beside.rename(self.folder)
            shutil.rmtree(self._old)
        return world

    @property
    def _old(self) -> Path:
        return self.folder.with_name(f".{self.folder.name}.old")

    def _asked(self) -> dict[str, Event]:
        path = self.folder / ASKED
        if not path.exists():
            return {}
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        return {row.pop("key"): Event.of(row) for row in rows}

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the world for oneself: two who act at once take turns.

        One who was cut off while time went by has left the world as it was before, under another name.
        """
        if not self.folder.exists() and self._old.exists():
            self._old.rename(self.folder)
        if not self.folder.is_dir():
            raise PlanImpossible(reason="world", value=self.folder)
        with self.folder.with_name(f".{self.folder.name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
