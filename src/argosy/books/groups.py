"""What every article and every market brought, beside what else is known of it."""

from __future__ import annotations

from datetime import date

import ibis
from ibis.expr.types import Table

from argosy.books.kept import due_within, kept_rate
from argosy.books.profit import of_goods, profit, with_margin


def products(
    entries: Table, orders: Table, lines: Table, cover: Table, *, start: date | None = None, end: date | None = None
) -> Table:
    """Return the money of each article sold as goods, with its name, units and how long its stock lasts.

    Columns: ``sku``, ``title`` (NULL where no line has one), ``units`` (sold on orders placed within the days that
    were not cancelled; NULL: none), ``on_hand`` and ``cover_days`` (of ``cover``; NULL: cannot be told), those of
    ``profit`` with ``estimates``, and ``margin``.
    """
    money = with_margin(profit(of_goods(entries), by=["sku"], start=start, end=end, marked=True))
    named = lines.filter(lines.sku.notnull()).group_by("sku").aggregate(title=lambda t: t.title.max())
    joined = money.left_join(named, "sku", rname="named_{name}")
    joined = joined.left_join(_units(orders, lines, start=start, end=end), "sku", rname="sold_{name}")
    joined = joined.left_join(cover, "sku", rname="cover_{name}")
    return joined.select(
        "sku", "title", "units", "on_hand", "cover_days", *(name for name in money.columns if name != "sku")
    )


def _units(orders: Table, lines: Table, *, start: date | None, end: date | None) -> Table:
    placed = ibis.coalesce(orders.placed_on, orders.placed_at.date())
    made = orders.filter(orders.cancelled_at.isnull(), orders.status.fill_null("") != "cancelled")
    if start is not None:
        made = made.filter(placed >= ibis.literal(start))
    if end is not None:
        made = made.filter(placed < ibis.literal(end))
    sold = lines.filter(lines.quantity > 0, lines.sku.notnull(), lines.kind.fill_null("goods") == "goods")
    sold = sold.semi_join(made, "order_id")
    return sold.group_by("sku").aggregate(units=sold.quantity.sum().cast("int64"))


def markets(entries: Table, promises: Table, *, start: date | None = None, end: date | None = None) -> Table:
    """Return the money of each market, with the promises to its buyers that were kept.

    Columns: ``market``, those of ``profit`` with ``estimates``, ``margin``, ``refund_share`` (refunds as a share of
    gross sales), and of the promises due within the days ``n``, ``kept``, ``share``, ``low`` and ``high`` as
    ``kept_rate`` has them, NULL where none was due.
    """
    money = with_margin(profit(entries, by=["market"], start=start, end=end, marked=True))
    back = (-money.refunds).cast("float64") / money.gross_sales.nullif(0).cast("float64")
    money = money.mutate(refund_share=ibis.ifelse(money.gross_sales > 0, back, ibis.null("float64")))
    due = kept_rate(due_within(promises, start=start, end=end), by=["market"]).drop("broken", "open")
    joined = money.left_join(due, "market", rname="due_{name}")
    return joined.select(*money.columns, "n", "kept", "share", "low", "high")
