"""What was earned: entries into the money bridge and the contribution margins, by whatever is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import ibis
from ibis.expr.types import BooleanValue, Table, Value

from argosy.model.entries import BRIDGE, ESTIMATED, MARGINS
from argosy.model.errors import NotFound

DIMENSIONS = ("order", "line", "sku", "market", "channel", "day", "week", "month", "account", "state")


def earned(entries: Table, *, start: date | None = None, end: date | None = None) -> Table:
    """Return the entries that are income or cost, from ``start`` up to but without ``end`` (UTC days).

    ``earned`` is what each brought in the book currency: income above zero, cost below.
    """
    kept = entries.filter(~entries.account.startswith("asset:"), ~entries.account.startswith("liability:"))
    if start is not None:
        kept = kept.filter(kept.posted_at >= ibis.timestamp(start.isoformat()))
    if end is not None:
        kept = kept.filter(kept.posted_at < ibis.timestamp(end.isoformat()))
    return kept.mutate(earned=-kept.book_amount)


def where(entries: Table, chosen: Mapping[str, str]) -> Table:
    """Return the entries of some values of dimensions (``market`` -> ``DE``); an empty value: those that tell none."""
    for name, value in chosen.items():
        column = dimension(entries, name)
        entries = entries.filter(column.cast("string") == value if value else column.isnull())
    return entries


def profit(
    entries: Table,
    *,
    by: Sequence[str] = (),
    start: date | None = None,
    end: date | None = None,
    marked: bool = False,
) -> Table:
    """Return the money bridge and the margins, one row per group.

    by: any of ``DIMENSIONS``; a group column is NULL for money that belongs to none (an advertising day has no
    order). Columns, DECIMAL(18,4) in the book currency, income above zero and cost below: the steps of
    ``argosy.model.entries.BRIDGE``, the margins of ``MARGINS`` (net_sales; cm1 after goods and inbound; cm2 after
    freight, duty and fees; cm3 after marketing; profit after losses and FX), ``estimated`` (the part of profit
    that is not settled) and ``unbooked`` (entries whose day has no exchange rate: they are in no other column).
    marked: with ``estimates``, the names of the columns of which a part is estimated, parted by spaces.
    """
    kept = earned(entries, start=start, end=end)
    kept = kept.mutate(**{name: dimension(kept, name) for name in by})
    steps = {
        step: kept.earned.sum(where=under(kept.account, heads)).fill_null(0).cast("decimal(28,4)")
        for step, heads in BRIDGE.items()
    }
    guesses = {
        f"guess_{step}": kept.earned.sum(where=(kept.state == ESTIMATED) & under(kept.account, heads)).fill_null(0) != 0
        for step, heads in BRIDGE.items()
        if marked
    }
    grouped = kept.group_by(list(by)) if by else kept
    table = grouped.aggregate(
        **steps,
        **guesses,
        estimated=kept.earned.sum(where=kept.state == ESTIMATED).fill_null(0).cast("decimal(28,4)"),
        unbooked=kept.book_amount.isnull().cast("int64").sum().fill_null(0),
    )
    table = table.mutate(**_margins(table))
    return table.mutate(estimates=_estimates(table)).drop(*guesses) if marked else table


def _estimates(table: Table) -> Value:
    """Return the names of the steps, and of the margins over them, of which a part is estimated."""
    names = list(BRIDGE)
    over = {step: [step] for step in names}
    over |= {margin: names[: names.index(last) + 1] for margin, last in MARGINS.items()}
    told = [
        ibis.ifelse(ibis.or_(*(table[f"guess_{step}"] for step in steps)), f"{name} ", "")
        for name, steps in over.items()
    ]
    return sum(told[1:], start=told[0]).strip()


def with_margin(table: Table) -> Table:
    """Return a table of ``profit`` with ``margin``: CM3 as a share of net sales.

    NULL where nothing was sold, and where no goods are costed: it could only be lower.
    """
    told = (table.net_sales > 0) & (table.goods != 0)
    share = table.cm3.cast("float64") / table.net_sales.nullif(0).cast("float64")
    return table.mutate(margin=ibis.ifelse(told, share, ibis.null("float64")))


def of_goods(entries: Table) -> Table:
    """Return the entries of articles that are sold as goods: postage and fees have codes of their own."""
    goods = entries.filter(entries.account == "income:sales", entries.sku.notnull())
    return entries.semi_join(goods.select("sku").distinct(), "sku")


def _margins(table: Table) -> dict[str, Value]:
    names = list(BRIDGE)
    return {
        margin: sum((table[step] for step in names[1 : names.index(last) + 1]), start=table[names[0]]).cast(
            "decimal(28,4)"
        )
        for margin, last in MARGINS.items()
    }


def under(account: Value, heads: Sequence[str]) -> BooleanValue:
    """Return whether an account stands under one of the heads."""
    found = account.startswith(heads[0])
    for head in heads[1:]:
        found = found | account.startswith(head)
    return found


def dimension(entries: Table, name: str) -> Value:
    """Return the column of entries that groups them by one of ``DIMENSIONS``."""
    day = entries.posted_at.date().cast("timestamp")
    match name:
        case "day":
            return entries.posted_at.date()
        case "week":
            return day.truncate("W").date()
        case "month":
            return day.truncate("M").date()
        case "order":
            return entries.order_id
        case "line":
            return entries.line_no
        case "channel":
            return entries.channel_id
        case _ if name in entries.columns:
            return entries[name]
        case _:
            raise NotFound(what="dimension", name=name)


def balances(entries: Table) -> Table:
    """Return what stands on every account: ``account``, ``currency``, ``amount``, ``book_amount``, ``estimated``."""
    return entries.group_by("account", "currency").aggregate(
        amount=entries.amount.sum().cast("decimal(28,4)"),
        book_amount=entries.book_amount.sum().cast("decimal(28,4)"),
        estimated=entries.book_amount.sum(where=entries.state == ESTIMATED).fill_null(0).cast("decimal(28,4)"),
        entries=entries.count(),
    )


def cash(entries: Table, *, by: str = "week") -> Table:
    """Return money that reached and left the bank accounts or is on its way there, per ``by`` and account."""
    moved = entries.filter(entries.account.startswith("asset:bank:"))
    moved = moved.mutate(period=dimension(moved, by))
    return moved.group_by("period", "account", "currency").aggregate(
        came=moved.amount.sum(where=moved.amount > 0).fill_null(0).cast("decimal(28,4)"),
        went=moved.amount.sum(where=moved.amount < 0).fill_null(0).cast("decimal(28,4)"),
        net=moved.book_amount.sum().cast("decimal(28,4)"),
    )


def cash_flow(entries: Table, *, by: str = "week") -> Table:
    """Return what came to all bank accounts and left them per ``by``: ``period``, ``came``, ``went`` (below zero) and
    ``net`` in the book currency, without what is only on its way."""
    at_bank = entries.account.startswith("asset:bank:") & (entries.account != "asset:bank:in_transit")
    moved = entries.filter(at_bank)
    moved = moved.mutate(period=dimension(moved, by))
    return moved.group_by("period").aggregate(
        came=moved.book_amount.sum(where=moved.amount > 0).fill_null(0).cast("decimal(28,4)"),
        went=moved.book_amount.sum(where=moved.amount < 0).fill_null(0).cast("decimal(28,4)"),
        net=moved.book_amount.sum().fill_null(0).cast("decimal(28,4)"),
    )


AGES = ((0, 7), (8, 14), (15, 30), (31, 60), (61, None))


def receivables(entries: Table, *, as_of: date) -> Table:
    """Return what channels and providers still owe at the end of ``as_of``, by the age of each order's debt.

    Columns: ``account``, ``currency``, ``age`` (days: 0-7, 8-14, 15-30, 31-60, 61+), ``amount`` in the currency,
    ``book_amount``, ``estimated`` (the part of it that is not settled). Debts are netted per order and fall in the
    age of the order's first entry; money that names no order is netted per account.
    """
    owed = entries.filter(
        entries.account.startswith("asset:receivable:"),
        entries.posted_at.date() <= ibis.date(as_of.isoformat()),
    )
    per_order = owed.group_by("account", "currency", "order_id").aggregate(
        since=owed.posted_at.min().date(), amount=owed.amount.sum(), book_amount=owed.book_amount.sum(),
        estimated=owed.book_amount.sum(where=owed.state == ESTIMATED).fill_null(0),
    )  # fmt: skip
    per_order = per_order.filter(per_order.amount != 0)
    days = ibis.date(as_of.isoformat()).delta(per_order.since, unit="day")
    aged = per_order.mutate(
        age=ibis.cases(
            *((days <= last, f"{first}-{last}") for first, last in AGES if last is not None),
            else_=f"{AGES[-1][0]}+",
        )
    )
    return aged.group_by("account", "currency", "age").aggregate(
        amount=aged.amount.sum().cast("decimal(28,4)"),
        book_amount=aged.book_amount.sum().cast("decimal(28,4)"),
        estimated=aged.estimated.sum().cast("decimal(28,4)"),
        orders=aged.order_id.count(),
    )


def variance(entries: Table) -> Table:
    """Return how far estimates were from what was settled, per account head and channel.

    Only orders whose estimate was taken back are counted. ``estimated`` and ``settled`` are in the book currency,
    income above zero; ``change`` is settled less estimated.
    """
    turned = entries.filter(entries.transaction_id.startswith("settled:"))
    orders = turned.select("order_id").distinct()
    # What goods cost is no estimate of the channel's.
    kept = earned(entries).semi_join(orders, "order_id").filter(lambda t: ~t.account.startswith("cost:"))
    estimate = (kept.state == ESTIMATED) & ~kept.transaction_id.startswith("settled:")
    table = kept.group_by("channel_id", "account").aggregate(
        estimated=kept.earned.sum(where=estimate).fill_null(0).cast("decimal(28,4)"),
        settled=kept.earned.sum(where=kept.state != ESTIMATED).fill_null(0).cast("decimal(28,4)"),
    )
    return table.mutate(change=table.settled - table.estimated)


def restated(before: Table, after: Table, *, by: Sequence[str]) -> Table:
    """Return the groups whose profit changed between two states of knowledge of the same facts.

    before, after: entries as known at two moments. Columns: the group, ``was``, ``now``, ``change`` in the book
    currency.
    """
    was = profit(before, by=by).select(*by, was=lambda t: t.profit)
    now = profit(after, by=by).select(*by, now=lambda t: t.profit)
    both = was.mutate(now=ibis.literal(0).cast("decimal(28,4)")).union(
        now.mutate(was=ibis.literal(0).cast("decimal(28,4)")).select(*by, "was", "now")
    )
    table = both.group_by(list(by)).aggregate(
        was=both.was.sum().cast("decimal(28,4)"), now=both.now.sum().cast("decimal(28,4)")
    )
    return table.mutate(change=(table.now - table.was).cast("decimal(28,4)")).filter(lambda t: t.change != 0)
