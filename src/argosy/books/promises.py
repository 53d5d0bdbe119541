"""Facts into the promise ledger: what was promised until when, and whether it was kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime

import ibis
from ibis.expr.types import BooleanValue, DateValue, Table, TimestampValue, Value

from argosy.books.bank import TRANSFER_DAYS, arrivals, first_day
from argosy.books.threads import questions
from argosy.model.countries import EU_MEMBERS
from argosy.model.money import MONEY, times
from argosy.model.promises import BROKEN, KEPT, OPEN, OURS, OWED, PROMISES, VOID

# Statuses that say a thing was done without saying when.
SENT = ("shipped", "delivered", "refunded")
ARRIVED = ("delivered", "refunded")

# Directive 2011/83/EU art. 13(1) and the United Kingdom's Consumer Contracts Regulations 2013 (SI 2013/3134)
# reg. 34: fourteen days to pay back. Both apply to contracts from 2014-06-13 (art. 28(2); reg. 1).
REFUND_DAYS = 14
REFUND_LAW_FROM = date(2014, 6, 13)
REFUND_LAWS = {"GB": "law:uksi/2013/3134/34"} | dict.fromkeys(sorted(EU_MEMBERS), "law:eu/2011/83/13")

# Amazon asks sellers to answer buyers within 24 hours, on weekends and holidays too, and counts no automatic reply
# (https://sellercentral.amazon.com/gp/help/external/202152030).
REPLY_HOURS = 24
REPLY_NORM = "norm:amazon/contact_response_time"

# What a kind says about a promise before it is judged. ended_at, ended: when, and whether, it fell away.
# told: whether the facts can say that it was kept at all. told_until: up to when they can; NULL: no end.
CLAIM = {name: type_ for name, type_ in PROMISES.items() if name not in ("promise_id", "state", "late_hours")} | {
    "ended_at": "timestamp",
    "ended": "boolean",
    "told": "boolean",
    "told_until": "timestamp",
}


def post_promises(facts: Mapping[str, Table], *, as_of: datetime) -> Table:
    """Return the promise ledger at the UTC moment ``as_of``, columns as in ``model.promises.PROMISES``.

    A promise is kept when done in time, broken when done late or past due, void when its order was cancelled
    before it was due, else open. One whose keeping the facts cannot tell is in ``promise_gaps`` instead. What
    happened after ``as_of`` has not happened.
    """
    claims = _claims(facts)
    made = claims.filter(claims.told, claims.made_at.isnull() | (claims.made_at <= ibis.literal(as_of)))
    return _judged(made, ibis.literal(as_of))


def promise_gaps(facts: Mapping[str, Table]) -> Table:
    """Return how many promises cannot be judged for lack of facts, a row per kind, channel and missing fact.

    Columns: kind, channel_id, n, missing (the fact table, and its column, that would tell).
    """
    claims = _claims(facts)
    ends_before = claims.kept_at.isnull() & (claims.told_until < claims.due_at).fill_null(False)
    untold = claims.filter(~claims.ended, ~claims.told | ends_before)
    missing = ibis.cases(*((untold.kind == kind, fact) for kind, fact in TELLS.items()))
    return untold.mutate(missing=missing).group_by("kind", "channel_id", "missing").aggregate(n=lambda t: t.count())


def ship_by(facts: Mapping[str, Table]) -> Table:
    """Return the claims that an order is handed to the carrier in time.

    Due: what the order says, else the last moment agreed for its parcels, else for its lines. Kept: all its
    parcels are handed over, or all its lines of goods when no parcel is known.
    """
    lines = facts["order_lines"]
    lines = lines.filter(lines.kind == "goods", lines.quantity > 0)
    sent = lines.group_by("order_id").aggregate(
        lines_sent_at=_when_all(lines.shipped_at, lines.order_id.count()), lines_ship_by=lines.ship_by.max()
    )
    orders = _with_parcels(facts).left_join(sent, "order_id", rname="line_{name}")
    orders = orders.mutate(
        due_at=ibis.coalesce(orders.ship_by, orders.parcels_ship_by, orders.lines_ship_by),
        kept_at=ibis.coalesce(orders.shipped_at, orders.lines_sent_at),
    )
    return _order_claim(orders, "ship_by", done=SENT)


def deliver_by(facts: Mapping[str, Table]) -> Table:
    """Return the claims that an order arrives in time.

    Due: the day the buyer was shown, else the last moment promised for its parcels. Kept: its last parcel is
    delivered.
    """
    orders = _with_parcels(facts)
    due_at = ibis.coalesce(orders.deliver_by, orders.parcels_deliver_by)
    return _order_claim(orders.mutate(due_at=due_at, kept_at=orders.delivered_at), "deliver_by", done=ARRIVED)


def refund_by(facts: Mapping[str, Table]) -> Table:
    """Return the claims that buyers in the EU and the United Kingdom get their money back in legal time.

    Due: the end of the fourteenth day after the day it was asked for (``REFUND_LAWS``; days are counted as in
    Regulation 1182/71 art. 3), in UTC. Art. 13(3) lets the seller wait for the goods, which no fact tells
    yet. The stake is the refund itself.
    """
    orders = orders_with_buyers(facts).select("order_id", "channel_id", "customer_key", market="country")
    rows = facts["refunds"].inner_join(orders, "order_id")
    rows = rows.filter(
        rows.market.isin(tuple(REFUND_LAWS)),
        ibis.coalesce(rows.requested_at, rows.refunded_at) >= ibis.literal(REFUND_LAW_FROM).cast("timestamp"),
    )
    money = rows.amount.fill_null(0) + rows.tax.fill_null(0) + rows.shipping.fill_null(0)
    asked_on = rows.requested_at.date()
    return _claim(
        rows,
        kind="refund_by",
        direction=OURS,
        party=rows.customer_key,
        subject=rows.refund_id,
        made_at=rows.requested_at,
        due_at=_end_of(asked_on + ibis.interval(days=REFUND_DAYS)),
        kept_at=rows.refunded_at,
        stake=money,
        rule_id=ibis.cases(*((rows.market == country, law) for country, law in REFUND_LAWS.items())),
        told=rows.requested_at.notnull(),
    )


def pay_out_by(facts: Mapping[str, Table]) -> Table:
    """Return the claims that channels and providers pay out in time.

    Due: the end of the day it is due, else of the last of the ``TRANSFER_DAYS`` after it was sent. Kept:
    booked by the bank, as far as the bank's lines in that currency reach. The stake is the payout itself.
    """
    payouts = facts["payouts"]
    payouts = payouts.mutate(first_on=first_day(payouts)).filter(lambda t: t.first_on.notnull(), payouts.amount > 0)
    bank = facts["bank_lines"]
    bank = bank.filter(bank.amount > 0)
    reach = bank.group_by("currency").aggregate(told_from=bank.booked_on.min(), told_to=bank.booked_on.max())
    markets = facts["channels"].select("channel_id", market="country")
    rows = payouts.left_join(arrivals(payouts, bank), "payout_id", rname="booking_{name}")
    rows = rows.left_join(reach, "currency", rname="reach_{name}")
    rows = rows.left_join(markets, "channel_id", rname="market_{name}")
    by_bank = rows.first_on + ibis.interval(days=TRANSFER_DAYS)
    return _claim(
        rows,
        kind="pay_out_by",
        direction=OWED,
        party=rows.channel_id,
        subject=rows.payout_id,
        made_at=ibis.coalesce(rows.period_end, rows.first_on.cast("timestamp")),
        due_at=_end_of(ibis.coalesce(rows.due_on, by_bank)),
        kept_at=_end_of(rows.booked_on),
        stake=rows.amount,
        told=(rows.first_on >= rows.told_from).fill_null(False) | rows.booked_on.notnull(),
        told_until=_end_of(rows.told_to),
    )


def supply_by(facts: Mapping[str, Table]) -> Table:
    """Return the claims that suppliers deliver what was ordered in time, in full and sound.

    Due: the end of the day promised. Kept: the end of the day it came in, when as many sound units came as were
    ordered. The stake is what the line costs.
    """
    rows = facts["po_lines"].filter(lambda t: t.promised_on.notnull()).mutate(channel_id=ibis.null("string"))
    sound = rows.received_quantity - rows.defective_quantity.fill_null(0)
    return _claim(
        rows,
        kind="supply_by",
        direction=OWED,
        party=rows.supplier_id,
        subject=rows.po_id.concat("/", rows.line_no),
        made_at=rows.ordered_on.cast("timestamp"),
        due_at=_end_of(rows.promised_on),
        kept_at=ibis.ifelse(sound >= rows.quantity, _end_of(rows.received_on), ibis.null("timestamp")),
        stake=times(rows.unit_cost, rows.quantity, digits=4),
        told=rows.received_on.isnull() | rows.received_quantity.notnull(),
    )


def milestone_by(facts: Mapping[str, Table]) -> Table:
    """Return the claims that a contract's milestones are met by the end of the day each is due."""
    due = facts["milestones"].filter(lambda t: t.due_on.notnull())
    contracts = facts["contracts"].select("contract_id", "partner", "starts_on")
    rows = due.left_join(contracts, "contract_id", rname="contract_{name}")
    rows = rows.mutate(channel_id=ibis.null("string"), currency=ibis.null("string"))
    return _claim(
        rows,
        kind="milestone_by",
        direction=OWED,
        party=rows.partner,
        subject=rows.contract_id.concat("/", rows.milestone_no),
        made_at=rows.starts_on.cast("timestamp"),
        due_at=_end_of(rows.due_on),
        kept_at=_end_of(rows.done_on),
        told=ibis.literal(True),
    )


