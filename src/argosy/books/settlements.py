"""What channels and providers say they added to and took from the seller's money: the settled side of the books."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table, Value

from argosy.books.bank import sent_at
from argosy.books.legs import Posting, unknown
from argosy.books.refunds import given_back
from argosy.books.sales import tax_part
from argosy.model.entries import ESTIMATED, SETTLED
from argosy.model.money import MONEY
from argosy.model.payouts import MONEY_MOVES, STATEMENT


def matched_lines(lines: Table, orders: Table) -> Table:
    """Return payout lines with the order each belongs to, where one can be told.

    A line that names an order only by number ("Order 1041") is matched to the one order of that number, first
    within the account of the same name, then anywhere; a number that several orders share matches none.
    Added: ``owner`` (channel_id of the order), ``order_currency``, ``market``.
    """
    known = orders.select(
        "order_id",
        "currency",
        "country",
        owner=orders.channel_id,
        number=_number(orders.order_name),
        account=_account(orders.channel_id),
    )
    near = known.group_by("number", "account").aggregate(near_id=known.order_id.max(), n=known.count())
    far = known.group_by("number").aggregate(far_id=known.order_id.max(), m=known.count())
    named = lines.mutate(number=_number(lines.order_ref), account=_account(lines.channel_id))
    named = named.left_join(near.filter(near.n == 1), ["number", "account"], rname="near_{name}")
    named = named.left_join(far.filter(far.m == 1), "number", rname="far_{name}")
    found = named.mutate(order_id=ibis.coalesce(named.order_id, named.near_id, named.far_id))
    found = found.drop("near_id", "far_id", "number", "account", "n", "m", "near_number", "near_account", "far_number")
    joined = found.left_join(
        known.select("order_id", "owner", order_currency=known.currency, order_country=known.country),
        "order_id",
        rname="known_{name}",
    )
    return joined.mutate(market=ibis.coalesce(joined.country, joined.order_country)).drop("known_order_id")


def _number(name: Value) -> Value:
    # "#1041", "1041" and "Order 1041" are one order in the words of a shop, a statement and a provider.
    return name.upper().re_replace("[^0-9A-Z]", "").re_replace("^ORDER", "").nullif("")


def _account(channel_id: Value) -> Value:
    # Spark refuses the second part of a name that has one.
    return channel_id.re_extract("^[^:]*:(.*)$", 1)


def post_settlements(matched: Table, refunded_orders: Table, taxed: Table) -> Posting:
    """Return one transaction per payout line.

    Statement lines post what was sold, refunded and charged. A provider's ``charge`` moves what the shop's order
    is owed from the channel to the provider; without an order it is the customer's money until somebody tells
    what for. A provider's refund is the refund itself, with its part of the order's tax (``taxed``:
    ``argosy.books.sales.tax_shares``), unless the shop's own export has it (``refunded_orders``: ``order_id``),
    when it only moves the money. Money of an order in another currency than the order's goes through
    ``fx:realised``, where ``post_conversions`` meets it.
    """
    rows = matched.left_join(
        refunded_orders.select("order_id", told=ibis.literal(True)).distinct(),
        "order_id",
        rname="told_{name}",
    )
    rows = rows.left_join(taxed, "order_id", rname="taxed_{name}")
    rows = rows.mutate(
        transaction_id=ibis.literal("payout_line:").concat(rows.channel_id, "/", rows.line_id),
        state=ibis.literal(SETTLED),
        line_no=ibis.null("string"),
        rule_id=ibis.null("string"),
    )
    rows = rows.mutate(counter=_counter_account(rows), vat=_vat(rows))
    refunded = (rows.kind == "charge_refund") & (rows.counter == "contra:refund")
    tax = ibis.ifelse(refunded, tax_part(-rows.amount, rows.tax_share, rows.currency), 0).cast(MONEY)
    return Posting(rows, {rows.counter: -rows.amount - tax, rows.vat: tax}, _receivable(rows.channel_id))


def post_conversions(matched: Table, sold: Table, refunds: Table) -> Posting:
    """Return what orders were owed, or gave back, in their own currency once a provider moved it in another one.

    The provider's line stands in its currency against ``fx:realised``; this takes the order's amount off the
    shop's receivable against the same account. What is left there is what converting cost.
    """
    foreign = matched.filter(matched.owner.notnull(), matched.currency != matched.order_currency)
    first = (
        foreign.filter(foreign.kind.isin(MONEY_MOVES))
        .group_by("order_id", "kind")
        .aggregate(
            posted_at=foreign.posted_at.min(),
            known_at=foreign.known_at.max(),
            source_row=foreign.source_row.min(),
            channel_id=foreign.owner.max(),
            currency=foreign.order_currency.max(),
            market=foreign.market.max(),
        )
    )
    owed = sold.group_by("order_id").aggregate(moved=sold.owed.sum().cast(MONEY)).mutate(kind=ibis.literal("charge"))
    told = refunds.mutate(given=given_back(refunds))
    given = told.group_by("order_id").aggregate(moved=(-told.given.sum()).cast(MONEY))
    given = given.mutate(kind=ibis.literal("charge_refund"))
    rows = first.inner_join(owed.union(given), ["order_id", "kind"])
    rows = rows.mutate(
        transaction_id=ibis.literal("conversion:").concat(rows.order_id, "/", rows.kind),
        state=ibis.literal(SETTLED),
        line_no=ibis.null("string"),
        sku=ibis.null("string"),
        rule_id=ibis.null("string"),
    )
    return Posting(rows, {"fx:realised": rows.moved}, _receivable(rows.channel_id))


def _counter_account(rows: Table) -> Value:
    buyer = ibis.cases(
        (rows.owner.isnull(), "liability:customer"),
        (rows.currency != rows.order_currency, "fx:realised"),
        else_=_receivable(rows.owner),
    )
    return ibis.cases(
        *((rows.kind == kind, account) for kind, account in STATEMENT.items()),
        (rows.kind.isin(("sale_tax", "refund_tax", "tax_withheld")), _vat(rows)),
        ((rows.kind == MONEY_MOVES[1]) & rows.owner.notnull() & rows.told.isnull(), "contra:refund"),
        (rows.kind.isin(MONEY_MOVES), buyer),
        (rows.kind == "reserve", _receivable(rows.channel_id).concat(":reserve")),
        (rows.kind == "transfer", "asset:bank:in_transit"),
        (rows.kind == "conversion", "fx:realised"),
        else_="fee:other",
    )


def _vat(rows: Table) -> Value:
    return ibis.literal("liability:vat:").concat(rows.market.fill_null("unknown"))


def _receivable(channel_id: Value) -> Value:
    return ibis.literal("asset:receivable:").concat(channel_id)


def post_payouts(payouts: Table, lines: Table) -> Posting:
    """Return the payouts whose lines do not hold the transfer themselves: money on its way to the bank."""
    told = lines.filter(lines.kind == "transfer").select("payout_id").distinct()
    silent = payouts.anti_join(told, "payout_id").filter(payouts.status.fill_null("paid") == "paid")
    rows = silent.mutate(
        transaction_id=ibis.literal("payout:").concat(silent.payout_id),
        posted_at=sent_at(silent),
        state=ibis.literal(SETTLED),
        **unknown("order_id", "line_no", "sku", "market", "rule_id"),
    )
    rows = rows.filter(rows.posted_at.notnull())
    return Posting(rows, {"asset:bank:in_transit": rows.amount}, _receivable(rows.channel_id))


def settled_orders(matched: Table) -> Table:
    """Return when a statement first told what an order line brought: ``order_id``, ``sku``, ``settled_at``.

    A statement line without an article settles every line of its order (``sku`` NULL).
    """
    sales = matched.filter(matched.kind == "sale", matched.order_id.notnull())
    return sales.group_by("order_id", "sku").aggregate(
        settled_at=sales.posted_at.min(), settled_known_at=sales.known_at.max()
    )


def reverse_estimates(posting: Posting, settled: Table) -> Posting:
    """Return the estimates of ``posting`` taken back from the moment a statement told the truth.

    Estimated rows whose order and article are in ``settled``, every amount with its sign turned, at the rate the
    estimate was made at, so that nothing of it is left in either currency.
    """
    by_sku = settled.filter(settled.sku.notnull())
    whole = settled.filter(settled.sku.isnull()).select(
        "order_id", whole_at=settled.settled_at, whole_known_at=settled.settled_known_at
    )
    rows = posting.rows.mutate(**{f"taken_{n}": amount for n, amount in enumerate(posting.legs.values())})
    rows = rows.mutate(balance_account=posting.balance) if not isinstance(posting.balance, str) else rows
    names = {f"name_{n}": account for n, account in enumerate(posting.legs) if not isinstance(account, str)}
    rows = rows.mutate(**names).filter(rows.state == ESTIMATED)
    rows = rows.left_join(by_sku, ["order_id", "sku"], rname="by_{name}")
    rows = rows.left_join(whole, "order_id", rname="whole_{name}")
    at = ibis.coalesce(rows.settled_at, rows.whole_at)
    rows = rows.filter(at.notnull()).mutate(
        transaction_id=ibis.literal("settled:").concat(rows.transaction_id),
        posted_at=at,
        rate_at=rows.posted_at,
        known_at=ibis.greatest(rows.known_at, ibis.coalesce(rows.settled_known_at, rows.whole_known_at)),
    )
    legs = {
        (account if isinstance(account, str) else rows[f"name_{n}"]): -rows[f"taken_{n}"]
        for n, account in enumerate(posting.legs)
    }
    balance = posting.balance if isinstance(posting.balance, str) else rows.balance_account
    return Posting(rows, legs, balance)
