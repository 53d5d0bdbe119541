"""docs/calibration.md: a world beside real data, table by table, each with the reason where they differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill

from tests.world.calibration.sections import SECTIONS, Section
from tests.world.calibration.side import Figure, Figures, Side, Source

INTRODUCTION = (
    "The [proving ground](proving-ground.md) beside real data. Made by `make calibration`; never edited by hand.",
    "The simulated side is measured on the export files of one world ({world}), the real side on public data, both "
    "by the same code (`tests/world/calibration/measures.py`). A world is not meant to be any of these businesses: "
    "under each table stands how they differ and why. Where a cell has several figures they stand in the order in "
    "which the row names them. P10 is the value a tenth lies below; – is what a side cannot tell.",
)


def page(simulated: Side, sources: Sequence[Source], *, world: str) -> str:
    """Return the page as Markdown; ``world`` says in words which world the simulated side is."""
    real = [side for source in sources for side in source.sides]
    parts = [_paragraph(part.format(world=world)) for part in INTRODUCTION]
    parts += [_section(section, simulated, real) for section in SECTIONS]
    return "\n".join(["# Calibration", "", *parts, _sources(sources)])


def _section(section: Section, simulated: Side, real: Sequence[Side]) -> str:
    columns: dict[str, Figures] = {}
    for side in (simulated, *(side for side in real if side.name not in section.unfit)):
        table = getattr(side, section.table)
        if table is not None:
            columns[side.name] = section.measure(table).to_pyarrow().to_pylist()[0]
    columns |= section.published
    missing = "" if simulated.name in columns else "The world does not write this yet. "
    return "\n".join([f"## {section.title}", "", *_beside(columns), "", _paragraph(missing + section.why)])


def _beside(columns: Mapping[str, Figures]) -> list[str]:
    """Return a table with a column for each side and a row for each figure that one of them has."""
    labels = dict.fromkeys(label for column in columns.values() for label in column)
    rows = [[label, *(written(column.get(label)) for column in columns.values())] for label in labels]
    return [_row(["", *columns]), _row(["---", *("--:" for _ in columns)]), *map(_row, rows)]


def _sources(sources: Sequence[Source]) -> str:
    rows = [[source.name, source.what, source.licence, f"{source.rows:,}"] for source in sources]
    lines = [["name", "what", "licence", "rows read"], ["---", "---", "---", "--:"], *rows]
    return "\n".join(["## Real data", "", *map(_row, lines), ""])


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _paragraph(words: str) -> str:
    return fill(words, width=140, break_long_words=False, break_on_hyphens=False) + "\n"


def written(figure: Figure) -> str:
    """Return a figure, or several side by side, with two decimals at most."""
    if figure is None:
        return "–"
    if isinstance(figure, Sequence):
        return " ".join(map(written, figure))
    text = f"{figure:,.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
