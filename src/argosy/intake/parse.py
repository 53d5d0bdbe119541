"""Text cells into typed columns, strictly: what cannot be read is a reject with its reason, never a guess."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import ibis
from ibis.expr.types import StringValue, Table, Value

from argosy.intake.formats import ColumnSpec, Format
from argosy.intake.texts import without_contacts
from argosy.lake.engine import Lake
from argosy.lake.parsing import amount_of, local_moment_of, moment_of
from argosy.model.countries import country_code

# What exports write where there is nothing; of words only what can be no word.
BLANKS = ("--", "-", "—", "n/a", "N/A", "null", "NULL", "None", "none")
BLANK_WORDS = ("--",)
TRUE, FALSE = ("true", "yes", "y", "1", "是"), ("false", "no", "n", "0", "否")
OFFSET = r"(:\d{2}(?:\.\d+)?)\s*(?:[A-Z]{1,4}|[+-]\d{2}:?\d{2})$"
MONTH_FIRST = ("%m/%d", "%m-%d", "%m.%d")


@dataclass(frozen=True)
class Reading:
    """How one file writes its numbers and dates; ``assumed`` names what its rows could not decide."""

    point: str
    date_order: str
    zone: str
    assumed: tuple[str, ...] = ()


def settle_reading(lake: Lake, rows: Table, format: Format, present: Mapping[str, int], zone: str) -> Reading:
    """Return the decimal sign and date order that the file's own rows prove, asking all of them at once."""
    reading = Reading("." if format.decimal == "auto" else format.decimal, "", zone)
    columns = [c for c in format.columns if c.name in present]
    if format.decimal == "auto":
        money = [rows[c.name] for c in columns if c.type in ("money", "number")]
        reading = _settle_point(lake, rows, money, reading)
    dates = [rows[c.name] for c in columns if c.type in ("date", "time")]
    if format.date_order and dates:
        reading = _settle_date_order(lake, rows, dates, format, reading)
    return reading


def _settle_point(lake: Lake, rows: Table, cells: list[StringValue], reading: Reading) -> Reading:
    if not cells:
        return reading
    comma = r"(^|[^0-9.,])\d+,\d{1,2}\D*$|\.\d{3},\d+\D*$|^\D*0,\d+"
    dot = r"(^|[^0-9.,])\d+\.\d{1,2}\D*$|,\d{3}\.\d+\D*$|^\D*0\.\d+|\d\.\d{4,}\D*$"
    # Currencies whose prices have no cents in practice write their thousands with a dot: "IDR 12.000".
    dots = r"^(IDR|Rp|VND|₫|CLP|COP|PYG)\D*\d{1,3}(\.\d{3})+\D*$|^\D*\d{1,3}(\.\d{3}){2,}\D*$"
    commas = r"^\D*\d{1,3}(,\d{3}){2,}\D*$"
    seen = lake.rows(
        rows.aggregate(
            comma=_total(cell.re_search(comma) | cell.re_search(dots) for cell in cells),
            dot=_total(cell.re_search(dot) | cell.re_search(commas) for cell in cells),
            either=_total(cell.re_search(r"\d[.,]\d{3}\D*$") for cell in cells),
        )
    )[0]
    if seen["comma"] > seen["dot"]:
        return replace(reading, point=",")
    undecided = seen["either"] and not seen["dot"]
    return replace(reading, assumed=(*reading.assumed, "decimal")) if undecided else reading


def _total(found: Any) -> Any:
    return sum((hit.fill_null(False).cast("int64").sum().fill_null(0) for hit in found), start=ibis.literal(0))


def _settle_date_order(lake: Lake, rows: Table, cells: list[StringValue], format: Format, reading: Reading) -> Reading:
    if format.date_order != "auto":
        return replace(reading, date_order=format.date_order)
    pattern = r"^(\d{1,2})[/.-](\d{1,2})[/.-](\d{2,4})"
    first = [cell.re_extract(pattern, 1).try_cast("int64") for cell in cells]
    second = [cell.re_extract(pattern, 2).try_cast("int64") for cell in cells]
    year = cells[0].re_extract(pattern, 3).try_cast("int64")
    month_first, day_first = (year * 12 + first[0]) * 31 + second[0], (year * 12 + second[0]) * 31 + first[0]
    seen = lake.rows(
        rows.aggregate(
            first=ibis.greatest(*(f.max().fill_null(0) for f in first), 0),
            second=ibis.greatest(*(s.max().fill_null(0) for s in second), 0),
            month_first=(month_first.max() - month_first.min()).fill_null(0),
            day_first=(day_first.max() - day_first.min()).fill_null(0),
        )
    )[0]
    if seen["first"] > 12 or seen["second"] > 12:
        return replace(reading, date_order="DMY" if seen["first"] > 12 else "MDY")
    # An export covers a stretch of days: the order that makes the stretch shorter is the likely one.
    order = "DMY" if seen["day_first"] < seen["month_first"] else "MDY"
    assumed = (*reading.assumed, "date_order") if seen["first"] else reading.assumed
    return replace(reading, date_order=order, assumed=assumed)