def reply_by(facts: Mapping[str, Table]) -> Table:
    """Return the claims that buyers' messages are answered by a person within ``REPLY_HOURS``, wherever they wrote.

    Kept as ``argosy.books.threads.questions`` tells, as far as the messages of the same export reach; on a channel
    whose export has no message of a person of ours nobody can tell.
    """
    messages = facts["messages"]
    own = messages.mutate(answered=(messages.author == "agent").cast("int64"))
    told = own.mutate(
        told=own.answered.sum().over(ibis.window(group_by=own.channel_id)) > 0,
        told_until=own.sent_at.max().over(ibis.window(group_by=own.source)),
    )
    buyers = orders_with_buyers(facts).select("order_id", "customer_key", market="country")
    rows = questions(told).left_join(buyers, "order_id", rname="order_{name}")
    return _claim(
        rows,
        kind="reply_by",
        direction=OURS,
        party=ibis.coalesce(rows.customer_key, rows.order_customer_key),
        subject=rows.message_id,
        made_at=rows.sent_at,
        due_at=rows.sent_at + ibis.interval(hours=REPLY_HOURS),
        kept_at=rows.answered_at,
        rule_id=REPLY_NORM,
        told=rows.told,
        told_until=rows.told_until,
    )


CLAIMS_OF: Mapping[str, Callable[[Mapping[str, Table]], Table]] = {
    "ship_by": ship_by,
    "deliver_by": deliver_by,
    "refund_by": refund_by,
    "reply_by": reply_by,
    "pay_out_by": pay_out_by,
    "supply_by": supply_by,
    "milestone_by": milestone_by,
}
# The fact that would tell whether a promise was kept.
TELLS = {
    "ship_by": "shipments.shipped_at",
    "deliver_by": "shipments.delivered_at",
    "refund_by": "refunds.requested_at",
    "reply_by": "messages",
    "pay_out_by": "bank_lines",
    "supply_by": "po_lines.received_quantity",
    "milestone_by": "milestones.done_on",
}


