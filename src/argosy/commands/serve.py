"""``argosy serve``: the console in a browser."""

from __future__ import annotations

import os
from pathlib import Path

import click

from argosy.commands.door import FOLDER, LANG, lang_of, refusals


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to answer on.")
@click.option("--port", default=8000, show_default=True, help="The port to answer on.")
@click.option("--worker/--no-worker", default=True, show_default=True, help="Run a worker beside the pages.")
@FOLDER
@LANG
@refusals
def serve(host: str, port: int, worker: bool, folder: str, lang: str | None) -> None:
    """Open the console in a browser; the first time it prints the link with which you set your password. An empty
    folder becomes a business: the first page asks for its country and currency."""
    from argosy.console.serve import serve as run
    from argosy.flow import begin_here
    from argosy.lake.workspace import open_workspace
    from argosy.model.words import say

    system = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    if begin_here(Path(folder), language=lang or ("zh" if system.startswith("zh") else "en")):
        click.echo(say("cli.begun", lang_of({"lang": lang, "folder": folder}), folder=Path(folder).resolve()))
    chosen = lang_of({"lang": lang, "folder": folder})
    open_workspace(Path(folder))

    def tell(address: str) -> None:
        click.echo(say("cli.first_link" if "/welcome/" in address else "cli.served", chosen, address=address))

    run(Path(folder), host=host, port=port, worker=worker, tell=tell)
