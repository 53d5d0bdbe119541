"""``argosy prove-outcomes``: how right measured outcomes are in worlds whose truth is known."""

from __future__ import annotations

import click

from argosy.commands.door import LANG, bar, refusals


@click.command("prove-outcomes")
@click.option("--seeds", default=3, show_default=True, help="How many worlds.")
@click.option("--first-seed", default=1000, show_default=True, help="The seed of the first.")
@click.option("--months", default=6, show_default=True, help="How many months each; the actions fill the last two.")
@click.option("--orders", default=20_000, show_default=True, help="About how many orders each.")
@LANG
@refusals
def prove_outcomes(seeds: int, first_seed: int, months: int, orders: int, lang: str | None) -> None:
    """Take actions of every kind in simulated worlds, measure them, and say how far that is from what is really so."""
    from argosy.prove.outcomes import outcomes, table, tally

    with bar() as progress:
        seen = outcomes(range(first_seed, first_seed + seeds), months=months, orders=orders, progress=progress)
    click.echo(table(tally(seen)))
