"""Parcels as the seller's shipping tool, the carriers and customs tell of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, Ints, joined, moment, money, picked, same, text, write_rows
from argosy.world.happened import World
from argosy.world.parcels import LANES, NEAR, STATUSES, events, ship_by

PARCELS = (
    "Parcel", "Channel", "Order", "Carrier", "Service", "Tracking number", "Origin", "Destination", "Shipped at",
    "Ship by", "Promised by", "Weight (g)", "Declared value", "Currency", "Incoterm",
)  # fmt: skip
TRACKING = ("Tracking number", "Carrier", "At", "Status", "Place", "Country")
BILL = (
    "Invoice", "Carrier", "Tracking number", "Kind", "Charged on", "Chargeable weight (g)", "Amount", "Currency",
)  # fmt: skip
CUSTOMS = ("Charge", "Tracking number", "Kind", "Charged on", "Amount", "Currency")
WORDS = {
    "PickedUp": "InTransit_PickedUp", "Departure": "InTransit_Departure", "Arrival": "InTransit_Arrival",
    "CustomsHeld": "InTransit_CustomsRequiringInformation", "CustomsReleased": "InTransit_CustomsReleased",
    "OutForDelivery": "OutForDelivery", "Delivered": "Delivered",
}  # fmt: skip
CLOCK, DAY = "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"
SERVICES = ("line-haul", "post", "domestic")


def tracking_numbers(world: World) -> pa.Array:
    """Return the tracking numbers of all parcels, in their order."""
    return pa.array(world.parcels.numbers, pa.string())


def write_parcels(path: Path, world: World) -> None:
    """Write the shipping tool's sheet: a row per parcel that was handed over."""
    parcels = world.parcels
    gone = np.flatnonzero(parcels.sent_at < world.given.when.until)
    order, near = parcels.order[gone], (parcels.lane == NEAR)[gone]
    rows = len(gone)
    columns = {
        "Parcel": same("1", rows),
        "Channel": same("shopify:main", rows),
        "Order": world.shop_names.take(pa.array(order)),
        "Carrier": picked(assumed.CARRIERS, parcels.carrier[gone]),
        "Service": picked(SERVICES, np.where(near, 2, parcels.post[gone].astype(np.int64))),
        "Tracking number": tracking_numbers(world).take(pa.array(gone)),
        "Origin": picked(("CN-Shenzhen", "US-Ontario"), near.astype(np.int64)),
        "Destination": picked([lane.country for lane in LANES], parcels.lane[gone]),
        "Shipped at": moment(parcels.sent_at[gone], CLOCK),
        "Ship by": moment(ship_by(world.orders.paid_at[order]), CLOCK),
        "Promised by": moment(parcels.due_at[gone], CLOCK),
        "Weight (g)": text(pa.array(parcels.grams[gone])),
        "Declared value": text(money(world.orders.subtotal[order])),
        "Currency": same(assumed.SHOP_CURRENCY, rows),
        "Incoterm": picked(("DAP", "DDP"), (parcels.duty[gone] > 0).astype(np.int64)),
    }
    write_rows(path, columns, header=PARCELS)


def write_tracking(path: Path, world: World) -> None:
    """Write what the carriers told on the way, in the words of the tracking service 17TRACK."""
    parcel, what, at = events(world.parcels, world.given.when.until)
    lane = world.parcels.lane[parcel]
    there = np.isin(what, [STATUSES.index(name) for name in ("Arrival", "CustomsHeld", "CustomsReleased")]) | (
        what >= 5
    )
    home = lane != NEAR
    columns = {
        "Tracking number": tracking_numbers(world).take(pa.array(parcel)),
        "Carrier": picked(assumed.CARRIERS, world.parcels.carrier[parcel]),
        "At": moment(at, CLOCK),
        "Status": picked([WORDS[name] for name in STATUSES], what),
        "Country": pc.if_else(
            pa.array(there | ~home), picked([one.country for one in LANES], lane), pa.scalar(assumed.HOME)
        ),
    }
    write_rows(path, columns, header=TRACKING)


def write_bills(path: Path, world: World) -> None:
    """Write the carriers' bills: a row per parcel, and once more where a parcel was billed twice."""
    parcels = world.parcels
    billed = (parcels.sent_at < world.given.when.until) & (parcels.billed < world.given.when.last)
    mine = np.concatenate((np.flatnonzero(billed), np.flatnonzero(billed & parcels.twice)))
    mine = mine[np.lexsort((mine, parcels.carrier[mine], parcels.billed[mine]))]
    day, carrier = parcels.billed[mine], parcels.carrier[mine]
    initials = ["".join(word[0] for word in name.split()) for name in assumed.CARRIERS]
    columns = {
        "Invoice": joined(picked(initials, carrier), "-", text(pa.array(day))),
        "Carrier": picked(assumed.CARRIERS, carrier),
        "Tracking number": tracking_numbers(world).take(pa.array(mine)),
        "Kind": same("freight", len(mine)),
        "Charged on": moment(day * DAY_SECONDS, DAY),
        "Chargeable weight (g)": text(pa.array(parcels.grams[mine])),
        "Amount": text(money(parcels.freight[mine])),
        "Currency": same(assumed.SHOP_CURRENCY, len(mine)),
    }
    write_rows(path, columns, header=BILL)


def write_customs(path: Path, world: World) -> None:
    """Write what customs charged for parcels that pay duty, and what handling that cost."""
    parcels = world.parcels
    charged = np.flatnonzero((parcels.duty > 0) & (parcels.passed < world.given.when.last))
    mine, kind = np.repeat(charged, 2), np.tile((0, 1), len(charged))
    amount: Ints = np.where(kind == 0, parcels.duty[mine], parcels.handling[mine])
    numbers = tracking_numbers(world).take(pa.array(mine))
    columns = {
        "Charge": joined(numbers, picked(("-D", "-H"), kind)),
        "Tracking number": numbers,
        "Kind": picked(("duty", "handling"), kind),
        "Charged on": moment(parcels.passed[mine] * DAY_SECONDS, DAY),
        "Amount": text(money(amount)),
        "Currency": same(assumed.SHOP_CURRENCY, len(mine)),
    }
    write_rows(path, columns, header=CUSTOMS)
