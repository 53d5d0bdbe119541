"""Goods that left stock, each unit with what it cost: first in, first out, or at a cost that holds from a day on."""

from __future__ import annotations

from datetime import date

import ibis
from ibis.expr.types import Table

from argosy.books.costs import ALWAYS
from argosy.books.legs import Posting, unknown
from argosy.model.entries import SETTLED
from argosy.model.money import MONEY, minor_units, quotient, times

SENT = ("shipped", "delivered")
NEVER = date(9999, 12, 31)
STOCK = "asset:stock:main"


def issued_goods(sold: Table) -> Table:
    """Return the goods that left stock: one row per sold line of goods, on the day it shipped.

    A channel that never says when lines shipped is taken to send what it sells on the day it is sold, unless the
    order was cancelled; on any other what has not shipped yet is still in stock.
    """
    tells = sold.group_by("channel_id").aggregate(told=sold.shipped_at.count() > 0)
    known = sold.left_join(tells, "channel_id", rname="tells_{name}")
    told = known.told.fill_null(False)
    sent = known.status.isin(SENT) | (~told & (known.status != "cancelled"))
    lines = known.mutate(sent=known.shipped_at.notnull() | sent.fill_null(~told))
    goods = lines.filter(lines.sent, lines.kind == "goods", lines.quantity > 0)
    return goods.select(
        "order_id", "line_no", "sku", "quantity", "channel_id", "source_row", "known_at",
        market=goods.country,
        issued_at=ibis.coalesce(goods.shipped_at, goods.posted_at),
    )  # fmt: skip


def cost_issues(issues: Table, *, stock: Table | None, standard: Table | None, book_currency: str) -> Table:
    """Return the issues with ``goods`` and ``inbound`` in the book currency and ``costed`` units.

    stock, standard: tables of ``argosy.books.costs.ValuedLot``, with and without a quantity; None: there are none.
    Lots are used up first in, first out; units beyond them, and articles without lots, take the standard cost
    that holds on their day. Units without either are not costed: ``costed`` is below ``quantity``.
    """
    digits = minor_units(book_currency)
    none = ibis.literal(0).cast(MONEY)
    nobody = ibis.literal(0).cast("int64")
    if stock is None and standard is None:
        return issues.mutate(costed=nobody, goods=none, inbound=none)
    if stock is None:
        return _standard(issues, standard, digits).select(*issues.columns, "costed", "goods", "inbound")
    from_lots = _fifo(issues, stock, digits)
    used = from_lots.select("order_id", "line_no", used=from_lots.costed)
    left = issues.left_join(used, ["order_id", "line_no"], rname="used_{name}")
    left = left.mutate(quantity=left.quantity - left.used.fill_null(0)).filter(lambda t: t.quantity > 0)
    from_standard = from_lots.limit(0) if standard is None else _standard(left, standard, digits)[from_lots.columns]
    costs = (
        from_lots.union(from_standard)
        .group_by("order_id", "line_no")
        .aggregate(
            costed=lambda t: t.costed.sum().cast("int64"),
            goods=lambda t: t.goods.sum().cast(MONEY),
            inbound=lambda t: t.inbound.sum().cast(MONEY),
        )
    )
    joined = issues.left_join(costs, ["order_id", "line_no"], rname="cost_{name}")
    return joined.mutate(costed=joined.costed.fill_null(0)).select(*issues.columns, "costed", "goods", "inbound")


def _fifo(issues: Table, lots: Table, digits: int) -> Table:
    """Cut every article's stream of units where a lot or an issue ends: each piece has one lot and one issue.

    Both streams are running totals; a piece belongs to the next lot end and the next issue end at or after it.
    Windows and equal joins only, so it costs what a sort costs.
    """
    ends = lots.mutate(
        lot_end=lots.quantity.sum().over(
            ibis.cumulative_window(group_by=lots.sku, order_by=[lots.received_on, lots.lot_id])
        )
    )
    stocked = issues.semi_join(lots, "sku")
    flow = stocked.mutate(
        issue_end=stocked.quantity.sum().over(
            ibis.cumulative_window(
                group_by=stocked.sku, order_by=[stocked.issued_at, stocked.order_id, stocked.line_no]
            )
        )
    )
    nothing = ibis.null("int64")
    cuts = ends.select("sku", cut=ends.lot_end, lot_end=ends.lot_end, issue_end=nothing).union(
        flow.select("sku", cut=flow.issue_end, lot_end=nothing, issue_end=flow.issue_end)
    )
    cuts = cuts.group_by("sku", "cut").aggregate(lot_end=cuts.lot_end.max(), issue_end=cuts.issue_end.max())
    ahead = ibis.window(group_by=cuts.sku, order_by=cuts.cut, preceding=0, following=None)
    pieces = cuts.mutate(
        next_lot=cuts.lot_end.min().over(ahead),
        next_issue=cuts.issue_end.min().over(ahead),
        before=cuts.cut.lag().over(ibis.window(group_by=cuts.sku, order_by=cuts.cut)).fill_null(0),
    )
    pieces = pieces.filter(pieces.next_lot.notnull(), pieces.next_issue.notnull()).select(
        "sku", "cut", "before", "next_lot", "next_issue"
    )
    lots_ = ends.select("unit_goods", "unit_inbound", "quantity", lot_sku=ends.sku, lot_end=ends.lot_end)
    flows = flow.select("order_id", "line_no", flow_sku=flow.sku, flow_end=flow.issue_end)
    met = pieces.inner_join(lots_, [pieces.sku == lots_.lot_sku, pieces.next_lot == lots_.lot_end])
    met = met.inner_join(flows, [met.sku == flows.flow_sku, met.next_issue == flows.flow_end])
    # Cumulative within the lot, so that its pieces add up to what the lot cost.
    start = met.lot_end - met.quantity
    after, before = met.cut - start, met.before - start

    def value(unit: ibis.Value) -> ibis.Value:
        return (_worth(after, unit, digits) - _worth(before, unit, digits)).cast(MONEY)

    return (
        met.select(
            "order_id",
            "line_no",
            costed=met.cut - met.before,
            goods=value(met.unit_goods),
            inbound=value(met.unit_inbound),
        )
        .group_by("order_id", "line_no")
        .aggregate(
            costed=lambda t: t.costed.sum().cast("int64"),
            goods=lambda t: t.goods.sum().cast(MONEY),
            inbound=lambda t: t.inbound.sum().cast(MONEY),
        )
    )


