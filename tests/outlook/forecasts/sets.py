"""The two public sets forecasts are held against, as sales by series and day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from argosy.outlook.calendar_effects import Numbers
from argosy.outlook.sales import Sales

WEEKS = 8  # ahead

# Goods have numbers of five digits, with letters for colours and sizes. What was taken back on the day it was ordered
# was never wanted.
ONLINE_RETAIL = r"""
with line as (
    select InvoiceNo as invoice, upper(StockCode) as sku, CustomerID as buyer, Quantity::bigint as units,
        InvoiceDate::timestamp::date as day
    from read_csv(?, all_varchar = true) where regexp_matches(StockCode, '^\d{5}') and UnitPrice::double > 0
), back as (select distinct sku, buyer, -units as units, day from line where invoice like 'C%')
select sku as series, day, sum(units)::double as units from line anti join back using (sku, buyer, units, day)
where units > 0 group by all
"""
# A public holiday is a day from Monday to Saturday on which most shops of a state are closed.
ROSSMANN = """
with row as (select *, Date::date as day, isodow(Date::date) < 7 as work from read_csv(?))
select Store::varchar as series, day, Sales::double as units, Promo::int as promotion, SchoolHoliday::int as school,
    (work and avg(Open::int) over (partition by State, day) < 0.5)::int as holiday
from row
"""


@dataclass(frozen=True)
class Trial:
    """A set and how forecasts are held against it.

    origins: first days forecast. least_weeks: series take part that had sales in so many weeks before.
    """

    name: str
    of: str
    sales: Sales
    origins: Sequence[date]
    least_weeks: int


@dataclass(frozen=True)
class Turn:
    """One origin: the sales known before it, and what was sold in the ``WEEKS`` from it on, series x days."""

    known: Sales
    came: Numbers


def online_retail(data: Path) -> Trial:
    """Return units by stock code: a gift wholesaler, 2010-12-01 to 2011-12-09 (UCI, Chen 2015)."""
    rows = duckdb.execute(ONLINE_RETAIL, [str(data / "online_retail.csv.gz")]).fetchnumpy()
    return Trial("Online Retail", "article", _sales(rows), _every(28, date(2011, 10, 15), 6), 13)


def rossmann(data: Path) -> Trial:
    """Return turnover by shop with promotions, school and public holidays: 2013-01-01 to 2015-07-31."""
    rows = duckdb.execute(ROSSMANN, [str(data / "demand" / "rossmann_top100.csv.gz")]).fetchnumpy()
    return Trial("Rossmann", "shop", _sales(rows, "promotion", "school", "holiday"), _every(56, date(2015, 6, 6), 7), 1)


def turns(trial: Trial) -> list[Turn]:
    """Return the origins of a trial, the latest first."""
    return [_turn(trial, origin) for origin in trial.origins]


def _every(days: int, last: date, times: int) -> list[date]:
    return [last - timedelta(days=days * number) for number in range(times)]


def _sales(rows: dict[str, Any], *features: str) -> Sales:
    """Return rows of series, day, units and features as sales; days before the first sale tell nothing."""
    names, series = np.unique(rows["series"].astype(str), return_inverse=True)
    days = rows["day"].astype("datetime64[D]")
    at = (days - days.min()).astype(int)
    units = np.zeros((len(names), at.max() + 1))
    units[series, at] = rows["units"]
    ahead = np.zeros((len(names) if features else 1, at.max() + 1, len(features)))
    for place, feature in enumerate(features):
        ahead[series, at, place] = rows[feature]
    begun = np.maximum.accumulate(units > 0, axis=1)
    return Sales([(name, None) for name in names], days.max().item(), np.where(begun, units, np.nan), ahead)


def _turn(trial: Trial, origin: date) -> Turn:
    sales = trial.sales
    past = sales.units.shape[1] - (sales.last - origin).days - 1
    which = np.flatnonzero((whole_weeks(sales.units[:, :past]) > 0).sum(axis=1) >= trial.least_weeks)
    known = replace(
        sales,
        keys=[sales.keys[place] for place in which.tolist()],
        last=origin - timedelta(days=1),
        units=sales.units[which, :past],
        known_ahead=sales.known_ahead if len(sales.known_ahead) == 1 else sales.known_ahead[which],
    )
    return Turn(known, sales.units[which, past : past + WEEKS * 7])


def whole_weeks(units: Numbers) -> Numbers:
    """Return sums by week that end on the last day; days that tell nothing count as nought."""
    whole: npt.NDArray[np.float64] = np.nan_to_num(units[:, units.shape[1] % 7 :])
    return np.asarray(whole.reshape(len(whole), -1, 7).sum(axis=2))
