"""Meta ads by day: what each ad cost, how often it was seen and clicked, and what Meta says it sold.

Quirks of Ads Manager exports and of the Insights API:

- The currency stands in the header, ``Amount spent (USD)``; the API has ``account_currency`` instead.
- A report may hold a row of totals without any name: counted, not booked. A row over several days is no
  day's cost and is refused: the report has to be broken down by day.
- Breakdowns (age, placement) split an ad's day over several rows: they are added up. Reach is not, for
  people cannot be added; it is not read.
- Purchases are told several times over under different names; one of them is taken, they are never added
  up.
- Days are the ad account's; Meta restates them for weeks, so the newest file holds.
"""

from __future__ import annotations

import re

import ibis
from ibis.expr.types import Table

from argosy.intake.ads import NAMES, ad_days
from argosy.intake.facts import Facts, Origin
from argosy.intake.formats import Format


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return ad days."""
    named = [rows[name] for name in NAMES if name in origin.headers]
    total = ibis.and_(*(name.isnull() for name in named)) if named else ibis.literal(False)
    told = rows.mutate(total=total, long=rows.until.notnull() & (rows.until != rows.day))
    days = told.filter(~told.total, ~told.long)
    return Facts(
        {"ad_days": ad_days(days, origin, currency=_currency(origin))},
        refused=told.filter(~told.total, told.long).select("row_no", bad=ibis.literal("until|not_one_day")),
        ignored=told.filter(told.total).select("row_no"),
    )


def _currency(origin: Origin) -> str | None:
    """Return the currency in the header of the amount spent, else the account's."""
    found = re.search(r"\(([A-Za-z]{3})\)", origin.headers.get("spend", ""))
    return found.group(1).upper() if found else origin.currency
