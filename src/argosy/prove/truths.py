"""What each check should find in a world: which of the things that really happened in it, and what they came to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from argosy.domains.pricing.coupons import discounted
from argosy.outlook.known import Known
from argosy.outlook.lines import DAYS, lines
from argosy.outlook.series import series
from argosy.world.assumptions import COUPON_SHARE, SITES


@dataclass(frozen=True)
class Real:
    """Something that really was so.

    cause: what happened; subject: to what, in the world's words. first, last: the days it held. worth: day -> money in
    the book currency, above zero in the sense of the finding.
    """

    cause: str
    subject: str
    first: date
    last: date
    worth: Mapping[date, Decimal]

    def until(self, day: date) -> Decimal:
        """Return the money it came to before a day."""
        return sum((amount for when, amount in self.worth.items() if when < day), Decimal(0))


Reals = Callable[[Path, Known], Iterable[Real]]


def itself(subject: str) -> Collection[str]:
    """Return the subject of a finding as the only one of an incident it can mean."""
    return (subject,)


@dataclass(frozen=True)
class Truth:
    """What a check should find.

    incidents: kinds that it must notice. reals: finds in the truth, or in what the files told at last, what it must
    notice, where that is no incident. also: kinds of incidents that show in the same way: noticing them is right, not
    noticing them is no miss. names: the subjects of incidents that a finding's subject can mean. grace: days after the
    end in which it is still told rightly. money: whether the stake told is what the incident came to until that day;
    else it means something else and is not compared. sign: of the incident's effect on the result. least: incidents
    that came to no more are no miss: noticing them is right, but better silent than wrong.
    """

    incidents: tuple[str, ...] = ()
    reals: Reals | None = None
    also: tuple[str, ...] = ()
    names: Callable[[str], Collection[str]] = itself
    grace: int = 21
    money: bool = True
    sign: int = -1
    least: Decimal | None = None


def in_truth(world: Path, known: Known, truth: Truth) -> list[Real]:
    """Return all that a check must notice in a world."""
    found = [real for real in _incidents(world, truth.incidents, truth.sign) if not _trifling(real, truth)]
    return found + list(truth.reals(world, known) if truth.reals else ())


def tolerated(world: Path, truth: Truth) -> list[Real]:
    """Return what a check may rightly tell of too."""
    trifles = [real for real in _incidents(world, truth.incidents, truth.sign) if _trifling(real, truth)]
    return [*_incidents(world, truth.also, truth.sign), *trifles]


def _trifling(real: Real, truth: Truth) -> bool:
    return truth.least is not None and sum(real.worth.values()) <= truth.least


def _incidents(world: Path, kinds: Collection[str], sign: int) -> Iterable[Real]:
    path = world / "truth" / "incidents.parquet"
    if not kinds or not path.exists():
        return
    columns = ["number", "kind", "subject", "first", "last", "day", "effect"]
    rows = pq.read_table(path, columns=columns).to_pylist()
    for number in sorted({row["number"] for row in rows if row["kind"] in kinds}):
        mine = [row for row in rows if row["number"] == number]
        one = mine[0]
        worth = {row["day"]: sign * row["effect"] for row in mine}
        yield Real(one["kind"], one["subject"], one["first"], one["last"], worth)


def faults(kind: str, *, days: int = 60) -> Reals:
    """Return a way to find the faults of a kind: each can be seen from its day on, for so many ``days``."""

    def found(world: Path, known: Known) -> Iterable[Real]:
        for row in pq.read_table(world / "truth" / "faults.parquet").to_pylist():
            rate = known.rate(row["currency"], on=row["day"])
            if row["kind"] == kind and rate is not None:
                day, amount = row["day"], Decimal(row["amount"]) * rate
                yield Real(kind, row["subject"], day, day + timedelta(days=days), {day: amount})

    return found


def last_part(subject: str) -> Collection[str]:
    """Return the number in a subject that has an account before it."""
    return (subject.rpartition(":")[2],)


TRIFLE = Decimal(500)  # of the book currency, about 65 euro: less is not worth a seller's attention


def site_of(subject: str) -> Collection[str]:
    """Return what a world calls the site of Amazon's in a channel and country, ``amazon:main/US``."""
    channel, _, country = subject.partition("/")
    return tuple(site.name for site in SITES if site.country == country and channel.startswith("amazon"))


