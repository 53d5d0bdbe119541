"""Prices that fit the stock: dearer while there is too little, lower while there is too much."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import ibis
import numpy as np

from argosy.domains.stock import settings
from argosy.domains.stock.running import Running
from argosy.domains.stock.shelves import MID, Shelves
from argosy.model.findings import Finding, Range
from argosy.model.money import round_half_up
from argosy.model.proposals import MATCHED, MEDIUM, Change, Measure, Proposal
from argosy.outlook.change import TENTH
from argosy.outlook.known import Known
from argosy.outlook.margin import Margin
from argosy.outlook.prices import SPREAD, USUAL, Answer, answers
from argosy.outlook.series import Numbers


def dearer_price(finding: Finding, known: Known, held: Shelves, run: Running, margin: Margin) -> Iterator[Proposal]:
    """Return the price at which the article lasts until more is there: as much is sold, and dearer.

    It holds wherever the article is sold, so it makes sense only where all warehouses together have too little.
    """
    sku = str(finding.told["sku"])
    mine = [n for n, key in enumerate(held.keys) if key[0] == sku]
    days = int(max(held.lead[MID][n] for n in mine))
    wanted = float(run.wanted[mine, :days].sum())
    there = float(held.on_hand[mine].sum() + held.coming[MID][mine, :days].sum())
    if there <= 0 or wanted < there * settings.SCARCE:
        return
    answer = _answer(known, sku)
    factor = min((wanted / there) ** (1 / answer.elasticity), 1 + settings.MOST_DEARER)
    gains = []
    for elasticity in _likely(answer):
        sold = min(wanted * factor**-elasticity, there)
        gains.append(sold * margin.at(factor) - min(wanted, there) * margin.each)
    yield from _proposal(finding, known, sku, factor, gains, days=days, words="price.dearer")


def lower_price(finding: Finding, known: Known, margin: Margin) -> Iterator[Proposal]:
    """Return the lower price that brings most of dead stock in ``COVER_DAYS``, if it brings more than waiting does.

    What was paid for the goods is spent. What is not sold by then sells on for as long at the usual price, each unit
    worth ``LATER_WORTH`` of one sold now; what is left after that is worth what remains of its cost.
    """
    sku, units = finding.subject, float(str(finding.told["units"]))
    sells = float(str(finding.told["a_week"])) / 7 * settings.COVER_DAYS
    answer = _answer(known, sku)
    left = margin.goods * (1 - settings.WRITTEN_OFF)

    def brings(factor: float, elasticity: float) -> float:
        sold = min(units, sells * factor**-elasticity)
        later = min(units - sold, sells)
        kept = later * settings.LATER_WORTH * (margin.price - margin.other) + (units - sold - later) * left
        return float(sold * (margin.price * factor - margin.other) + kept)

    factors = [1 - step / 20 for step in range(1, settings.LOWEST_STEPS + 1)]
    best = max(factors, key=lambda factor: brings(factor, answer.elasticity))
    gains = [brings(best, elasticity) - brings(1.0, elasticity) for elasticity in _likely(answer)]
    yield from _proposal(finding, known, sku, best, gains, days=settings.MEASURE_DAYS, words="price.lower")


def _answer(known: Known, sku: str) -> Answer:
    found: dict[str, Answer] = known.once(answers)
    return found.get(sku, Answer(USUAL, SPREAD))


def _likely(answer: Answer) -> tuple[float, float, float]:
    """Return how buyers answer: little, likely, much."""
    off = TENTH * answer.error
    return max(answer.elasticity - off, 0.1), answer.elasticity, answer.elasticity + off


def _proposal(
    finding: Finding, known: Known, sku: str, factor: float, gains: list[float], *, days: int, words: str
) -> Iterator[Proposal]:
    listed = _listed(known, sku)
    gain: Numbers = np.sort(np.array(gains))
    if listed is None or gain[1] <= 0 or gains[1] <= 0:
        return
    was, currency = listed
    price = round_half_up(was * Decimal(repr(factor)), 2)
    there = {"price": str(price), "was": str(was), "currency": currency}
    yield Proposal(
        Change("price.set", sku, "", there),
        expected=Range(*(round_half_up(Decimal(repr(float(part))), 2) for part in gain)), cash=Decimal(0),
        minutes=settings.PRICE_MINUTES, risk=MEDIUM, expires_on=known.day + timedelta(days=settings.EXPIRES_DAYS),
        measure=Measure("basket_sku", sku, min(days, settings.MEASURE_DAYS), MATCHED),
        undo=Change("price.set", sku, "", {"price": str(was), "was": str(price), "currency": currency}),
        rests_on={"was": str(was)},
        told={"sku": sku, "price": price, "was": was, "price_currency": currency,
              "percent": round(100 * abs(factor - 1))}, words=words,
    )  # fmt: skip


def _listed(known: Known, sku: str) -> tuple[Decimal, str] | None:
    """Return the price an article was last sold for most often, on the channel and in the currency it sells most."""
    orders, rows = known.facts["orders"], known.facts["order_lines"]
    first = ibis.literal(known.day - timedelta(days=settings.PRICE_DAYS)).cast("timestamp")
    recent = orders.filter(orders.placed_at >= first, orders.cancelled_at.isnull())
    mine = rows.filter(rows.sku == sku, rows.unit_price > 0, rows.quantity > 0)
    met = mine.inner_join(recent.select("order_id", "channel_id"), "order_id")
    told = known.rows(met.group_by("channel_id", "currency", "unit_price").aggregate(units=met.quantity.sum()))
    places: dict[tuple[str, str], int] = {}
    for row in told:
        key = row["channel_id"], row["currency"]
        places[key] = places.get(key, 0) + int(row["units"])
    if not places:
        return None
    place = max(places, key=lambda key: (places[key], key))
    there = [row for row in told if (row["channel_id"], row["currency"]) == place]
    price = max(there, key=lambda row: (row["units"], row["unit_price"]))["unit_price"]
    return round_half_up(price, 2), place[1]
