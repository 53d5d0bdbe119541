"""Facts into the money ledger: every posting the books are made of, on one page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ibis.expr.types import Table

from argosy.books.charges import post_ads, post_fees, post_freight
from argosy.books.fees import estimate_fees
from argosy.books.fx import post_realised_fx
from argosy.books.goods import cost_issues, issued_goods, post_goods
from argosy.books.legs import Posting, entries_of
from argosy.books.refunds import post_refunds, post_undated_refunds
from argosy.books.sales import post_sales, sold_lines
from argosy.books.settlements import (
    matched_lines,
    post_bank,
    post_payouts,
    post_settlements,
    reverse_estimates,
    settled_orders,
)
from argosy.model.facts import FACTS


@dataclass(frozen=True)
class Sources:
    """What the ledger is posted from.

    facts: every fact table by name. filled: the names of those that have rows. costed: goods that left stock with
    what they cost (``argosy.books.goods.cost_issues``). fee_rates: the dated rules that estimates rest on.
    """

    facts: Mapping[str, Table]
    filled: frozenset[str]
    costed: Table
    fee_rates: Table
    book_currency: str

    @cached_property
    def sold(self) -> Table:
        return sold_lines(self.facts["orders"], self.facts["order_lines"])

    @cached_property
    def matched(self) -> Table:
        return matched_lines(self.facts["payout_lines"], self.facts["orders"])

    @cached_property
    def settled(self) -> Table:
        return settled_orders(self.matched)

    @cached_property
    def sales(self) -> Posting:
        return post_sales(self.sold)

    @cached_property
    def fees(self) -> Posting:
        return estimate_fees(self.sold, self.fee_rates)

    @cached_property
    def settlements(self) -> Posting:
        return post_settlements(self.matched, self.facts["refunds"])


def sources_of(tables: Mapping[str, Table], *, filled: frozenset[str], book_currency: str) -> Sources:
    """Return what the ledger is posted from over the tables of one engine.

    tables: every fact table and ``fee_rates``; ``lots_stock`` and ``lots_standard`` (``argosy.books.costs.LOT``)
    where there are such lots.
    """
    issues = issued_goods(sold_lines(tables["orders"], tables["order_lines"]))
    stock, standard = tables.get("lots_stock"), tables.get("lots_standard")
    return Sources(
        facts={name: tables[name] for name in FACTS},
        filled=filled,
        costed=cost_issues(issues, stock=stock, standard=standard, book_currency=book_currency),
        fee_rates=tables["fee_rates"],
        book_currency=book_currency,
    )


# What must be there for a posting to have anything to say, and the posting.
POSTINGS: tuple[tuple[tuple[str, ...], Callable[[Sources], Posting]], ...] = (
    (("order_lines",), lambda s: s.sales),
    (("order_lines", "payout_lines"), lambda s: reverse_estimates(s.sales, s.settled)),
    (("order_lines",), lambda s: s.fees),
    (("order_lines", "payout_lines"), lambda s: reverse_estimates(s.fees, s.settled)),
    (("payout_lines",), lambda s: s.settlements),
    (("refunds",), lambda s: post_refunds(s.facts["refunds"], s.facts["orders"])),
    (("orders",), lambda s: post_undated_refunds(s.facts["orders"], s.facts["refunds"], s.matched)),
    (("order_lines", "cost_lots"), lambda s: post_goods(s.costed, book_currency=s.book_currency)),
    (("fees",), lambda s: post_fees(s.facts["fees"], s.facts["orders"])),
    (("shipments",), lambda s: post_freight(s.facts["shipments"], s.facts["orders"])),
    (("ad_days",), lambda s: post_ads(s.facts["ad_days"])),
    (("payouts",), lambda s: post_payouts(s.facts["payouts"], s.facts["payout_lines"])),
    (("bank_lines",), lambda s: post_bank(s.facts["bank_lines"])),
)


def post_entries(sources: Sources) -> Iterator[Table]:
    """Yield the money ledger part by part, columns as in ``argosy.model.entries.ENTRIES``.

    The ledger is the union of the parts; every transaction lies within one part and adds up to zero in its own
    currencies and in the book currency.
    """
    rates = sources.facts["fx_rates"]
    for needs, posting in POSTINGS:
        if sources.filled.issuperset(needs):
            yield entries_of(posting(sources), rates=rates, book_currency=sources.book_currency)
    if sources.filled.issuperset(("payouts", "payout_lines", "fx_rates")):
        yield post_realised_fx(
            entries_of(sources.settlements, rates=rates, book_currency=sources.book_currency),
            sources.facts["payout_lines"],
            sources.facts["payouts"],
            rates=rates,
            book_currency=sources.book_currency,
        )
