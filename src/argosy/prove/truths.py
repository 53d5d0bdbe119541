"""What each check should find in a world: which of the things that really happened in it, and what they came to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import ibis
import numpy as np
import pyarrow.parquet as pq
from ibis.expr.types import Table

from argosy.domains.compliance.settings import HORIZON_DAYS, PASSED_DAYS
from argosy.domains.compliance.thresholds import crossings, nearing
from argosy.domains.marketing.campaigns import campaigns, praise
from argosy.domains.marketing.settings import MOSTLY_OUT
from argosy.domains.pricing.coupons import discounted
from argosy.outlook.known import Known
from argosy.outlook.lines import DAYS, lines
from argosy.outlook.margin import margins
from argosy.outlook.sales import sales
from argosy.outlook.series import series
from argosy.outlook.stock_outs import Spell, spells
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
    noticing them is no miss; also_reals: the same of what is no incident. names: the subjects of incidents that a
    finding's subject can mean. grace: days after the end in which it is still told rightly. money: whether the stake
    told is what the incident came to until that day; else it means something else and is not compared. sign: of the
    incident's effect on the result. least: incidents that came to no more are no miss: noticing them is right, but
    better silent than wrong.
    """

    incidents: tuple[str, ...] = ()
    reals: Reals | None = None
    also: tuple[str, ...] = ()
    also_reals: Reals | None = None
    names: Callable[[str], Collection[str]] = itself
    grace: int = 21
    money: bool = True
    sign: int = -1
    least: Decimal | None = None


def in_truth(world: Path, known: Known, truth: Truth) -> list[Real]:
    """Return all that a check must notice in a world."""
    return [real for real in _all(world, known, truth) if not _trifling(real, truth)]


def tolerated(world: Path, known: Known, truth: Truth) -> list[Real]:
    """Return what a check may rightly tell of too."""
    trifles = [real for real in _all(world, known, truth) if _trifling(real, truth)]
    others = truth.also_reals(world, known) if truth.also_reals else ()
    return [*_incidents(world, truth.also, truth.sign), *trifles, *others]


def _all(world: Path, known: Known, truth: Truth) -> list[Real]:
    found = list(_incidents(world, truth.incidents, truth.sign))
    return found + list(truth.reals(world, known) if truth.reals else ())


def _trifling(real: Real, truth: Truth) -> bool:
    return truth.least is not None and real.worth != {} and sum(real.worth.values()) <= truth.least


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


def whole(*kinds: str, after: int = 0) -> Reals:
    """Return a way to find incidents that cost later than they happen: all their money counts from the first day.

    after: days until it is all known; of those that end later nobody can say what they come to.
    """

    def found(world: Path, known: Known) -> Iterable[Real]:
        for real in _incidents(world, kinds, -1):
            told = real.last + timedelta(days=after) <= known.day
            yield replace(real, worth={real.first: sum(real.worth.values(), Decimal(0))} if told else {})

    return found


def late_weeks(*, least: int) -> Reals:
    """Return a way to find the weeks in which at least so many deliveries promised to a market did not come in time."""

    def found(world: Path, known: Known) -> Iterable[Real]:
        late = _broken(known).group_by("market", week=lambda t: t.due_at.truncate("W")).aggregate(n=lambda t: t.count())
        for row in known.rows(late.filter(late.n >= least)):
            week = row["week"].date()
            first, last = week - timedelta(days=14), week + timedelta(days=6)
            yield Real("promises_broken", f"lane/{row['market']}", first, last, {})

    return found


def late_promises(world: Path, known: Known) -> Iterable[Real]:
    """Return the orders that did not come in time, and the weeks of a market in which some did not."""
    yield from late_weeks(least=3)(world, known)
    late = _broken(known)
    for row in known.rows(late.select("subject", made=late.made_at.date(), due=late.due_at.date())):
        yield Real("promise_broken", row["subject"], row["made"], row["due"], {})


def _broken(known: Known) -> Table:
    # The ledger is judged today; of a world that ended before, what was due later is not known.
    promises = known.promises
    over = promises.due_at < ibis.literal(known.day).cast("timestamp")
    return promises.filter(promises.kind == "deliver_by", promises.state == "broken", over)


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


# Days before a stock-out from which on it can be told, about the longest lead time; days one must have been seen for
# until it is clear what it came to; days in the end of one that nobody may see who looks every ten days.
AHEAD_DAYS, SEEN_DAYS, LASTS_DAYS = 75, 21, 10


