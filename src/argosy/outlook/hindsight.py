"""Facts and ledgers as they stood on a day in the past, by what they themselves say happened when.

What ``as_known`` gives is what Argosy had read by a moment; this is what could have been read: the way to ask how a
check or a forecast would have done on a history that was imported at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

import ibis
from ibis.expr.types import Table, Value

from argosy.model.promises import BROKEN, KEPT, OPEN, VOID

# When a row of a table can first be known: its column. Tables without one say nothing of time and are always known.
BORN: Mapping[str, tuple[str, ...]] = {
    "orders": ("placed_at", "placed_on"),
    "payments": ("attempted_at",),
    "refunds": ("requested_at", "refunded_at"),
    "fees": ("charged_at",),
    "payouts": ("sent_on", "period_end"),
    "payout_lines": ("posted_at",),
    "reviews": ("written_at",),
    "bank_lines": ("booked_on",),
    "shipments": ("shipped_at",),
    "tracking_events": ("at",),
    "carrier_charges": ("charged_on",),
    "customs_charges": ("charged_on",),
    "stock_levels": ("on_date",),
    "stock_moves": ("at",),
    "cost_lots": ("received_on",),
    "po_lines": ("ordered_on",),
    "contracts": ("starts_on",),
    "ad_days": ("day",),
    "disputes": ("opened_at",),
    "touchpoints": ("at",),
    "search_days": ("day",),
    "messages": ("sent_at",),
    "competitor_prices": ("at",),
    "fx_rates": ("quoted_on",),
}
# What becomes known of a row later: column of the moment -> the columns that are empty until then, itself first.
LATER: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "orders": {"paid_at": ("paid_at",), "cancelled_at": ("cancelled_at",)},
    "order_lines": {"shipped_at": ("shipped_at",)},
    "refunds": {"refunded_at": ("refunded_at",)},
    "reviews": {"answered_at": ("answered_at",)},
    "shipments": {"delivered_at": ("delivered_at",)},
    "po_lines": {"received_on": ("received_on", "received_quantity", "defective_quantity")},
    "disputes": {"closed_at": ("closed_at", "outcome")},
    "milestones": {"done_on": ("done_on",)},
}
# Called off by the day they were called off on, and open before; what was given back in all has no date at all.
UNDATED = {"orders": ("refunded",)}


def facts_before(facts: Mapping[str, Table], day: date) -> dict[str, Table]:
    """Return the facts as they stood before ``day``: rows that were not there yet are gone, columns that were not told
    yet are empty.

    A status that names no day is left as the source tells it at last.
    """
    seen = {name: _before(name, table, day) for name, table in facts.items()}
    if "order_lines" in seen:
        seen["order_lines"] = seen["order_lines"].semi_join(seen["orders"], "order_id")
    return seen


def _before(name: str, table: Table, day: date) -> Table:
    if name in BORN:
        table = table.filter(_is_before(ibis.coalesce(*(_moment(table[column]) for column in BORN[name])), day))
    changed: dict[str, Value] = {}
    for moment, columns in LATER.get(name, {}).items():
        known = _is_before(_moment(table[moment]), day).fill_null(False)
        changed |= {column: ibis.ifelse(known, table[column], ibis.null(table[column].type())) for column in columns}
    changed |= {column: ibis.null(table[column].type()) for column in UNDATED.get(name, ())}
    return table.mutate(**changed) if changed else table


def promises_before(promises: Table, day: date) -> Table:
    """Return the promise ledger as it stood before ``day``, columns as in ``model.promises.PROMISES``."""
    made = promises.filter(promises.made_at.isnull() | _is_before(promises.made_at, day))
    now = _start(day)
    done = (made.kept_at < now).fill_null(False)
    kept_at = ibis.ifelse(done, made.kept_at, ibis.null("timestamp"))
    open_ = ibis.ifelse(made.due_at >= now, OPEN, BROKEN)
    judged = ibis.ifelse(done, ibis.ifelse(made.kept_at <= made.due_at, KEPT, BROKEN), open_)
    late = ((ibis.coalesce(kept_at, now).epoch_seconds() - made.due_at.epoch_seconds()) / 3600).ceil().cast("int64")
    state = ibis.ifelse(made.state == VOID, VOID, judged)
    late_hours = ibis.cases((state == KEPT, 0), (state == BROKEN, late), else_=ibis.null("int64"))
    return made.mutate(kept_at=kept_at, state=state, late_hours=late_hours)


def entries_before(entries: Table, day: date) -> Table:
    """Return the money ledger as it stood before ``day``: what was posted until then."""
    return entries.filter(_is_before(entries.posted_at, day))


def _moment(column: Value) -> Value:
    return column.cast("timestamp")


def _start(day: date) -> Value:
    return ibis.literal(datetime.combine(day, time())).cast("timestamp")


def _is_before(column: Value, day: date) -> Value:
    return column < _start(day)
