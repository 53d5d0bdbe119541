"""Books and outlook in, findings about what carriers and customs charge out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

import ibis
import numpy as np
from ibis.expr.types import Table

from argosy.domains.logistics import settings
from argosy.model.findings import Finding, Range
from argosy.outlook.carriage import Lines, agreed, billed, usual_amounts
from argosy.outlook.change import changes
from argosy.outlook.journeys import EPOCH
from argosy.outlook.known import Known
from argosy.outlook.series import Numbers, series

UNIT = 0.002  # variance of a bill against its price, of its usual amount: assumed, a few in a hundred


def carrier_bill_above_contract(known: Known) -> Iterator[Finding]:
    """Return the carriers whose bills lie above what was agreed, or what they used to charge; subject: the carrier.

    Lines are compared with the price of a parcel and of a kilogram of their lane, in the currency of the bill.
    """
    lines: Lines = known.once(billed)
    if len(lines.amount) < settings.LEAST_PARCELS:
        return
    usual, by_contract = usual_amounts(lines, agreed(known))
    worth = _worth(known, lines)
    now = (known.day - EPOCH).days
    day = lines.day - (now - settings.DAYS)
    mine = (day >= 0) & (day < settings.DAYS) & (usual > 0) & (worth > 0)
    counted, exposure = (np.zeros((settings.DAYS, len(lines.carriers))) for _ in range(2))
    for table, value in ((counted, lines.amount), (exposure, usual)):
        np.add.at(table, (day[mine], lines.carrier[mine]), (value * worth)[mine])
    start = int(day[mine].min(initial=settings.DAYS))
    each = exposure.sum() / max(mine.sum(), 1)
    found = changes(counted[start:], exposure[start:], sense=1, unit=np.full(len(lines.carriers), UNIT * each))
    days = settings.DAYS - start
    for place, carrier in enumerate(lines.carriers):
        more = found.share[place]
        over = found.end[place] <= days - settings.CLAIM_DAYS
        if over or found.confidence[place] < settings.SURE or more < float(settings.OVERCHARGED):
            continue
        first, end = (now - days + int(number[place]) for number in (found.start, found.end))
        chosen = mine & (lines.carrier == place) & (lines.day >= first) & (lines.day < end)
        since = EPOCH + timedelta(days=first)
        stake = Range(*(_cents(part[place]) for part in (found.low, found.mid, found.high)))
        rows = _billed_since(known, carrier, since=since)
        yield Finding(
            "logistics.carrier_bill_above_contract", carrier, since, stake, known.book_currency,
            round(float(found.confidence[place]), 3), told={
                "carrier": carrier, "parcels": int(chosen.sum()), "percent": Decimal(f"{100 * more:.0f}"),
                "since": since, "until": EPOCH + timedelta(days=end - 1), "amount": stake.mid,
                "currency": known.book_currency, "contract": int(by_contract[chosen].mean() > 0.5),
            },
            evidence=(known.evidence("carrier_bills", rows),),
            missing=() if by_contract[chosen].any() else ("contracts",),
        )  # fmt: skip


def carrier_billed_twice(known: Known) -> Iterator[Finding]:
    """Return the carriers that billed parcels twice: the same kind, weight and amount again; subject: the carrier."""
    again = billed_again(known)
    day = again.mutate(day=again.charged_on)
    total = day.group_by("carrier", "currency", "day").aggregate(
        amount=day.amount.sum().cast("decimal(28,4)"), n=day.count()
    )
    found: dict[str, list[tuple[Decimal, int, date]]] = {}
    for row in known.rows(total):
        rate = known.rate(row["currency"], on=row["day"])
        if rate is not None:
            found.setdefault(row["carrier"], []).append((row["amount"] * rate, row["n"], row["day"]))
    for carrier, parts in sorted(found.items()):
        amount = sum((part[0] for part in parts), Decimal(0)).quantize(Decimal("0.01"))
        since = min(part[2] for part in parts)
        yield Finding(
            "logistics.carrier_billed_twice", carrier, since, Range.exactly(amount), known.book_currency, 0.97, told={
                "carrier": carrier, "parcels": sum(part[1] for part in parts), "amount": amount,
                "currency": known.book_currency, "since": since,
            },
            evidence=(known.evidence("carrier_bills", again.filter(again.carrier == carrier)),),
        )  # fmt: skip


def billed_again(known: Known) -> Table:
    """Return the lines of bills of the last ``CLAIM_DAYS`` that say what a line before said already, and were not given
    back: carrier, tracking_no, kind, currency, charged_on, amount."""
    charges = known.facts["carrier_charges"]
    named = charges.filter(charges.tracking_no.notnull(), charges.amount != 0)
    of = ["carrier", "tracking_no", "kind", "currency", "chargeable_weight_g", "size"]
    same = named.mutate(size=named.amount.abs()).group_by(of).aggregate(
        lines=lambda t: (t.amount > 0).cast("int64").sum() - (t.amount < 0).cast("int64").sum(),
        charged_on=lambda t: t.charged_on.max(),
    )  # fmt: skip
    since = ibis.literal(known.day - timedelta(days=settings.CLAIM_DAYS))
    again = same.filter(same.lines > 1, same.charged_on >= since)
    return again.select(
        "carrier", "tracking_no", "kind", "currency", "charged_on",
        amount=(again["size"] * (again.lines - 1)).cast("decimal(18,4)"),
    )  # fmt: skip


def duty_up(known: Known) -> Iterator[Finding]:
    """Return the markets where duty takes more of the declared value than it used to; subject: the market."""
    sums = _duties(known)
    table = series(known, sums, days=settings.DAYS, names=("duty", "declared"))
    if not table.subjects:
        return
    duty, declared = table["duty"], table["declared"]
    start = int(np.flatnonzero(declared.sum(axis=1))[0])
    counted, exposure = duty[start:], declared[start:]
    each = exposure.sum(axis=0) / max(len(exposure), 1)
    share = counted.sum(axis=0) / np.maximum(exposure.sum(axis=0), 1e-9)
    found = changes(counted, exposure, sense=1, unit=share**2 * each * UNIT)
    for place, market in enumerate(table.subjects):
        more, over = found.share[place], found.end[place] <= len(counted) - settings.FRESH_DAYS
        if over or found.confidence[place] < settings.SURE or more < float(settings.DUTY_MORE):
            continue
        since = table.day(start + int(found.start[place]))
        stake = Range(*(_cents(part[place]) for part in (found.low, found.mid, found.high)))
        yield Finding(
            "logistics.duty_up", market, since, stake, known.book_currency, round(float(found.confidence[place]), 3),
            told={
                "market": market, "usual": _percent(found.before[place]), "share": _percent(found.after[place]),
                "amount": stake.mid, "currency": known.book_currency, "since": since,
            },
            evidence=(known.evidence("duties", sums.filter(sums.subject == market)),),
        )  # fmt: skip


def _duties(known: Known) -> Table:
    """Return duty and the declared value of the parcels it was charged for, in the book currency, by market and the day
    they were sent: subject, day, duty, declared."""
    charges, shipments, rates = (known.facts[name] for name in ("customs_charges", "shipments", "fx_rates"))
    duty = charges.filter(charges.kind == "duty").group_by("tracking_no", "currency").aggregate(
        amount=charges.amount.sum().cast("decimal(18,4)"), charged_on=charges.charged_on.max()
    )  # fmt: skip
    parcels = shipments.filter(shipments.declared_value > 0, shipments.tracking_no.notnull())
    # One number, one parcel: what several share cannot be told apart.
    parcels = parcels.group_by("tracking_no", "currency").aggregate(
        country=parcels.country.min(), sent_at=parcels.shipped_at.min(),
        declared=parcels.declared_value.sum().cast("decimal(18,4)"),
    )  # fmt: skip
    both = duty.inner_join(parcels, ["tracking_no", "currency"])
    both = both.mutate(day=ibis.coalesce(both.sent_at.date(), both.charged_on))
    rates = rates.select(rate_day=rates.day, rate_currency=rates.currency, per_unit=rates.per_unit)
    rated = both.left_join(rates, [both.charged_on == rates.rate_day, both.currency == rates.rate_currency])
    rate = ibis.ifelse(rated.currency == known.book_currency, 1.0, rated.per_unit.cast("float64"))
    rated = rated.mutate(rate=rate).filter(lambda t: t.rate.notnull())
    return rated.group_by(subject=rated.country, day=rated.day).aggregate(
        duty=(rated.amount.cast("float64") * rated.rate).sum(),
        declared=(rated.declared.cast("float64") * rated.rate).sum(),
    )


def _worth(known: Known, lines: Lines) -> Numbers:
    """Return what one unit of each line's currency was worth on its day; 0: no rate is known."""
    currencies, code = np.unique(np.array(lines.currency, dtype=str), return_inverse=True)
    pairs, place = np.unique(np.stack((code[lines.way], lines.day)), axis=1, return_inverse=True)
    rates = [known.rate(str(currencies[c]), on=EPOCH + timedelta(days=day)) or 0 for c, day in pairs.T.tolist()]
    return np.array(rates, dtype=np.float64)[place.ravel()]


def _billed_since(known: Known, carrier: str, *, since: date) -> Table:
    charges = known.facts["carrier_charges"]
    return charges.filter(charges.carrier == carrier, charges.charged_on >= ibis.literal(since))


def _cents(amount: float) -> Decimal:
    return Decimal(f"{max(amount, 0.01):.2f}")


def _percent(share: float) -> Decimal:
    return Decimal(f"{100 * share:.1f}")
