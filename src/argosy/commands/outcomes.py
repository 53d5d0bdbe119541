"""``argosy outcomes``: what actions really brought, and how hopeful forecasts were."""

from __future__ import annotations

import click

from argosy.commands.door import FOLDER, JSON, LANG, day, lang_of, opened, print_json, refusals, sheet, state_in


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
    from argosy.decisions.outcomes import account, quarter, taken
    from argosy.flow import now

    daily(folder)
    with state_in(folder) as state:
        with state.read() as connection:
            every = taken(connection)
        first, last = quarter(now().date())
        currency = state.workspace.settings.book_currency
        told = account(every, since=day(start) or first, until=day(until) or last, currency=currency)
    if as_json:
        return print_json(plain_outcomes(every, told))
    print_outcomes(sheet(lang_of({"lang": lang, "folder": folder})), every, told)


def daily(folder: str) -> None:
    """Measure the actions whose days have passed, as a worker does each day."""
    from argosy.decisions.outcomes import due, settle, taken
    from argosy.flow import now

    with state_in(folder) as state:
        with state.read() as connection:
            passed = due(taken(connection), now().date())
        if passed:
            with opened(folder) as business:
                settle(state, business.known(), at=now())
