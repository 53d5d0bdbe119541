"""``argosy run`` and ``argosy worker``: what was approved is done."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from argosy.commands import asked, watch
from argosy.commands.door import FOLDER, LANG, lang_of, number, opened, refusals
from argosy.commands.outcomes import measured

if TYPE_CHECKING:
    from argosy.decisions.carry_out import Hands
    from argosy.decisions.records import Action, KeptProposal
    from argosy.decisions.state import State
    from argosy.model.actions import Request

# What a worker does once a day, by name: each takes the folder of the workspace.
DAILY: Mapping[str, Callable[[str], None]] = {"watch": watch.daily, "outcomes": measured}


@click.command()
@click.argument("names", nargs=-1, metavar="[A7 ...]")
@click.option("--all", "everything", is_flag=True, help="All that is approved and not done.")
@click.option("--dry-run", is_flag=True, help="Show exactly what would be sent, and send nothing.")
@FOLDER
@LANG
@refusals
def run(names: tuple[str, ...], everything: bool, dry_run: bool, folder: str, lang: str | None) -> None:
    """Do what was approved, now: A7, or --all. What cannot be done says why, and may be run again."""
    from argosy.model.words import say

    chosen = lang_of({"lang": lang, "folder": folder})
    if not names and not everything:
        raise click.UsageError("argosy run A7, argosy run --all")
    with _hands(folder) as hands:
        numbers = _numbers(hands, names)
        if dry_run:
            from argosy.decisions.carry_out import preview

            for one in numbers:
                _show(f"A{one}", preview(hands, one))
            return
        if not numbers:
            click.echo(say("loop.nothing_to_run", chosen))
        ended = _run(hands, numbers)
    for action in ended:
        click.echo(_line(action, chosen))
    sys.exit(0 if all(action.state == "done" for action in ended) else 1)


@click.command()
@click.option("--once", is_flag=True, help="Do what there is to do now, and end.")
@FOLDER
@LANG
@refusals
def worker(once: bool, folder: str, lang: str | None) -> None:
    """Do what was approved and read what was sent as soon as it is, and look for new findings once a day, until
    stopped (SIGTERM)."""
    from argosy.decisions.jobs import working
    from argosy.decisions.worker import work

    with _hands(folder) as hands:
        tasks = {name: _task(do, folder) for name, do in DAILY.items()}
        wanted = {name: _task(do, folder) for name, do in asked.TASKS.items()}
        with working(hands, tasks=tasks | wanted) as jobs:
            for told in (signal.SIGTERM, signal.SIGINT):
                signal.signal(told, lambda *_: jobs.ending.set())
            at = time.fromisoformat(hands.state.workspace.settings.daily_at)
            work(jobs, tasks=tasks, daily_at=at, asked=True, once=once, tell=lambda words: click.echo(words, err=True))


def _task(do: Callable[[str], None], folder: str) -> Callable[[], None]:
    return lambda: do(folder)


def _run(hands: Hands, numbers: list[int]) -> list[Action]:
    """Carry out the actions that are not over and return all of them, as they are then."""
    from argosy.decisions import load
    from argosy.decisions.jobs import working
    from argosy.decisions.records import IN_FLIGHT
    from argosy.decisions.worker import wait

    def these() -> list[Action]:
        with hands.state.read() as connection:
            return [load.action(connection, one) for one in numbers]

    todo = [action for action in these() if action.state in IN_FLIGHT]
    if todo:
        with working(hands, poll=0.2) as jobs:
            jobs.adopt()
            jobs.order(lambda: todo, rest=0)
            wait(jobs, [action.key for action in todo])
    return these()


@contextmanager
def _hands(folder: str) -> Iterator[Hands]:
    from argosy.connectors.registry import connector_for, connectors_of
    from argosy.decisions.carry_out import Hands
    from argosy.decisions.state import State
    from argosy.lake.workspace import open_workspace

    workspace = open_workspace(Path(folder))
    connectors = connectors_of(workspace)
    with State(workspace) as state:
        yield Hands(state, lambda change: connector_for(change, connectors), _so_now(folder, state))


def _so_now(folder: str, state: State) -> Callable[[KeptProposal], Mapping[str, str]]:
    def asked(kept: KeptProposal) -> Mapping[str, str]:
        from argosy.decisions import load
        from argosy.decisions.recheck import so_now
        from argosy.flow import known_in

        with state.read() as connection:
            finding = load.finding(connection, kept.finding).finding
        with opened(folder) as business:
            return so_now(known_in(business.lake, business.books()), finding, kept)

    return asked


def _numbers(hands: Hands, names: tuple[str, ...]) -> list[int]:
    from argosy.decisions.worker import to_do

    if not names:
        return [action.number for action in to_do(hands.state)]
    return [number(name, "A") for name in names]


def _show(name: str, request: Request) -> None:
    click.echo(f"{name} · {request.connector}: {request.method} {request.target}")
    for header, value in request.headers.items():
        click.echo(f"{header}: {value}")
    click.echo(f"\n{request.body}\n")


def _line(action: Action, lang: str) -> str:
    from argosy.decisions.sentences import change_says
    from argosy.model.words import say

    words = action.words or (action.receipt.words if action.receipt else "")
    state = say(f"loop.state_{action.state}", lang)
    return f"{action.name}  {state}  {change_says(action.change, lang)}  {words}".rstrip()
