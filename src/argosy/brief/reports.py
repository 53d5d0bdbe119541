"""What commands answer with in a terminal: files read, tables, figures, refused rows, checks and quotes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from argosy.brief.files import write_view
from argosy.intake.doctor import Check
from argosy.intake.formats import Format
from argosy.intake.importer import FileReport
from argosy.model.errors import ArgosyError
from argosy.model.words import say
from argosy.outlook.transit import BacktestResult, DeliveryQuote

MARKS = {
    "imported": ("✓", "green"),
    "known": ("=", "bright_black"),
    "unknown": ("?", "yellow"),
    "unreadable": ("✗", "red"),
}


def print_reports(reports: Sequence[FileReport], formats: Iterable[Format], console: Console, *, lang: str) -> None:
    """Print one line per file: taken, read before, or why not and what to do."""
    titles = {format.name: format.title.get(lang, format.title["en"]) for format in formats}
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for report in reports:
        mark, style = MARKS[report.outcome]
        if report.rejected:
            mark, style = "!", "yellow"
        table.add_row(
            Text(mark, style=style),
            report.name,
            titles.get(report.format, report.format),
            report_says(report, lang),
        )
    console.print(table)


def report_says(report: FileReport, lang: str) -> str:
    """Return what became of a file, in lines that people read."""
    if report.outcome == "imported":
        counts: dict[str, Any] = {n: f"{getattr(report, n):,}" for n in ("rows", "accepted", "rejected", "ignored")}
        notes = [say(f"files.assumed_{name}", lang) for name in report.assumed]
        return "\n".join([say("files.imported", lang, **counts), *notes])
    if report.outcome == "unknown" and not report.values.get("nearest"):
        return say("files.unknown_alone", lang)
    values = {key: ", ".join(v) if isinstance(v, list) else v for key, v in report.values.items()}
    return say(f"files.{report.reason or report.outcome}", lang, **values)


def print_table(
    table: pa.Table, console: Console, *, lang: str, aside: Sequence[str] = (), kinds: str = "", more: int = 0
) -> None:
    """Print the first rows of a view, of which there are ``more``; the whole of it goes to a file with ``-o``.

    A single row is printed as a list. Of several the columns ``aside`` are left out where the terminal is too
    narrow. kinds: the subject under which the words of the column ``kind`` stand.
    """
    if not table.num_rows:
        console.print(Text(say("cli.nothing", lang), style="bright_black"))
        return
    rows = [{name: _cell(value) for name, value in _worded(row, kinds, lang).items()} for row in table.to_pylist()]
    words = {name: say(f"columns.{name}", lang) for name in table.column_names}
    numbers = {field.name for field in table.schema if _is_number(field.type)}
    if len(rows) == 1 and len(words) > 1:
        console.print(_listed(rows[0], words, numbers))
        return
    needed = sum(max([cell_len(words[name]), *(cell_len(row[name]) for row in rows)]) + 2 for name in words)
    left_out = [name for name in words if name in aside] if needed > console.width else []
    shown = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bright_black")
    names = [name for name in words if name not in left_out]
    for name in names:
        shown.add_column(words[name], justify="right" if name in numbers else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(row[name] for name in names))
    console.print(shown)
    notes = [say("brief.others", lang, n=f"{more:,}")] if more else []
    if left_out:
        notes.append(say("cli.left_out", lang, columns=", ".join(words[name] for name in left_out)))
    if notes:
        console.print(Text(" · ".join(notes), style="bright_black"))


def _worded(row: dict[str, Any], kinds: str, lang: str) -> dict[str, Any]:
    """Return a row with what its kind and its needs are called."""
    if kinds:
        row = row | {"kind": say(f"{kinds}.{row['kind']}", lang, **row)}
    if row.get("needs"):
        row = row | {"needs": say(f"gaps.needs_{row['needs']}", lang)}
    return row


def _listed(row: Mapping[str, str], words: Mapping[str, str], numbers: set[str]) -> Table:
    listed = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    widest = max((cell_len(row[name]) for name in numbers), default=0)
    for name, text in row.items():
        listed.add_row(Text(words[name], style="bright_black"), text.rjust(widest) if name in numbers else text)
    return listed


def _is_number(type_: pa.DataType) -> bool:
    return bool(pa.types.is_decimal(type_) or pa.types.is_integer(type_) or pa.types.is_floating(type_))


def _cell(value: Any) -> str:
    if value is None:
        return "·"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, Decimal):
        return f"{value:,.4f}".removesuffix("00")
    return f"{value:.4f}" if isinstance(value, float) else f"{value:,}" if isinstance(value, int) else str(value)


def print_figure(found: Mapping[str, Any], console: Console, *, currency: str, lang: str) -> None:
    """Print a figure with its accounts and the largest entries behind it, each with its row in the seller's file."""
    console.print(
        Text.assemble((say(f"brief.{found['figure']}", lang), "bold"), f"  {_cell(found['total'])} {currency}")
    )
    parts = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 2))
    for part in found["accounts"]:
        parts.add_row(
            part["account"],
            _cell(part["amount"]),
            "≈" if part["state"] == "estimated" else "",
            f"{part['entries']:,}",
        )
    parts.columns[1].justify = parts.columns[3].justify = "right"
    console.print(parts)
    for row in found["entries"]:
        console.print()
        console.print(
            Text.assemble(
                f"{row['posted_at']:%Y-%m-%d}  ",
                (f"{_cell(row['amount'])} {row['currency']}", "bold"),
                f"  {row['account']}  ",
                (row["transaction_id"], "bright_black"),
            )
        )
        if row.get("file"):
            console.print(Text(f"    {row['file']}:{row['row']}  {row.get('raw') or ''}", style="bright_black"))


