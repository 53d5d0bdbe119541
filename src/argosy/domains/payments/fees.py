"""What channels keep of every sale: fees taken twice, and fees that have risen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from ibis.expr.types import Table

from argosy.domains.payments import settings
from argosy.model.findings import Finding, Range
from argosy.model.money import MONEY, round_half_up
from argosy.outlook.change import TENTH, changes
from argosy.outlook.known import Known
from argosy.outlook.lines import lines
from argosy.outlook.series import Numbers

FEES = ("referral", "fulfilment")
ONE = ["subject", "currency", "order", "sku"]  # what a sale is told apart by


def fee_charged_twice(known: Known) -> Iterator[Finding]:
    """Return the sites that took the same fee of the same article of an order more often than it was sold; subject:
    channel and country, ``amazon:main/US``."""
    twice = _twice(known)
    by_day = twice.group_by("subject", "currency", "day").aggregate(
        amount=twice.extra.sum().cast(MONEY), orders=twice.order.nunique()
    )
    rows = sorted(known.rows(by_day), key=lambda row: (row["subject"], row["currency"], row["day"]))
    for subject, currency in sorted({(row["subject"], row["currency"]) for row in rows}):
        mine = [row for row in rows if (row["subject"], row["currency"]) == (subject, currency)]
        worth = [(row["amount"], known.rate(currency, on=row["day"])) for row in mine]
        stake = round_half_up(sum((amount * rate for amount, rate in worth if rate is not None), Decimal(0)), 2)
        amount = sum(amount for amount, _ in worth)
        if stake > 0:
            yield Finding(
                "payments.fee_charged_twice", subject, mine[0]["day"],
                _given_back(stake, exact=currency == known.book_currency),
                known.book_currency, 0.95,
                told={
                    "site": subject, "orders": sum(row["orders"] for row in mine), "missing": amount,
                    "currency": currency, "payer": subject.partition("/")[0], "since": mine[0]["day"],
                },
                evidence=(known.evidence("fees_twice", twice.filter(twice.subject == subject)),),
            )  # fmt: skip


def _given_back(stake: Decimal, *, exact: bool) -> Range:
    """Return what a fee is worth when it is given back: exact in the book currency, else as rates move until then."""
    return Range.exactly(stake) if exact else Range.shares(stake, settings.GIVEN_BACK_AT)


def orders_charged_twice(known: Known, site: str) -> list[str]:
    """Return the orders a site charged twice for, as the channel names them."""
    twice, orders = _twice(known), known.facts["orders"]
    named = twice.filter(twice.subject == site).select("order").distinct()
    met = named.left_join(orders.select("order_id", "order_name"), named.order == orders.order_id)
    rows = known.rows(met.select(name=ibis.coalesce(met.order_name, met.order)))
    return sorted(row["name"] for row in rows)


def fee_rate_up(known: Known) -> Iterator[Finding]:
    """Return the sites that keep a larger part of the price than they used to; subject: channel and country.

    Fees are held against what the same articles used to pay, so that selling other articles is no rise. Fees charged
    twice are none either.
    """
    yield from _risen(known, kind="referral", name="payments.fee_rate_up")


def fulfilment_up(known: Known) -> Iterator[Finding]:
    """Return the sites that charge more for sending a unit of the same articles; subject: channel and country."""
    yield from _risen(known, kind="fulfilment", name="payments.fulfilment_up")


def _told(known: Known) -> tuple[Table, pa.Table]:
    cells = _rates(known)
    return cells, known.run(cells)


def _risen(known: Known, *, kind: str, name: str) -> Iterator[Finding]:
    cells, rows = known.once(_told)
    rows = rows.filter(pc.equal(rows["kind"], kind))
    cells = cells.filter(cells.kind == kind)
    subject, subjects = _numbered(rows, "subject", "currency")
    sku, _ = _numbered(rows, "subject", "currency", "sku")
    first = known.day - timedelta(days=settings.FEE_DAYS)
    when = rows["day"].to_numpy(zero_copy_only=False).astype("datetime64[D]")
    day = (when - np.datetime64(first)).astype(np.int64)
    fee, base, sales = (rows[name].to_numpy(zero_copy_only=False).astype(float) for name in ("fee", "base", "sales"))
    usual_fee = base * _usual_rates(sku, fee, base)[sku] if len(sku) else base

    def by_day(values: Numbers) -> Numbers:
        table = np.zeros((settings.FEE_DAYS, len(subjects)))
        np.add.at(table, (day, subject), values)
        return table

    paid, usual, sold = by_day(fee), by_day(usual_fee), by_day(sales)
    seen = np.flatnonzero(sold.sum(axis=0) >= 2 * settings.LEAST_SALES)
    if not len(seen):
        return
    paid, usual, sold = paid[:, seen], usual[:, seen], sold[:, seen]
    # A fee scatters by a part of itself, and one of exposure is a unit of money.
    unit = settings.FEE_SCATTER**2 * usual.sum(axis=0) / sold.sum(axis=0)
    begun = int(np.flatnonzero(sold.any(axis=1))[0])
    found = changes(paid[begun:], usual[begun:], sense=1, within=110, unit=unit)
    for n, place in enumerate(seen):
        start, end = int(found.start[n]) + begun, int(found.end[n]) + begun
        if found.confidence[n] < settings.SURE or found.share[n] < settings.LEAST_RISE:
            continue
        if sold[start:end, n].sum() < settings.LEAST_SALES:
            continue
        site, currency = subjects[place].split("|")[:2]
        beyond = paid[start:end, n] - found.before[n] * usual[start:end, n]
        worth = _worth(known, currency, beyond, first=first + timedelta(days=start))
        if worth < known.once(lines).material:
            continue
        error = TENTH * float(found.error[n] / max(found.mid[n], 1e-9))
        off = error + settings.FEES_OFF
        parts = (max(1 - off, 0.0), 1.0, 1 + off)
        yield Finding(
            name, site, first + timedelta(days=start),
            Range(*(round_half_up(Decimal(worth * part), 2) for part in parts)),
            known.book_currency, float(found.confidence[n]),
            told={
                "site": site, "payer": site.partition("/")[0],
                "percent": round(100 * float(found.share[n])), "since": first + timedelta(days=start),
                "until": first + timedelta(days=end - 1), "lasts": "yes" if end == settings.FEE_DAYS else "no",
                "sales": int(sold[start:end, n].sum()), "a_day": round_half_up(Decimal(worth / (end - start)), 2),
            },
            evidence=(known.evidence("fees_of_sales", cells.filter(cells.subject == site)),),
        )  # fmt: skip


def _numbered(rows: pa.Table, *names: str) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Return the place of each row's words among all there are, and these, parted by a bar."""
    columns = [rows[name].to_pylist() for name in names]
    words = np.array(["|".join(parts) for parts in zip(*columns, strict=True)], dtype=str)
    found, place = np.unique(words, return_inverse=True)
    return place, found.tolist()