def _worth(units: ibis.Value, unit: ibis.Value, digits: int) -> ibis.Value:
    return times(units.cast("decimal(19,4)"), unit, digits=digits)


def _standard(issues: Table, costs: Table, digits: int) -> Table:
    following = costs.received_on.lead().over(ibis.window(group_by=costs.sku, order_by=costs.received_on))
    # A day for "never", so that all there is to compare is plain: only then the engine can hash.
    held = costs.mutate(until=following.fill_null(ibis.date(NEVER.isoformat())))
    held = held.select("received_on", "until", "unit_goods", "unit_inbound", cost_sku=held.sku)
    day = issues.issued_at.date()
    met = issues.left_join(
        held,
        [
            issues.sku == held.cost_sku,
            held.received_on <= day,
            held.until > day,
        ],
    )
    return met.mutate(
        costed=ibis.ifelse(met.unit_goods.isnull(), 0, met.quantity).cast("int64"),
        goods=_worth(met.quantity, met.unit_goods, digits),
        inbound=_worth(met.quantity, met.unit_inbound, digits),
    )


def post_receipts(received: Table, lots: Table, costed: Table, *, book_currency: str) -> Posting:
    """Return one transaction per lot: goods and their inbound cost into stock, owed to the supplier.

    received: ``argosy.books.costs.LOT``, those with a quantity; lots: the fact table behind them. A lot without
    a day was there before the first goods left.
    """
    told = lots.select("lot_id", "supplier", "source_row", "known_at")
    first = costed.aggregate(first_issue=costed.issued_at.min())
    rows = received.inner_join(told, "lot_id", rname="fact_{name}").cross_join(first)
    day = rows.received_on.nullif(ibis.date(ALWAYS.isoformat())).cast("timestamp")
    digits = minor_units(book_currency)
    rows = rows.mutate(
        transaction_id=ibis.literal("receipt:").concat(rows.lot_id),
        posted_at=ibis.coalesce(day, rows.first_issue.truncate("D")),
        currency=ibis.literal(book_currency),
        state=ibis.literal(SETTLED),
        worth=_worth(rows.quantity, rows.unit_goods, digits) + _worth(rows.quantity, rows.unit_inbound, digits),
        **unknown("order_id", "line_no", "market", "channel_id", "rule_id"),
    )
    rows = rows.filter(rows.posted_at.notnull())
    owed = ibis.literal("liability:payable:").concat(rows.supplier.fill_null("suppliers"))
    return Posting(rows, {STOCK: rows.worth}, owed)


def post_returns(costed: Table, refunds: Table, *, book_currency: str) -> Posting:
    """Return one transaction per refund whose goods came back fit for sale: back into stock at what they cost."""
    back = refunds.filter(refunds.resellable, refunds.quantity > 0, refunds.sku.notnull())
    cost = (
        costed.filter(costed.costed > 0)
        .semi_join(back, ["order_id", "sku"])
        .group_by("order_id", "sku")
        .aggregate(
            sold=costed.costed.sum(),
            goods=costed.goods.sum().cast(MONEY),
            inbound=costed.inbound.sum().cast(MONEY),
            channel_id=costed.channel_id.max(),
            market=costed.market.max(),
            issued_at=costed.issued_at.max(),
        )
    )
    rows = back.drop("currency").inner_join(cost, ["order_id", "sku"])
    units = ibis.least(rows.quantity, rows.sold)
    rows = rows.mutate(
        transaction_id=ibis.literal("return:").concat(rows.refund_id),
        posted_at=ibis.coalesce(rows.refunded_at, rows.requested_at, rows.issued_at),
        currency=ibis.literal(book_currency),
        state=ibis.literal(SETTLED),
        share=quotient(units, rows.sold),
        line_no=ibis.null("string"),
        rule_id=ibis.null("string"),
    )
    digits = minor_units(book_currency)
    legs = {
        "cost:goods": -times(rows.goods, rows.share, digits=digits),
        "cost:inbound": -times(rows.inbound, rows.share, digits=digits),
    }
    return Posting(rows, legs, STOCK)


def post_goods(costed: Table, *, book_currency: str) -> Posting:
    """Return one transaction per issue that is costed in full or in part, in the book currency, out of stock."""
    known = costed.filter(costed.costed > 0)
    rows = known.mutate(
        transaction_id=ibis.literal("goods:").concat(known.order_id, "/", known.line_no),
        posted_at=known.issued_at,
        currency=ibis.literal(book_currency),
        state=ibis.literal(SETTLED),
        rule_id=ibis.null("string"),
    )
    return Posting(rows, {"cost:goods": rows.goods, "cost:inbound": rows.inbound}, STOCK)