def stock_outs(*, ahead: bool, small: bool = False) -> Reals:
    """Return a way to find articles that really were out in a warehouse, their usual sales then lost.

    ahead: it is to be told before it happens, and its whole loss lies on its first day; else while it lasts. small:
    those that need not be told, and what lies so near the end that the files do not show any more what came of it.
    """

    def found(_: Path, known: Known) -> Iterable[Real]:
        for spell in known.once(spells):
            real = _lost(known, spell)
            lasted = spell.last - spell.first + 1
            lost = sum(real.worth.values(), Decimal(0))
            if ahead:
                told = (lasted > SEEN_DAYS or not spell.open) and lost > TRIFLE
            else:  # on the last day it is looked at it must have lost more than a trifle
                told = lost * max(lasted - LASTS_DAYS, 0) > TRIFLE * lasted
            if told != small:
                yield _before(real) if ahead else real
        if ahead and small:
            last, first = known.day - timedelta(days=1), known.day - timedelta(days=AHEAD_DAYS)
            yield from (Real("not_seen", f"{sku}/{place}", first, last, {}) for sku, place in known.once(sales).keys)

    return found


def _lost(known: Known, spell: Spell) -> Real:
    sold, margin = known.once(sales), known.once(margins).get(spell.sku)
    start = sold.last - timedelta(days=sold.units.shape[1] - 1)
    first, last = (start + timedelta(days=number) for number in (spell.first, spell.last))
    a_day = Decimal(str(round(spell.rate * margin.each if margin else 0.0, 2)))
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return Real("stock_out", f"{spell.sku}/{spell.warehouse}", first, last, dict.fromkeys(days, a_day))


def _before(real: Real) -> Real:
    first = real.first - timedelta(days=AHEAD_DAYS)
    return replace(real, first=first, last=real.first, worth={first: sum(real.worth.values(), Decimal(0))})


def praised_in_vain(world: Path, known: Known) -> Iterable[Real]:
    """Return the campaigns that spent on articles of which most was really out, by what the files told at last."""
    ads, praised, sold = known.once(campaigns), praise(known), known.once(sales)
    rates = {key[0]: float(np.nansum(units)) for key, units in zip(sold.keys, sold.units, strict=True) if not key[1]}
    start = sold.last - timedelta(days=sold.units.shape[1] - 1)
    for place, name in enumerate(ads.names if ads else ()):
        worth: dict[date, Decimal] = {}
        for spell in known.once(spells):
            part = spell.rate * sold.units.shape[1] / max(rates.get(spell.sku, 0.0), 1e-9)
            share = min(part, 1.0) * praised.get(name, {}).get(spell.sku, 0.0)
            long = part >= MOSTLY_OUT and spell.last - spell.first + 1 >= LASTS_DAYS
            for number in range(spell.first, spell.last + 1) if long else ():
                day = start + timedelta(days=number)
                spent = ads.spend[(day - ads.first).days, place] if day >= ads.first else 0.0
                worth[day] = worth.get(day, Decimal(0)) + Decimal(spent * share)
        if sum(worth.values()) > TRIFLE:
            yield Real("praised_in_vain", name, min(worth), max(worth), worth)


def dearer_storage(world: Path, known: Known) -> Iterable[Real]:
    """Return the rises of storage, each parted among those who bill it as their bills are."""
    fees = known.facts["fees"]
    rows = known.rows(fees.filter(fees.kind == "storage").group_by("payee").aggregate(amount=fees.amount.sum()))
    whole = sum((row["amount"] for row in rows), Decimal(0))
    for real in _incidents(world, ("storage_rises",), -1):
        for row in rows:
            share = row["amount"] / whole
            worth = {day: amount * share for day, amount in real.worth.items()}
            yield replace(real, subject=row["payee"], worth=worth)


# Places and families as the files name them, and as the world does.
PLACES = {
    "amazon:main/US": "Amazon.com", "amazon:main/DE": "Amazon.de", "amazon:main/JP": "Amazon.co.jp",
    **{f"tiktok_shop:main/{country}": f"TikTok Shop {country}" for country in ("US", "GB", "ID", "TH")},
    **{f"mercado_libre:main/{country}": f"Mercado Libre {country}" for country in ("MX", "BR")},
}  # fmt: skip
FAMILIES = {"home": "HOME", "pet": "PET", "electronics": "ELEC", "toys": "KIDS", "beauty": "CARE"}


