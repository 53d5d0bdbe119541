"""What storing a unit costs, bill by bill, against what it used to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import ibis
import numpy as np
from ibis.expr.types import Table

from argosy.domains.stock import settings
from argosy.outlook.known import Known
from argosy.outlook.series import Numbers


@dataclass(frozen=True)
class Dearer:
    """A payee whose storage has become dearer: since the first of a month; share: by which part; more: charged beyond
    the usual since, in the bill's currency."""

    payee: str
    currency: str
    since: date
    share: float
    more: float


def dearer(known: Known) -> list[Dearer]:
    """Return the payees whose last bill charges more for a unit, article by article, than bills before did."""
    told = known.run(_bills(known)).to_pydict()
    if not told["sku"]:
        return []
    whose = np.array([f"{payee}/{currency}" for payee, currency in zip(told["payee"], told["currency"], strict=True)])
    months, month = np.unique(np.array(told["month"], "datetime64[D]"), return_inverse=True)
    skus, sku = np.unique(np.array(told["sku"]), return_inverse=True)
    found = []
    for one in np.unique(whose):
        mine = whose == one
        tables = [np.zeros((len(months), len(skus))) for _ in range(2)]
        for table, name in zip(tables, ("amount", "units"), strict=True):
            table[month[mine], sku[mine]] = np.array(told[name], float)[mine]
        risen = _risen(*tables)
        if risen is not None:
            payee, _, currency = str(one).rpartition("/")
            found.append(Dearer(payee, currency, months[risen[0]].item(), *risen[1:]))
    return found


def _risen(amount: Numbers, units: Numbers) -> tuple[int, float, float] | None:
    """Return the first of the last months that were dear, by how much, and what it came to; months x articles."""
    rate = np.where(units > 0, amount / np.where(units > 0, units, 1), np.nan)
    usual: list[int] = []
    dear: list[int] = []
    more = ought_all = 0.0
    for month in range(len(rate)):
        if not np.isfinite(rate[month]).any():
            continue
        told = np.isfinite(rate[month]) & np.isfinite(rate[usual]).any(axis=0)
        ought = (np.nanmedian(rate[usual][:, told], axis=0) * units[month, told]).sum() if told.any() else 0.0
        if ought > 0 and amount[month, told].sum() > (1 + settings.STORAGE_RISEN) * ought:
            dear.append(month)
            more += amount[month, told].sum() - ought
            ought_all += ought
        else:
            usual.append(month)
            dear, more, ought_all = [], 0.0, 0.0
    return (dear[0], more / ought_all, more) if dear else None


def _bills(known: Known) -> Table:
    """Return payee, currency, sku, month, amount, and mean units on hand there in that month."""
    fees, levels = known.facts["fees"], known.facts["stock_levels"]
    fees = fees.filter(fees.kind == "storage", fees.payee.notnull(), fees.sku.notnull(), fees.amount > 0)
    charged = fees.charged_at - ibis.interval(days=settings.BILLED_UNTIL)
    bills = fees.mutate(month=charged.truncate("M").date()).group_by("payee", "currency", "sku", "month")
    bills = bills.aggregate(amount=fees.amount.sum().cast("float64"))
    levels = levels.mutate(month=levels.on_date.cast("timestamp").truncate("M").date())
    lain = levels.group_by("warehouse_id", "sku", "month").aggregate(units=levels.on_hand.mean().cast("float64"))
    lain = lain.rename(payee="warehouse_id")
    both = bills.inner_join(lain, ["payee", "sku", "month"])
    return both.select("payee", "currency", "sku", "month", "amount", "units")
