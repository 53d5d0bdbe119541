"""Orders as a list: which are wanted, where each stands, what it brought, whether its promises held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import ibis
from ibis.expr.types import BooleanValue, Table, Value

from argosy.books.profit import profit
from argosy.books.promises import ARRIVED, SENT, orders_with_buyers, parcels_of
from argosy.model.entries import ESTIMATED, SETTLED
from argosy.model.promises import BROKEN, KEPT
from argosy.model.promises import OPEN as DUE

OPEN, SHIPPED, DELIVERED, REFUNDED, CANCELLED, LATE = "open", "shipped", "delivered", "refunded", "cancelled", "late"
STATES = (OPEN, SHIPPED, DELIVERED, LATE, REFUNDED, CANCELLED)  # what may be asked for; late is a promise not kept
UNCOSTED = "uncosted"
TO_BUYERS = ("ship_by", "deliver_by")
# An order without a day is older than all others.
NEVER = datetime(1970, 1, 1)
# What a list knows of every order: see ``listed_orders``.
LISTED = {
    "order_id": "string",
    "order_name": "string",
    "customer_key": "string",
    "placed": "timestamp",
    "placed_at": "timestamp",
    "day": "date",
    "channel_id": "string",
    "market": "string",
    "state": "string",
    "promise": "string",
    "late_hours": "int64",
    "due_at": "timestamp",
    "units": "int64",
    "net_sales": "decimal(28,4)",
    "cm3": "decimal(28,4)",
    "booked": "string",
}


@dataclass(frozen=True)
class Wanted:
    """Which orders, newest first; empty: all.

    start, end: the days they were placed on, with both. state: one of ``STATES``. text: part of the order's name or
    number, or the buyer's key. sku, payout: orders with this article, settled in this payout. older, newer: the
    order (``key_of``) whose neighbours on that side are wanted.
    """

    channel: str = ""
    market: str = ""
    start: date | None = None
    end: date | None = None
    state: str = ""
    text: str = ""
    customer: str = ""
    sku: str = ""
    payout: str = ""
    older: tuple[datetime, str] | None = None
    newer: tuple[datetime, str] | None = None


def wanted_orders(
    listed: Table, facts: Mapping[str, Table], entries: Table, wanted: Wanted, *, limit: int | None, book_currency: str
) -> Table:
    """Return the ``limit`` orders of ``listed_orders`` that are wanted, next to the newest, or to the key asked about;
    newest first, amounts in ``currency``."""
    rows = _told_of(listed, wanted)
    if wanted.sku:
        lines = facts["order_lines"]
        rows = rows.semi_join(lines.filter(lines.sku == wanted.sku), "order_id")
    if wanted.payout:
        rows = rows.semi_join(_paid_out(facts["payout_lines"], entries, wanted.payout), "order_id")
    if wanted.state:
        rows = rows.filter(rows.promise == LATE if wanted.state == LATE else rows.state == wanted.state)
    rows = _page(rows, wanted, limit).order_by(ibis.desc("placed"), ibis.desc("order_id"))
    return rows.mutate(currency=ibis.literal(book_currency)).drop("placed", "customer_key")


def _told_of(orders: Table, wanted: Wanted) -> Table:
    kept: list[BooleanValue] = [
        orders[name] == value
        for name, value in (
            ("channel_id", wanted.channel),
            ("market", wanted.market),
            ("customer_key", wanted.customer),
        )
        if value
    ]
    if wanted.start is not None:
        kept.append(orders.placed >= ibis.timestamp(wanted.start.isoformat()))
    if wanted.end is not None:
        kept.append(orders.placed < ibis.timestamp((wanted.end + timedelta(days=1)).isoformat()))
    if wanted.text:
        sought = wanted.text.lower()
        named = [orders[name].lower().contains(sought) for name in ("order_name", "order_id", "customer_key")]
        kept.append(ibis.or_(*named))
    return orders.filter(*kept) if kept else orders


def _paid_out(lines: Table, entries: Table, payout: str) -> Table:
    """Return the orders a payout's lines were booked on."""
    lines = lines.filter(lines.payout_id == payout)
    posted = lines.select(transaction_id=ibis.literal("payout_line:").concat(lines.channel_id, "/", lines.line_id))
    return entries.semi_join(posted, "transaction_id").select("order_id").distinct()


def _page(rows: Table, wanted: Wanted, limit: int | None) -> Table:
    if wanted.newer is not None:
        at, order = wanted.newer
        rows = rows.filter((rows.placed > at) | ((rows.placed == at) & (rows.order_id > order)))
        rows = rows.order_by("placed", "order_id")
    else:
        if wanted.older is not None:
            at, order = wanted.older
            rows = rows.filter((rows.placed < at) | ((rows.placed == at) & (rows.order_id < order)))
        rows = rows.order_by(ibis.desc("placed"), ibis.desc("order_id"))
    return rows if limit is None else rows.limit(limit)


