"""How right Argosy is where the truth is known: on the terminal, and as the page docs/scorecard.md."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.text import Text

from argosy.brief.shortfalls import shortfalls
from argosy.model.scores import Held, Judged, Quoted, Score, judged
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
    for one in judged(scores):
        console.print(Text.assemble("  · ", say("cli.judged", lang, **_shown(one))))


def _quoted(quoted: Quoted) -> dict[str, str]:
    return {
        "n": f"{quoted.n:,}", "asked": f"{quoted.asked:.0%}", "kept": f"{quoted.kept:.1%}",
        "days": f"{quoted.days:.1f}", "own_kept": f"{quoted.own_kept:.1%}", "own_days": f"{quoted.own_days:.1f}",
    }  # fmt: skip


def write_scorecard(scores: Sequence[Score], path: Path, *, months: int, incidents: int) -> None:
    """Write the results as a Markdown page."""
    found = judged(scores)
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
        "## Findings against what was so",
        "",
        "All worlds together, looked at every ten days, each time by what was known before. There: what happened",
        "that the check must notice. False alarms: for each ten thousand orders. Days: from the first day until it was",
        "noticed, median. Money: how often what was said to be at stake lay within a factor 1.5 of the truth, and how",
        "often its range (P10 to P90) held the truth.",
        "",
        "| finding | there | found | false alarms | recall | precision | days | compared | money near | range holds |",
        "|---|---|---|---|---|---|---|---|---|---|",
        *(f"| {' | '.join(_shown(one).values())} |" for one in found),
        "",
        "Of all amounts compared {near} lie near, and {covered} of the ranges hold the truth.".format(
            **_amounts(scores)
        ),
        "",
        "### Where a kind falls short of what is asked, and why",
        "",
        "Asked: recall, precision and money near of 80 %, at most one false alarm for each ten thousand orders and",
        "month, ranges that hold the truth four times in five, seven points less at most.",
        "",
        "| finding | falls short in | because |",
        "|---|---|---|",
        *(f"| {kind} | {columns} | {why} |" for kind, columns, why in shortfalls(found, months=months)),
        "",
        "## The top of the queue against what was open",
        "",
        "Every thirty days the queue was made of what was then found. Open: what went wrong, had begun and not ended,",
        "with the money it comes to from its first day to its last, in the book currency; what makes buyers buy more",
        "costs nothing and is not counted. Noticed: the part any finding was about. Top: the part the first ten cards",
        "of the queue were about.",
        "",
        "| seed | looks | open | noticed | top ten | share noticed | share in the top ten |",
        "|---|---|---|---|---|---|---|",
        *(_top(str(score.seed), score.held) for score in scores if score.held),
        _top("all", [one for score in scores for one in score.held]),
        "",
        "What is not noticed has mostly begun a few days before, or cannot be seen in any file yet: stock that will",
        "hardly sell, loyal buyers who stay away. What is noticed and not among the first ten mostly has no card, for",
        "nothing that pays can be done: shelves that are empty while goods are on their way, rivals that undercut. The",
        "queue is ordered by what a decision brings, not by what is at stake.",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _shown(one: Judged) -> dict[str, str]:
    return {
        "kind": one.kind,
        "there": str(one.there),
        "found": str(one.found),
        "false": f"{one.alarm_rate:.2f}",
        "recall": _share(one.recall),
        "precision": _share(one.precision),
        "days": "" if one.days is None else f"{one.days:.0f}",
        "compared": str(one.compared),
        "near": _share(one.near),
        "covered": _share(one.covered),
    }


def _amounts(scores: Sequence[Score]) -> dict[str, str]:
    """Return how many of all amounts compared lie near the truth, and how many ranges hold it."""
    cases = [case for score in scores for case in score.cases if case.near is not None]
    return {
        name: f"{sum(bool(getattr(case, name)) for case in cases) / max(len(cases), 1):.0%}"
        for name in ("near", "covered")
    }


def _top(name: str, held: Sequence[Held]) -> str:
    whole, noticed, top = (sum((getattr(one, part) for one in held), Decimal(0)) for part in ("open", "noticed", "top"))
    shares = (_share(float(part / whole)) if whole else "" for part in (noticed, top))
    return (
        " | ".join(("| " + name, str(len(held)), *(f"{part:,.0f}" for part in (whole, noticed, top)), *shares)) + " |"
    )


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"
