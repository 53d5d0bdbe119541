"""What each check should find in a world: which of the things that really happened in it, and what they came to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq

from argosy.outlook.known import Known
from argosy.world.assumptions import SITES


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
    else it means something else and is not compared. sign: of the incident's effect on the result.
    """

    incidents: tuple[str, ...] = ()
    reals: Reals | None = None
    also: tuple[str, ...] = ()
    names: Callable[[str], Collection[str]] = itself
    grace: int = 21
    money: bool = True
    sign: int = -1


def in_truth(world: Path, known: Known, truth: Truth) -> list[Real]:
    """Return all that a check must notice in a world."""
    found = list(_incidents(world, truth.incidents, truth.sign))
    return found + list(truth.reals(world, known) if truth.reals else ())


def tolerated(world: Path, truth: Truth) -> list[Real]:
    """Return what a check may rightly tell of too."""
    return list(_incidents(world, truth.also, truth.sign))


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


def site_of(subject: str) -> Collection[str]:
    """Return what a world calls the site of Amazon's in a channel and country, ``amazon:main/US``."""
    channel, _, country = subject.partition("/")
    return tuple(site.name for site in SITES if site.country == country and channel.startswith("amazon"))


def payer_of(subject: str) -> Collection[str]:
    """Return what a world calls the payer in a channel and currency, ``amazon:main/USD``."""
    channel, _, currency = subject.partition("/")
    return (channel, *(site.name for site in SITES if site.currency == currency and channel.startswith("amazon")))


TRUTHS: Mapping[str, Truth] = {
    "payments.payout_short": Truth(reals=faults("payout_short"), names=last_part),
    # What comes late costs the result nothing: the stake is what money costs meanwhile.
    "payments.payout_late": Truth(("payout_late",), names=payer_of, money=False),
    "payments.fee_charged_twice": Truth(("fee_charged_twice",), names=site_of),
    "payments.fee_rate_up": Truth(("fee_rises", "fulfilment_rises"), names=site_of),
    "payments.approval_fallen": Truth(("approval_falls",)),
    "payments.margin_eaten_by_fx": Truth(("currency_falls",)),
    # Disputes come up to two months after the purchases that were no good.
    "payments.disputes_up": Truth(("fraud_burst",), grace=75),
}