def orders_with_buyers(facts: Mapping[str, Table]) -> Table:
    """Return the orders, their customer_key, country and region filled from the buyer they refer to."""
    orders, buyers = facts["orders"], facts["customers"]
    known = buyers.select("customer_ref", "customer_key", "country", "region")
    joined = orders.left_join(known, "customer_ref", rname="buyer_{name}")
    filled = {name: ibis.coalesce(joined[name], joined[f"buyer_{name}"]) for name in known.columns[1:]}
    return joined.mutate(**filled).select(*orders.columns)


def parcels_of(facts: Mapping[str, Table]) -> Table:
    """Return one row per order with parcels: order_id, parcels_ship_by, parcels_deliver_by, shipped_at,
    delivered_at, origin.

    The moments are those of the last parcel, NULL until every parcel has one. When a parcel does not say itself
    that it was delivered, the first such event of its tracking number does. A parcel that was delivered was
    handed over by then at the latest. Origin is the first in the alphabet when an order leaves from several.
    """
    events = facts["tracking_events"]
    arrived = events.filter(events.status == "delivered").group_by("tracking_no").aggregate(told_at=events["at"].min())
    shipments = facts["shipments"].left_join(arrived, "tracking_no", rname="event_{name}")
    shipments = shipments.mutate(delivered_at=ibis.coalesce(shipments.delivered_at, shipments.told_at))
    sent_at = ibis.coalesce(shipments.shipped_at, shipments.delivered_at)
    parcels = shipments.order_id.count()
    return shipments.group_by("order_id").aggregate(
        parcels_ship_by=shipments.ship_by.max(),
        parcels_deliver_by=shipments.deliver_by.max(),
        shipped_at=_when_all(sent_at, parcels),
        delivered_at=_when_all(shipments.delivered_at, parcels),
        origin=shipments.origin.min(),
    )


def order_values(orders: Table, lines: Table) -> Table:
    """Return what each order is worth: order_id, order_value (DECIMAL(18,4), the order's currency).

    What the source says in all, else the sum of its lines after discount, with shipping and tax.
    """
    # 19 + 18 + 1 digits are the most Spark multiplies without dropping one.
    gross = lines.unit_price.cast("decimal(19,4)") * lines.quantity.cast("decimal(18,0)")
    tax = ibis.ifelse(lines.tax_included.fill_null(False), 0, lines.tax.fill_null(0))
    worth = (gross.cast(MONEY) - lines.discount.fill_null(0) + lines.shipping.fill_null(0) + tax).cast(MONEY)
    summed = lines.mutate(worth=worth).group_by("order_id").aggregate(summed=lambda t: t.worth.sum())
    joined = orders.select("order_id", "total").left_join(summed, "order_id", rname="line_{name}")
    return joined.select("order_id", order_value=ibis.coalesce(joined.total, joined.summed.cast(MONEY)))


