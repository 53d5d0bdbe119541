"""``argosy notices``: who is told of what, and whether it arrived."""

from __future__ import annotations

import click

from argosy.commands.door import AS, FOLDER, JSON, LANG, lang_of, number, print_json, refusals, state_in


@click.command()
@click.option("--test", metavar="N", help="Have a test sent to N3 by a worker, and try again what waits for it.")
@click.option("--last", default=10, show_default=True, help="How many messages, the newest first.")
@AS
@JSON
@FOLDER
@LANG
@refusals
def notices(test: str | None, last: int, name: str | None, as_json: bool, folder: str, lang: str | None) -> None:
    """List who is told of what by e-mail and webhook, and the last messages (see docs/team.md)."""
    from argosy.decisions import notices as kept
    from argosy.decisions.members import whoami
    from argosy.decisions.telling import notice_row, subscription_row
    from argosy.flow import now
    from argosy.model.words import say

    chosen = lang_of({"lang": lang, "folder": folder})
    with state_in(folder) as state:
        if test:
            # Who can run this holds the folder, and with it everything.
            kept.test(state, number(test, "N"), who=whoami(name), at=now(), every=True)
            return click.echo(say("notices.tested", chosen, name=test.upper()))
        with state.read() as connection:
            wanted = [subscription_row(one, chosen) for one in kept.subscriptions(connection)]
            sent = [notice_row(one, chosen) for one in kept.latest(connection, count=last)]
    if as_json:
        return print_json({"subscriptions": wanted, "notices": sent})
    for row in (*wanted, *sent):
        click.echo("  ".join(str(part) for part in row.values() if part not in ("", None)))
    if not wanted:
        click.echo(say("notices.none", chosen))
