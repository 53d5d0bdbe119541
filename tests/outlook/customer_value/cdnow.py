"""CDNOW, all 23,570 buyers of the first quarter of 1997 until June 1998: what they did, and what the law says of it."""

from __future__ import annotations

import gzip
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import ibis
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pcsv

from argosy.outlook.customers import (
    Floats,
    Histories,
    Law,
    Spending,
    fit_law,
    fit_spending,
    histories_of,
    histories_until,
)

FILE = Path("customers") / "cdnow_master.txt.gz"
UNTIL, WEEKS = date(1997, 10, 1), 39  # as in the papers: 39 weeks to learn from, 39 to be held against


@dataclass(frozen=True)
class Sample:
    """Buyers of CDNOW: histories until the day, by buyer; repeats after it in as many weeks; mean and number of
    repeat orders until it of who made any."""

    histories: Histories
    later: Floats
    mean: Floats
    orders: Floats


@dataclass(frozen=True)
class Result:
    """What was fitted on a sample, and the orders of the weeks after it: expected, real and by the rule that everybody
    orders as often as before; misses: the mean distance of a buyer's orders from each."""

    name: str
    buyers: int
    law: Law
    spending: Spending
    expected: float
    real: float
    before: float
    miss: float
    miss_before: float


def purchases(data: Path) -> pa.Table:
    """Return the orders: buyer, day, amount (dollars)."""
    text = gzip.decompress((data / FILE).read_bytes()).decode("ascii")
    rows = "\n".join(",".join(line.split()) for line in text.splitlines()[1:] if line.strip())
    table = pcsv.read_csv(
        BytesIO(rows.encode("ascii")),
        read_options=pcsv.ReadOptions(column_names=["customer_key", "told", "units", "amount"]),
        convert_options=pcsv.ConvertOptions(
            column_types={"customer_key": pa.int64(), "told": pa.string(), "amount": pa.float64()}
        ),
    )
    day = pc.strptime(table["told"], format="%Y%m%d", unit="s").cast(pa.date32())
    return pa.table({"customer_key": table["customer_key"], "day": day, "amount": table["amount"]})


def sample(orders: pa.Table, *, tenth: bool) -> Sample:
    """Return all buyers, or every tenth."""
    con = ibis.duckdb.connect(threads=1)
    t = ibis.memtable(orders)
    t = t.filter(t.customer_key % 10 == 1) if tenth else t
    end, last = ibis.literal(UNTIL), ibis.literal(UNTIL + timedelta(weeks=WEEKS))
    known = t.filter(t.day < end)
    each = known.group_by("customer_key").aggregate(
        first=known.day.min(), latest=known.day.max(), n=known.day.nunique()
    )
    days = known.inner_join(each.select("customer_key", "first"), "customer_key")
    again = days.filter(days.day > days.first).group_by("customer_key", "day").aggregate(spent=lambda r: r.amount.sum())
    spent = (
        again.filter(again.spent > 0)
        .group_by("customer_key")
        .aggregate(mean=lambda r: r.spent.mean(), orders=lambda r: r.count())
    )
    after = t.filter(t.day >= end, t.day < last).group_by("customer_key").aggregate(later=lambda r: r.day.nunique())
    joined = each.left_join(after, "customer_key", rname="after_{name}")
    joined = joined.left_join(spent, "customer_key", rname="spent_{name}").order_by("customer_key")
    rows = con.to_pyarrow(joined.select("first", "latest", "n", "later", "mean", "orders"))
    first, latest = (rows[name].to_numpy().astype("datetime64[D]").astype(np.int64) for name in ("first", "latest"))
    until = (UNTIL - date(1970, 1, 1)).days
    of = Histories(rows["n"].to_numpy() - 1.0, (latest - first) / 7, (until - first) / 7, np.ones(len(rows)))
    later = np.nan_to_num(rows["later"].to_numpy(zero_copy_only=False).astype(np.float64))
    came = rows.filter(pc.is_valid(rows["mean"]))
    return Sample(of, later, came["mean"].to_numpy(), came["orders"].to_numpy().astype(np.float64))


def result(name: str, of: Sample) -> Result:
    """Return what is fitted on a sample, and how its forecast did."""
    law = fit_law(of.histories)
    expected, before = law.expected(of.histories, WEEKS), of.histories.repeats
    return Result(
        name, len(of.histories), law, fit_spending(of.mean, of.orders), float(expected.sum()), float(of.later.sum()),
        float(before.sum()), float(np.abs(expected - of.later).mean()), float(np.abs(before - of.later).mean()),
    )  # fmt: skip


def grouped(orders: pa.Table) -> Histories:
    """Return the histories of all buyers as Argosy asks the engine for them: alike ones together."""
    con = ibis.duckdb.connect(threads=1)
    return histories_of(con.to_pyarrow(histories_until(ibis.memtable(orders), until=UNTIL)))
