"""``argosy order`` and ``argosy search``: one order whole, and what a text may mean."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from argosy.commands.door import AS_KNOWN, FOLDER, JSON, LANG, lang_of, moment, opened, print_json, refusals, sheet

if TYPE_CHECKING:
    from argosy.business import Business
    from argosy.decisions.records import KeptFinding


@click.command()
@click.argument("order")
@AS_KNOWN
@JSON
@FOLDER
@LANG
@refusals
def order(order: str, as_known: str | None, as_json: bool, folder: str, lang: str | None) -> None:
    """Say all about one order (#1042): what happened, its promises, its money, what nobody can tell."""
    from argosy.brief.order_sheet import print_order
    from argosy.decisions.sentences import finding_says

    chosen = lang_of({"lang": lang, "folder": folder})
    with opened(folder) as business:
        told = business.order(order, as_known=moment(as_known))
        noticed = _noticed(business, told["order"]["order_id"])
    says = [(kept.name, finding_says(kept.finding, chosen)) for kept in noticed]
    if as_json:
        return print_json(told | {"noticed": [{"name": name, "says": words} for name, words in says]})
    print_order(sheet(chosen), told, says)


def _noticed(business: Business, order_id: str) -> list[KeptFinding]:
    from argosy.decisions import load

    with business.state.read() as connection:
        return load.findings(connection, subject=order_id)


@click.command()
@click.argument("text")
@JSON
@FOLDER
@LANG
@refusals
def search(text: str, as_json: bool, folder: str, lang: str | None) -> None:
    """Find orders, articles, customers, payouts, parcels, findings and proposals by number, name or a part of it."""
    from argosy.brief.order_sheet import print_search

    with opened(folder) as business:
        found = business.search(text)
    if as_json:
        return print_json(found)
    print_search(sheet(lang_of({"lang": lang, "folder": folder})), found, text)
