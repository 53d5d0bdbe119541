"""One order whole: where it stands, its promises, its money, and everything the files say about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

import ibis
from ibis.expr.types import Table

from argosy.books.promises import orders_with_buyers
from argosy.brief.order_gaps import at_most, cannot_tell
from argosy.brief.order_money import money_of
from argosy.brief.orders import LATE, TO_BUYERS, staged
from argosy.brief.timeline import timeline
from argosy.model.errors import NoSuchOrder, SeveralOrders
from argosy.model.promises import BROKEN, KEPT, OPEN

Row = dict[str, Any]
Fetch = Callable[[Table], list[Row]]
SHOWN = 10  # orders of one name in a refusal
STATEMENT_REFUNDS = ("refund", "charge_refund")


def named_order(facts: Mapping[str, Table], name: str, fetch: Fetch) -> str:
    """Return the order_id of the order people call ``name``: #1042, 1042, or the order_id itself.

    ``NoSuchOrder``; ``SeveralOrders`` when shops of the seller number alike.
    """
    orders = facts["orders"].select("order_id", "order_name")
    # Alone the number is found by the bounds of the files' parts; beside another column all of it would be read.
    if fetch(orders.filter(orders.order_id == name).limit(1)):
        return name
    called = orders.filter(orders.order_name.isin((name, f"#{name}")))
    found = [str(row["order_id"]) for row in fetch(called.order_by("order_id").limit(SHOWN))]
    if not found:
        raise NoSuchOrder(name=name)
    if len(found) > 1:
        raise SeveralOrders(name=name, orders=", ".join(found))
    return found[0]


def gather_order(
    order_id: str,
    facts: Mapping[str, Table],
    entries: Table,
    promises: Table,
    findings: Table,
    fetch: Fetch,
    *,
    book_currency: str,
) -> Row:
    """Return all about one order as plain values.

    entries: those of this order alone. Returned: ``order`` (its row, ``state`` as in ``brief.orders.staged``,
    ``name``), ``promise`` (late, open, kept or None), ``timeline``, ``promises``, ``money`` (see ``order_money``),
    ``lines``, ``payments``, ``refunds`` (``told``: shop or statement), ``payouts``, ``parcels`` with their ``events``
    and ``bills``, ``disputes``, ``does_not_add_up``, ``talk`` (the number of messages and reviews), and
    ``cannot_tell``: what is missing and which file would tell it.
    """
    orders = orders_with_buyers(facts)
    order = fetch(staged(orders.filter(orders.order_id == order_id), facts, entries))[0]
    order["name"] = order["order_name"] or order_id
    settled = _statement_lines(facts, entries, fetch)
    parcels = _parcels(facts, order_id, fetch)
    refunds = _refunds(facts, order_id, fetch) or _told_by_statement(settled)
    messages = _of(facts["messages"], order_id, fetch, "message_id", order="sent_at")
    told: Row = {
        "order": order,
        "lines": _lines(facts, order_id, fetch),
        "payments": _of(facts["payments"], order_id, fetch, "provider", "method", "amount", "currency",
                        "attempted_at", "outcome", "decline_code", order="attempted_at"),
        "refunds": refunds,
        "payouts": _payouts(settled),
        "parcels": parcels,
        "disputes": _of(facts["disputes"], order_id, fetch, "dispute_id", "amount", "currency", "reason", "opened_at",
                        "respond_by", "outcome", "closed_at", order="opened_at"),
        "does_not_add_up": fetch(findings.filter(findings.subject == order_id)),
        "talk": {
            "messages": len(messages),
            "reviews": len(_of(facts["reviews"], order_id, fetch, "review_id", order="review_id")),
        },
        "money": money_of(entries, fetch, currency=book_currency),
    }  # fmt: skip
    subjects = [order_id, *(row["refund_id"] for row in refunds), *(row["message_id"] for row in messages)]
    about = promises.filter(promises.subject.isin([subject for subject in subjects if subject]))
    told["promises"] = fetch(about.order_by("due_at", "promise_id"))
    told["promise"] = promise_state(told["promises"])
    missing = cannot_tell(told)
    told["money"] |= {"at_most": at_most(told, missing)}
    return told | {"timeline": timeline(told), "cannot_tell": missing}


def promise_state(promises: Sequence[Row]) -> str | None:
    """Return late, open or kept of what the buyer was promised about shipping and delivery; None: nothing, or nobody
    can tell."""
    states = {row["state"] for row in promises if row["kind"] in TO_BUYERS}
    return LATE if BROKEN in states else OPEN if OPEN in states else KEPT if KEPT in states else None


def _of(table: Table, order_id: str, fetch: Fetch, *columns: str, order: str) -> list[Row]:
    return fetch(table.filter(table.order_id == order_id).order_by(order).select(*columns))


def _lines(facts: Mapping[str, Table], order_id: str, fetch: Fetch) -> list[Row]:
    lines, products = facts["order_lines"], facts["products"]
    titles = products.select("sku", named="title")
    rows = lines.filter(lines.order_id == order_id).left_join(titles, "sku", rname="product_{name}")
    return fetch(
        rows.mutate(title=ibis.coalesce(rows.title, rows.named))
        .select("line_no", "kind", "sku", "title", "quantity", "unit_price", "discount", "tax", "tax_included",
                "shipping", "currency", "shipped_at")
        .order_by("line_no")
    )  # fmt: skip


def _refunds(facts: Mapping[str, Table], order_id: str, fetch: Fetch) -> list[Row]:
    rows = facts["refunds"].filter(lambda t: t.order_id == order_id)
    given = rows.amount.fill_null(0) + rows.tax.fill_null(0) + rows.shipping.fill_null(0)
    return fetch(
        rows.mutate(given=given.cast("decimal(18,4)"), at=rows.refunded_at, told=ibis.literal("shop"))
        .select("refund_id", "sku", "quantity", "given", "currency", "requested_at", "at", "reason", "told")
        .order_by("at")
    )


def _statement_lines(facts: Mapping[str, Table], entries: Table, fetch: Fetch) -> list[Row]:
    """Return the lines of statements booked on the order, each with the payout it is in.

    The ledger has matched them to the order already; its transactions hold their numbers.
    """
    head = "payout_line:"
    named = entries.filter(entries.transaction_id.startswith(head)).select("transaction_id").distinct()
    numbers = [row["transaction_id"].removeprefix(head).partition("/")[2] for row in fetch(named)]
    if not numbers:
        return []
    lines, payouts = facts["payout_lines"], facts["payouts"].select("payout_id", "sent_on", "due_on", "status")
    # The bounds say nothing more, but let the engine skip the parts of the largest table that lie outside them.
    mine = lines.filter(lines.line_id.isin(numbers), lines.line_id.between(min(numbers), max(numbers)))
    rows = mine.left_join(payouts, "payout_id", rname="payout_{name}")
    columns = ("payout_id", "channel_id", "currency", "kind", "amount", "posted_at", "description", "sent_on", "due_on")
    return fetch(rows.select(*columns, "status").order_by("posted_at", "kind"))


def _payouts(lines: Sequence[Row]) -> list[Row]:
    """Return what each payout settled of the order; without a payout_id: not paid out, as far as the files tell."""

    def key(row: Row) -> tuple[str, ...]:
        return (row["payout_id"] or "", row["channel_id"], row["currency"])

    def folded(rows: list[Row]) -> Row:
        first = rows[0]
        head = {name: first[name] for name in ("payout_id", "channel_id", "currency", "sent_on", "due_on", "status")}
        return head | {"amount": sum(row["amount"] for row in rows), "lines": len(rows)}

    return [folded(list(rows)) for _, rows in groupby(sorted(lines, key=key), key=key)]


def _told_by_statement(lines: Sequence[Row]) -> list[Row]:
    return [
        {"refund_id": None, "sku": None, "quantity": None, "given": -row["amount"], "currency": row["currency"],
         "requested_at": None, "at": row["posted_at"], "reason": row["description"], "told": "statement"}
        for row in lines if row["kind"] in STATEMENT_REFUNDS
    ]  # fmt: skip


def _parcels(facts: Mapping[str, Table], order_id: str, fetch: Fetch) -> list[Row]:
    columns = ("shipment_id", "carrier", "service", "tracking_no", "shipped_at", "delivered_at", "ship_by",
               "deliver_by", "origin", "country", "weight_g", "incoterm")  # fmt: skip
    parcels = _of(facts["shipments"], order_id, fetch, *columns, order="shipment_id")
    numbers = [row["tracking_no"] for row in parcels if row["tracking_no"]]
    if not numbers:
        return [row | {"events": [], "bills": []} for row in parcels]
    events = facts["tracking_events"].filter(lambda t: t.tracking_no.isin(numbers)).order_by("at")
    told = fetch(events.select("tracking_no", "at", "status", "status_said", "location", "country"))
    bills = fetch(_bills(facts, numbers))
    return [
        row | {name: [one for one in some if one["tracking_no"] == row["tracking_no"]]
               for name, some in (("events", told), ("bills", bills))}
        for row in parcels
    ]  # fmt: skip


def _bills(facts: Mapping[str, Table], numbers: Sequence[str]) -> Table:
    charges, customs = facts["carrier_charges"], facts["customs_charges"]
    columns = ("tracking_no", "payee", "kind", "charged_on", "amount", "currency")
    carried = charges.mutate(payee=charges.carrier).select(*columns)
    cleared = customs.mutate(payee=ibis.literal("customs")).select(*columns)
    both = carried.union(cleared)
    return both.filter(both.tracking_no.isin(list(numbers))).order_by("charged_on", "payee", "kind")
