"""What does not add up between what was sold, what was paid out and what reached the bank, with amounts."""

from __future__ import annotations

from datetime import date, timedelta

import ibis
from ibis.expr.types import Table

from argosy.books.bank import TRANSFER_DAYS, arrivals
from argosy.books.refunds import given_back

FINDING = {"kind": "string", "subject": "string", "amount": "decimal(18,4)", "currency": "string",
           "channel_id": "string", "expected": "decimal(18,4)", "found": "decimal(18,4)", "at": "date",
           "source_row": "string"}  # fmt: skip
SENT_DAYS = 14  # an order may be sent, and so charged, so much later
CENTS = "0.02"  # up to here a difference of two exports is rounding on their side


def header_against_lines(payouts: Table, lines: Table) -> Table:
    """Return payouts whose header says another amount than their lines add up to.

    expected: the header; found: the sum of the lines without the transfer itself; amount: header less lines.
    """
    counted = lines.filter(lines.kind != "transfer", lines.payout_id.notnull())
    sums = counted.group_by("payout_id").aggregate(found=counted.amount.sum().cast("decimal(18,4)"))
    both = payouts.inner_join(sums, "payout_id", rname="line_{name}")
    off = both.mutate(off_by=(both.amount - both.found).cast("decimal(18,4)"))
    off = off.filter(off.off_by != 0)
    return _finding(
        off, "header_against_lines", subject=off.payout_id, amount=off.off_by, expected=off.amount,
        found=off.found, at=off.sent_on,
    )  # fmt: skip


def payout_against_bank(payouts: Table, bank: Table) -> Table:
    """Return paid payouts that no bank line of the same amount and currency followed within ``TRANSFER_DAYS``.

    Currencies in which no bank line is known at all are left out: that is a gap, not a finding.
    """
    known = bank.select("currency").distinct()
    last = bank.group_by("currency").aggregate(until=bank.booked_on.max())
    paid = payouts.filter(payouts.amount > 0, payouts.sent_on.notnull()).semi_join(known, "currency")
    paid = paid.inner_join(last, "currency", rname="last_{name}")
    due = paid.filter((paid.sent_on.cast("timestamp") + ibis.interval(days=TRANSFER_DAYS)).date() <= paid.until)
    missing = due.anti_join(arrivals(payouts, bank), "payout_id")
    return _finding(
        missing, "payout_against_bank", subject=missing.payout_id, amount=missing.amount,
        expected=missing.amount, found=ibis.literal(0), at=missing.sent_on,
    )  # fmt: skip


def orders_without_payout(sold: Table, matched: Table, *, as_of: date, days: int = 30) -> Table:
    """Return paid orders older than ``days`` that no payout line names, on channels that have payout lines at all.

    What was ordered within ``SENT_DAYS`` of the last line is left out: a channel charges when it sends.
    """
    covered = matched.select(channel_id=ibis.coalesce(matched.owner, matched.channel_id), reported_at=matched.posted_at)
    since = covered.group_by("channel_id").aggregate(
        first_at=covered.reported_at.min(), last_at=covered.reported_at.max()
    )
    cutoff = ibis.timestamp((as_of - timedelta(days=days)).isoformat())
    per_order = sold.group_by("order_id", "channel_id", "currency").aggregate(
        owed=sold.owed.sum().cast("decimal(18,4)"), at=sold.posted_at.min(), source_row=sold.source_row.min()
    )
    due = per_order.inner_join(since, "channel_id")
    due = due.filter(due.owed > 0, due.at < cutoff, due.at >= due.first_at.truncate("D"))
    due = due.filter(due.at <= due.last_at - ibis.interval(days=SENT_DAYS))
    named = matched.filter(matched.order_id.notnull()).select("order_id").distinct()
    left = due.anti_join(named, "order_id")
    return _finding(
        left, "order_without_payout", subject=left.order_id, amount=left.owed, expected=left.owed,
        found=ibis.literal(0), at=left.at.date(),
    )  # fmt: skip


def lines_without_order(matched: Table, orders: Table) -> Table:
    """Return the sales and charges of payout lines whose order is in no orders export, one row per order named.

    amount: what was paid for it; orders of channels that have no orders export at all are left out (a gap).
    """
    sales = matched.filter(matched.kind.isin(("sale", "charge")))
    known = orders.select("order_id").distinct()
    lost = sales.anti_join(known, "order_id")
    exported = orders.select(kind=orders.channel_id).distinct()
    lost = lost.mutate(named=ibis.coalesce(lost.order_id, lost.order_ref, lost.line_id))
    own = lost.semi_join(exported, lost.channel_id == exported.kind)
    foreign = lost.filter(lost.kind == "charge").cross_join(exported.aggregate(any=exported.count()))
    foreign = foreign.filter(foreign["any"] > 0).drop("any")
    both = own.union(foreign, distinct=True)
    per = both.group_by("named", "channel_id", "currency").aggregate(
        amount=both.amount.sum().cast("decimal(18,4)"),
        at=both.posted_at.min().date(),
        source_row=both.source_row.min(),
    )
    return _finding(
        per, "payout_line_without_order", subject=per.named, amount=per.amount, expected=ibis.literal(0),
        found=per.amount, at=per.at,
    )  # fmt: skip


