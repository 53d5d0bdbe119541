"""One finding about stock in, what can be done about it out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from decimal import Decimal

import numpy as np

from argosy.domains.stock import settings
from argosy.domains.stock.offers import dearer_price, lower_price
from argosy.domains.stock.running import Running, running
from argosy.domains.stock.shelves import MID, Shelves
from argosy.model.findings import Finding, Range
from argosy.model.money import round_half_up
from argosy.model.proposals import BEFORE_AFTER, LOW, MEDIUM, UNMEASURED, Change, Measure, Proposal
from argosy.outlook.known import Known
from argosy.outlook.margin import Margin, margins
from argosy.outlook.series import Numbers

NOBODY_TELLS = "no_counterfactual"


def refill(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return an order of the supplier, goods from another warehouse, and a dearer price while there are few, each where
    it earns something."""
    found, sku = known.once(running), str(finding.told["sku"])
    margin = known.once(margins).get(sku)
    if found is None or margin is None:
        return
    held, run = found
    place = held.keys.index((sku, str(finding.told["warehouse"])))
    yield from _reorder(finding, known, held, run, place, margin)
    yield from _transfer(finding, known, held, run, place, margin)
    yield from dearer_price(finding, known, held, run, margin)


def order_more(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return an order for the warehouse that will miss an article most of which more is wanted; nothing for markets."""
    found, margin = known.once(running), known.once(margins).of.get(finding.subject)
    if found is None or margin is None:
        return
    held, run = found
    mine = [place for place, key in enumerate(held.keys) if key[0] == finding.subject]
    if mine:
        place = max(mine, key=lambda n: _missed_later(held, run, n, settings.ORDER_LATER)[1])
        yield from _reorder(finding, known, held, run, place, margin)


def clear(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the lower price at which dead stock brings most, where one brings more than waiting."""
    margin = known.once(margins).get(finding.subject)
    if margin is not None:
        yield from lower_price(finding, known, margin)


def ask_storage(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the talk with who bills storage: take it back, or move out."""
    yield Proposal(
        Change("task.do", finding.subject, finding.subject, {"text": "storage"}),
        expected=Range(*((finding.stake.mid * Decimal(str(part))).quantize(Decimal("0.01"))
                         for part in settings.TALK_SAVES)),
        cash=Decimal(0), minutes=settings.TALK_MINUTES, risk=LOW,
        expires_on=known.day + timedelta(days=settings.EXPIRES_DAYS),
        measure=Measure("storage_cost", finding.subject, settings.MEASURE_DAYS, BEFORE_AFTER),
        rests_on={"since": str(finding.since)}, told=finding.told, words="talk",
    )  # fmt: skip


def _reorder(
    finding: Finding, known: Known, held: Shelves, run: Running, place: int, margin: Margin
) -> Iterator[Proposal]:
    """Return an order now rather than ``ORDER_LATER`` days on, up to what sells until the one after it has come."""
    supplier, currency = held.supplier[place], held.cost_currency[place]
    rate = known.rate(currency) if currency else None
    saved = _missed_later(held, run, place, settings.ORDER_LATER)
    need = float(_missed_later(held, run, place, settings.ORDER_DAYS)[1])
    units = max(int(np.ceil(need / 10) * 10), held.least[place])
    if supplier is None or rate is None or held.unit_cost[place] <= 0 or need <= 0:
        return
    goods = float(rate) * units * held.unit_cost[place]
    tied = goods * settings.CAPITAL_A_YEAR * settings.ORDER_LATER / 365
    gains = margin.each * saved - tied
    if gains[1] <= 0:
        return
    sku, warehouse = held.keys[place]
    arrives = known.day + timedelta(days=int(held.lead[MID][place]))
    cost = round_half_up(Decimal(repr(float(held.unit_cost[place]))), 4)
    values = {"units": str(units), "supplier": supplier, "unit_cost": str(cost), "currency": str(currency)}
    yield Proposal(
        Change("stock.reorder", f"{sku}/{warehouse}", "", values),
        expected=_range(gains), cash=_money(goods), minutes=settings.ORDER_MINUTES, risk=MEDIUM,
        expires_on=known.day + timedelta(days=settings.EXPIRES_DAYS),
        measure=Measure("margin_sku", sku, settings.MEASURE_DAYS, UNMEASURED, NOBODY_TELLS),
        rests_on={"on_order": str(int(held.coming[MID][place].sum()))},
        told={
            "sku": sku, "warehouse": str(warehouse), "units": units, "supplier": supplier, "unit_cost": cost,
            "cost_currency": str(currency), "arrives": arrives,
        },
    )  # fmt: skip


def _missed_later(held: Shelves, run: Running, place: int, days: int) -> Numbers:
    """Return units asked for in vain in so many days from when an order placed now is there: little, expected, much."""
    lead = int(held.lead[MID][place])
    upto = np.minimum(np.array([lead - 1, lead - 1 + days]), run.missed.shape[2] - 1)
    return np.sort(run.missed[:, place, upto[1]] - run.missed[:, place, upto[0]])


def _transfer(
    finding: Finding, known: Known, held: Shelves, run: Running, place: int, margin: Margin
) -> Iterator[Proposal]:
    """Return goods from the warehouse that can best do without them until its own next ones are there."""
    sku, warehouse = held.keys[place]
    others = [n for n, key in enumerate(held.keys) if key[0] == sku and n != place]
    spare = {n: _spare(held, run, n) for n in others}
    lead, way = int(held.lead[MID][place]), settings.TRANSFER_DAYS
    if not others or lead <= way:
        return
    origin = max(others, key=lambda n: spare[n])
    needed = np.sort(run.missed[:, place, lead - 1] - run.missed[:, place, way])
    units = int(min(spare[origin], np.ceil(needed[1])))
    each = margin.each - settings.TRANSFER_COSTS * margin.goods
    if units < settings.LEAST_UNITS or each <= 0:
        return
    cost = settings.TRANSFER_COSTS * margin.goods * units
    gains = margin.each * np.minimum(needed, units) - cost
    home = str(held.keys[origin][1])
    if gains[1] <= 0:
        return
    yield Proposal(
        Change("stock.transfer", f"{sku}/{warehouse}", "", {"units": str(units), "origin": home}),
        expected=_range(gains), cash=_money(cost), minutes=settings.ORDER_MINUTES, risk=LOW,
        expires_on=known.day + timedelta(days=settings.EXPIRES_DAYS),
        measure=Measure("margin_sku", sku, settings.MEASURE_DAYS, UNMEASURED, NOBODY_TELLS),
        undo=Change("stock.transfer", f"{sku}/{home}", "", {"units": str(units), "origin": str(warehouse)}),
        rests_on={"spare": "yes"},
        told={"sku": sku, "warehouse": str(warehouse), "units": units, "origin": home},
    )  # fmt: skip


def _spare(held: Shelves, run: Running, place: int) -> float:
    """Return the units a warehouse has beyond what it likely sells until an order of its own is there, and more."""
    lead = min(int(held.lead[MID][place]) + settings.SPARE_DAYS, run.wanted.shape[1])
    there = held.on_hand[place] + held.coming[MID][place, :lead].sum()
    return float(min(held.on_hand[place], there - settings.SPARE_TIMES * run.wanted[place, :lead].sum()))


def _range(amounts: Sequence[float] | Numbers) -> Range:
    return Range(*(_money(float(amount)) for amount in np.sort(np.asarray(amounts))))


def _money(amount: float) -> Decimal:
    return round_half_up(Decimal(repr(float(amount))), 2)