def payer_of(subject: str) -> Collection[str]:
    """Return what a world calls the payer in a channel and currency, ``amazon:main/USD``."""
    channel, _, currency = subject.partition("/")
    return (channel, *(site.name for site in SITES if site.currency == currency and channel.startswith("amazon")))


def below_cost(world: Path, known: Known) -> Iterable[Real]:
    """Return what was lost on the articles whose price an incident cut, where they lost money in all.

    The incident's own effect is another thing: it has what buyers bought more for the low price, and with it. The loss
    is told by the books when all bills are there, which are held against the world's own.
    """
    sold = known.once(lines)
    for real in _incidents(world, ("price_too_low",), -1):
        number = sold.skus.index(real.subject) if real.subject in sold.skus else -1
        first, last = ((day - sold.first).days for day in (real.first, real.last))
        mine = (sold.sku == number) & (sold.day >= first) & (sold.day <= last)
        lost = np.bincount(sold.day[mine], -np.minimum(sold.result[mine], 0.0), DAYS)
        if sold.result[mine].sum() < 0 and lost.sum() > TRIFLE:
            worth = {sold.first + timedelta(days=int(day)): Decimal(lost[day]) for day in np.flatnonzero(lost)}
            yield Real(real.cause, real.subject, real.first, real.last, worth)


def given_away(world: Path, known: Known) -> Iterable[Real]:
    """Return what coupons that leaked gave away beyond the usual share of orders.

    The incident's own effect is next to nothing: what is given away brings as much by more orders, which nobody can
    tell from the others.
    """
    leaks = list(_incidents(world, ("coupon_leaks",), -1))
    if not leaks:
        return
    days = (known.day - min(real.first for real in leaks)).days + 1
    daily = series(known, discounted(known), days=days, names=("orders", "reduced", "given"))
    for real in leaks:
        n = daily.subjects.index(real.subject)
        span = slice((real.first - daily.first).days, (real.last - daily.first).days + 1)
        share = daily["reduced"][span, n].sum() / daily["orders"][span, n].sum()
        part = max(1 - COUPON_SHARE / share, 0.0)
        worth = {daily.day(day): Decimal(daily["given"][day, n] * part) for day in range(span.start, span.stop)}
        yield Real(real.cause, real.subject, real.first, real.last, worth)


TRUTHS: Mapping[str, Truth] = {
    "payments.payout_short": Truth(reals=faults("payout_short"), names=last_part),
    # What comes late costs the result nothing: the stake is what money costs meanwhile.
    "payments.payout_late": Truth(("payout_late",), names=payer_of, money=False),
    "payments.fee_charged_twice": Truth(("fee_charged_twice",), names=site_of),
    "payments.fee_rate_up": Truth(("fee_rises",), names=site_of),
    "payments.fulfilment_up": Truth(("fulfilment_rises",), names=site_of),
    "payments.approval_fallen": Truth(("approval_falls",), least=TRIFLE),
    "payments.margin_eaten_by_fx": Truth(("currency_falls",)),
    # Disputes come up to two months after the purchases that were no good.
    "payments.disputes_up": Truth(("fraud_burst",), grace=75, least=TRIFLE),
    "pricing.order_below_cost": Truth(reals=below_cost, also=("price_too_low",)),
    "pricing.coupon_leaks": Truth(reals=given_away),
    "pricing.rival_undercuts": Truth(("rival_undercuts",), least=TRIFLE),
}
