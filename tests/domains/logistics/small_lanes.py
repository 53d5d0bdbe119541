"""A shop of a few lanes for checks to be tried on: orders, parcels, bills and duty by simple rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
from tests.outlook.small_books import entry, known

from argosy.outlook.known import Known

START, DAYS, A_DAY = date(2026, 1, 5), 120, 8
Rule = Callable[[int, str], float]


@dataclass
class Shop:
    """What is usual, and rules (day, market) -> value that say otherwise."""

    days: Rule = lambda day, market: 8.0
    hours: Rule = lambda day, market: 24.0
    held: Rule = lambda day, market: 0.0
    price: Rule = lambda day, market: 1.0
    duty: Rule = lambda day, market: 0.10
    twice: tuple[int, ...] = ()
    back: float = 0.4
    rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def known(self, *, contracts: bool = True, until: int = DAYS) -> Known:
        """Return what is known of the shop after its last day."""
        chance = np.random.default_rng(5)
        names = ("orders", "shipments", "tracking_events", "carrier_charges", "customs_charges", "contracts")
        rows: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
        entries: list[dict[str, Any]] = []
        for number in range(until * A_DAY * 2):
            self._order(number, chance, rows, entries)
        if contracts:
            terms = "{}: 4.00 EUR a parcel + 6.00 EUR a kilogram"
            rows["contracts"] += [
                {"contract_id": f"C-{to}", "partner": "Swift", "kind": "carriage", "starts_on": START,
                 "terms": terms.format(to)} for to in ("DE", "FR")
            ]  # fmt: skip
        told = {name: some for name, some in rows.items() if some}
        day = START + timedelta(days=until)
        return known(entries, day=day + timedelta(days=60), facts=told).before(day)

    def _order(
        self, number: int, chance: np.random.Generator, rows: dict[str, list[dict[str, Any]]],
        entries: list[dict[str, Any]],
    ) -> None:  # fmt: skip
        market, day = ("DE", "FR")[number % 2], number // (2 * A_DAY)
        order, parcel, grams = f"shop:{number}", f"P{number}", int(chance.integers(200, 2000))
        paid = datetime(START.year, START.month, START.day) + timedelta(days=day, hours=int(chance.integers(8, 20)))
        sent = paid + timedelta(hours=self.hours(day, market) * float(chance.uniform(0.5, 1.5)))
        way = self.days(day, market) * float(np.exp(0.35 * chance.normal()))
        held = chance.random() < self.held(day, market)
        came = sent + timedelta(days=way + (8 if held else 0))
        due = paid + timedelta(days=15)
        rows["orders"].append({"order_id": order, "channel_id": "shop", "placed_at": paid, "paid_at": paid,
                               "status": "shipped", "currency": "EUR", "country": market})  # fmt: skip
        rows["shipments"].append({
            "shipment_id": order, "order_id": order, "carrier": "Swift", "tracking_no": parcel, "shipped_at": sent,
            "delivered_at": came, "deliver_by": due, "origin": "CN", "country": market, "weight_g": grams,
            "declared_value": Decimal(50), "currency": "EUR",
        })  # fmt: skip
        if held:
            rows["tracking_events"].append({"tracking_no": parcel, "at": sent + timedelta(days=5), "status": "on_hold",
                                            "status_said": "held"})  # fmt: skip
        elif number < 4:
            rows["tracking_events"].append({"tracking_no": parcel, "at": sent, "status": "picked_up"})
        billed = sent.date() + timedelta(days=3)
        amount = Decimal(f"{(4 + 6 * grams / 1000) * self.price(day, market):.2f}")
        for again in range(1 + (number in self.twice)):
            rows["carrier_charges"].append({
                "charge_id": f"{number}/{again}", "carrier": "Swift", "tracking_no": parcel, "kind": "freight",
                "charged_on": billed + timedelta(days=7 * again), "chargeable_weight_g": grams, "amount": amount,
                "currency": "EUR",
            })  # fmt: skip
        rows["customs_charges"].append({
            "charge_id": order, "tracking_no": parcel, "kind": "duty", "charged_on": billed, "currency": "EUR",
            "amount": Decimal(f"{50 * self.duty(day, market):.2f}"),
        })  # fmt: skip
        whose = {"order_id": order, "market": market, "channel_id": "shop"}
        entries.append(entry(paid.date(), "income:sales", 60, **whose))
        if came > due and chance.random() < self.back:
            entries.append(entry(came.date() + timedelta(days=3), "contra:refund", -20, **whose))