def payments_against_order(sold: Table, payments: Table) -> Table:
    """Return orders whose captured payments differ from what was sold by more than ``CENTS``, of orders with payments.

    expected: what the order's lines add up to; found: what was paid; amount: paid less sold.
    """
    captured = payments.filter(payments.outcome == "captured")
    paid = captured.group_by("order_id").aggregate(found=captured.amount.sum().cast("decimal(18,4)"))
    due = sold.group_by("order_id", "currency", "channel_id").aggregate(
        expected=sold.owed.sum().cast("decimal(18,4)"),
        at=sold.posted_at.min().date(),
        source_row=sold.source_row.min(),
    )
    both = due.inner_join(paid, "order_id")
    off = both.mutate(off_by=(both.found - both.expected).cast("decimal(18,4)"))
    off = off.filter(off.off_by.abs() > ibis.literal(CENTS).cast("decimal(18,4)"))
    return _finding(
        off, "payments_against_order", subject=off.order_id, amount=off.off_by, expected=off.expected,
        found=off.found, at=off.at,
    )  # fmt: skip


def total_against_lines(sold: Table, lines: Table, orders: Table) -> Table:
    """Return orders whose own total differs from their lines by more than ``CENTS``.

    expected: the total; found: what the lines come to with shipping and tax, less discounts; amount: total less
    lines. Orders with a line whose price is not known are left out.
    """
    pays = (sold.gross - sold.discount.fill_null(0) + sold.shipping.fill_null(0) + sold.tax.fill_null(0)).cast(
        "decimal(18,4)"
    ) - sold.tax_in_price
    per_order = sold.mutate(pays=pays.cast("decimal(18,4)")).group_by("order_id")
    sums = per_order.aggregate(found=lambda t: t.pays.sum().cast("decimal(18,4)"), known=lambda t: t.count())
    counted = lines.group_by("order_id").aggregate(of=lines.count())
    told = orders.filter(orders.total.notnull()).select(
        "order_id", "channel_id", "currency", "source_row", expected=orders.total, at=orders.placed_at.date()
    )
    both = told.inner_join(sums, "order_id").inner_join(counted, "order_id")
    off = both.mutate(off_by=(both.expected - both.found).cast("decimal(18,4)"))
    off = off.filter(off.known == off.of, off.off_by.abs() > ibis.literal(CENTS).cast("decimal(18,4)"))
    return _finding(
        off, "total_against_lines", subject=off.order_id, amount=off.off_by, expected=off.expected, found=off.found,
        at=off.at,
    )  # fmt: skip


def refunds_above_sale(sold: Table, refunds: Table, orders: Table, matched: Table) -> Table:
    """Return orders that more was given back for than was ever sold; credit notes without their order are left out."""
    bought = sold.filter(sold.status != "adjustment")
    due = bought.group_by("order_id", "currency", "channel_id").aggregate(
        expected=bought.owed.sum().cast("decimal(18,4)"),
        at=bought.posted_at.min().date(),
        source_row=bought.source_row.min(),
    )
    shop = refunds.select(
        "order_id",
        given=given_back(refunds).cast("decimal(18,4)"),
        teller=ibis.literal("shop"),
    )
    header = orders.filter(orders.refunded > 0).select("order_id", given=orders.refunded, teller=ibis.literal("header"))
    # With a refund the channel takes back the discount of the sale and the tax it hands on itself: such lines then add
    # to the seller's money.
    back = matched.kind.isin(("charge_refund", "refund", "refund_tax")) | (
        matched.kind.isin(("discount", "tax_withheld")) & (matched.amount > 0)
    )
    lines = matched.filter(back, matched.order_id.notnull())
    provider = lines.select("order_id", given=(-lines.amount).cast("decimal(18,4)"), teller=ibis.literal("provider"))
    told = shop.union(header).union(provider)
    each = told.group_by("order_id", "teller").aggregate(given=told.given.sum().cast("decimal(18,4)"))
    most = each.group_by("order_id").aggregate(found=each.given.max())
    both = due.inner_join(most, "order_id")
    off = both.filter(both.found > both.expected)
    return _finding(
        off, "refund_above_sale", subject=off.order_id, amount=(off.found - off.expected).cast("decimal(18,4)"),
        expected=off.expected, found=off.found, at=off.at,
    )  # fmt: skip


def _finding(rows: Table, kind: str, **columns: ibis.Value) -> Table:
    return rows.select(
        **{
            name: (
                ibis.literal(f"reconcile.{kind}")
                if name == "kind"
                else columns[name]
                if name in columns
                else rows[name]
            ).cast(type_)
            for name, type_ in FINDING.items()
        }
    )
