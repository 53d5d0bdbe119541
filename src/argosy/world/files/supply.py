"""Goods as the seller's own sheets tell of them: articles, makers, orders, stock, bills and what was agreed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa

from argosy.world import assumptions as assumed
from argosy.world.bills import KINDS, NOBODY, PAYEES
from argosy.world.columns import DAY_SECONDS, Ints, moment, money, picked, same, text, where, write_rows
from argosy.world.goods import FAMILIES, suppliers
from argosy.world.happened import World
from argosy.world.parcels import LANES, NEAR

PRODUCTS = (
    "SKU", "Title", "Brand", "Category", "HS code", "Origin", "Weight (g)", "Battery", "For children", "Cosmetic",
    "Electric",
)  # fmt: skip
SUPPLIERS = ("Supplier", "Name", "Country", "Currency", "Payment days", "Minimum order", "Lead days")
ORDERS = (
    "Purchase order", "Line", "Supplier", "SKU", "Quantity", "Unit cost", "Currency", "Ordered on", "Promised on",
    "Received on", "Received quantity", "Defective quantity", "Incoterm",
)  # fmt: skip
LEVELS = ("Warehouse", "SKU", "On date", "On hand", "Reserved", "Inbound", "Unsellable")
MOVES = ("Move", "Warehouse", "SKU", "Quantity", "Kind", "At", "Note")
FEES = ("Fee", "Payee", "Channel", "Order", "SKU", "Kind", "Amount", "Currency", "Charged on")
CONTRACTS = (
    "Contract", "Partner", "Kind", "Starts on", "Ends on", "Terms", "Milestone", "Due on", "Done on", "Owner",
)  # fmt: skip
BRAND = "Argonauta"
DAY = "%Y-%m-%d"
SNAPSHOT_DAYS = 7


def write_products(path: Path, world: World) -> None:
    """Write the article master."""
    articles = world.given.articles

    def flag(set_: list[bool]) -> pa.Array:
        return pa.array(["true" if one else "false" for one in set_])

    columns = {
        "SKU": pa.array([a.sku for a in articles]),
        "Title": pa.array([a.title for a in articles]),
        "Brand": same(BRAND, len(articles)),
        "Category": pa.array([FAMILIES[a.family].word for a in articles]),
        "HS code": pa.array([a.hs_code for a in articles]),
        "Origin": pa.array([a.supplier.country for a in articles]),
        "Weight (g)": pa.array([str(a.weight_g) for a in articles]),
        "Battery": flag([a.battery for a in articles]),
        "For children": flag([a.family == "KIDS" for a in articles]),
        "Cosmetic": flag([a.family == "CARE" for a in articles]),
        "Electric": flag([a.family == "ELEC" for a in articles]),
    }
    write_rows(path, columns, header=PRODUCTS)


def write_suppliers(path: Path) -> None:
    """Write the makers and their terms."""
    makers = suppliers()
    columns = {
        "Supplier": pa.array([one.name for one in makers]),
        "Name": pa.array([f"{one.name} ({one.city})" for one in makers]),
        "Country": pa.array([one.country for one in makers]),
        "Currency": same(assumed.BOOK_CURRENCY, len(makers)),
        "Payment days": pa.array([str(one.payment_days) for one in makers]),
        "Minimum order": pa.array([str(one.least) for one in makers]),
        "Lead days": pa.array([str(one.lead_days) for one in makers]),
    }
    write_rows(path, columns, header=SUPPLIERS)


def write_purchases(path: Path, world: World) -> None:
    """Write the purchase orders placed so far, with what came of them."""
    lots, last = world.lots, world.given.when.last
    queue = np.lexsort((lots.pool, lots.article, lots.ordered))
    queue = queue[lots.ordered[queue] < last]
    come = lots.day[queue] < last
    article, units = lots.article[queue], lots.units[queue]
    day = world.given.when.day(lots.day[queue] * DAY_SECONDS)
    share = 0.002 * world.given.conditions.defects[day, article]
    bad = np.minimum((units * share).astype(np.int64), units)
    makers = [a.supplier.name for a in world.given.articles]
    number = text(pa.array(np.arange(len(queue)) + 40_001))
    columns = {
        "Purchase order": number,
        "Line": same("1", len(queue)),
        "Supplier": picked(makers, article),
        "SKU": picked([a.sku for a in world.given.articles], article),
        "Quantity": text(pa.array(units)),
        "Unit cost": text(money(lots.unit_cost[queue])),
        "Currency": same(assumed.BOOK_CURRENCY, len(queue)),
        "Ordered on": moment(lots.ordered[queue] * DAY_SECONDS, DAY),
        "Promised on": moment(lots.due[queue] * DAY_SECONDS, DAY),
        "Received on": where(come, moment(lots.day[queue] * DAY_SECONDS, DAY)),
        "Received quantity": where(come, text(pa.array(units))),
        "Defective quantity": where(come, text(pa.array(bad))),
        "Incoterm": same("FOB", len(queue)),
    }
    write_rows(path, columns, header=ORDERS)


def write_stock(levels: Path, moves: Path, world: World) -> None:
    """Write what lay in the warehouses at the end of every week, and what came into them."""
    lots, when, skus = world.lots, world.given.when, [a.sku for a in world.given.articles]
    days = np.arange(SNAPSHOT_DAYS - 1, when.last - when.first, SNAPSHOT_DAYS)
    day, pool, article = (axis.ravel() for axis in np.indices((len(days), *world.shelves.on_hand.shape[1:])))
    coming = _on_order(world, days)
    columns = {
        "Warehouse": picked([one.name for one in assumed.POOLS], pool),
        "SKU": picked(skus, article),
        "On date": moment((days[day] + when.first) * DAY_SECONDS, DAY),
        "On hand": text(pa.array(world.shelves.on_hand[days[day], pool, article])),
        "Reserved": same("0", len(day)),
        "Inbound": text(pa.array(coming[day, pool, article])),
        "Unsellable": same("0", len(day)),
    }
    write_rows(levels, columns, header=LEVELS)
    come = np.flatnonzero(lots.day < when.last)
    come = come[np.lexsort((lots.article[come], lots.pool[come], lots.day[come]))]
    received = {
        "Move": text(pa.array(np.arange(len(come)) + 1)),
        "Warehouse": picked([one.name for one in assumed.POOLS], lots.pool[come]),
        "SKU": picked(skus, lots.article[come]),
        "Quantity": text(pa.array(lots.units[come])),
        "Kind": same("receipt", len(come)),
        "At": moment(lots.day[come] * DAY_SECONDS, "%Y-%m-%d %H:%M:%S"),
    }
    write_rows(moves, received, header=MOVES)


def _on_order(world: World, days: Ints) -> Ints:
    """Return the units ordered and not yet there at the end of each of these days, by warehouse and article."""
    lots, first = world.lots, world.given.when.first
    pending = np.zeros((len(days), *world.shelves.on_hand.shape[1:]), np.int64)
    for place, day in enumerate(days + first):
        open_ = (lots.ordered <= day) & (lots.day > day)
        np.add.at(pending[place], (lots.pool[open_], lots.article[open_]), lots.units[open_])
    return pending


def write_fees(path: Path, world: World) -> None:
    """Write what others billed: storage, goods brought elsewhere, letters."""
    bills, rows = world.bills, len(world.bills.day)
    columns = {
        "Fee": text(pa.array(np.arange(rows) + 1)),
        "Payee": picked(PAYEES, bills.payee),
        "SKU": where(
            bills.article != NOBODY, picked([a.sku for a in world.given.articles], np.maximum(bills.article, 0))
        ),
        "Kind": picked(KINDS, bills.kind),
        "Amount": text(money(bills.amount)),
        "Currency": same(assumed.SHOP_CURRENCY, rows),
        "Charged on": moment(bills.day * DAY_SECONDS, DAY),
    }
    write_rows(path, columns, header=FEES)


def write_contracts(path: Path, world: World) -> None:
    """Write what was agreed with carriers, warehouses and makers, and until when goods are certified at each place.

    A certificate ends the day before its family's listings are closed for want of it, else six years on.
    """
    start = world.given.plan.start
    rows: list[tuple[str, str, str, str, str]] = []
    for lane in LANES:
        terms = f"{lane.country}: {lane.parcel / 100:.2f} USD a parcel + {lane.kilogram / 100:.2f} USD a kilogram"
        terms += "" if lane is LANES[NEAR] else f", by post {assumed.POST_PERMILLE / 10:g} % of it"
        rows.append((f"C-{lane.carrier}-{lane.country}", lane.carrier, "carriage", _far(start), terms))
    rows += [
        (f"W-{pool.name}", pool.name, "storage", _far(start), f"{pool.storage / 100:.2f} USD a kilogram and month")
        for pool in assumed.POOLS
        if pool.storage
    ]
    rows += [
        (f"S-{one.name}", one.name, "supply", _far(start), f"{one.lead_days} days, paid after {one.payment_days} days")
        for one in suppliers()
    ]
    expired = {
        event.subject: event.first for event in world.given.plan.incidents if event.kind == "certificate_expires"
    }
    for code in ("ELEC", "KIDS", "CARE"):
        for place in assumed.ELSEWHERE:
            subject = f"{code}/{place.name}"
            ends = expired[subject].isoformat() if subject in expired else _far(start)
            rows.append((f"T-{code}-{place.name}", place.name, "certificate", ends, FAMILIES[code].word))
    contract, partner, kind, ends_on, terms_ = zip(*rows, strict=True)
    columns = {
        "Contract": pa.array(contract),
        "Partner": pa.array(partner),
        "Kind": pa.array(kind),
        "Starts on": same(start.isoformat(), len(rows)),
        "Ends on": pa.array(ends_on),
        "Terms": pa.array(terms_),
    }
    write_rows(path, columns, header=CONTRACTS)


def _far(start: date) -> str:
    return start.replace(year=start.year + 6).isoformat()
