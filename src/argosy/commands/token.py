"""``argosy token``: what lets a program use the JSON API."""

from __future__ import annotations

from pathlib import Path

import click

from argosy.commands.door import AS, FOLDER, JSON, LANG, lang_of, print_json, refusals

SCOPES = ("read", "money", "decide", "metrics")


@click.group()
def token() -> None:
    """Make, list and revoke tokens with which programs ask and decide as you (see docs/team.md)."""


@token.command()
@click.argument("purpose", metavar="NAME")
@click.option("--scope", "scopes", multiple=True, required=True, type=click.Choice(SCOPES), help="What it may do.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1, 3650), help="How long it holds.")
@AS
@FOLDER
@LANG
@refusals
def new(purpose: str, scopes: tuple[str, ...], days: int, name: str | None, folder: str, lang: str | None) -> None:
    """Make a token and print it, this once; only its hash is kept."""
    _ready(folder)
    from argosy.console.tokens import make
    from argosy.decisions.members import whoami
    from argosy.model.words import say

    chosen = lang_of({"lang": lang, "folder": folder})
    click.echo(make(purpose, scopes, days=days, who=whoami(name)))
    click.echo(say("cli.token_made", chosen, days=days), err=True)


@token.command("list")
@JSON
@FOLDER
@LANG
@refusals
def list_(as_json: bool, folder: str, lang: str | None) -> None:
    """List the tokens that were not revoked."""
    _ready(folder)
    from argosy.console.tokens import tokens_of
    from argosy.model.words import say

    chosen = lang_of({"lang": lang, "folder": folder})
    told = [
        {
            "number": one.pk, "name": one.name, "of": one.owner.username, "scopes": one.scopes.split(),
            "until": one.expires_at.date(), "used_at": one.used_at,
        }
        for one in tokens_of(None)
    ]  # fmt: skip
    if as_json:
        return print_json(told)
    for each in told:
        click.echo("  ".join(str(part) for part in (*list(each.values())[:3], " ".join(each["scopes"]), each["until"])))
    if not told:
        click.echo(say("console.tokens_none", chosen))


@token.command()
@click.argument("number", type=int)
@AS
@FOLDER
@LANG
@refusals
def revoke(number: int, name: str | None, folder: str, lang: str | None) -> None:
    """Make a token worthless, by the number `argosy token list` gives it."""
    _ready(folder)
    from argosy.console.tokens import revoke as revoked
    from argosy.decisions.members import whoami
    from argosy.model.words import say

    # Who can run this holds the folder, and with it everything.
    revoked(number, who=whoami(name), every=True)
    click.echo(say("cli.token_revoked", lang_of({"lang": lang, "folder": folder}), number=number))


def _ready(folder: str) -> None:
    from argosy.console.serve import prepare
    from argosy.lake.workspace import open_workspace

    open_workspace(Path(folder))
    prepare(Path(folder), pages=False)
