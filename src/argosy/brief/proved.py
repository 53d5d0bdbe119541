"""How right each kind of finding was where the truth is known: the table that comes with Argosy."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from functools import cache
from importlib.resources import files
from pathlib import Path

from argosy.brief.shortfalls import misses
from argosy.model.scores import Score, judged


@dataclass(frozen=True)
class Proved:
    """How one kind of finding did in simulated worlds, as ``model.scores.Judged`` says, shares to the hundredth.

    worlds: how many there were; alarms: false ones for each ten thousand orders; short: columns of the scorecard in
    which it falls short of what is asked (``brief.shortfalls``). None: not measured.
    """

    kind: str
    worlds: int
    there: int
    found: int
    alarms: Decimal
    recall: Decimal | None
    precision: Decimal | None
    days: int | None
    compared: int
    near: Decimal | None
    covered: Decimal | None
    short: tuple[str, ...]


COLUMNS = tuple(field.name for field in fields(Proved))


@cache
def proved() -> Mapping[str, Proved]:
    """Return how each kind did that could be measured; ``argosy prove -o proved.csv`` makes the table."""
    table = files("argosy").joinpath("brief", "proved.csv").read_text(encoding="utf-8")
    return {row["kind"]: _read(row) for row in csv.DictReader(table.splitlines())}


def _read(row: Mapping[str, str]) -> Proved:
    def share(name: str) -> Decimal | None:
        return Decimal(row[name]) if row[name] else None

    return Proved(
        row["kind"], int(row["worlds"]), int(row["there"]), int(row["found"]), Decimal(row["alarms"]),
        share("recall"), share("precision"), int(row["days"]) if row["days"] else None, int(row["compared"]),
        share("near"), share("covered"), tuple(part for part in row["short"].split(", ") if part),
    )  # fmt: skip


def write_proved(scores: Sequence[Score], path: Path, *, months: int) -> None:
    """Write how each kind of finding did in these worlds, as ``proved`` reads it."""

    def share(value: float | None) -> str:
        return "" if value is None else f"{value:.2f}"

    with path.open("w", encoding="utf-8", newline="") as file:
        told = csv.writer(file, lineterminator="\n")
        told.writerow(COLUMNS)
        for one in judged(scores):
            told.writerow((
                one.kind, len(scores), one.there, one.found, f"{one.alarm_rate:.2f}", share(one.recall),
                share(one.precision), "" if one.days is None else f"{one.days:.0f}", one.compared, share(one.near),
                share(one.covered), ", ".join(misses(one, months=months)),
            ))  # fmt: skip