def print_rejects(rows: Sequence[Mapping[str, Any]], console: Console, *, lang: str) -> None:
    """Print the refused rows: where, why, and the row itself."""
    if not rows:
        console.print(say("cli.no_rejects", lang))
    for row in rows:
        where = f"{row['file']}:{row['row']}  "
        console.print(Text.assemble((where, "bold"), f"{row['column']} {say('rejects.' + row['reason'], lang)}"))
        console.print(Text(f"    {row['raw'] or ''}", style="bright_black"))


def write_rejects(rows: Sequence[Mapping[str, Any]], path: Path, *, lang: str) -> None:
    """Write the refused rows to a CSV file."""
    columns = ("file", "row", "column", "reason", "raw")
    told = [{**row, "reason": say("rejects." + row["reason"], lang)} for row in rows]
    write_view(pa.table({name: [str(row[name] or "") for row in told] for name in columns}), path)


def print_checks(checks: Sequence[Check], console: Console, *, lang: str) -> None:
    """Print what was looked at in a workspace: fine, or what is wrong and how to mend it."""
    for check in checks:
        values = {k: v.sentence(lang) if isinstance(v, ArgosyError) else v for k, v in check.values.items()}
        sentence = say(f"doctor.{check.kind}{'' if check.fine else '_wrong'}", lang, **values)
        console.print(Text.assemble(("✓ ", "green") if check.fine else ("✗ ", "red"), sentence))


def print_quote(quote: DeliveryQuote, tested: BacktestResult | None, console: Console, *, lang: str) -> None:
    """Print a delivery quote, what it rests on, and how such quotes did where the outcome is known."""
    console.print(Text(say("cli.quote", lang, days=quote.days), style="bold"))
    console.print(
        say(
            "cli.quote_basis",
            lang,
            kept=f"{quote.kept:.1%}",
            from_days=quote.from_days,
            n=f"{quote.n:,}",
            level=quote.level,
            level_n=f"{quote.level_n:,}",
        )
    )
    if tested is not None:
        for key, record in (("quote_tested", tested.quoted), ("quote_promised", tested.promised)):
            if record is not None:
                values = {"kept": f"{record.kept_share:.2%}", "days": f"{record.mean_days:.2f}"}
                console.print(say(f"cli.{key}", lang, n=f"{tested.n:,}", since=tested.since, **values))
