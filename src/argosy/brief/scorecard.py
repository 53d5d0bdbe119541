"""How right Argosy is where the truth is known: on the terminal, and as the page docs/scorecard.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.text import Text

from argosy.model.scores import Score
from argosy.model.version import VERSION
from argosy.model.words import say


def print_scores(scores: Sequence[Score], console: Console, *, lang: str) -> None:
    """Print each world's result."""
    for score in scores:
        told = say("cli.proved", lang, orders=f"{score.orders:,}", seconds=score.seconds)
        console.print(Text.assemble((f"{score.seed}  ", "bold"), told))
        for agreement in score.agreements:
            mark, key = (("  ✗ ", "red"), "differs") if agreement.off else (("  ✓ ", "green"), "agrees")
            by = say("cli.by_" + agreement.by.replace(" ", "_"), lang)
            counts = {"groups": f"{agreement.groups:,}", "off": f"{agreement.off:,}", "largest": agreement.largest}
            console.print(Text.assemble(mark, say(f"cli.{key}", lang, by=by, **counts)))


def write_scorecard(scores: Sequence[Score], path: Path, *, months: int) -> None:
    """Write the results as a Markdown page."""
    lines = [
        "# Scorecard",
        "",
        f"Made by `argosy prove` of Argosy {VERSION}; never edited by hand. Each world is a seller who does not exist:",
        f"{months} months of export files, read through import and posted, held against what is really so in it.",
        "",
        "| seed | orders | grouped by | sums | that differ | largest difference |",
        "|---|---|---|---|---|---|",
    ]
    for score in scores:
        lines += [
            f"| {score.seed} | {score.orders:,} | {a.by} | {a.groups:,} | {a.off:,} | {a.largest} |"
            for a in score.agreements
        ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
