"""``argosy freeze``, ``unfreeze``, ``policy`` and ``member``: what Argosy may do, and who may let it."""

from __future__ import annotations

from typing import Any

import click

from argosy.commands.door import AS, FOLDER, JSON, LANG, lang_of, print_json, refusals, sheet, state_in


@click.command()
@click.argument("channel", required=False, default="")
@click.option("--reason", default="", help="Why; it is kept in the log.")
@AS
@FOLDER
@LANG
@refusals
def freeze(channel: str, reason: str, name: str | None, folder: str, lang: str | None) -> None:
    """Hold back everything Argosy would send, or what is for one CHANNEL."""
    from argosy.decisions.members import whoami
    from argosy.decisions.rules import freeze as frozen
    from argosy.flow import now
    from argosy.model.words import say

    chosen = lang_of({"lang": lang, "folder": folder})
    with state_in(folder) as state:
        frozen(state, channel, reason=reason, who=whoami(name), at=now())
    what = channel or say("loop.everything", chosen)
    click.echo(say("loop.frozen", chosen, what=what, channel=channel).rstrip())


@click.command()
@click.argument("channel", required=False, default="")
@AS
@FOLDER
@LANG
@refusals
def unfreeze(channel: str, name: str | None, folder: str, lang: str | None) -> None:
    """Let go what is frozen: everything, or one CHANNEL."""
    from argosy.decisions.members import whoami
    from argosy.decisions.rules import unfreeze as unfrozen
    from argosy.flow import now
    from argosy.model.words import say

    chosen = lang_of({"lang": lang, "folder": folder})
    with state_in(folder) as state:
        done = unfrozen(state, channel, who=whoami(name), at=now())
    what = channel or say("loop.everything", chosen)
    click.echo(say(f"loop.{'unfrozen' if done else 'not_frozen'}", chosen, what=what))


@click.command()
@click.argument("kind", required=False)
@click.option("--level", type=click.Choice(["observe", "propose", "approved", "limited"]), help="How far Argosy goes.")
@click.option("--most-amount", metavar="AMOUNT|none", help="Most money or price one change moves, in book currency.")
@click.option("--most-percent", metavar="PERCENT|none", help="Most percent a value moves by.")
@click.option("--most-a-day", metavar="COUNT|none", help="Most changes of the kind in a day.")
@AS
@JSON
@FOLDER
@LANG
@refusals
def policy(
    kind: str | None, level: str | None, most_amount: str | None, most_percent: str | None, most_a_day: str | None,
    name: str | None, as_json: bool, folder: str, lang: str | None,
) -> None:  # fmt: skip
    """Show the rules, or set what Argosy may do with one KIND of change, such as price.set."""
    given = {"level": level, "most_amount": _amount(most_amount, "--most-amount"),
             "most_percent": _amount(most_percent, "--most-percent"),
             "most_a_day": _amount(most_a_day, "--most-a-day", whole=True)}  # fmt: skip
    changed = {key: value for key, value in given.items() if value is not None}
    if kind is None or not changed:
        return _show_rules(kind, as_json=as_json, folder=folder, lang=lang_of({"lang": lang, "folder": folder}))
    _set_policy(_known(kind), changed, name=name, folder=folder)
    _show_rules(kind, as_json=as_json, folder=folder, lang=lang_of({"lang": lang, "folder": folder}))


NO_LIMIT = "none"


def _amount(text: str | None, option: str, *, whole: bool = False) -> Any:
    from decimal import Decimal, DecimalException

    if text is None or text == NO_LIMIT:
        return text
    try:
        amount = int(text) if whole else Decimal(text)
        if amount >= 0 and Decimal(amount).is_finite():
            return amount
    except (ValueError, DecimalException):
        pass
    raise click.BadParameter(f"{text!r}: a number of 0 or more, or none", param_hint=option)


def _known(kind: str) -> str:
    from argosy.model.proposals import ACTS

    if kind not in ACTS:
        raise click.BadParameter(f"{kind!r} is none of {', '.join(ACTS)}", param_hint="KIND")
    return kind


def _set_policy(kind: str, changed: dict[str, Any], *, name: str | None, folder: str) -> None:
    from dataclasses import replace

    from argosy.decisions import load
    from argosy.decisions.members import whoami
    from argosy.decisions.rules import set_policy
    from argosy.flow import now

    values: dict[str, Any] = {key: None if value == NO_LIMIT else value for key, value in changed.items()}
    with state_in(folder) as state:
        with state.read() as connection:
            was = load.policy(connection, kind, book_currency=state.workspace.settings.book_currency)
        set_policy(state, replace(was, **values), who=whoami(name), at=now())


def _show_rules(kind: str | None, *, as_json: bool, folder: str, lang: str) -> None:
    from argosy.brief.cards import print_policies
    from argosy.decisions import load
    from argosy.model.proposals import ACTS

    with state_in(folder) as state, state.read() as connection:
        currency = state.workspace.settings.book_currency
        kinds = [_known(kind)] if kind else list(ACTS)
        rules = [load.policy(connection, one, book_currency=currency) for one in kinds]
        members, freezes = ([], []) if kind else (load.members(connection), load.freezes(connection))
    if as_json:
        told: dict[str, list[Any]] = {"policies": rules, "members": members, "freezes": freezes}
        return print_json({key: [vars(one) for one in ones] for key, ones in told.items()})
    print_policies(sheet(lang), rules, members, freezes, currency)


@click.command()
@click.argument("member", metavar="NAME")
@click.argument("role", type=click.Choice(["owner", "operator", "finance", "viewer", "out"]))
@AS
@FOLDER
@LANG
@refusals
def member(member: str, role: str, name: str | None, folder: str, lang: str | None) -> None:
    """Give somebody a role: an owner decides everything, an operator inside the limits, finance on money, a viewer
    looks; or take them out."""
    from argosy.decisions.members import set_member, take_out, whoami
    from argosy.flow import now
    from argosy.model.words import say

    chosen = lang_of({"lang": lang, "folder": folder})
    if role == "out":
        with state_in(folder) as state:
            take_out(state, member, who=whoami(name), at=now())
        return click.echo(say("loop.member_out", chosen, name=member))
    with state_in(folder) as state:
        made = set_member(state, member, role, who=whoami(name), at=now())
    click.echo(say("loop.member_set", chosen, name=made.name, role=say(f"loop.role_{made.role}", chosen)))
