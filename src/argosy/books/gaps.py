"""What the books cannot tell, how much it touches, and which file would tell it: a Gap instead of a silent zero."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from argosy.model.entries import ESTIMATED

GAP = {"kind": "string", "subject": "string", "count": "int64", "amount": "decimal(18,4)", "currency": "string",
       "needs": "string"}  # fmt: skip


def gap_rows(
    entries: Table, costed: Table, *, orders: Table, lines: Table, payout_lines: Table, bank: Table
) -> list[Table]:
    """Return tables of gaps (``GAP``) that follow from the entries and facts; amounts in ``currency``.

    costed: goods that left with what they cost (``argosy.books.goods.cost_issues``). kinds: goods_without_cost,
    rate_missing, price_unknown, tax_unknown, fees_unknown, payouts_unknown, sales_unknown, bank_unknown,
    bank_unexplained, freight_unknown. needs: the key of the file that would close the gap.
    """
    return [
        _goods_without_cost(entries, costed),
        _rate_missing(entries),
        _price_unknown(orders, lines),
        _tax_unknown(orders, lines),
        _fees_unknown(entries, orders),
        _payouts_unknown(entries, orders, payout_lines),
        _sales_unknown(entries),
        _bank_unknown(entries, bank),
        _bank_unexplained(entries),
        _freight_unknown(entries),
    ]


def _goods_without_cost(entries: Table, costed: Table) -> Table:
    """Goods that left and of which no unit has a cost."""
    sales = entries.filter(entries.account == "income:sales", entries.transaction_id.startswith("sale:"))
    bare = sales.semi_join(costed.filter(costed.costed == 0), ["order_id", "line_no"])
    per = bare.group_by("channel_id").aggregate(n=bare.count(), amount=-bare.book_amount.sum())
    return _gap(per, "goods_without_cost", subject=per.channel_id, count=per.n, amount=per.amount, needs="costs")


def _rate_missing(entries: Table) -> Table:
    bare = entries.filter(entries.book_amount.isnull(), entries.amount > 0)
    per = bare.group_by("currency").aggregate(n=bare.transaction_id.nunique(), amount=bare.amount.sum())
    return _gap(
        per,
        "rate_missing",
        subject=per.currency,
        count=per.n,
        amount=per.amount,
        currency=per.currency,
        needs="ecb_rates",
    )


def _price_unknown(orders: Table, lines: Table) -> Table:
    joined = lines.inner_join(orders, "order_id", rname="order_{name}")
    bare = joined.filter(joined.unit_price.isnull(), joined.status != "cancelled")
    per = bare.group_by("channel_id").aggregate(n=bare.count())
    return _gap(per, "price_unknown", subject=per.channel_id, count=per.n, needs="orders")


def _tax_unknown(orders: Table, lines: Table) -> Table:
    joined = lines.inner_join(orders.select("order_id", "channel_id"), "order_id", rname="order_{name}")
    per = joined.group_by("channel_id").aggregate(n=joined.count(), told=joined.tax.count())
    bare = per.filter(per.told == 0)
    return _gap(bare, "tax_unknown", subject=bare.channel_id, count=bare.n, needs="tax")


def _fees_unknown(entries: Table, orders: Table) -> Table:
    """A sale that waits for its statement and whose fee neither a rule estimates nor the channel told with the order.

    One called off costs none.
    """
    sales = entries.filter(entries.account == "income:sales", entries.state == ESTIMATED)
    open_ = sales.group_by("channel_id", "order_id", "line_no").aggregate(amount=-sales.book_amount.sum())
    told = entries.filter(entries.account == "fee:channel").select("order_id", "line_no")
    bare = open_.filter(open_.amount != 0).anti_join(told, ["order_id", "line_no"])
    bare = bare.anti_join(told.filter(told.line_no.isnull()), "order_id")
    bare = bare.anti_join(orders.filter(orders.status == "cancelled"), "order_id")
    per = bare.group_by("channel_id").aggregate(n=bare.count(), amount=bare.amount.sum())
    return _gap(per, "fees_unknown", subject=per.channel_id, count=per.n, amount=per.amount, needs="payouts")


def _payouts_unknown(entries: Table, orders: Table, payout_lines: Table) -> Table:
    owed = entries.filter(entries.account.startswith("asset:receivable:"))
    per = owed.group_by("account", "currency").aggregate(n=owed.order_id.nunique(), amount=owed.amount.sum())
    told = payout_lines.select(account=ibis.literal("asset:receivable:").concat(payout_lines.channel_id)).distinct()
    bare = per.anti_join(told, "account").filter(per.amount > 0)
    return _gap(
        bare, "payouts_unknown", subject=bare.account.replace("asset:receivable:", ""), count=bare.n,
        amount=bare.amount, currency=bare.currency, needs="payouts",
    )  # fmt: skip


def _sales_unknown(entries: Table) -> Table:
    held = entries.filter(entries.account == "liability:customer", entries.transaction_id.startswith("payout_line:"))
    per = held.group_by("channel_id", "currency").aggregate(n=held.count(), amount=-held.amount.sum())
    return _gap(
        per,
        "sales_unknown",
        subject=per.channel_id,
        count=per.n,
        amount=per.amount,
        currency=per.currency,
        needs="shop_orders",
    )


def _bank_unknown(entries: Table, bank: Table) -> Table:
    way = entries.filter(entries.account == "asset:bank:in_transit")
    per = way.group_by("currency").aggregate(n=way.transaction_id.nunique(), amount=way.amount.sum())
    bare = per.anti_join(bank.select("currency").distinct(), "currency").filter(per.amount != 0)
    return _gap(
        bare, "bank_unknown", subject=bare.currency, count=bare.n, amount=bare.amount, currency=bare.currency,
        needs="bank",
    )  # fmt: skip


def _bank_unexplained(entries: Table) -> Table:
    lines = entries.filter(entries.account == "asset:suspense")
    per = lines.group_by("currency").aggregate(n=lines.count(), amount=-lines.amount.sum())
    return _gap(
        per, "bank_unexplained", subject=per.currency, count=per.n, amount=per.amount, currency=per.currency,
        needs="bills",
    )  # fmt: skip


def _freight_unknown(entries: Table) -> Table:
    sales = entries.filter(entries.account == "income:sales", entries.transaction_id.startswith("sale:"))
    told = entries.filter(entries.account.isin(("cost:freight", "fee:fulfilment"))).select("channel_id").distinct()
    bare = sales.anti_join(told, "channel_id")
    per = bare.group_by("channel_id").aggregate(n=bare.order_id.nunique())
    return _gap(per, "freight_unknown", subject=per.channel_id, count=per.n, needs="carrier_bills")


def unvalued_lot_rows(lots: Table) -> Table:
    """Return the lots no rate could value (``argosy.books.costs.UNVALUED``) as gaps, per currency."""
    per = lots.group_by("currency").aggregate(n=lots.count())
    return _gap(per, "lots_unvalued", subject=per.currency, count=per.n, needs="ecb_rates")


def promise_gap_rows(untold: Table) -> Table:
    """Return the promises that cannot be judged (``argosy.books.promises.promise_gaps``) as gaps."""
    told_by = {
        "pay_out_by": "bank",
        "refund_by": "refund_dates",
        "reply_by": "messages",
        "supply_by": "purchase_orders",
        "milestone_by": "contracts",
    }
    needs = untold.kind.substitute(told_by, else_="shipments")
    per = untold.group_by("kind", "channel_id", needs=needs).aggregate(n=untold.n.sum())
    columns = {"kind": per.kind, "subject": per.channel_id, "count": per.n, "needs": per.needs}
    return per.select(**{n: columns.get(n, ibis.null()).cast(type_) for n, type_ in GAP.items()})


def _gap(rows: Table, kind: str, **columns: ibis.Value) -> Table:
    values = {"kind": ibis.literal(kind), "needs": ibis.literal(columns.pop("needs")), **columns}
    return rows.select(
        **{name: (values[name] if name in values else ibis.null()).cast(type_) for name, type_ in GAP.items()}
    )


def coverage(entries: Table) -> Table:
    """Return how much of the sales has a cost behind it and how much is settled, per channel.

    Columns: ``sales`` (book currency), ``with_cost`` (of it, lines whose goods are costed), ``settled`` (of it,
    not estimated). Sales are goods only, before discounts and refunds.
    """
    sales = entries.filter(entries.account == "income:sales", entries.book_amount.notnull())
    # By article, not by line: a statement that settles a sale names the article alone.
    costs = entries.filter(entries.account == "cost:goods").select("order_id", "sku").distinct()
    marked = sales.left_join(costs.mutate(costed=ibis.literal(True)), ["order_id", "sku"], rname="cost_{name}")
    return marked.group_by("channel_id").aggregate(
        sales=(-marked.book_amount.sum()).cast("decimal(28,4)"),
        with_cost=(-marked.book_amount.sum(where=marked.costed.notnull())).fill_null(0).cast("decimal(28,4)"),
        settled=(-marked.book_amount.sum(where=marked.state == "settled")).fill_null(0).cast("decimal(28,4)"),
    )
