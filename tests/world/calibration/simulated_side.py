"""The simulated side: a world's export files as the tables in which real data is measured too."""

from __future__ import annotations

from pathlib import Path

import ibis
from ibis import _
from ibis.backends.duckdb import Backend
from ibis.expr.types import Table, Value
from tests.world.calibration.side import Side

from argosy.world import assumptions as assumed

KNOWN_DAYS = 364  # of its files, after which who comes for the first time is taken for new


def simulated_side(con: Backend, folder: Path) -> Side:
    """Return a world's side from ``folder``/exports; what the world does not write yet is None."""

    def read(path: Path, delim: str = ",") -> Table:
        return con.read_csv(path, table_name=f"simulated {path.stem}", all_varchar=True, header=True, delim=delim)

    def read_if_there(name: str) -> Table | None:
        path = folder / "exports" / name
        return read(path) if path.exists() else None

    shop = read(folder / "exports" / "orders_export.csv")
    lines = _shop_lines(shop)
    for path in sorted((folder / "exports").glob("all-orders-*.txt")):
        lines = lines.union(_amazon_lines(read(path, delim="\t")))
    sent, events = read_if_there("parcels.csv"), read_if_there("tracking_events.csv")
    parcels = None if sent is None or events is None else _parcels(sent, events, shop)
    told, tried = read_if_there("reviews.csv"), read_if_there("payment_attempts.csv")
    bought = read_if_there("purchase_orders.csv")
    return Side(
        "simulated",
        lines=lines,
        purchases=_purchases(shop),
        parcels=parcels,
        reviews=None if told is None or parcels is None else _reviews(told, parcels),
        attempts=None if tried is None else _attempts(tried),
        supplies=None if bought is None else _supplies(bought),
    )


def _supplies(raw: Table) -> Table:
    """Return the purchase orders that came in."""
    came = raw.filter(raw["Received on"].notnull() & (raw["Received on"] != ""))
    return came.select(
        way=ibis.literal("sea, train and truck"), due_on=came["Promised on"].cast("date"),
        came_on=came["Received on"].cast("date"),
    )  # fmt: skip


def _moment(text: Value) -> Value:
    """Return a moment in UTC: every file writes year, month, day and clock first and has no other zone."""
    return text.nullif("").left(19).replace("T", " ").cast("timestamp")


def _local(at: Value, country: Value) -> Value:
    """Return what the clock of the country showed."""
    east = ibis.cases(*((country == m.country, m.hours_east) for m in assumed.MARKETS), else_=0)
    return at + east.as_interval("h")


def _day(text: Value, country: Value) -> Value:
    """Return the day on which a promise ends: the day that is written, or that of the moment at the country's clock."""
    return ibis.ifelse(text.length() > 10, _local(_moment(text), country), _moment(text)).date()


def _shop_lines(raw: Table) -> Table:
    """Return the shop's lines; what is said of an order stands only on the first of its rows."""
    heads = raw.filter(raw["Created at"].notnull())
    heads = heads.select(
        Name=heads.Name, currency=heads.Currency, at=_local(_moment(heads["Created at"]), heads["Shipping Country"])
    )
    lines = raw.drop("Currency").join(heads, "Name")
    units = lines["Lineitem quantity"].cast("int64")
    return lines.select(
        order=lines.Name, at=lines["at"], article=lines["Lineitem sku"], units=units,
        value=units * lines["Lineitem price"].cast("float64"), currency=lines.currency,
    )  # fmt: skip


def _amazon_lines(raw: Table) -> Table:
    """Return lines of a site of Amazon's; those called off carry no price and are left out."""
    sold = raw.filter(raw["item-price"].cast("float64") > 0)
    return sold.select(
        order=sold["amazon-order-id"], at=_local(_moment(sold["purchase-date"]), sold["ship-country"]),
        article=sold.sku, units=sold.quantity.cast("int64"), value=sold["item-price"].cast("float64"),
        currency=sold.currency,
    )  # fmt: skip


def _purchases(shop: Table) -> Table:
    """Return the days on which the shop's new buyers bought; Amazon does not say who its buyers are.

    The shop is older than its files: who bought in their first year may have bought before, and is left out.
    """
    heads = shop.filter(shop["Created at"].notnull())
    bought_at = _local(_moment(heads["Created at"]), heads["Shipping Country"])
    bought = heads.select(buyer=heads.Email, bought_on=bought_at.date()).distinct()
    first = bought.group_by("buyer").aggregate(first_on=bought.bought_on.min())
    new = first.filter(first.first_on.delta(first.first_on.min().as_scalar(), unit="day") >= KNOWN_DAYS)
    return bought.semi_join(new, "buyer")


def _parcels(sent: Table, events: Table, shop: Table) -> Table:
    """Return parcels that arrived; when their order was paid is known of the shop's only."""
    arrived = events.filter(events.Status == "Delivered").group_by("Tracking number").aggregate(arrived=_.At.max())
    paid = shop.filter(shop["Paid at"].notnull()).select(Order="Name", paid="Paid at")
    told = sent.join(arrived, "Tracking number").left_join(paid, "Order")
    place = told.Destination
    return told.select(
        order=told.Order, destination=place, paid_at=_local(_moment(told.paid), place),
        shipped_at=_local(_moment(told["Shipped at"]), place), delivered_at=_local(_moment(told.arrived), place),
        promised_on=_day(told["Promised by"], place),
    )  # fmt: skip


def _reviews(raw: Table, parcels: Table) -> Table:
    """Return the reviews of orders whose parcels all arrived and were promised for a day, by the last of them."""
    days = parcels.mutate(late=parcels.delivered_at.date().delta(parcels.promised_on, unit="day"))
    late = days.group_by("order").aggregate(late=days.late.max(), known=days.late.notnull().all())
    told = raw.join(late.filter(late.known), raw.Order == late.order)
    return told.select(stars=told.Stars.cast("int64"), days_late=ibis.greatest(told.late, 0))


def _attempts(raw: Table) -> Table:
    """Return attempts at paying in the shop."""
    return raw.select(
        number=ibis.row_number(), at=_local(_moment(raw["Attempted at"]), raw.Country), country=raw.Country,
        amount=raw.Amount, currency=raw.Currency, provider=raw.Provider, method=raw.Method,
        secure=raw["3-D Secure"].lower().isin(("yes", "true", "1")).fill_null(False),
        ok=raw.Outcome.lower().isin(("authorised", "captured", "voided")).fill_null(False),
    )  # fmt: skip
