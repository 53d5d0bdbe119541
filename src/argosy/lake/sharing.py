"""Sharing a sum over rows so that the parts always add up to the whole."""

from __future__ import annotations

import ibis
from ibis.expr.types import NumericValue, StringValue, Table, Value

from argosy.lake.parsing import exact_cut
from argosy.model.money import MONEY, minor_units_of


def shared(
    table: Table, total: str, *, weight: NumericValue, by: StringValue, order_by: Value, currency: StringValue
) -> NumericValue:
    """Return the part of ``total`` that falls on each row: ``total`` stands on every row of its group ``by``.

    Cumulative rounding in the currency's minor units (ten-thousandths where the total itself is finer), so that
    the parts of a group add up to its total exactly. Weights count by their size; a group without any is
    shared equally.
    """
    value = table[total]
    digits = minor_units_of(currency)
    payable = ibis.cases(*((digits == n, value == value.round(n)) for n in (0, 3, 4)), else_=value == value.round(2))
    fine = ibis.ifelse(payable, digits, 4)
    units = ibis.cases(
        *((fine == n, (value.abs() * 10**n).round(0).cast("int64")) for n in (0, 3, 4)),
        else_=(value.abs() * 100).round(0).cast("int64"),
    )
    size = (weight.abs() * 10_000).round(0).cast("decimal(38,0)").fill_null(0)
    group, order = [by], [order_by]
    whole = size.sum().over(ibis.window(group_by=group)).cast("decimal(38,0)")
    count = by.count().over(ibis.window(group_by=group)).cast("decimal(38,0)")
    running = size.sum().over(ibis.cumulative_window(group_by=group, order_by=order)).cast("decimal(38,0)")
    number = by.count().over(ibis.cumulative_window(group_by=group, order_by=order)).cast("decimal(38,0)")
    weighed = whole > 0
    after, before = ibis.ifelse(weighed, running, number), ibis.ifelse(weighed, running - size, number - 1)
    of = ibis.ifelse(weighed, whole, count)
    part = exact_cut(units, after, of) - exact_cut(units, before, of)
    step = ibis.cases(
        *((fine == n, _step(n)) for n in (0, 3, 4)),
        else_=_step(2),
    )
    return (part.cast("decimal(18,0)") * step * value.sign().cast("decimal(1,0)")).cast(MONEY)


def part_of(value: NumericValue, part: NumericValue, *, whole: NumericValue, currency: StringValue) -> NumericValue:
    """Return ``value`` x ``part`` / ``whole`` as it can be paid in ``currency``, half up; none is below zero.

    NULL where ``whole`` is 0 or one of them is unknown.
    """
    digits = minor_units_of(currency)
    of = (whole * 10_000).round(0).cast("decimal(38,0)").nullif(0)
    over = (part * 10_000).round(0).cast("decimal(38,0)")

    def paid(n: int) -> NumericValue:
        units = exact_cut((value * 10**n).round(0).cast("int64"), over, of)
        return (units.cast("decimal(18,0)") * _step(n)).cast(MONEY)

    return ibis.cases(*((digits == n, paid(n)) for n in (0, 3, 4)), else_=paid(2))


def _step(digits: int) -> NumericValue:
    return ibis.literal(f"{10**-digits:.4f}").cast(MONEY)
