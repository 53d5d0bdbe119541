"""What one unit of each lot cost, landed, in the book currency: converted once, on the day it was received."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any

from argosy.model.money import minor_units, round_half_up

LOT = {
    "lot_id": "string",
    "sku": "string",
    "received_on": "date",
    "quantity": "int64",
    "unit_goods": "decimal(18,10)",
    "unit_inbound": "decimal(18,10)",
}
UNVALUED = {"lot_id": "string", "sku": "string", "day": "date", "currency": "string"}
UNIT = Decimal(1).scaleb(-10)
ALWAYS = date(1, 1, 1)
Rates = Mapping[tuple[date, str], Decimal]


@dataclass(frozen=True)
class ValuedLot:
    """A lot with its landed cost per unit in the book currency, to ten decimals.

    quantity None: a standard cost that holds from ``received_on`` until the next one of the article.
    """

    lot_id: str
    sku: str
    received_on: date
    quantity: int | None
    unit_goods: Decimal
    unit_inbound: Decimal


@dataclass(frozen=True)
class UnvaluedLot:
    """A lot that cannot be valued: no rate for ``currency`` on ``day``."""

    lot_id: str
    sku: str
    day: date
    currency: str


def value_lots(
    lots: Iterable[Mapping[str, Any]], *, rates: Rates, book_currency: str, today: date
) -> tuple[list[ValuedLot], list[UnvaluedLot]]:
    """Return the lots with what a unit of each cost in the book currency, and those without a rate.

    lots: rows of the fact table ``cost_lots``. Price, freight and duty may each have a currency of their own;
    each is converted exactly once, with the rate of the day the lot was received (``today`` for a cost that has
    no day), and never again: entries for goods are in the book currency.
    """
    valued: list[ValuedLot] = []
    unvalued: list[UnvaluedLot] = []
    for lot in lots:
        day = lot["received_on"] or today
        missing = [c for c in _currencies(lot) if c != book_currency and (day, c) not in rates]
        if missing:
            unvalued.append(UnvaluedLot(lot["lot_id"], lot["sku"], day, missing[0]))
        else:
            valued.append(_valued(lot, day, rates, book_currency))
    return valued, unvalued


def _currencies(lot: Mapping[str, Any]) -> list[str]:
    price = lot["currency"]
    found = [price]
    for part in ("freight", "duty"):
        if lot[part]:
            found.append(lot[f"{part}_currency"] or price)
    return found


def _valued(lot: Mapping[str, Any], day: date, rates: Rates, book_currency: str) -> ValuedLot:
    def in_book(amount: Decimal | None, currency: str | None) -> Decimal:
        if not amount:
            return Decimal(0)
        currency = currency or lot["currency"]
        return amount if currency == book_currency else amount * rates[day, currency]

    quantity = lot["quantity"]
    inbound = in_book(lot["freight"], lot["freight_currency"]) + in_book(lot["duty"], lot["duty_currency"])
    with localcontext() as context:
        context.prec = 50
        if quantity:
            # The lot's price is rounded once as a whole, as the supplier's bill is; units carry the exact share.
            goods = round_half_up(in_book(lot["unit_cost"] * quantity, None), minor_units(book_currency)) / quantity
            inbound = round_half_up(inbound, minor_units(book_currency)) / quantity
        else:
            goods = in_book(lot["unit_cost"], None)
        return ValuedLot(
            lot_id=lot["lot_id"],
            sku=lot["sku"],
            received_on=lot["received_on"] or ALWAYS,
            quantity=quantity or None,
            unit_goods=goods.quantize(UNIT, rounding=ROUND_HALF_UP),
            unit_inbound=inbound.quantize(UNIT, rounding=ROUND_HALF_UP),
        )


def weighted_average(lots: Sequence[ValuedLot], issued: Iterable[tuple[str, date, int]]) -> list[ValuedLot]:
    """Return the moving average as standard costs, one from each receipt on (IAS 2.27).

    issued: article, day, units that left. On a day receipts come before issues. Stock that went below zero
    counts as none: the next receipt sets the average alone.
    """
    left: dict[str, list[tuple[date, int]]] = defaultdict(list)
    for sku, day, units in issued:
        left[sku].append((day, units))
    averages = [lot for lot in lots if lot.quantity is None]
    received: dict[str, list[ValuedLot]] = defaultdict(list)
    for lot in lots:
        if lot.quantity is not None:
            received[lot.sku].append(lot)
    for sku, receipts in received.items():
        averages += _moving(sorted(receipts, key=lambda lot: (lot.received_on, lot.lot_id)), sorted(left[sku]))
    return averages


def _moving(receipts: list[ValuedLot], issues: list[tuple[date, int]]) -> list[ValuedLot]:
    on_hand, goods, inbound, gone = 0, Decimal(0), Decimal(0), 0
    averages: dict[date, ValuedLot] = {}
    for lot in receipts:
        while gone < len(issues) and issues[gone][0] < lot.received_on:
            on_hand -= issues[gone][1]
            gone += 1
        on_hand = max(on_hand, 0)
        units = lot.quantity or 0
        whole = on_hand + units
        goods = ((goods * on_hand + lot.unit_goods * units) / whole).quantize(UNIT, rounding=ROUND_HALF_UP)
        inbound = ((inbound * on_hand + lot.unit_inbound * units) / whole).quantize(UNIT, rounding=ROUND_HALF_UP)
        on_hand = whole
        averages[lot.received_on] = ValuedLot(lot.lot_id, lot.sku, lot.received_on, None, goods, inbound)
    return list(averages.values())
