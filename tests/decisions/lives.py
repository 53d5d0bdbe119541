"""Lives of a worker that approves a little, works, and is killed: forked from a process that has loaded all it needs.

    python -m tests.decisions.lives WORKSPACE     then on its input, a line each:  SECONDS APPROVALS at_work|at_birth

Each line is one life, killed so many seconds after its birth, or after it began to work; 0: it lives until all is done.
The answer is what became of it.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

from tests.decisions.ordered import now

from argosy.connectors.registry import connector_for, connectors_of
from argosy.decisions import decide, load
from argosy.decisions.carry_out import Hands
from argosy.decisions.jobs import working
from argosy.decisions.state import State
from argosy.decisions.worker import work
from argosy.lake.workspace import open_workspace

PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8)


def live(folder: Path, *, approvals: int, for_ever: bool, begun: int) -> None:
    workspace = open_workspace(folder)
    connectors = connectors_of(workspace)
    with State(workspace) as state:
        with state.read() as connection:
            open_ = load.proposals(connection, states=("open",))
        for kept in open_[:approvals]:
            decide.approve(state, kept.number, who="owner", at=now())
        hands = Hands(state, lambda change: connector_for(change, connectors), lambda kept: {})
        with working(hands, poll=0.03, pauses=PAUSES) as jobs:
            os.write(begun, b"1")
            if for_ever:
                work(jobs, once=True, tick=0.02)
            else:
                work(jobs, tick=0.1)


def main() -> None:
    folder = Path(sys.argv[1])
    for line in sys.stdin:
        seconds, approvals, since = float(line.split()[0]), int(line.split()[1]), line.split()[2]
        heard, begun = os.pipe()
        child = os.fork()
        if child == 0:
            try:
                live(folder, approvals=approvals, for_ever=not seconds, begun=begun)
            finally:
                os._exit(1 if sys.exc_info()[0] else 0)
        os.close(begun)
        if since == "at_work":
            os.read(heard, 1)
        os.close(heard)
        if seconds:
            time.sleep(seconds)
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
