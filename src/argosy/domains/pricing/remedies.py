"""One finding about prices in, what can be done about it out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import ibis

from argosy.domains.pricing import settings
from argosy.model.findings import Finding, Range
from argosy.model.money import round_half_up
from argosy.model.proposals import BEFORE_AFTER, LOW, MATCHED, MEDIUM, Change, Measure, Proposal
from argosy.outlook.known import Known


def price_back(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the price the article had before it was sold below cost, where it still is."""
    told = finding.told
    prices = _prices(known, finding)
    if told["lasts"] != "yes" or prices is None:
        return
    was, usual, currency = prices
    if usual > was:
        a_day = Decimal(str(told["a_day"]))
        yield _set_price(finding, price=usual, was=was, currency=currency, words="price.back", days=14,
                         expected=Range.shares(a_day * settings.GOES_ON_DAYS, settings.WORKS))  # fmt: skip


def stop_coupon(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return an end to coupons where far more orders have one than should; nothing once that is over."""
    told = finding.told
    if told["lasts"] != "yes":
        return
    yield Proposal(
        Change("coupon.stop", finding.subject, "", {}),
        expected=Range.shares(Decimal(str(told["a_day"])) * settings.GOES_ON_DAYS, settings.WORKS), cash=Decimal(0),
        minutes=settings.READ_MINUTES, risk=LOW, expires_on=finding.since + timedelta(days=60),
        measure=Measure("margin_market", finding.subject, settings.GOES_ON_DAYS, MATCHED), told=told,
    )  # fmt: skip


def answer_rival(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the lower price that earns more than standing by, where there is one.

    Each unit sold earns less and more are sold: what sales follow the own price by is not known, so the most and the
    least that is usual are tried, and the price is proposed where the middle of them earns. Else there is nothing to
    do that makes sense in money, and nothing is proposed.
    """
    told = finding.told
    prices = _prices(known, finding)
    if prices is None:
        return
    own, rival, each = (float(str(told[name])) for name in ("own_price", "rival_price", "each"))
    a_week = float(str(told["now"]))
    weeks = settings.RIVAL_GOES_ON_DAYS / 7
    best = max((_gain(part, own=own, each=each, elasticity=settings.OWN_ELASTICITY[1]), part)
               for part in (max(rival / own, 0.5), (1 + max(rival / own, 0.5)) / 2))  # fmt: skip
    gains = [a_week * weeks * _gain(best[1], own=own, each=each, elasticity=e) for e in settings.OWN_ELASTICITY]
    if gains[1] <= 0:
        return
    was, _, currency = prices
    price = round_half_up(was * Decimal(best[1]), 2)
    yield _set_price(finding, price=price, was=was, currency=currency, words="price.match", days=28,
                     expected=Range(*(round_half_up(Decimal(gain), 2) for gain in sorted(gains))))  # fmt: skip


def _gain(part: float, *, own: float, each: float, elasticity: float) -> float:
    """Return what a unit sold now earns more when it is sold at such a part of its price."""
    return float((each - own * (1 - part)) * part**-elasticity - each)


def _set_price(
    finding: Finding, *, price: Decimal, was: Decimal, currency: str, words: str, days: int, expected: Range
) -> Proposal:
    told = dict(finding.told) | {"price": price, "was_price": was, "price_currency": currency}
    there = {"price": str(price), "was": str(was), "currency": currency}
    back = {"price": str(was), "was": str(price), "currency": currency}
    return Proposal(
        Change("price.set", finding.subject, "", there), expected=expected, cash=Decimal(0),
        minutes=settings.READ_MINUTES, risk=MEDIUM if words == "price.match" else LOW,
        expires_on=finding.since + timedelta(days=60),
        measure=Measure("margin_sku", finding.subject, days, MATCHED if words == "price.match" else BEFORE_AFTER),
        undo=Change("price.set", finding.subject, "", back), told=told, words=words,
    )  # fmt: skip


def _prices(known: Known, finding: Finding) -> tuple[Decimal, Decimal, str] | None:
    """Return the article's price now and the usual one before ``since``, in the currency it is mostly sold in by units;
    None: it was not sold before, or not since."""
    orders, rows = known.facts["orders"], known.facts["order_lines"]
    mine = rows.filter(rows.sku == finding.subject, rows.unit_price > 0, rows.quantity > 0)
    since = ibis.literal(finding.since).cast("timestamp")
    begin = ibis.literal(finding.since - timedelta(days=settings.PRICE_DAYS)).cast("timestamp")
    met = mine.inner_join(orders.select("order_id", "placed_at", "channel_id"), "order_id")
    met = met.filter(met.placed_at >= begin).mutate(after=lambda t: t.placed_at >= since)
    told = known.rows(
        met.group_by("channel_id", "currency", "after", "unit_price").aggregate(
            units=met.quantity.sum(), last=met.placed_at.max()
        )
    )
    places: dict[tuple[str, str], int] = {}
    for row in told:
        places[row["channel_id"], row["currency"]] = places.get((row["channel_id"], row["currency"]), 0) + row["units"]
    if not places:
        return None
    place = max(places, key=lambda one: places[one])
    here = [row for row in told if (row["channel_id"], row["currency"]) == place]
    before, after = ([row for row in here if row["after"] == when] for when in (False, True))
    if not before or not after:
        return None
    usual = max(before, key=lambda row: row["units"])["unit_price"]
    return max(after, key=lambda row: row["last"])["unit_price"], usual, place[1]
