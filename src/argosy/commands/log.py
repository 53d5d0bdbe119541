"""``argosy audit``: who did what and when, and whether the log is what was written."""

from __future__ import annotations

import sys

import click

from argosy.commands.door import FOLDER, JSON, LANG, lang_of, print_json, refusals, sheet, state_in

SHOWN = 40  # events on the terminal


@click.group(invoke_without_command=True)
@click.option("--last", default=SHOWN, show_default=True, help="How many events, the newest last.")
@click.option("--who", default="", metavar="NAME", help="Only what one person did.")
@click.option("--what", default="", metavar="KIND", help="Only one kind of event: approved, policy, frozen ...")
@JSON
@FOLDER
@LANG
@click.pass_context
@refusals
def audit(context: click.Context, last: int, who: str, what: str, as_json: bool, folder: str, lang: str | None) -> None:
    """Tell who did what and when; `argosy audit verify` checks that nobody altered the log."""
    from argosy.brief.cards import print_log
    from argosy.decisions.audit import found
    from argosy.decisions.sentences import entry_says

    if context.invoked_subcommand is not None:
        return
    chosen = lang_of({"lang": lang, "folder": folder})
    with state_in(folder) as state, state.read() as connection:
        told = found(connection, who=who, what=what, limit=last)[::-1]
    if as_json:
        return print_json([{**vars(entry), "says": entry_says(entry, chosen)} for entry in told])
    print_log(sheet(chosen), told)


@audit.command()
@click.option("--noted", metavar="HEAD", help="An end of the log you noted earlier: 41:9f2c...")
@FOLDER
@LANG
@refusals
def verify(noted: str | None, folder: str, lang: str | None) -> None:
    """Check the log entry by entry; say the first that was changed, taken out or put in."""
    from argosy.decisions.audit import verify as verified
    from argosy.decisions.seal import Head
    from argosy.model.words import say

    with state_in(folder) as state:
        found = verified(state, noted=Head.read(noted) if noted else None)
    chosen = lang_of({"lang": lang, "folder": folder})
    if found.sound:
        key = "verified" if found.sealed or not found.head.count else "verified_unsealed"
        click.echo(say(f"audit.{key}", chosen, count=found.head.count, head=found.head.short))
        return
    click.echo(say(f"audit.wrong_{found.wrong}", chosen, number=found.number))
    sys.exit(1)
