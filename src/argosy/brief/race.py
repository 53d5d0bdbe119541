"""What acting on the queue brought where the truth is known: on the terminal, and as the page docs/acting-race.md."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from babel.numbers import format_decimal
from rich.table import Table
from rich.text import Text

from argosy.brief.cards import Sheet
from argosy.brief.terminal import BAD, GOOD, QUIET, STRONG
from argosy.model.scores import Acted
from argosy.model.version import VERSION

COLUMNS = ("brought", "net", "changes", "minutes")
NAMES = {"top": "the top of the queue", "everything": "everything, as it came", "by_claim": "by size of claim"}
IN_ALL = -1  # the seed of the sum over all worlds


def print_race(sheet: Sheet, acted: Sequence[Acted]) -> None:
    """Print what each way of choosing brought in each world and in all, beside doing nothing."""
    table = Table(box=None, pad_edge=False, header_style=QUIET, padding=(0, 2, 0, 0))
    for name in ("", "", *map(sheet.word, COLUMNS)):
        table.add_column(name, justify="right" if name else "left", no_wrap=bool(name))
    for one in [*acted, *_in_all(acted)]:
        brought, net, changes, minutes = _cells(one, sheet.locale)
        style = GOOD if one.brought > 0 else BAD
        table.add_row(
            Text(_world(one), style=STRONG), sheet.word(f"way_{one.way}"),
            Text(brought, style=style), Text(net, style=style), changes, minutes,
        )  # fmt: skip
    sheet.print(table)


def write_race(
    acted: Sequence[Acted], path: Path, *, months: int, orders: int, incidents: int, days: int, step: int, minutes: int
) -> None:
    """Write what each way of choosing brought as a Markdown page."""
    lines = [
        "# What acting on the queue brings",
        "",
        f"Made by `argosy prove-acting` of Argosy {VERSION}; never edited by hand. Each world is a seller who does",
        f"not exist, with about {orders:,} orders in {months} months and {incidents} incidents placed by chance in the",
        f"last ones. For its last {days} days somebody sits down every {step} days for {minutes} minutes, reads the",
        "files that are new, and approves what one way of choosing picks from the queue as far as the minutes reach;",
        "what is approved is done in the world. Then the same world is made again with nothing done: the difference of",
        "both results, to the cent, is what acting brought. Nothing is tuned on these seeds.",
        "",
        "Brought: against doing nothing, in CN¥. After attention and cash: less what the minutes and the cash bound",
        "cost, at the rates by which the queue is ordered.",
        "",
        "| seed | way of choosing | brought | after attention and cash | changes | minutes |",
        "|---|---|---|---|---|---|",
        *(
            "| " + " | ".join((_world(one), NAMES[one.way], *_cells(one, "en"))) + " |"
            for one in [*acted, *_in_all(acted)]
        ),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _in_all(acted: Sequence[Acted]) -> list[Acted]:
    ways = {way: [one for one in acted if one.way == way] for way in dict.fromkeys(one.way for one in acted)}
    return [
        Acted(
            way, IN_ALL,
            sum((one.brought for one in mine), Decimal(0)), sum((one.cost for one in mine), Decimal(0)),
            sum(one.changes for one in mine), sum(one.minutes for one in mine),
        )
        for way, mine in ways.items()
    ]  # fmt: skip


def _world(one: Acted) -> str:
    return "∑" if one.seed == IN_ALL else str(one.seed)


def _cells(one: Acted, locale: str) -> tuple[str, ...]:
    money = [format_decimal(amount, "#,##0.00", locale=locale) for amount in (one.brought, one.brought - one.cost)]
    return (*money, *(format_decimal(count, locale=locale) for count in (one.changes, one.minutes)))
