"""What actions brought, as it is read in a terminal and by other programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from babel.numbers import format_percent
from rich.table import Table
from rich.text import Text

from argosy.brief.cards import Sheet
from argosy.brief.terminal import BAD, GOOD, QUIET, STRONG
from argosy.decisions.outcomes import Account, Taken
from argosy.decisions.sentences import change_says
from argosy.model.words import say


def print_outcomes(sheet: Sheet, actions: Sequence[Taken], account: Account) -> None:
    """Print the running account and a line per action, the newest first."""
    if not actions:
        sheet.print(sheet.quiet(_word(sheet, "none")))
        return
    sheet.print(Text(_earned(sheet, account), style=STRONG))
    for line in _notes(sheet, account):
        sheet.print(sheet.quiet(line))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style=QUIET)
    for key, side in (("action", "left"), ("expected", "right"), ("brought", "right"), ("told", "left")):
        table.add_column("" if key == "action" else _word(sheet, key), justify=side)  # type: ignore[arg-type]
    for one in sorted(actions, key=lambda each: -each.number):
        said = f"A{one.number}  {change_says(one.change, sheet.lang)}"
        table.add_row(said, sheet.amount(one.expected.mid, one.currency), _brought(sheet, one), _told(sheet, one))
    sheet.print(Text(""), table)


def _earned(sheet: Sheet, account: Account) -> str:
    days = {"since": sheet.day(account.since), "until": sheet.day(account.until)}
    if not account.measured:
        return _word(sheet, "account_none", **days)
    return _word(sheet, "account", **days, earned=sheet.span(account.earned, account.currency), n=account.measured)


def _notes(sheet: Sheet, account: Account) -> list[str]:
    reasons = sorted(account.unmeasured.items(), key=lambda each: -each[1])
    notes = [_word(sheet, "unmeasured", n=n, reason=say(f"measures.{reason}", sheet.lang)) for reason, n in reasons]
    notes += [_word(sheet, "awaited", n=account.awaited)] if account.awaited else []
    if account.came is None:
        return [*notes, _word(sheet, "few")] if account.measured else notes
    low, mid, high = (1 - part for part in reversed(account.came))
    sign, key = (1, "hopeful") if mid >= 0 else (-1, "modest")
    ends = sorted((sign * low, sign * high))
    part, least, most = (format_percent(each, locale=sheet.locale) for each in (sign * mid, *ends))
    judged = [_word(sheet, "inside", inside=account.inside, judged=account.judged)] if account.judged else []
    return [*notes, _word(sheet, key, part=part, low=least, high=most), *judged]


def _brought(sheet: Sheet, one: Taken) -> Text:
    found = one.outcome and one.outcome.brought
    if not one.outcome or not found:
        return Text("·", style=QUIET)
    style = GOOD if found.low > 0 else BAD if found.high < 0 else ""
    return Text(sheet.span(found, one.outcome.currency), style=style)


def _told(sheet: Sheet, one: Taken) -> Text:
    if one.outcome is None:
        return Text(_word(sheet, "until", day=sheet.day(one.last)), style=QUIET)
    key = one.outcome.comparison if one.outcome.brought else one.outcome.reason
    metric = say(f"measures.{one.measure.metric}", sheet.lang)
    return Text(f"{metric}, {say(f'measures.{key}', sheet.lang)}" if one.outcome.brought else
                say(f"measures.{key}", sheet.lang), style=QUIET)  # fmt: skip


def _word(sheet: Sheet, key: str, **values: Any) -> str:
    return say(f"outcomes.{key}", sheet.lang, **values)


def plain_outcomes(actions: Sequence[Taken], account: Account) -> dict[str, Any]:
    """Return the same for other programs; amounts and days become texts."""
    return {
        "account": {**vars(account), "earned": vars(account.earned)},
        "actions": [
            {
                "name": f"A{one.number}", "kind": one.change.kind, "subject": one.change.subject,
                "measure": vars(one.measure), "first": one.first, "last": one.last,
                "expected": vars(one.expected), "expected_currency": one.currency,
                "brought": vars(one.outcome.brought) if one.outcome and one.outcome.brought else None,
                "currency": one.outcome.currency if one.outcome else None,
                "comparison": one.outcome.comparison if one.outcome else None,
                "reason": one.outcome.reason if one.outcome else None,
            }
            for one in actions
        ],
    }  # fmt: skip
