"""``argosy approve``, ``edit``, ``snooze``, ``reject`` and ``undo``: what people decide."""

from __future__ import annotations

import click

from argosy.commands.door import AS, FOLDER, LANG, day, lang_of, number, refusals, state_in


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="P31...")
@AS
@FOLDER
@LANG
@refusals
def approve(names: tuple[str, ...], name: str | None, folder: str, lang: str | None) -> None:
    """Let a proposal be done; how it will be measured is written down with it."""
    from argosy.decisions.decide import approve as approved
    from argosy.decisions.members import whoami
    from argosy.flow import now
    from argosy.model.words import say

    chosen = lang_of({"lang": lang, "folder": folder})
    with state_in(folder) as state:
        for each in names:
            action = approved(state, number(each, "P"), who=whoami(name), at=now())
            click.echo(say("loop.approved", chosen, proposal=f"P{action.proposal}", action=action.name))


@click.command()
@click.argument("proposal", metavar="P31")
@click.argument("values", nargs=-1, required=True, metavar="KEY=VALUE...")
@AS
@FOLDER
@LANG
@refusals
def edit(proposal: str, values: tuple[str, ...], name: str | None, folder: str, lang: str | None) -> None:
    """Set values of the change a proposal proposes, such as units=100."""
    from argosy.decisions.decide import edit as edited
    from argosy.decisions.members import whoami
    from argosy.decisions.sentences import change_says
    from argosy.flow import now
    from argosy.model.words import say

    if any("=" not in value for value in values):
        raise click.BadParameter("write it as units=100")
    given = dict(value.split("=", 1) for value in values)
    chosen = lang_of({"lang": lang, "folder": folder})
    with state_in(folder) as state:
        kept = edited(state, number(proposal, "P"), given, who=whoami(name), at=now())
    click.echo(say("loop.edited", chosen, proposal=kept.name, change=change_says(kept.change, chosen)))


@click.command()
@click.argument("proposal", metavar="P31")
@click.option("--until", required=True, metavar="DATE", help="The day it comes back.")
@AS
@FOLDER
@LANG
@refusals
def snooze(proposal: str, until: str, name: str | None, folder: str, lang: str | None) -> None:
    """Put a proposal off until a day."""
    from argosy.decisions.decide import snooze as snoozed
    from argosy.decisions.members import whoami
    from argosy.flow import now
    from argosy.model.words import say

    last = day(until) or now().date()
    with state_in(folder) as state:
        kept = snoozed(state, number(proposal, "P"), until=last, who=whoami(name), at=now())
    click.echo(say("loop.snoozed", lang_of({"lang": lang, "folder": folder}), proposal=kept.name, until=last))


@click.command()
@click.argument("proposal", metavar="P31")
@click.option("--reason", required=True, help="Why not; it is kept with the proposal.")
@AS
@FOLDER
@LANG
@refusals
def reject(proposal: str, reason: str, name: str | None, folder: str, lang: str | None) -> None:
    """Say no to a proposal, and why."""
    from argosy.decisions.decide import reject as rejected
    from argosy.decisions.members import whoami
    from argosy.flow import now
    from argosy.model.words import say

    with state_in(folder) as state:
        kept = rejected(state, number(proposal, "P"), reason=reason, who=whoami(name), at=now())
    told = {"proposal": kept.name, "finding": f"F{kept.finding}"}
    click.echo(say("loop.rejected", lang_of({"lang": lang, "folder": folder}), **told))


@click.command()
@click.argument("action", metavar="A7")
@AS
@FOLDER
@LANG
@refusals
def undo(action: str, name: str | None, folder: str, lang: str | None) -> None:
    """Call an action off that still waits, or order that one that was done be taken back."""
    from argosy.decisions.decide import undo as undone
    from argosy.decisions.members import whoami
    from argosy.flow import now
    from argosy.model.words import say

    wanted, chosen = number(action, "A"), lang_of({"lang": lang, "folder": folder})
    with state_in(folder) as state:
        ordered = undone(state, wanted, who=whoami(name), at=now())
    key = "called_off" if ordered.number == wanted else "undo_ordered"
    click.echo(say(f"loop.{key}", chosen, action=f"A{wanted}", undo=ordered.name))