def parse_rows(lake: Lake, rows: Table, format: Format, present: Mapping[str, int], reading: Reading) -> Table:
    """Return the typed rows: ``row_no``, every column of the format (NULL where the file has none), ``bad``.

    ``bad`` is NULL for a good row, else ``column|reason`` of the first cell that is missing or cannot be read.
    """
    columns: dict[str, Value] = {}
    said: dict[str, Value] = {}
    for spec in format.columns:
        if spec.name not in present:
            columns[spec.name] = ibis.null().cast(_ibis_type(spec))
            continue
        text = rows[spec.name]
        blanks = BLANK_WORDS if spec.type in ("text", "words", "person") else BLANKS
        # A list, not IN: the engine would make a join of every IN, and this one stands wherever a cell is read.
        text = ibis.ifelse(ibis.array(blanks).contains(text), ibis.null("string"), text)
        value = _value(lake, rows, text, spec, format, reading)
        columns[spec.name] = value
        checked = spec.type not in ("text", "words", "person", "country", "currency")
        if spec.need == "value" or checked:
            said[f"said {spec.name}"] = text.notnull()
    # In two steps, so that no cell is read twice: once for its value, once for whether it has one.
    typed = lake.keep("rows_typed", rows.select(row_no=rows.row_no, **columns, **said))
    bad = [fault for spec in format.columns if f"said {spec.name}" in said for fault in _faults(typed, spec)]
    faulty = ibis.cases(*bad, else_=ibis.null("string")) if bad else ibis.null("string")
    return typed.mutate(bad=faulty).drop(*said)


def _faults(typed: Table, spec: ColumnSpec) -> list[tuple[Any, str]]:
    said, value = typed[f"said {spec.name}"], typed[spec.name]
    faults = [(~said, f"{spec.name}|missing")] if spec.need == "value" else []
    return [*faults, (said & value.isnull(), f"{spec.name}|not_{spec.type}")]


def _ibis_type(spec: ColumnSpec) -> str:
    types = {
        "money": "decimal(18,4)",
        "number": "decimal(18,4)",
        "rate": "decimal(18,10)",
        "int": "int64",
        "time": "timestamp",
        "date": "date",
    }
    return "boolean" if spec.type == "flag" else types.get(spec.type, "string")


def _value(lake: Lake, rows: Table, text: Any, spec: ColumnSpec, format: Format, reading: Reading) -> Any:
    match spec.type:
        case "money" | "number":
            return _amount(text, reading)
        case "rate":
            return text.try_cast("decimal(18,10)")
        case "int":
            return _whole(text, reading)
        case "time" | "date":
            moment = _moment(text, format, spec.zone or reading.zone, reading.date_order, spec.type)
            return moment.cast("date") if spec.type == "date" else moment
        case "flag":
            low = text.lower()
            return ibis.cases((low.isin(TRUE), True), (low.isin(FALSE), False), else_=ibis.null("boolean"))
        case "country":
            return ibis.ifelse(text.notnull(), _country(lake, rows, spec.name), ibis.null("string"))
        case "currency":
            return text.upper()
        case "words":
            return without_contacts(text)
        case _:
            return text


def _amount(text: Any, reading: Reading) -> Any:
    if reading.point == ".":
        # The plain spelling first: it is what nearly every row has, and far quicker than a pattern.
        plain = ibis.ifelse(text.contains("_") | text.lower().contains("e"), ibis.null("string"), text)
        return ibis.coalesce(plain.try_cast("decimal(18,4)"), amount_of(text, "."))
    return amount_of(text, reading.point)


def _whole(text: Any, reading: Reading) -> Any:
    amount = _amount(text, reading)
    return ibis.ifelse(amount == amount.round(0), amount.cast("int64"), ibis.null("int64"))


def _moment(text: Any, format: Format, zone: str, date_order: str, kind: str) -> Any:
    forms = [form.removesuffix("%z").rstrip() for form in format.forms]
    if date_order == "DMY":
        forms = [_day_first(form) for form in forms]
    unique = list(dict.fromkeys(forms))
    if kind == "date":
        # The day as it is written; in another zone it may be another day.
        return local_moment_of(text.re_replace(OFFSET, r"\1"), unique, "UTC")
    if any(form.endswith("%z") for form in format.forms):
        return moment_of(text, unique, zone)
    return local_moment_of(text, unique, zone)


def _day_first(form: str) -> str:
    for month_first in MONTH_FIRST:
        if form.startswith(month_first):
            return f"%d{month_first[2]}%m{form[5:]}"
    return form


def _country(lake: Lake, rows: Table, column: str) -> Any:
    """Return ISO codes where the words are known, the source's own words where not: nothing is dropped."""
    words = [row["word"] for row in lake.rows(rows.select(word=rows[column]).distinct()) if row["word"]]
    codes = {word: country_code(word) or word for word in words}
    known = {word: code for word, code in codes.items() if word != code}
    if not known:
        return rows[column]
    return rows[column].substitute(known)
