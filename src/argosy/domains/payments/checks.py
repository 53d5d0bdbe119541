"""Books and outlook in, findings about payments out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import ibis
from ibis.expr.types import Table

from argosy.books.bank import TRANSFER_DAYS, arrivals, first_day
from argosy.domains.payments import settings
from argosy.model.findings import Finding, Range
from argosy.model.money import round_half_up
from argosy.outlook.known import Known


def payout_short(known: Known) -> Iterator[Finding]:
    """Return the payouts of which the bank booked less than the payer says it sent; subject: the payout.

    A booking that no payout of the same amount explains is taken for the payout of its currency that it lies nearest
    below, in the days a transfer takes. A payout without any booking is late, not short.
    """
    short = _short(known)
    for row in known.rows(short):
        rate = known.rate(row["currency"], on=row["booked_on"])
        if rate is not None:
            missing = round_half_up(row["missing"] * rate, 2)
            yield Finding(
                "payments.payout_short", row["payout_id"], row["booked_on"], Range.exactly(missing),
                known.book_currency, 0.95, told={
                    "payer": row["channel_id"], "sent": row["amount"], "arrived": row["arrived"],
                    "missing": row["missing"], "currency": row["currency"], "on": row["booked_on"],
                },
                evidence=(known.evidence("payout_and_booking", short.filter(short.payout_id == row["payout_id"])),),
            )  # fmt: skip


def _short(known: Known) -> Table:
    """Return each payout that came short: payout_id, channel_id, amount, currency, arrived, missing, booked_on."""
    payouts, bank = known.facts["payouts"], known.facts["bank_lines"]
    met = arrivals(payouts, bank)
    bank = bank.anti_join(met, "bank_line_id").filter(bank.amount > 0)
    open_ = payouts.anti_join(met, "payout_id").mutate(first_on=first_day(payouts)).filter(payouts.amount > 0)
    both = open_.inner_join(bank, "currency", rname="bank_{name}")
    last_on = (both.first_on.cast("timestamp") + ibis.interval(days=TRANSFER_DAYS)).date()
    both = both.filter(
        both.booked_on >= both.first_on,
        both.booked_on <= last_on,
        both.bank_amount < both.amount,
        both.bank_amount >= both.amount * settings.LEAST_ARRIVED,
    )
    # Each booking goes to the payout just above it, each payout takes the largest booking left to it.
    nearest = both.group_by("bank_line_id").aggregate(payout_id=both.payout_id.argmin(both.amount))
    taken = both.semi_join(nearest, ["bank_line_id", "payout_id"])
    place = ibis.row_number().over(ibis.window(group_by="payout_id", order_by=ibis.desc("bank_amount")))
    taken = taken.mutate(place=place).filter(lambda t: t.place == 0)
    return taken.select(
        "payout_id", "channel_id", "amount", "currency", "booked_on", "bank_line_id", arrived="bank_amount",
        missing=(taken.amount - taken.bank_amount).cast("decimal(18,4)"),
    )  # fmt: skip


def payout_late(known: Known) -> Iterator[Finding]:
    """Return the payers whose payouts take longer to the bank than theirs did; subject: payer and currency,
    ``amazon:main/USD``.

    Told while money is out longer than it ever takes, and for some weeks after it came late. What is out is looked for
    up to the last day the bank told of. Stake: what money costs that is not there, the days it is late.
    """
    waits = _waits(known)
    late = waits.filter(waits.days > waits.usual + settings.LATE_DAYS)
    sums = late.group_by("subject", "channel_id", "currency", "usual").aggregate(
        held=late.amount.sum(where=late.open).fill_null(0).cast("decimal(28,4)"), open=late.open.cast("int64").sum(),
        late=late.count(), days=late.days.max(), first_on=late.first_on.min(),
        weight=(late.amount.cast("float64") * (late.days - late.usual)).sum(),
        amount=late.amount.sum().cast("decimal(28,4)"),
    )  # fmt: skip
    for row in known.rows(sums):
        rate = known.rate(row["currency"])
        if rate is None:
            continue
        usual = round(row["usual"])
        a_year = Decimal(row["weight"]) * rate / 365
        costs = [max(round_half_up(a_year * part, 2), Decimal("0.01")) for part in settings.CAPITAL_A_YEAR]
        yield Finding(
            "payments.payout_late", row["subject"], row["first_on"] + timedelta(days=usual), Range(*costs),
            known.book_currency, 0.9,
            told={
                "payer": row["channel_id"], "currency": row["currency"], "held": row["held"], "open": row["open"],
                "late": row["late"], "amount": row["amount"], "days": row["days"], "usual": usual,
                "missing": row["held"], "sent": row["first_on"], "book_held": round_half_up(row["held"] * rate, 2),
            },
            evidence=(known.evidence("payouts_late", late.filter(late.subject == row["subject"])),),
        )  # fmt: skip


def _waits(known: Known) -> Table:
    """Return payouts with how long they took, or have been out: subject, channel_id, currency, payout_id, amount,
    first_on, days, open, usual (days three in four of the payer's take)."""
    payouts, bank = known.facts["payouts"], known.facts["bank_lines"]
    sent = payouts.filter(payouts.amount > 0, (payouts.status == "paid").fill_null(True))
    sent = sent.mutate(first_on=first_day(sent), subject=sent.channel_id.concat("/", sent.currency))
    sent = sent.filter(sent.first_on.notnull()).select(
        "payout_id", "subject", "channel_id", "currency", "amount", "first_on"
    )
    met = sent.left_join(arrivals(payouts, bank), "payout_id", rname="met_{name}")
    met = met.anti_join(_short(known), "payout_id")
    told = bank.aggregate(until=bank.booked_on.max())
    met = met.cross_join(told)
    met = met.mutate(
        days=ibis.coalesce(met.booked_on, met.until).delta(met.first_on, unit="day"), open=met.booked_on.isnull()
    )
    taken = met.filter(~met.open)
    usual = taken.group_by("subject").aggregate(usual=taken.days.cast("float64").quantile(0.75), many=taken.count())
    both = met.inner_join(usual.filter(usual.many >= settings.LEAST_PAYOUTS), "subject")
    back = ibis.ifelse(both.open, settings.CLAIM_DAYS, settings.LATE_TOLD_DAYS)
    age = ibis.literal(known.day).delta(both.first_on, unit="day")
    return both.filter(age <= back)
