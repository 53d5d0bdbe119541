"""People at the console as Locust plays them: each with a session of its own, a page, a look at it, the next page."""

from __future__ import annotations

import os
from itertools import cycle

from locust import FastHttpUser, between, task

SESSIONS = cycle(os.environ["ARGOSY_SESSIONS"].split(","))
PAGES = os.environ["ARGOSY_PAGES"].split(",")


class Operator(FastHttpUser):
    """Somebody who looks at each page for one to three seconds."""

    wait_time = between(1, 3)

    def on_start(self) -> None:
        """Come with a session that is signed in; without one, as a stranger."""
        session = next(SESSIONS)
        self.pages = cycle(PAGES)
        self.told = {"Cookie": f"sessionid={session}"} if session else {}

    @task
    def look(self) -> None:
        """Ask for the next page."""
        self.client.get(next(self.pages), headers=self.told, allow_redirects=False)
