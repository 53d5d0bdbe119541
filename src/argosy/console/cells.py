"""Cells of tables: what a value is called and how it is written in the reader's language."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel import Locale
from babel.dates import format_date
from ibis.expr.datatypes import DataType

from argosy.console.templatetags.words import account_name, day, figure, moment, number, percent
from argosy.model.entries import ESTIMATED
from argosy.model.words import LOCALES, say
from argosy.views import View

# Amounts that are in the currency of their row; all others are in the book currency.
OWN_CURRENCY = ("amount", "came", "went", "expected", "found", "stake")
# From which value on a share is warmer: five shades from bad to good.
HEAT = {
    "margin": (0.0, 0.15, 0.3, 0.5),
    "share": (0.8, 0.9, 0.95, 0.98),
    "refund_share": (-0.2, -0.1, -0.06, -0.03),  # the other way round
}
LEAST = {"share": "n"}  # how many a share rests on; below it says nothing yet
FEW = 20


@dataclass(frozen=True)
class Cell:
    """What is written, of which kind, where it leads, whether a part of it is estimated, how warm it is, and what is
    said of it in small."""

    text: str
    kind: str
    href: str = ""
    guess: bool = False
    heat: str = ""
    aside: str = ""


def kind_of(name: str, type_: DataType) -> str:
    """Return of which kind the values of a column are: money, share, count, day, moment or text."""
    if type_.is_decimal():
        return "money"
    if type_.is_floating():
        return "share"
    if type_.is_integer():
        return "count"
    if type_.is_date():
        return "month" if name == "month" else "day"
    return "moment" if type_.is_timestamp() else "text"


def cell_of(
    row: Mapping[str, Any], name: str, kind: str, *, view: View, lang: str,
    link: Callable[[Mapping[str, Any], str], str] | None = None,
) -> Cell:  # fmt: skip
    """Return one cell of a row."""
    value = row[name]
    text, aside = _written(row, name, kind, view=view, lang=lang)
    href = link(row, name) if link is not None else ""
    guess = kind == "money" and bool(value) and _guessed(row, name, view)
    return Cell(text, kind, href, guess, _heat(row, name), aside)


def _written(row: Mapping[str, Any], name: str, kind: str, *, view: View, lang: str) -> tuple[str, str]:
    value, context = row[name], {"lang": lang}
    if value is None:
        return (say("brief.none_told", lang), "") if kind == "text" and name in ("market", "sku") else ("–", "")
    match kind:
        case "money":
            return figure(context, value, row.get("currency") or "" if name in OWN_CURRENCY else ""), ""
        case "share":
            return percent(context, value, 1), ""
        case "count":
            return number(context, value), ""
        case "month":
            return month_name(value, lang), ""
        case "day":
            return day(context, value), ""
        case "moment":
            return moment(context, value), ""
    return _word(row, name, view=view, lang=lang)


def _word(row: Mapping[str, Any], name: str, *, view: View, lang: str) -> tuple[str, str]:
    value = str(row[name])
    match name:
        case "account":
            return account_name(value, lang), ""
        case "market":
            return market_name(value, lang), value
        case "state" if value in (ESTIMATED, "settled"):
            return say(f"console.{value}", lang), ""
        case "kind" if view.kinds:
            return say(f"{view.kinds}.{value}", lang, **row), ""
        case "needs" if value:
            return say(f"gaps.needs_{value}", lang), ""
    return value, ""


def _guessed(row: Mapping[str, Any], name: str, view: View) -> bool:
    if view.marks:
        return name in str(row[view.marks]).split()
    if "state" in row:
        return bool(row["state"] == ESTIMATED)
    return name in ("amount", "book_amount") and bool(row.get("estimated"))


def _heat(row: Mapping[str, Any], name: str) -> str:
    value, steps = row[name], HEAT.get(name)
    if steps is None or value is None or (name in LEAST and (row.get(LEAST[name]) or 0) < FEW):
        return ""
    return f"a-heat-{bisect(steps, -value if name == 'refund_share' else value)}"


def market_name(code: str, lang: str) -> str:
    """Return what people call a market; a code nobody knows stays as it is."""
    return str(Locale.parse(LOCALES[lang]).territories.get(code, code))


def month_name(first: date, lang: str) -> str:
    """Return a month with its year."""
    return format_date(first, "MMM y" if lang == "en" else "y年M月", locale=LOCALES[lang])
