"""What lies in each warehouse, what comes to it when, and how long an order placed now would take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import ibis
import numpy as np
from ibis.expr.types import Table

from argosy.domains.stock import settings
from argosy.outlook.known import Known
from argosy.outlook.sales import Key, Sales, sales
from argosy.outlook.series import Numbers

LOW, MID, HIGH = 0, 1, 2  # arrivals early, as likely as not, late


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
    terms = {(row["supplier_id"], row["warehouse_id"]): row for row in known.rows(_terms(known))}
    lead = np.array([_lead(terms, supplier, key[1]) for key, supplier in zip(keys, told["supplier_id"], strict=True)]).T
    here = np.maximum(on_hand + moved - _sold_since(known, sold, told["on_date"], keys), 0)
    coming = np.zeros((3, len(keys), settings.MOST_DAYS + 1))
    inbound = np.maximum(inbound - np.maximum(moved, 0), 0)
    orders = known.rows(_open(known))
    for row, at in zip(orders, _assigned(orders, terms, keys, inbound, told["on_date"]), strict=True):
        if at >= 0:
            for scenario, days in enumerate(_arrives(known, row, _of(terms, row["supplier_id"], keys[at][1]))):
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


def _terms(known: Known) -> Table:
    """Return how long orders took by supplier and warehouse, and by supplier in all (warehouse NULL): days promised,
    and of days taken and days late the tenth, the middle and the ninth tenth."""
    came = _received(known)
    came = came.select(
        "supplier_id",
        "warehouse_id",
        promised=came.promised_on.delta(came.ordered_on, unit="day"),
        took=came.received_on.delta(came.ordered_on, unit="day"),
        late=came.received_on.delta(came.promised_on, unit="day"),
    )
    whole = came.mutate(warehouse_id=ibis.null("string"))
    both = whole.union(came.filter(came.warehouse_id.notnull()))
    return both.group_by("supplier_id", "warehouse_id").aggregate(
        n=both.count(),
        promised=both.promised.median(),
        **{f"took_{share}": both.took.quantile(share / 100).cast("float64") for share in (10, 50, 90)},
        **{f"late_{share}": both.late.quantile(share / 100).cast("float64") for share in (10, 50, 90)},
    )


Terms = dict[tuple[str | None, str | None], dict[str, Any]]


def _of(terms: Terms, supplier: str | None, warehouse: str | None) -> dict[str, Any] | None:
    return terms.get((supplier, warehouse)) or terms.get((supplier, None))


def _lead(terms: Terms, supplier: str | None, warehouse: str | None) -> tuple[float, ...]:
    row = _of(terms, supplier, warehouse)
    took = (row["took_10"], row["took_50"], row["took_90"]) if row else (settings.LEAD_DAYS,) * 3
    return _spread(*took)


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


def _assigned(
    orders: Sequence[dict[str, Any]], terms: Terms, keys: Sequence[Key], inbound: Numbers, counted: Sequence[date]
) -> list[int]:
    """Return the place in ``keys`` of the shelf each open order is for; -1: none.

    An order names no warehouse: it is taken for one where as many units more are on their way, and of these for the one
    to which orders of its supplier are promised in as many days. One placed after the count is none of those.
    """
    shelves_of: dict[str, list[int]] = {}
    for place, (sku, _) in enumerate(keys):
        shelves_of.setdefault(sku, []).append(place)
    left = inbound.copy()
    found = []
    for order in orders:

        def off(place: int, order: dict[str, Any] = order) -> tuple[bool, float, float]:
            term = terms.get((order["supplier_id"], keys[place][1]))
            days = abs((order["promised"] or 0) - term["promised"]) if term and term["promised"] else 60.0
            seen = order["ordered_on"] <= counted[place]
            return seen and left[place] < order["units"], days, -left[place]

        at = min(shelves_of.get(order["sku"], ()), key=off, default=-1)
        if at >= 0 and order["ordered_on"] <= counted[at]:
            left[at] -= order["units"]
        found.append(at)
    return found


def _arrives(known: Known, row: dict[str, Any], term: dict[str, Any] | None) -> list[int]:
    """Return in how many days an open order comes: early, likely, late; what is overdue takes some days more."""
    late = _spread(*(term["late_10"], term["late_50"], term["late_90"]) if term else (settings.LATE_DAYS,) * 3)
    ahead = (row["day"] - known.day).days
    more = settings.STILL_LATE
    return [max(int(ahead + days), int(over)) for days, over in zip(late, (1, more, 2 * more), strict=True)]
