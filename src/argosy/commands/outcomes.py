"""``argosy outcomes``: what actions really brought, and how hopeful forecasts were."""

from __future__ import annotations

import click

from argosy.commands.door import FOLDER, JSON, LANG, day, lang_of, opened, print_json, refusals, sheet


@click.command()
@click.option(
    "--from", "start", metavar="DATE", help="Count actions watched to the end from this day on; this quarter."
)
@click.option("--to", "until", metavar="DATE", help="Last day; the end of the quarter if not given.")
@JSON
@FOLDER
@LANG
@refusals
def outcomes(start: str | None, until: str | None, as_json: bool, folder: str, lang: str | None) -> None:
    """Say what actions really brought beside what was expected; measure those whose days have passed."""
    from argosy.brief.earned import plain_outcomes, print_outcomes
    from argosy.decisions.outcomes import account, quarter

    with opened(folder) as business:
        every, currency = business.outcomes(), business.workspace.settings.book_currency
        first, last = quarter(business.today)
    told = account(every, since=day(start) or first, until=day(until) or last, currency=currency)
    if as_json:
        return print_json(plain_outcomes(every, told))
    print_outcomes(sheet(lang_of({"lang": lang, "folder": folder})), every, told)


def measured(folder: str) -> None:
    """Measure the actions whose windows have closed."""
    with opened(folder) as business:
        business.outcomes()