def _usual_rates(sku: npt.NDArray[np.int64], fee: Numbers, base: Numbers) -> Numbers:
    """Return what each article pays of one of its base: the quarter of its days with the lowest rate pay no more.

    Fees stand in lists and hardly scatter, and a rise may be older than what came before it.
    """
    rate = fee / np.maximum(base, 1e-9)
    queue = np.lexsort((rate, sku))
    starts = np.searchsorted(sku[queue], np.arange(sku.max() + 1))
    counts = np.bincount(sku)
    return np.asarray(rate[queue][starts + counts // 4])


def _worth(known: Known, currency: str, beyond: Numbers, *, first: date) -> float:
    """Return amounts of days from ``first`` on in the book currency; of a day without a rate nothing is told."""
    rates = (known.rate(currency, on=first + timedelta(days=number)) for number in range(len(beyond)))
    return sum(float(amount) * float(rate) for amount, rate in zip(beyond, rates, strict=True) if rate is not None)


def _charges(known: Known) -> tuple[Table, Table]:
    """Return fees as taken and sales as told, both by ``ONE`` and day; fees: kind, words, each (above zero), times;
    sales: value, units, times."""
    lines, fees = known.facts["payout_lines"], known.facts["fees"]
    since = ibis.literal(known.day - timedelta(days=settings.FEE_DAYS)).cast("timestamp")
    lines = lines.filter(lines.posted_at >= since).mutate(
        subject=lines.channel_id.concat(ibis.coalesce(ibis.literal("/").concat(lines.country), "")),
        order=ibis.coalesce(lines.order_id, lines.order_ref), day=lines.posted_at.date(),
    )  # fmt: skip
    lines = lines.filter(lines.order.notnull(), lines.sku.notnull())
    orders = known.facts["orders"].select("order_id", "country", "channel_id")
    fees = fees.filter(fees.charged_at >= since, fees.order_id.notnull(), fees.sku.notnull())
    fees = fees.drop("channel_id").inner_join(orders, "order_id")
    fees = fees.mutate(subject=fees.channel_id.concat("/", fees.country.fill_null("?")), order=fees.order_id,
                       day=fees.charged_at.date())  # fmt: skip
    taken = lines.filter(lines.kind.isin(FEES), lines.amount < 0)
    taken = taken.select(*ONE, "day", "kind", words=taken.description.fill_null(""), each=(-taken.amount).cast(MONEY))
    billed = fees.filter(fees.kind.isin(FEES), fees.amount > 0)
    billed = billed.select(*ONE, "day", "kind", words=ibis.literal(""), each=billed.amount.cast(MONEY))
    both = taken.union(billed)
    told = lines.filter(lines.kind.isin(("sale", "discount")))
    told = told.select(*ONE, "day", value=told.amount.cast(MONEY), units=told.quantity.fill_null(0).cast("int64"),
                       times=(told.kind == "sale").cast("int64"))  # fmt: skip
    goods = known.facts["order_lines"].drop("currency").semi_join(fees, "order_id")
    goods = goods.filter(goods.sku.notnull(), goods.quantity > 0)
    bought = goods.inner_join(fees.group_by("subject", "currency", "order", "order_id", "sku").aggregate(
        day=fees.day.min()), ["order_id", "sku"])  # fmt: skip
    bought = bought.select(
        *ONE, "day", value=(bought.unit_price * bought.quantity - bought.discount.fill_null(0)).cast(MONEY),
        units=bought.quantity.cast("int64"), times=ibis.literal(1).cast("int64"),
    )  # fmt: skip
    sales = told.union(bought).group_by(*ONE, "day").aggregate(
        value=lambda t: t.value.sum().cast("decimal(28,4)"), units=lambda t: t.units.sum(),
        times=lambda t: t.times.sum(),
    )  # fmt: skip
    counted = both.group_by(*ONE, "day", "kind", "words", "each").aggregate(times=both.count())
    return counted, sales


def _twice(known: Known) -> Table:
    """Return the fees taken more often than their article was sold: ``ONE``, day, kind, each, times, extra."""
    taken, sales = _charges(known)
    sold = sales.group_by(*ONE).aggregate(sold=sales.times.sum())
    whole = taken.group_by(*ONE, "kind", "words", "each").aggregate(day=taken.day.max(), times=taken.times.sum())
    met = whole.inner_join(sold.filter(sold.sold > 0), ONE).filter(lambda t: t.times > t.sold)
    met = met.filter(met.day >= ibis.literal(known.day - timedelta(days=settings.CLAIM_DAYS)))
    return met.select(*ONE, "day", "kind", "each", "times", extra=(met.each * (met.times - met.sold)).cast(MONEY))


def _rates(known: Known) -> Table:
    """Return by site, kind of fee, article and day what was charged and what for: subject, currency, kind, sku, day,
    fee, base (price, or units), sales."""
    taken, sales = _charges(known)
    # On another day than the sale stands what comes with giving it back.
    met = taken.inner_join(sales.filter(sales.times > 0), [*ONE, "day"], rname="sold_{name}")
    once = ibis.least(met.times, met.sold_times)
    met = met.group_by(*ONE, "day", "kind").aggregate(
        fee=(met.each * once).sum().cast("float64"), value=met.value.max().cast("float64"), units=met.units.max(),
        sales=met.sold_times.max(),
    )  # fmt: skip
    units = ibis.greatest(met.units, met.sales).cast("float64")
    met = met.mutate(base=ibis.ifelse(met.kind == "referral", met.value, units)).filter(lambda t: t.base > 0)
    return met.group_by("subject", "currency", "kind", "sku", "day").aggregate(
        fee=met.fee.sum(), base=met.base.sum(), sales=met.sales.sum()
    )
