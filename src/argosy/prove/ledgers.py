"""Both ledgers, posted from a world's files, against what is really so in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import ibis
from ibis.expr.types import Table, Value

from argosy.lake.engine import Lake
from argosy.model.promises import BROKEN, KEPT, OPEN
from argosy.model.scores import Agreement

MONEY = "decimal(28,4)"
ORDERS = "^(shopify|amazon|tiktok_shop|mercado_libre):main:"
PAYOUTS = "^(payout|fx):(shopify_payments|stripe|amazon):main:([^/]+)"


def agreements(lake: Lake, entries: Table, promises: Table, truth: Mapping[str, Table]) -> tuple[Agreement, ...]:
    """Return how the ledgers agree with the true ``entries`` and ``promises``, grouped each way in turn."""
    told = _as_told(entries)
    sums = (_agreement(lake, told, truth["entries"], by) for by in BY)
    return (*sums, _promises(lake, promises, truth["promises"]))


def _promises(lake: Lake, promises: Table, truth: Table) -> Agreement:
    """Return how the promise ledger agrees with what was promised and done: due, kept and state of each promise.

    A promise of which the ledger rightly says that nobody can tell is none of its rows: what was not done yet.
    """
    now = ibis.literal(datetime.now(UTC).replace(tzinfo=None))
    mine = promises.filter(promises.kind.isin(("ship_by", "deliver_by")), promises.channel_id == "shopify:main")
    mine = mine.select("kind", "due_at", "kept_at", "state", order_name=mine.subject.re_replace(ORDERS, ""))
    done = truth.kept_at.notnull()
    late = ibis.ifelse(truth.kept_at <= truth.due_at, KEPT, BROKEN)
    really = truth.mutate(state=ibis.ifelse(done, late, ibis.ifelse(truth.due_at >= now, OPEN, BROKEN)))
    both = mine.outer_join(really, ["kind", "order_name"], rname="true_{name}")
    same = (both.due_at == both.true_due_at) & (both.state == both.true_state)
    same &= both.kept_at.identical_to(both.true_kept_at)
    untold = both.state.isnull() & both.true_kept_at.isnull()
    hours = (both.kept_at.epoch_seconds() - both.true_kept_at.epoch_seconds()).abs() / 3600
    found = lake.rows(
        both.aggregate(
            groups=both.count(), off=(~(same.fill_null(False) | untold)).cast("int64").sum(),
            largest=hours.max().fill_null(0),
        )
    )[0]  # fmt: skip
    return Agreement("promise", int(found["groups"]), int(found["off"] or 0), f"{found['largest']:.1f}")


def _as_told(entries: Table) -> Table:
    """Return the ledger's entries with orders and payouts named as the seller's files name them."""
    payout = entries.transaction_id.re_extract(PAYOUTS, 3).nullif("")
    return entries.mutate(order_name=entries.order_id.re_replace(ORDERS, ""), payout=payout)


# The groupings in which ledger and truth must agree, and the columns each goes by.
BY: dict[str, Callable[[Table], dict[str, Value]]] = {
    "account": lambda t: {"account": t.account, "currency": t.currency, "state": t.state},
    "account and month": lambda t: {
        "account": t.account, "currency": t.currency, "month": t.posted_at.cast("timestamp").truncate("M").cast("date"),
    },
    "order and account": lambda t: {"order_name": t.order_name, "account": t.account, "currency": t.currency},
    # What each payout sent to the bank and what rates had moved until then.
    "payout": lambda t: {
        "payout": ibis.ifelse(t.account.isin(("asset:bank:in_transit", "fx:realised")), t.payout, ibis.null("string")),
        "account": ibis.ifelse(t.payout.isnull(), ibis.null("string"), t.account),
    },
}  # fmt: skip


def _agreement(lake: Lake, entries: Table, truth: Table, by: str) -> Agreement:
    mine, really = (_sums(table, BY[by]) for table in (entries, truth))
    names = [name for name in mine.columns if name not in ("amount", "book_amount")]
    signed = mine.union(
        really.mutate(amount=(-really.amount).cast(MONEY), book_amount=(-really.book_amount).cast(MONEY))
    )
    off = signed.group_by(names).aggregate(
        amount=signed.amount.sum().cast(MONEY), book=signed.book_amount.sum().cast(MONEY)
    )
    wrong = (off.amount != 0) | (off.book != 0)
    found: dict[str, Any] = lake.rows(
        off.aggregate(groups=off.count(), off=wrong.cast("int64").sum(), largest=off.book.abs().max())
    )[0]
    return Agreement(by, int(found["groups"]), int(found["off"]), str(found["largest"]))


def _sums(table: Table, columns: Callable[[Table], dict[str, Value]]) -> Table:
    named = table.mutate(**columns(table))
    names = list(columns(table))
    named = named.filter(named[names[0]].notnull())
    return named.group_by(names).aggregate(
        amount=named.amount.sum().cast(MONEY), book_amount=named.book_amount.sum().fill_null(0).cast(MONEY)
    )
