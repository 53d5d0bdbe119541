"""Payments that buyers or their banks dispute more often than they did."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import ibis
import numpy as np
from ibis.expr.types import Table

from argosy.domains.payments import settings
from argosy.model.findings import Finding, Range
from argosy.model.money import round_half_up
from argosy.outlook.change import TENTH, by_chance, changes
from argosy.outlook.known import Known
from argosy.outlook.lines import lines
from argosy.outlook.series import Numbers, series


def disputes_up(known: Known) -> Iterator[Finding]:
    """Return the countries whose buyers dispute more payments than they did; subject: the country.

    A dispute comes weeks after its purchase, so they are counted by the day of the purchase, and a purchase counts by
    how likely a dispute of it would have come by now. Stake: the disputed amounts beyond the usual.
    """
    daily = series(known, _by_purchase(known), days=settings.DISPUTE_DAYS, names=("orders", "disputes", "amount"))
    if daily["disputes"].sum() < settings.LEAST_DISPUTES:
        return
    exposure = daily["orders"] * _come_by_now(known)[:, None]
    begun = int(np.flatnonzero(daily["orders"].any(axis=1))[0])
    found = changes(daily["disputes"][begun:], exposure[begun:], sense=1, share=True, within=90)
    for n, market in enumerate(daily.subjects):
        start, end = int(found.start[n]) + begun, int(found.end[n]) + begun
        many, amount = (float(daily[name][start:end, n].sum()) for name in ("disputes", "amount"))
        usual = many - float(found.mid[n])
        if many < settings.LEAST_DISPUTES or amount < known.once(lines).material:
            continue
        # So few are counted that chance is told by Poisson's law, not by the normal one.
        # One dispute of all markets together stands in where a market had hardly any before.
        had, bought = float(daily["disputes"][:start, n].sum()), float(exposure[begun:start, n].sum())
        level = (had + 1) / (bought + exposure.sum() / daily["disputes"].sum())
        tried = settings.DISPUTE_DAYS * len(daily.subjects)
        chance = by_chance(many, level * float(exposure[start:end, n].sum()), tried=tried)
        if chance > 1 - settings.SURE or found.confidence[n] < settings.SURE:
            continue
        share = max(1 - usual / many, 0.0)
        error = TENTH * max(usual, 1.0) ** 0.5 / many
        stake = [round_half_up(Decimal(amount * max(part, 0.0)), 2) for part in (share - error, share, share + error)]
        yield Finding(
            "payments.disputes_up", market, daily.day(start), Range(*stake), known.book_currency,
            float(min(1 - chance, found.confidence[n])),
            told={
                "market": market, "disputes": round(many), "usual": round_half_up(Decimal(usual), 1),
                "since": daily.day(start), "until": daily.day(end - 1),
                "orders": round(float(daily["orders"][start:end, n].sum())),
                "open": sum(1 for row in known.rows(_open(known, market))),
                "each": round_half_up(Decimal(amount / many), 2),
            },
            evidence=(known.evidence("disputes", _open(known, market)),),
        )  # fmt: skip


def _by_purchase(known: Known) -> Table:
    """Return orders that can be disputed and those that are by country and day of purchase: subject, day, orders,
    disputes, amount (book currency). Channels nobody ever disputed a payment on count for nothing."""
    orders, disputes = known.facts["orders"], _disputes(known)
    orders = orders.filter(orders.placed_at.notnull(), orders.country.notnull())
    orders = orders.semi_join(disputes, "channel_id").select("order_id", subject=orders.country,
                                                             day=orders.placed_at.date())  # fmt: skip
    each = disputes.group_by("order_id").aggregate(amount=disputes.amount.sum(), disputed=disputes.count())
    met = orders.left_join(each, "order_id", rname="of_{name}")
    return met.group_by("subject", "day").aggregate(
        orders=met.count(), disputes=met.disputed.notnull().cast("int64").sum(), amount=met.amount.sum().fill_null(0.0)
    )


def _disputes(known: Known) -> Table:
    """Return disputes of known orders: order_id, channel_id, opened_at, outcome, amount: in the book currency
    (float64) what is disputed, or what was booked as lost since with the provider's fee, whichever is more."""
    disputes, rates = known.facts["disputes"], known.facts["fx_rates"]
    orders = known.facts["orders"].select("order_id", place=known.facts["orders"].channel_id)
    told = disputes.drop("channel_id").inner_join(orders, "order_id").mutate(day=lambda t: t.opened_at.date())
    told = told.left_join(rates.select("day", "currency", "per_unit"), ["day", "currency"], rname="rate_{name}")
    rate = ibis.ifelse(told.currency == known.book_currency, 1.0, told.per_unit.cast("float64"))
    entries = known.entries.filter(known.entries.account.startswith("loss:") | (known.entries.account == "fee:payment"))
    booked = entries.inner_join(told.select("order_id", "day"), "order_id")
    booked = booked.filter(booked.posted_at >= booked.day.cast("timestamp")).group_by("order_id").aggregate(
        booked=lambda t: t.book_amount.sum().cast("float64")
    )  # fmt: skip
    told = told.mutate(worth=told.amount.cast("float64") * rate).left_join(booked, "order_id", rname="booked_{name}")
    return told.select("order_id", "opened_at", "outcome", channel_id=told.place,
                       amount=ibis.greatest(told.worth, told.booked.fill_null(0.0)))  # fmt: skip


def _open(known: Known, market: str) -> Table:
    orders = known.facts["orders"]
    disputes = known.facts["disputes"].semi_join(orders.filter(orders.country == market), "order_id")
    return disputes.filter(disputes.outcome.isnull())


def _come_by_now(known: Known) -> Numbers:
    """Return for purchases of each day looked back on how likely a dispute of them would have come by now: by how long
    others took, and a little by what is assumed."""
    orders = known.facts["orders"].select("order_id", "placed_at")
    met = known.facts["disputes"].select("order_id", "opened_at").inner_join(orders, "order_id")
    rows = known.run(met.select(days=met.opened_at.date().delta(met.placed_at.date(), unit="day")))
    taken = np.sort(rows["days"].to_numpy(zero_copy_only=False).astype(float))
    age = np.arange(settings.DISPUTE_DAYS, 0, -1, dtype=float)
    soon, late = settings.DISPUTED_AFTER
    assumed = np.clip((age - soon) / (late - soon), 0, 1)
    seen = np.searchsorted(taken, age, side="right")
    return np.asarray((seen + settings.DISPUTES_ASSUMED * assumed) / (len(taken) + settings.DISPUTES_ASSUMED))
