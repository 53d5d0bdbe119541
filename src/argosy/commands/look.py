"""``argosy findings`` and ``argosy queue``: what was noticed, and what waits for a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from argosy.commands.door import FOLDER, JSON, LANG, lang_of, number, opened, print_json, refusals, sheet, state_in

if TYPE_CHECKING:
    from argosy.brief.cards import Sheet
    from argosy.decisions.queue import Place
    from argosy.decisions.state import State
    from argosy.model.findings import Evidence

TOP = 20  # cards of the queue on the terminal
EVIDENCE = 20  # rows of a query on the terminal


@click.command()
@click.argument("name", required=False, metavar="[F12]")
@click.option("--kind", default="", metavar="KIND", help="Only of one kind, such as payments.payout_short.")
@click.option("--about", default="", metavar="NAME", help="Only of one article, market, supplier ...")
@click.option("--all", "gone", is_flag=True, help="Those that are gone, too.")
@JSON
@FOLDER
@LANG
@refusals
def findings(
    name: str | None, kind: str, about: str, gone: bool, as_json: bool, folder: str, lang: str | None
) -> None:  # fmt: skip
    """List what was noticed; with a name, say all about one: its money, its rows, what can be done."""
    from argosy.brief.cards import plain_finding, print_findings
    from argosy.decisions import load

    chosen = lang_of({"lang": lang, "folder": folder})
    with state_in(folder) as state:
        if name is not None:
            return _one_finding(state, number(name, "F"), as_json=as_json, folder=folder, lang=chosen)
        with state.read() as connection:
            found, run = load.findings(connection, kind=kind, gone=gone), load.last_run(connection)
            blind = load.cannot_tell(connection, run=run.number) if run and not kind and not about else []
    found = [one for one in found if not about or one.finding.is_about(about)]
    if as_json:
        return print_json([plain_finding(one, chosen) for one in found])
    print_findings(sheet(chosen), found, blind)


def _one_finding(state: State, wanted: int, *, as_json: bool, folder: str, lang: str) -> None:
    from argosy.brief.cards import plain_finding, print_finding
    from argosy.decisions import load

    with state.read() as connection:
        kept = load.finding(connection, wanted)
        proposals = load.proposals(connection, finding=wanted)
    if as_json:
        told = {"evidence": [vars(one) for one in kept.finding.evidence], "proposals": [one.name for one in proposals]}
        return print_json({**plain_finding(kept, lang), **told})
    page = sheet(lang)
    print_finding(page, kept, proposals)
    _print_evidence(page, kept.finding.evidence, folder=folder)


def _print_evidence(page: Sheet, evidence: tuple[Evidence, ...], *, folder: str) -> None:
    """Run the queries of a finding on the lake and print the rows it rests on."""
    import duckdb
    from rich.text import Text

    from argosy.brief.reports import print_table
    from argosy.model.words import say

    if not evidence:
        return
    with opened(folder) as business:
        for one in evidence:
            page.print(Text(f"\n{page.word('evidence')}: {say(f'evidence.{one.name}', page.lang)}", style="bold"))
            try:
                rows = business.lake.evidence(one.query, limit=EVIDENCE)
            except duckdb.Error as error:
                page.print(page.quiet(page.word("evidence_gone", reason=str(error).splitlines()[0])))
                continue
            print_table(rows, page.console, lang=page.lang)


@click.command()
@click.argument("name", required=False, metavar="[P31]")
@click.option("--top", default=TOP, show_default=True, help="How many cards to list.")
@JSON
@FOLDER
@LANG
@refusals
def queue(name: str | None, top: int, as_json: bool, folder: str, lang: str | None) -> None:
    """List what waits for your decision, the best first; with a name, say all about one."""
    from argosy.brief.cards import plain_place, print_queue
    from argosy.decisions import load
    from argosy.decisions.queue import waiting

    chosen = lang_of({"lang": lang, "folder": folder})
    with state_in(folder) as state:
        with state.read() as connection:
            places = waiting(connection, book_currency=state.workspace.settings.book_currency)
            freezes = load.freezes(connection)
        if name is not None:
            return _card(state, number(name, "P"), places, as_json=as_json, lang=chosen)
    if as_json:
        return print_json([plain_place(place, chosen) for place in places])
    print_queue(sheet(chosen), places[:top], freezes, more=max(0, len(places) - top))


def _card(state: State, wanted: int, places: list[Place], *, as_json: bool, lang: str) -> None:
    from argosy.brief.cards import plain_card, print_card
    from argosy.decisions import load
    from argosy.decisions.queue import weighed

    with state.read() as connection:
        card = load.card(connection, wanted)
        decisions, actions = load.decisions(connection, proposal=wanted), load.actions(connection, proposal=wanted)
    place = next((one for one in places if one.card.number == wanted), None)
    if as_json:
        alone = place or weighed(card, state.workspace.settings.book_currency)
        return print_json(plain_card(alone, decisions, actions, lang))
    print_card(sheet(lang), card, place, decisions, actions)