def staged(orders: Table, facts: Mapping[str, Table], entries: Table) -> Table:
    """Return orders with ``given_back`` (the ledger knows of a refund), ``shipped_at``, ``delivered_at`` and ``state``.

    state: cancelled, refunded (wholly or in part), delivered, shipped, else open; as told by the source, the parcels
    and the money ledger.
    """
    refunds = entries.filter(entries.account.startswith("contra:refund"), entries.order_id.notnull())
    given = refunds.semi_join(orders, "order_id").select("order_id").distinct().mutate(told=ibis.literal(True))
    parcels = facts["shipments"].semi_join(orders, "order_id")
    events = facts["tracking_events"].semi_join(parcels, "tracking_no")
    sent = parcels_of({"shipments": parcels, "tracking_events": events})
    rows = orders.left_join(given, "order_id", rname="refund_{name}")
    rows = rows.left_join(sent.select("order_id", "shipped_at", "delivered_at"), "order_id", rname="parcel_{name}")
    rows = rows.mutate(
        given_back=rows.told.fill_null(False) | (rows.status == "refunded").fill_null(False)
        | (rows.refunded > 0).fill_null(False)
    )  # fmt: skip
    return rows.mutate(state=_state(rows)).drop("told", "refund_order_id", "parcel_order_id")


def _state(rows: Table) -> Value:
    cancelled = rows.cancelled_at.notnull() | (rows.status == "cancelled").fill_null(False)
    arrived = rows.delivered_at.notnull() | rows.status.isin(ARRIVED).fill_null(False)
    sent = rows.shipped_at.notnull() | rows.status.isin(SENT).fill_null(False)
    stages = (cancelled, CANCELLED), (rows.given_back, REFUNDED), (arrived, DELIVERED), (sent, SHIPPED)
    return ibis.cases(*stages, else_=OPEN)


def listed_orders(facts: Mapping[str, Table], entries: Table, promises: Table) -> Table:
    """Return what lists say of every order, columns as in ``LISTED``.

    order_name, customer_key; placed_at (UTC; NULL: not told), placed (its place in the list), day (the shop's),
    channel_id, market, state; promise (late, open, kept; NULL: nothing promised, or nobody can tell), late_hours,
    due_at; units of goods; net_sales, cm3 (in the book currency; NULL: the ledger has nothing on it), booked (settled;
    estimated: a part of them is an estimate; uncosted: no goods are booked yet, so that cm3 can only be less).
    """
    orders = orders_with_buyers(facts)
    rows = staged(orders.mutate(market=orders.country, placed=_placed(orders)), facts, entries)
    rows = rows.left_join(_units(facts["order_lines"]), "order_id", rname="units_{name}")
    rows = rows.left_join(_promised(promises), "order_id", rname="promise_{name}")
    rows = rows.left_join(_brought(entries), "order_id", rname="money_{name}")
    rows = rows.mutate(day=ibis.coalesce(rows.placed_on, rows.placed_at.date()), booked=_booked(rows))
    return rows.select(**{name: rows[name].cast(type_) for name, type_ in LISTED.items()})


def _units(lines: Table) -> Table:
    goods = lines.filter(lines.kind == "goods")
    return goods.group_by("order_id").aggregate(units=goods.quantity.sum())


def _promised(promises: Table) -> Table:
    ours = promises.filter(promises.kind.isin(TO_BUYERS))
    per = ours.group_by("subject").aggregate(
        late_hours=ours.late_hours.max(),
        broken=(ours.state == BROKEN).any(),
        due=(ours.state == DUE).any(),
        kept=(ours.state == KEPT).any(),
        due_at=ours.due_at.min(where=ours.state == DUE),
    )
    said = ibis.cases((per.broken, LATE), (per.due, DUE), (per.kept, KEPT))
    return per.select("late_hours", "due_at", order_id=per.subject, promise=said)


def _brought(entries: Table) -> Table:
    brought = profit(entries.filter(entries.order_id.notnull()), by=("order",))
    return brought.select("net_sales", "cm3", "goods", "estimated", order_id=brought.order)


def _booked(rows: Table) -> Value:
    uncosted = (rows.goods == 0) & (rows.units > 0).fill_null(False)
    return ibis.cases((rows.cm3.isnull(), ibis.null("string")), (uncosted, UNCOSTED), (rows.estimated != 0, ESTIMATED),
                      else_=SETTLED)  # fmt: skip


def order_choices(orders: Table) -> Table:
    """Return the channels and markets there are orders of, with their number: channel_id, market, n."""
    return orders.group_by("channel_id", market=orders.country).aggregate(n=orders.count())


def _placed(orders: Table) -> Value:
    return ibis.coalesce(orders.placed_at, orders.placed_on.cast("timestamp"), ibis.literal(NEVER))


def key_of(placed_at: datetime | None, day: date | None, order_id: str) -> str:
    """Return an order's place in the list as an address holds it; ``place_of`` reads it."""
    at = placed_at or (datetime(day.year, day.month, day.day) if day else NEVER)
    return f"{at.isoformat()}~{order_id}"


def place_of(key: str) -> tuple[datetime, str] | None:
    """Return the place in the list that a key names; None when it names none."""
    at, _tilde, order_id = key.partition("~")
    try:
        return (datetime.fromisoformat(at).replace(tzinfo=None), order_id) if order_id else None
    except ValueError:
        return None
