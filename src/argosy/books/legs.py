"""One row of facts into the balanced entries of one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import ibis
from ibis.expr.types import NumericValue, Table, Value

from argosy.model.entries import ENTRIES
from argosy.model.money import MONEY, minor_units, times


@dataclass(frozen=True)
class Posting:
    """Rows that become one balanced transaction each.

    rows: ``transaction_id`` and the context columns of an entry. legs: account (text or column) -> amount in the
    row's currency, debit above zero. balance: the account that takes what makes the legs add up to zero. The book
    amounts follow the rate of the day of ``rate_at`` where the rows have it, else of ``posted_at``.
    """

    rows: Table
    legs: Mapping[Any, NumericValue]
    balance: Any


def unknown(*columns: str) -> dict[str, Value]:
    """Return context columns of which a row says nothing."""
    return dict.fromkeys(columns, ibis.null("string"))


def entries_of(posting: Posting, *, rates: Table, book_currency: str) -> Table:
    """Return the entries of a posting, columns as in ``argosy.model.entries.ENTRIES``.

    The balance leg takes the rounding too, so that no transaction is ever unbalanced, in its own currency or in
    the book currency. Legs of zero are left out. rates: ``day``, ``currency``, ``per_unit``; a day without a rate
    leaves the book amounts NULL.
    """
    names = [f"leg_{n}" for n in range(len(posting.legs))]
    amounts = zip(names, posting.legs.values(), strict=True)
    accounts = [_literal(account) for account in (*posting.legs, posting.balance)]
    wide = posting.rows.mutate(
        **{name: amount.fill_null(0).cast(MONEY) for name, amount in amounts},
        **{f"account_{n}": account for n, account in enumerate(accounts)},
    )
    wide = _with_rate(wide, rates, book_currency)
    booked = wide.mutate(**{f"book_{n}": _in_book(wide, wide[n], book_currency) for n in names})
    booked = booked.mutate(
        leg_last=-sum((booked[n] for n in names[1:]), start=booked[names[0]]),
        book_leg_last=-sum((booked[f"book_{n}"] for n in names[1:]), start=booked[f"book_{names[0]}"]),
    )
    return _unfolded(booked, [*names, "leg_last"])


def _literal(account: Any) -> Any:
    return ibis.literal(account) if isinstance(account, str) else account


def _with_rate(rows: Table, rates: Table, book_currency: str) -> Table:
    foreign = rates.select(rate_day=rates.day, rate_currency=rates.currency, per_unit=rates.per_unit)
    at = rows.rate_at if "rate_at" in rows.columns else rows.posted_at
    return rows.left_join(
        foreign,
        [
            at.date() == foreign.rate_day,
            # The book currency needs no rate; a plain equality keeps this a hash join.
            rows.currency.nullif(book_currency) == foreign.rate_currency,
        ],
    ).drop("rate_day", "rate_currency")


def _in_book(rows: Table, amount: NumericValue, book_currency: str) -> NumericValue:
    foreign = times(amount, rows.per_unit, digits=minor_units(book_currency))
    return ibis.ifelse(rows.currency == book_currency, amount, foreign)


def _unfolded(rows: Table, names: list[str]) -> Table:
    # One pass over the rows, however many legs: each row meets every leg number and keeps the legs that move money.
    met = rows.mutate(entry_no=ibis.array([ibis.literal(n, "int64") for n in range(len(names))]).unnest())
    account = ibis.cases(*((met.entry_no == n, met[f"account_{n}"]) for n in range(len(names))))
    amount = ibis.cases(*((met.entry_no == n, met[name]) for n, name in enumerate(names)))
    book = ibis.cases(*((met.entry_no == n, met[f"book_{name}"]) for n, name in enumerate(names)))
    chosen = met.mutate(account=account, amount=amount.cast(MONEY), book_amount=book.cast(MONEY))
    moving = chosen.filter((chosen.amount != 0) | (chosen.book_amount.fill_null(0) != 0))
    return moving.select(**{name: moving[name].cast(type_) for name, type_ in ENTRIES.items()})
