"""A small shop with one warehouse at home and one abroad, made of plain rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from tests.domains.conftest import known

from argosy.outlook.known import Known

DAY = date(2026, 7, 1)
DAYS = 91
Daily = Callable[[int], int]  # number of the day, 0 the first -> units sold
Row = dict[str, Any]


def ago(days: int) -> date:
    """Return a day so many days before the first one nothing is known of."""
    return DAY - timedelta(days=days)


def shop(sold: Mapping[str, Daily], *, facts: Mapping[str, Sequence[Row]] | None = None) -> Known:
    """Return a shop that sells so many units of each article on each day, each for 30 at a cost of 10, from "home"."""
    orders, lines, entries, parcels = list[Row](), list[Row](), list[Row](), list[Row]()
    for number in range(DAYS):
        at = datetime.combine(ago(DAYS - number), time(12))
        for sku, units in sold.items():
            for n in range(units(number)):
                name = f"{sku}-{number}-{n}"
                orders.append({"order_id": name, "channel_id": "shop", "placed_at": at, "country": "US"})
                lines.append({"order_id": name, "line_no": "1", "kind": "goods", "sku": sku, "quantity": 1,
                              "unit_price": 30, "currency": "CNY"})  # fmt: skip
                parcels.append({"shipment_id": name, "order_id": name, "origin": "home", "shipped_at": at})
                told = {"order_id": name, "sku": sku, "posted_at": at, "channel_id": "shop"}
                entries.append(told | {"account": "income:sales", "book_amount": -30})
                entries.append(told | {"account": "cost:goods", "book_amount": 10})
    whole: dict[str, Sequence[Row]] = {"orders": orders, "order_lines": lines, "shipments": parcels}
    whole |= {"cost_lots": [{"lot_id": "1", "sku": "A"}]}
    return known(whole | dict(facts or {}), day=DAY, entries=entries)


def counted(sku: str, on_hand: Daily, *, warehouse: str = "home", inbound: int = 0) -> list[Row]:
    """Return weekly counts of an article, the last one the day before ``DAY``."""
    return [
        {"warehouse_id": warehouse, "sku": sku, "on_date": ago(back), "on_hand": on_hand(DAYS - back),
         "inbound": inbound}
        for back in range(DAYS - 6, 0, -7)
    ]  # fmt: skip


def bought(sku: str, *, lead: int, open_since: int | None = None, units: int = 100) -> list[Row]:
    """Return orders of the maker: five that took ``lead`` days as promised, and one still open since so many days."""
    terms = {"supplier_id": "maker", "sku": sku, "line_no": "1", "unit_cost": 10, "currency": "CNY"}
    rows = [
        terms | {"po_id": f"{sku}{n}", "quantity": units, "received_quantity": units, "ordered_on": ago(200 - n),
                 "promised_on": ago(200 - n - lead), "received_on": ago(200 - n - lead)}
        for n in range(5)
    ]  # fmt: skip
    if open_since is not None:
        ordered = {"ordered_on": ago(open_since), "promised_on": ago(open_since - lead)}
        rows.append(terms | ordered | {"po_id": f"{sku}open", "quantity": units})
    return rows
