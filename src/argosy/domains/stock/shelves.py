"""What lies in each warehouse, what comes to it when, and how long an order placed now would take."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import numpy as np
from ibis.expr.types import Table

from argosy.domains.stock import settings
from argosy.domains.stock.on_the_way import Order, Shelf, assigned
from argosy.outlook.known import Known
from argosy.outlook.lead_time import LATEST, supply_times
from argosy.outlook.sales import Key, Sales, sales
from argosy.outlook.series import Numbers

LOW, MID, HIGH = 0, 1, 2  # arrivals early, as likely as not, late
SHARES = (0.1, 0.5, 0.9)  # of orders that have come by then
Promised = dict[tuple[str | None, str | None], float]  # days, by supplier and warehouse


@dataclass(frozen=True)
class Shelves:
    """Stock of each article in each warehouse on the day.

    keys: article and warehouse. on_hand: units there now: the last count less what was sold since. inbound: units on
    their way. coming: early, likely and late x series x days ahead, units that arrive. lead: days until what is ordered
    now is there, early, likely and late. supplier, unit_cost, cost_currency: of the last order of the article.
    least: units its supplier takes an order for at least.
    """

    keys: Sequence[Key]
    on_hand: Numbers
    inbound: Numbers
    coming: Numbers
    lead: Numbers
    supplier: Sequence[str | None]
    unit_cost: Numbers
    cost_currency: Sequence[str | None]
    least: Sequence[int]


def shelves(known: Known) -> Shelves | None:
    """Return what the warehouses hold; None: they were never counted, or nothing was sold."""
    sold = known.once(sales)
    told = known.run(_counted(known)).to_pydict()
    if sold is None or not told["sku"]:
        return None
    keys = list(zip(told["sku"], told["warehouse_id"], strict=True))
    on_hand, moved, inbound, cost = (
        np.nan_to_num(np.array(told[name], float)) for name in ("on_hand", "moved", "inbound", "unit_cost")
    )
    promised = _promised(known)
    lead = np.array(
        [_lead(known, promised, supplier, key[1]) for key, supplier in zip(keys, told["supplier_id"], strict=True)]
    ).T
    here = np.maximum(on_hand + moved - _sold_since(known, sold, told["on_date"], keys), 0)
    coming = np.zeros((3, len(keys), settings.MOST_DAYS + 1))
    inbound = np.maximum(inbound - np.maximum(moved, 0), 0)
    orders = known.rows(_open(known))
    for row, at in zip(orders, _places(orders, promised, keys, inbound, told["on_date"]), strict=True):
        if at >= 0:
            for scenario, days in enumerate(_arrives(known, row)):
                coming[scenario, at, min(days, settings.MOST_DAYS)] += row["units"]
    return Shelves(keys, here, inbound, coming, lead, told["supplier_id"], cost, told["currency"],
                   [int(one or 1) for one in told["least"]])  # fmt: skip


def _counted(known: Known) -> Table:
    """Return the last count of each article in each warehouse, what was moved since, and its last order."""
    levels, moves, lines = (known.facts[name] for name in ("stock_levels", "stock_moves", "po_lines"))
    last = levels.group_by("sku", "warehouse_id").aggregate(
        on_date=levels.on_date.max(),
        on_hand=levels.on_hand.argmax(levels.on_date),
        inbound=levels.inbound.argmax(levels.on_date),
    )
    moves = moves.select("sku", "warehouse_id", "quantity", day=moves.at.date())
    after = moves.inner_join(last.select("sku", "warehouse_id", "on_date"), ["sku", "warehouse_id"])
    after = after.filter(after.day > after.on_date)
    after = after.group_by("sku", "warehouse_id").aggregate(moved=after.quantity.sum())
    orders = lines.group_by("sku").aggregate(
        supplier_id=lines.supplier_id.argmax(lines.ordered_on),
        unit_cost=lines.unit_cost.argmax(lines.ordered_on),
        currency=lines.currency.argmax(lines.ordered_on),
    )
    found = last.left_join(after, ["sku", "warehouse_id"], rname="after_{name}")
    found = found.left_join(orders, "sku", rname="order_{name}")
    makers = known.facts["suppliers"].select("supplier_id", least="min_order_quantity")
    found = found.left_join(makers, "supplier_id", rname="maker_{name}")
    names = ("sku", "warehouse_id", "on_date", "on_hand", "inbound", "moved", "supplier_id", "unit_cost", "currency",
             "least")  # fmt: skip
    return found.select(*names).order_by("sku", "warehouse_id")


def _sold_since(known: Known, sold: Sales, counted: Sequence[date], keys: Sequence[Key]) -> Numbers:
    place = {key: number for number, key in enumerate(sold.keys)}
    found = np.zeros(len(keys))
    for number, (key, day) in enumerate(zip(keys, counted, strict=True)):
        back = (sold.last - day).days
        if key in place and back > 0:
            found[number] = np.nansum(sold.units[place[key], -back:])
    return found


def _received(known: Known) -> Table:
    """Return the order lines that came in, with the warehouse where a receipt of as many units was booked."""
    lines, moves = known.facts["po_lines"], known.facts["stock_moves"]
    lines = lines.filter(lines.received_on.notnull(), lines.ordered_on.notnull())
    booked = moves.filter(moves.kind == "receipt").select(
        "sku", "warehouse_id", received_quantity=moves.quantity, received_on=moves.at.date()
    )
    return lines.left_join(booked.distinct(), ["sku", "received_on", "received_quantity"], rname="move_{name}")


def _promised(known: Known) -> Promised:
    """Return the days suppliers usually promise, by supplier and warehouse, and by supplier in all (warehouse None)."""
    came = _received(known)
    came = came.select(
        "supplier_id", "warehouse_id", promised=came.promised_on.delta(came.ordered_on, unit="day")
    ).filter(lambda t: t.promised.notnull())
    whole = came.mutate(warehouse_id=ibis.null("string"))
    both = whole.union(came.filter(came.warehouse_id.notnull()))
    rows = known.rows(both.group_by("supplier_id", "warehouse_id").aggregate(days=both.promised.median()))
    return {(row["supplier_id"], row["warehouse_id"]): float(row["days"]) for row in rows}


def _of(promised: Promised, supplier: str | None, warehouse: str | None) -> float | None:
    return promised.get((supplier, warehouse)) or promised.get((supplier, None))


def _lead(known: Known, promised: Promised, supplier: str | None, warehouse: str | None) -> tuple[float, ...]:
    """Return in how many days what is ordered now is there, early, likely and late: as promised, and as late as such
    orders come."""
    days = _of(promised, supplier, warehouse)
    if days is None:
        return _spread(*(settings.LEAD_DAYS,) * 3)
    times = known.once(supply_times)
    return _spread(*(max(days + times.late_by(share, supplier or ""), 1.0) for share in SHARES))


def _spread(low: float, mid: float, high: float) -> tuple[float, ...]:
    """Return days no nearer to each other than few orders can tell."""
    less, more = settings.LEAD_SPREAD
    return min(low, mid + less), mid, max(high, mid + more)


def _open(known: Known) -> Table:
    """Return the orders that are open: sku, supplier, day promised, days promised, day ordered, units."""
    lines = known.facts["po_lines"]
    open_ = lines.filter(lines.received_on.isnull(), lines.ordered_on.notnull(), lines.sku.notnull())
    day = ibis.coalesce(open_.promised_on, open_.ordered_on)
    return open_.select(
        "sku", "supplier_id", "ordered_on", day=day, promised=open_.promised_on.delta(open_.ordered_on, unit="day"),
        units=open_.quantity,
    ).order_by(ibis.desc("units"), "sku", "day")  # fmt: skip


def _places(
    orders: Sequence[dict[str, Any]], promised: Promised, keys: Sequence[Key], inbound: Numbers, counted: Sequence[date]
) -> list[int]:
    """Return the place in ``keys`` of the shelf each open order is for; -1: none."""
    found = [-1] * len(orders)
    orders_of, shelves_of = defaultdict[str, list[int]](list), defaultdict[str, list[int]](list)
    for number, order in enumerate(orders):
        orders_of[order["sku"]].append(number)
    for place, (sku, _) in enumerate(keys):
        shelves_of[sku].append(place)
    for sku, mine in orders_of.items():
        here = shelves_of[sku]
        suppliers = {orders[number]["supplier_id"] for number in mine}
        shelves_ = [
            Shelf(
                float(inbound[place]), counted[place],
                {one: days for one in suppliers if (days := promised.get((one, keys[place][1]))) is not None},
            )
            for place in here
        ]  # fmt: skip
        open_ = [Order(*(orders[n][name] for name in ("supplier_id", "ordered_on", "units", "promised"))) for n in mine]
        for number, place in zip(mine, assigned(open_, shelves_), strict=False):
            found[number] = here[place]
    return found


def _arrives(known: Known, row: dict[str, Any]) -> list[int]:
    """Return in how many days an open order comes: early, likely, late; what is overdue as such orders come that are
    late already, though not later than ``STILL_LATE`` tells."""
    ahead = (row["day"] - known.day).days
    if row["promised"] is None:
        late: Sequence[float] = (settings.LATE_DAYS,) * 3
    else:
        times = known.once(supply_times)
        late = [times.late_by(share, row["supplier_id"] or "", over=min(-ahead, LATEST)) for share in SHARES]
    days = _spread(*(float(one) for one in late))
    if ahead > 0:
        return [max(int(ahead + one), 1) for one in days]
    return [min(max(int(ahead + one), 1), most) for one, most in zip(days, settings.STILL_LATE, strict=True)]
