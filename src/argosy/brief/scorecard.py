"""How right Argosy is where the truth is known: on the terminal, and as the page docs/scorecard.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean

from rich.console import Console
from rich.text import Text

from argosy.model.scores import Detected, Quoted, Score
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
        if score.quoted is not None:
            console.print(Text.assemble("  · ", say("cli.quoted", lang, **_quoted(score.quoted))))
        for found in score.detected:
            told = say("cli.detected", lang, kind=found.kind, there=found.there, found=found.found, false=found.false)
            console.print(Text.assemble("  · ", told))


def _quoted(quoted: Quoted) -> dict[str, str]:
    return {
        "n": f"{quoted.n:,}", "asked": f"{quoted.asked:.0%}", "kept": f"{quoted.kept:.1%}",
        "days": f"{quoted.days:.1f}", "own_kept": f"{quoted.own_kept:.1%}", "own_days": f"{quoted.own_days:.1f}",
    }  # fmt: skip


def write_scorecard(scores: Sequence[Score], path: Path, *, months: int, incidents: int) -> None:
    """Write the results as a Markdown page."""
    lines = [
        "# Scorecard",
        "",
        f"Made by `argosy prove` of Argosy {VERSION}; never edited by hand. Each world is a seller who does not exist:",
        f"{months} months of export files with {incidents} incidents placed by chance, read through import and posted,",
        "held against what is really so in it. Nothing is tuned on these seeds.",
        "",
        "## Ledgers against truth",
        "",
        "| seed | orders | grouped by | compared | that differ | largest difference |",
        "|---|---|---|---|---|---|",
        *(
            f"| {score.seed} | {score.orders:,} | {a.by} | {a.groups:,} | {a.off:,} | {a.largest} |"
            for score in scores
            for a in score.agreements
        ),
        "",
        "## Quoted delivery times",
        "",
        "The last third of the shop's orders, each quoted by what was known before its day.",
        "",
        "| seed | quotes | asked | kept | days | the shop's own promises kept | days |",
        "|---|---|---|---|---|---|---|",
        *(
            "| {seed} | {n} | {asked} | {kept} | {days} | {own_kept} | {own_days} |".format(
                seed=score.seed, **_quoted(score.quoted)
            )
            for score in scores
            if score.quoted is not None
        ),
        "",
        "## Findings against faults",
        "",
        "All worlds together. Money: what the findings say is at stake, for what really is.",
        "",
        "| finding | there | found | false alarms | recall | precision | money |",
        "|---|---|---|---|---|---|---|",
        *(
            _row(kind, [found for score in scores for found in score.detected if found.kind == kind])
            for kind in _kinds(scores)
        ),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _kinds(scores: Sequence[Score]) -> list[str]:
    return sorted({found.kind for score in scores for found in score.detected})


def _row(kind: str, found: Sequence[Detected]) -> str:
    there, hit, false = (sum(getattr(one, name) for one in found) for name in ("there", "found", "false"))
    money = [one.money for one in found if one.money is not None]
    told = Detected(kind, there, hit, false, fmean(money) if money else None)
    shares = [f"{share:.0%}" if share is not None else "" for share in (told.recall, told.precision)]
    worth = "" if told.money is None else f"{told.money:.2f}"
    return f"| {' | '.join([kind, str(there), str(hit), str(false), *shares, worth])} |"