def _when_all(moments: TimestampValue, expected: Value) -> TimestampValue:
    return ibis.ifelse(moments.count() == expected, moments.max(), ibis.null("timestamp"))


def _with_parcels(facts: Mapping[str, Table]) -> Table:
    orders = orders_with_buyers(facts)
    joined = orders.left_join(parcels_of(facts), "order_id", rname="parcel_{name}")
    return joined.left_join(order_values(orders, facts["order_lines"]), "order_id", rname="value_{name}")


def _order_claim(orders: Table, kind: str, *, done: tuple[str, ...]) -> Table:
    """Return the claims of a kind about orders; ``due_at`` and ``kept_at`` stand on every order.

    A channel none of whose orders has the moment does not export it; an order in a status ``done`` without
    the moment was done at a time nobody told.
    """
    told_at_all = orders.kept_at.count().over(ibis.window(group_by="channel_id")) > 0
    untimed = orders.kept_at.isnull() & orders.status.isin(done).fill_null(False)
    rows = orders.mutate(told=told_at_all & ~untimed)
    rows = rows.filter(rows.due_at.notnull())
    return _claim(
        rows,
        kind=kind,
        direction=OURS,
        party=rows.customer_key,
        subject=rows.order_id,
        market=rows.country,
        made_at=rows.placed_at,
        due_at=rows.due_at,
        kept_at=rows.kept_at,
        stake=rows.order_value,
        ended_at=rows.cancelled_at,
        ended=rows.cancelled_at.notnull() | (rows.status == "cancelled").fill_null(False),
        told=rows.told,
    )


def _end_of(day: DateValue) -> TimestampValue:
    return day.cast("timestamp") + ibis.interval(hours=24) - ibis.interval(seconds=1)


def _claim(rows: Table, **columns: Value | str) -> Table:
    given = {name: rows[name] for name in ("channel_id", "currency", "source_row", "market") if name in rows.columns}
    given |= {"ended": ibis.literal(False)}
    given |= columns
    return rows.select(**{name: _typed(given.get(name), type_) for name, type_ in CLAIM.items()})


def _typed(value: Value | str | None, type_: str) -> Value:
    if value is None:
        return ibis.null(type_)
    return (ibis.literal(value) if isinstance(value, str) else value).cast(type_)


def _claims(facts: Mapping[str, Table]) -> Table:
    return ibis.union(*(kind(facts) for kind in CLAIMS_OF.values()))


def _judged(claims: Table, as_of: TimestampValue) -> Table:
    ended = claims.ended & (claims.ended_at.isnull() | (claims.ended_at <= as_of))
    known = claims.mutate(
        kept_at=ibis.ifelse(claims.kept_at <= as_of, claims.kept_at, ibis.null("timestamp")),
        ended_at=ibis.ifelse(ended, claims.ended_at, ibis.null("timestamp")),
        ended=ended,
    )
    judged = known.mutate(state=_state(known, as_of))
    # Not kept as far as the facts reach, but they end before it was due: nobody can tell.
    untold = (judged.state == BROKEN) & judged.kept_at.isnull() & (judged.told_until < judged.due_at).fill_null(False)
    judged = judged.filter(~untold)
    judged = judged.mutate(promise_id=judged.kind.concat("/", judged.subject), late_hours=_late_hours(judged, as_of))
    return judged.select(**{name: judged[name].cast(type_) for name, type_ in PROMISES.items()})


def _state(claims: Table, as_of: TimestampValue) -> Value:
    ended_in_time: BooleanValue = claims.ended & (claims.ended_at.isnull() | (claims.ended_at <= claims.due_at))
    return ibis.cases(
        (claims.kept_at <= claims.due_at, KEPT),
        (claims.kept_at.notnull(), BROKEN),
        (ended_in_time, VOID),
        (claims.due_at >= as_of, OPEN),
        else_=BROKEN,
    )


def _late_hours(judged: Table, as_of: TimestampValue) -> Value:
    end = ibis.coalesce(judged.kept_at, judged.ended_at, as_of)
    seconds = end.epoch_seconds() - judged.due_at.epoch_seconds()
    hours = ibis.greatest((seconds + 3599) // 3600, 1)
    return ibis.cases((judged.state == BROKEN, hours), (judged.state == KEPT, 0), else_=ibis.null("int64"))
