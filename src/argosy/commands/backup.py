"""``argosy backup`` and ``argosy restore``: a whole business in one file, and back."""

from __future__ import annotations

from pathlib import Path

import click

from argosy.commands.door import FOLDER, LANG, lang_of, refusals

KEYS = "key, .console.key, *.token"


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--with-keys", is_flag=True, help="The secrets too: who has the file then has everything.")
@FOLDER
@LANG
@refusals
def backup(file: str, with_keys: bool, folder: str, lang: str | None) -> None:
    """Write the whole business to FILE (.tar.zst or .tar.gz), while others may be working on it."""
    from argosy.decisions.backup import backup as backed_up
    from argosy.flow import now
    from argosy.lake.workspace import open_workspace
    from argosy.model.words import say

    chosen = lang_of({"lang": lang, "folder": folder})
    packed = backed_up(open_workspace(Path(folder)), Path(file), at=now(), with_keys=with_keys)
    size = f"{Path(file).stat().st_size / 1e6:,.1f} MB"
    click.echo(say("cli.backed_up", chosen, file=file, n=len(packed.files), size=size))
    click.echo(say("cli.backed_up_keys" if with_keys else "cli.backed_up_no_keys", chosen, keys=KEYS))


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--to", "target", required=True, metavar="FOLDER", help="A new or empty folder.")
@LANG
@refusals
def restore(file: str, target: str, lang: str | None) -> None:
    """Bring a business back from FILE into an empty FOLDER, check that it is whole and that its log is sound."""
    from argosy.decisions.backup import restore as brought_back
    from argosy.model.words import say

    told = brought_back(Path(file), Path(target))
    chosen = lang_of({"lang": lang, "folder": target})
    values = {
        "n": len(told.packed.files),
        "folder": target,
        "made_at": told.packed.made_at,
        "count": told.log.head.count,
    }
    click.echo(say("cli.restored" if told.log.sound else "cli.restored_broken", chosen, **values))
    if not told.packed.with_keys:
        click.echo(say("cli.restored_no_keys", chosen, keys=KEYS, folder=target))
