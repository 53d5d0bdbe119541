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
# Columns of the ledger that a list of orders is made from.
SHOWN_OF_ENTRIES = ("transaction_id", "posted_at", "account", "book_amount", "state", "order_id")
# An order without a day is older than all others.
NEVER = datetime(1970, 1, 1)


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


def chosen_orders(
    facts: Mapping[str, Table], entries: Table, promises: Table, wanted: Wanted, *, limit: int | None
) -> Table:
    """Return the ``limit`` orders that are wanted, next to the newest, or to the key asked about."""
    orders = orders_with_buyers(facts)
    orders = orders.mutate(market=orders.country, placed=_placed(orders))
    rows = _told_of(orders, wanted)
    if wanted.sku:
        lines = facts["order_lines"]
        rows = rows.semi_join(lines.filter(lines.sku == wanted.sku), "order_id")
    if wanted.payout:
        rows = rows.semi_join(_paid_out(facts["payout_lines"], entries, wanted.payout), "order_id")
    if wanted.state == LATE:
        broken = promises.filter(promises.kind.isin(TO_BUYERS), promises.state == BROKEN)
        rows = rows.semi_join(broken.select(order_id=broken.subject), "order_id")
    elif wanted.state:
        rows = staged(rows, facts, entries).filter(lambda t: t.state == wanted.state).select(*rows.columns)
    return _page(rows, wanted, limit)


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


def orders_shown(
    chosen: Table, facts: Mapping[str, Table], entries: Table, promises: Table, *, book_currency: str
) -> Table:
    """Return what a list says of the orders ``chosen``, newest first.

    Columns: order_id, order_name, placed_at (UTC; NULL: not told), day (the shop's), channel_id, market, state;
    promise (late, open, kept; NULL: nothing promised, or nobody can tell), late_hours, due_at; units of goods;
    net_sales, cm3 (DECIMAL in ``currency``, the book currency; NULL: the ledger has nothing on it), booked (settled;
    estimated: a part of them is an estimate; uncosted: no goods are booked yet, so that cm3 can only be less).
    """
    rows = staged(chosen, facts, entries)
    rows = rows.left_join(_units(facts["order_lines"], chosen), "order_id", rname="units_{name}")
    rows = rows.left_join(_promised(promises, chosen), "order_id", rname="promise_{name}")
    rows = rows.left_join(_brought(entries, chosen), "order_id", rname="money_{name}")
    return rows.select(
        "order_id", "order_name", "placed_at", "channel_id", "market", "state", "promise", "late_hours", "due_at",
        "units", "net_sales", "cm3",
        day=ibis.coalesce(rows.placed_on, rows.placed_at.date()), currency=ibis.literal(book_currency),
        booked=_booked(rows), placed=rows.placed,
    ).order_by(ibis.desc("placed"), ibis.desc("order_id")).drop("placed")  # fmt: skip


def _units(lines: Table, chosen: Table) -> Table:
    goods = lines.semi_join(chosen, "order_id").filter(lambda t: t.kind == "goods")
    return goods.group_by("order_id").aggregate(units=goods.quantity.sum())


def _promised(promises: Table, chosen: Table) -> Table:
    ours = promises.filter(promises.kind.isin(TO_BUYERS)).semi_join(chosen.select(subject="order_id"), "subject")
    per = ours.group_by("subject").aggregate(
        late_hours=ours.late_hours.max(),
        broken=(ours.state == BROKEN).any(),
        due=(ours.state == DUE).any(),
        kept=(ours.state == KEPT).any(),
        due_at=ours.due_at.min(where=ours.state == DUE),
    )
    said = ibis.cases((per.broken, LATE), (per.due, DUE), (per.kept, KEPT))
    return per.select("late_hours", "due_at", order_id=per.subject, promise=said)


def _brought(entries: Table, chosen: Table) -> Table:
    brought = profit(entries.semi_join(chosen, "order_id"), by=("order",))
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
