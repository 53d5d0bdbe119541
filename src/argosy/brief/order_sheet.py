"""One order and what a search found, as they are read in a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from argosy.brief.cards import Sheet
from argosy.brief.terminal import BAD, GOOD, QUIET, STRONG
from argosy.model.words import say

STYLES = {"late": BAD, "missed": BAD, "held": "yellow", "done": GOOD, "ahead": QUIET}
WHAT = {  # of a row that was found, what stands on its line
    "orders": ("order_name", "order_id", "market", "placed_at"),
    "articles": ("sku", "title"),
    "customers": ("customer_key", "orders"),
    "payouts": ("payout_id", "sent_on", "amount", "currency"),
    "parcels": ("tracking_no", "carrier", "order_id"),
}


def print_order(sheet: Sheet, told: Mapping[str, Any], noticed: Sequence[tuple[str, str]]) -> None:
    """Print one order: where it stands, what happened, its money, what nobody can tell."""
    row, promise = told["order"], told["promise"]
    states = [say(f"order.state_{row['state']}", sheet.lang)]
    states += [say(f"order.promise_{promise}", sheet.lang)] if promise else []
    where = " · ".join(part for part in (row["order_id"], row["country"], row["channel_id"]) if part)
    sheet.print(Text.assemble((row["name"], STRONG), f"  {', '.join(states)}"), sheet.quiet(where))
    sheet.print(_timeline(sheet, told["timeline"]), _lines(told["lines"]), _money(sheet, told["money"]))
    for name, words in noticed:
        sheet.print(Text.assemble((f"{name}  ", STRONG), words))
    for gap in told["cannot_tell"]:
        told_by = f" → {say('gaps.needs_' + gap['needs'], sheet.lang)}" if gap["needs"] else ""
        said = say(f"order.missing_{gap['kind']}", sheet.lang, **gap)
        sheet.print(Text.assemble(("? ", "yellow"), (said + told_by, QUIET)))


def _timeline(sheet: Sheet, steps: Sequence[Mapping[str, Any]]) -> Table:
    table = _plain()
    for step in steps:
        late = say("order.hours_late", sheet.lang, n=f"{step['hours']:,}") if step["hours"] else ""
        what = say(f"order.step_{step['what']}", sheet.lang)
        table.add_row(_at(step["at"]), Text(what, style=STYLES[step["state"]]), f"{step['place']} {late}".strip())
    return table


def _lines(lines: Sequence[Mapping[str, Any]]) -> Table:
    table = _plain()
    for line in lines:
        table.add_row(f"{line['quantity']} ×", line["sku"] or line["kind"] or "", line["title"] or "")
    return table


def _money(sheet: Sheet, money: Mapping[str, Any]) -> Table:
    table = _plain()
    table.columns[1].justify = "right"
    for step in money["steps"]:
        style = STRONG if step["margin"] else ""
        amount = sheet.amount(step["amount"], money["currency"])
        table.add_row(Text(say(f"brief.{step['name']}", sheet.lang), style=style), Text(amount, style=style),
                      "≤" if step["margin"] and money["at_most"] and step["name"] != "net_sales" else
                      "" if step["settled"] else "≈")  # fmt: skip
    return table


def print_search(sheet: Sheet, found: Mapping[str, Sequence[Mapping[str, Any]]], text: str) -> None:
    """Print what a text may mean, group by group; else what can be searched for."""
    if not found:
        sheet.print(sheet.quiet(say("order.nothing_found", sheet.lang, text=text[:100])))
    for group, rows in found.items():
        sheet.print(Text(say(f"order.group_{group}", sheet.lang), style=STRONG))
        for row in rows:
            sheet.print(Text("  " + "  ".join(_words(group, row))))


def _words(group: str, row: Mapping[str, Any]) -> list[str]:
    if group == "findings":
        return [f"F{row['number']}", *(f"P{number}" for number in row["proposals"])]
    if group == "proposals":
        return [f"P{row['number']}"]
    values = (row[name] for name in WHAT[group])
    return [_at(value) if isinstance(value, datetime) else str(value) for value in values if value is not None]


def _at(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}"


def _plain() -> Table:
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 0, 0))
    for _ in range(3):
        table.add_column(overflow="fold")
    return table
