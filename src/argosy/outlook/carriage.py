"""What carriage usually costs: the price of a parcel and of a kilogram, by carrier and lane, learnt from bills.

Method. A line through the amounts by weight that half of the lines lie above and half below (least absolute
deviations: Bloomfield and Steiger, Least Absolute Deviations, 1983), found by reweighted least squares (Schlossmacher,
Journal of the American Statistical Association 68, 1973), so that bills that are wrong do not make the price.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from ibis.expr.types import Table

from argosy.outlook.journeys import Flags, Places
from argosy.outlook.known import Known
from argosy.outlook.series import Numbers

ROUNDS = 25
UNKNOWN = "?"
SPLIT = "\x1f"  # stands in no name
# Contracts say prices in words: "GB: 3.60 USD a parcel + 6.20 USD a kilogram, by post 62 % of it".
TERMS = re.compile(
    r"(?P<lane>[A-Z]{2}):\s*(?P<parcel>\d+(?:\.\d+)?)\s*(?P<currency>[A-Z]{3}) a parcel\s*\+\s*"
    r"(?P<kilogram>\d+(?:\.\d+)?)\s*(?P=currency) a kilogram"
    r"(?:,\s*by (?P<service>\w[\w-]*)\s*(?P<part>\d+(?:\.\d+)?)\s*%)?"
)


@dataclass(frozen=True)
class Lines:
    """Lines of carriers' bills, one place each: day sent (else charged; days since 1970), carrier and way (carrier,
    origin, destination, service, kind; places in ``carriers`` and ``ways``), currency, kilograms, amount; number: the
    tracking number."""

    day: Places
    carrier: Places
    carriers: tuple[str, ...]
    way: Places
    ways: tuple[tuple[str, ...], ...]
    currency: tuple[str, ...]
    kilograms: Numbers
    amount: Numbers
    number: npt.NDArray[np.object_]


def billed(known: Known) -> Lines:
    """Return the lines of carriers' bills for parcels that are known, each parcel's first line of a kind only."""
    rows = known.run(_rows(known))
    codes = rows["way"].combine_chunks().dictionary_encode()
    ways = [tuple(key.split(SPLIT)) for key in codes.dictionary.to_pylist()]
    carriers = tuple(dict.fromkeys(way[0] for way in ways))
    way = codes.indices.to_numpy().astype(np.int64)
    return Lines(
        day=np.asarray(rows["day"].cast(pa.int32()).to_numpy(), dtype=np.int64),
        carrier=np.array([carriers.index(one[0]) for one in ways], np.int64)[way],
        carriers=carriers,
        way=way,
        ways=tuple(one[:-1] for one in ways),
        currency=tuple(one[-1] for one in ways),
        kilograms=_numbers(rows["grams"]) / 1000,
        amount=_numbers(rows["amount"]),
        number=np.array(rows["tracking_no"].to_pylist(), dtype=object),
    )


def _rows(known: Known) -> Table:
    charges, shipments = known.facts["carrier_charges"], known.facts["shipments"]
    first = charges.filter(charges.amount > 0).group_by("tracking_no", "carrier", "kind", "currency").aggregate(
        charged_on=charges.charged_on.min(),
        amount=charges.amount.argmin(charges.charged_on),
        grams=charges.chargeable_weight_g.argmin(charges.charged_on),
    )  # fmt: skip
    parcels = shipments.group_by("tracking_no").aggregate(
        sent_at=shipments.shipped_at.min(), origin=shipments.origin.min(), to=shipments.country.min(),
        service=shipments.service.min(), weight_g=shipments.weight_g.sum(),
    )  # fmt: skip
    rows = first.left_join(parcels, "tracking_no", rname="parcel_{name}")
    of = [rows[name].fill_null(UNKNOWN) for name in ("carrier", "origin", "to", "service", "kind", "currency")]
    told = rows.select(
        "amount",
        "tracking_no",
        way=ibis.literal(SPLIT).join(of),
        day=ibis.coalesce(rows.sent_at.date(), rows.charged_on),
        grams=ibis.coalesce(rows.grams, rows.weight_g),
    )
    return told.filter(told.day.notnull(), told.grams.notnull())


def agreed(known: Known) -> dict[tuple[str, str, str], tuple[float, float]]:
    """Return what contracts say of carriage: carrier, destination, service (empty: any) -> price of a parcel and of a
    kilogram. Terms that are written otherwise say nothing here."""
    contracts = known.facts["contracts"]
    today = ibis.literal(known.day)
    holds = contracts.filter(contracts.starts_on.isnull() | (contracts.starts_on < today), contracts.terms.notnull())
    prices: dict[tuple[str, str, str], tuple[float, float]] = {}
    for row in known.rows(holds.select("partner", "terms")):
        found = TERMS.match(row["terms"])
        if found is None:
            continue
        parcel, kilogram = float(found["parcel"]), float(found["kilogram"])
        key = (row["partner"], found["lane"])
        prices[(*key, "")] = parcel, kilogram
        if found["service"]:
            part = float(found["part"]) / 100
            prices[(*key, found["service"])] = parcel * part, kilogram * part
    return prices


def price_line(kilograms: Numbers, amount: Numbers) -> tuple[float, float]:
    """Return the price of a parcel and of a kilogram that most lines agree with, neither below zero."""
    weight = np.ones_like(amount)
    parcel, kilogram = float(np.median(amount)), 0.0
    if len(amount) < 3 or np.ptp(kilograms) == 0:
        return parcel, kilogram
    for _ in range(ROUNDS):
        mean_x, mean_y = np.average(kilograms, weights=weight), np.average(amount, weights=weight)
        spread = np.average((kilograms - mean_x) ** 2, weights=weight)
        if spread <= 0:
            break
        kilogram = max(float(np.average((kilograms - mean_x) * (amount - mean_y), weights=weight) / spread), 0.0)
        parcel = float(mean_y - kilogram * mean_x)
        weight = 1 / np.maximum(np.abs(amount - parcel - kilogram * kilograms), 1e-3)
    return max(parcel, 0.0), kilogram


def usual_amounts(lines: Lines, prices: dict[tuple[str, str, str], tuple[float, float]]) -> tuple[Numbers, Flags]:
    """Return what each line should come to, and whether a contract says so: else by the way's own price line."""
    usual, by_contract = np.zeros_like(lines.amount), np.zeros(len(lines.amount), bool)
    for place, (carrier, _, to, service, kind) in enumerate(lines.ways):
        mine = lines.way == place
        found = prices.get((carrier, to, service), prices.get((carrier, to, ""))) if kind == "freight" else None
        parcel, kilogram = found or price_line(lines.kilograms[mine], lines.amount[mine])
        usual[mine] = parcel + kilogram * lines.kilograms[mine]
        by_contract[mine] = found is not None
    return usual, by_contract


def _numbers(column: pa.ChunkedArray) -> Numbers:
    return np.asarray(column.cast(pa.float64()).to_numpy(zero_copy_only=False), dtype=np.float64)
