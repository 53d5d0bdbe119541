"""``argosy watch``: every check once, and what changed since the watch before."""

from __future__ import annotations

import click

from argosy.commands.door import FOLDER, JSON, LANG, bar, lang_of, opened, print_json, refusals, sheet


@click.command()
@JSON
@FOLDER
@LANG
@refusals
def watch(as_json: bool, folder: str, lang: str | None) -> None:
    """Run every check once and say what is new, what changed and what is gone since the last time."""
    from argosy.brief.cards import plain_changes, print_changes

    chosen = lang_of({"lang": lang, "folder": folder})
    with opened(folder) as business, bar() as progress:
        changes = business.watch(progress=progress)
    if as_json:
        return print_json(plain_changes(changes, chosen))
    print_changes(sheet(chosen), changes)


def daily(folder: str) -> None:
    """Run every check once, as a worker does each day."""
    with opened(folder) as business:
        business.watch()
