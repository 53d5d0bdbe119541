"""What actions brought, as it is read in a terminal and by other programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from babel.numbers import format_percent
from rich.table import Table
from rich.text import Text

from argosy.brief.cards import Sheet, Writing
from argosy.brief.terminal import BAD, GOOD, QUIET, STRONG
from argosy.decisions.outcomes import Account, Taken
from argosy.decisions.sentences import change_says
from argosy.model.words import say


def print_outcomes(sheet: Sheet, actions: Sequence[Taken], account: Account) -> None:
    """Print the running account and a line per action, the newest first."""
    if not actions:
        sheet.print(sheet.quiet(_word(sheet, "none")))
        return
    sheet.print(Text(earned_says(sheet, account), style=STRONG))
    for line in notes_say(sheet, account):
        sheet.print(sheet.quiet(line))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style=QUIET)
    for key, side in (("action", "left"), ("expected", "right"), ("brought", "right"), ("told", "left")):
        table.add_column("" if key == "action" else _word(sheet, key), justify=side)  # type: ignore[arg-type]
    for one in sorted(actions, key=lambda each: -each.number):
        said = f"A{one.number}  {change_says(one.change, sheet.lang)}"
        quiet = sheet.quiet(told_how(sheet, one))
        table.add_row(said, sheet.amount(one.expected.mid, one.currency), _brought(sheet, one), quiet)
    sheet.print(Text(""), table)


def earned_says(sheet: Writing, account: Account) -> str:
    """Return what actions earned in a time, as a sentence."""
    days = {"since": sheet.day(account.since), "until": sheet.day(account.until)}
    if not account.measured:
        return _word(sheet, "account_none", **days)
    return _word(sheet, "account", **days, earned=sheet.span(account.earned, account.currency), n=account.measured)


def notes_say(sheet: Writing, account: Account) -> list[str]:
    """Return what could not be measured and why, what is still watched and how hopeful forecasts were."""
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


def told_how(sheet: Writing, one: Taken) -> str:
    """Return on what and against what an action was measured, why it was not, or until when it is watched."""
    if one.outcome is None:
        return _word(sheet, "until", day=sheet.day(one.last))
    if not one.outcome.brought:
        return say(f"measures.{one.outcome.reason}", sheet.lang)
    return ", ".join(say(f"measures.{key}", sheet.lang) for key in (one.measure.metric, one.outcome.comparison))


def _word(sheet: Writing, key: str, **values: Any) -> str:
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
