"""``argosy prove-acting``: what acting on the queue brings in worlds whose truth is known."""

from __future__ import annotations

from pathlib import Path

import click

from argosy.commands.door import LANG, bar, refusals, sheet


@click.command("prove-acting")
@click.option("--seeds", default=2, show_default=True, help="How many worlds.")
@click.option("--first-seed", default=1000, show_default=True, help="The seed of the first.")
@click.option("--months", default=9, show_default=True, help="How many months each; the last 90 days are acted in.")
@click.option("--orders", default=12_000, show_default=True, help="About how many orders each.")
@click.option("--incidents", default=30, show_default=True, help="How many incidents by chance in each.")
@click.option("-o", "--output", type=click.Path(path_type=Path, dir_okay=False), help="Write the result as a page.")
@LANG
@refusals
def prove_acting(
    seeds: int, first_seed: int, months: int, orders: int, incidents: int, output: Path | None, lang: str | None
) -> None:
    """Act for 90 days in simulated worlds by the top of the queue, by everything and by size of claim; say what each
    brought beside doing nothing."""
    from argosy.brief.race import print_race, write_race
    from argosy.prove.acting import DAYS, MINUTES, STEP, race

    with bar() as progress:
        asked = range(first_seed, first_seed + seeds)
        acted = race(asked, months=months, orders=orders, incidents=incidents, progress=progress)
    print_race(sheet(lang or "en"), acted)
    if output is not None:
        told = {"months": months, "orders": orders, "incidents": incidents}
        write_race(acted, output, **told, days=DAYS, step=STEP, minutes=MINUTES)