def place_of(subject: str) -> Collection[str]:
    """Return the place, or the family and place, that ``amazon:main/DE`` or ``amazon:main/DE/toys`` can mean."""
    channel, country, family = (*subject.split("/"), "")[:3]
    name = PLACES.get(f"{channel}/{country}", "")
    return (f"{FAMILIES.get(family, family)}/{name}",) if family else (name,)


def passed_limits(world: Path, known: Known) -> Iterable[Real]:
    """Return the jurisdictions whose sales really passed the limit from which one must register: to be told from the
    days looked ahead before it to the days it is told after."""
    for name, day in crossings(known).items():
        first, last = day - timedelta(days=HORIZON_DAYS), day + timedelta(days=PASSED_DAYS)
        yield Real("limit_passed", name, first, last, {})


def nearing_limits(world: Path, known: Known) -> Iterable[Real]:
    """Return the jurisdictions whose sales would pass their limit after the last day, as they went at last."""
    for one in nearing(known):
        first = one.passed_on - timedelta(days=2 * HORIZON_DAYS)
        yield Real("limit_nears", one.limit.jurisdiction, first, known.day, {})


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
    "stock.running_out": Truth(reals=stock_outs(ahead=True), also_reals=stock_outs(ahead=True, small=True), grace=0),
    "stock.sold_out_now": Truth(reals=stock_outs(ahead=False), also_reals=stock_outs(ahead=False, small=True)),
    "stock.storage_up": Truth(reals=dearer_storage),
    # What a world counts is mostly the sales that such an article lost; the stake is what keeping it costs.
    "stock.dead_stock": Truth(("dead_stock",), money=False),
    # A market past a threshold buys more too; so does what was hardly wanted and is wanted again.
    "stock.demand_rising": Truth(
        ("search_rises", "orders_surge"), also=("threshold_nears", "dead_stock"), sign=1, least=TRIFLE
    ),
    "marketing.ad_on_sold_out": Truth(reals=praised_in_vain),
    "marketing.campaign_loses_money": Truth(("creative_wears_out", "campaign_overspends"), least=TRIFLE),
    # Late orders cost weeks later: told is what they come to in all. A few are given back or not by chance, so that
    # most incidents, some hundred yuan each, lie further than a factor 1.5 from what could be expected of them.
    # What is held is told as that, and not once more as a slow lane.
    "logistics.lane_slowed": Truth(reals=whole("lane_slows", after=45), also=("customs_hold",), least=TRIFLE),
    "logistics.customs_hold": Truth(reals=whole("customs_hold", after=45), least=TRIFLE),
    "logistics.handling_slow": Truth(reals=whole("handling_slows", after=45), least=TRIFLE),
    # What one late order costs is all or nothing: compared is whether promises broke, not the money.
    "logistics.parcel_likely_late": Truth(reals=late_weeks(least=20), also_reals=late_promises, grace=0, money=False),
    "logistics.carrier_bill_above_contract": Truth(("carrier_charges_more",), grace=90),
    "logistics.carrier_billed_twice": Truth(("carrier_bills_twice",), grace=100),
    # What is lost while goods are awaited is told ahead, until they can be expected: three months after they were
    # ordered last, of which a world that ends before does not tell.
    "suppliers.supplier_slipping": Truth(reals=whole("supplier_slips", after=90), grace=60, least=TRIFLE),
    # Damage on the way shows as defects do, and so does a market that sends more back.
    "suppliers.lot_defective": Truth(("lot_is_bad",), also=("complaints_rise", "returns_rise"), grace=60, least=TRIFLE),
    "logistics.duty_up": Truth(("duty_rises",)),
    "compliance.place_gone_quiet": Truth(("account_suspended", "certificate_expires"), names=place_of, least=TRIFLE),
    # What a registration missed would cost is no effect of the world's.
    "compliance.sales_threshold_nearing": Truth(reals=passed_limits, also_reals=nearing_limits, money=False, grace=7),
    "service.returns_up": Truth(("returns_rise",), grace=42, least=TRIFLE),
    # What slow answers cost shows weeks later, in a few refunds among many: the stake is what is seen of it so far.
    "service.replies_slow": Truth(("replies_slow",), money=False),
    "customers.loyal_quiet": Truth(("loyal_go_quiet",)),
    "service.complaint_cluster": Truth(("complaints_rise", "lot_is_bad"), grace=42, least=TRIFLE),
}
