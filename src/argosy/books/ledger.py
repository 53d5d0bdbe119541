"""Facts into the money ledger: every posting the books are made of, on one page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from ibis.expr.types import Table

from argosy.books.bank import post_bank
from argosy.books.charges import post_ads, post_carrier_bills, post_customs, post_fees, post_freight
from argosy.books.fees import estimate_fees
from argosy.books.fx import post_realised_fx, post_wallet_fx, wallet_lines
from argosy.books.goods import cost_issues, issued_goods, post_goods, post_receipts, post_returns
from argosy.books.legs import Posting, entries_of
from argosy.books.refunds import post_refunds, post_undated_refunds
from argosy.books.sales import post_sales, sold_lines, tax_shares
from argosy.books.settlements import (
    matched_lines,
    post_conversions,
    post_payouts,
    post_settlements,
    reverse_estimates,
    settled_orders,
)
from argosy.model.facts import FACTS


@dataclass(frozen=True)
class Sources:
    """What the ledger is posted from.

    facts: every fact table by name. filled: the names of those that have rows. sold: ``sold_lines``; matched:
    ``matched_lines``. received: lots that came into
    stock (``argosy.books.costs.LOT``), unvalued: lots without a rate (``UNVALUED``); None: there are none.
    costed: goods that left stock with what they cost (``argosy.books.goods.cost_issues``). fee_rates: the dated
    rules that estimates rest on.
    """

    facts: Mapping[str, Table]
    filled: frozenset[str]
    received: Table | None
    unvalued: Table | None
    sold: Table
    matched: Table
    costed: Table
    fee_rates: Table
    book_currency: str

    @cached_property
    def settled(self) -> Table:
        return settled_orders(self.matched)

    @cached_property
    def taxed(self) -> Table:
        return tax_shares(self.sold)

    @cached_property
    def sales(self) -> Posting:
        return post_sales(self.sold)

    @cached_property
    def fees(self) -> Posting:
        return estimate_fees(self.sold, self.facts["channels"], self.fee_rates)

    @cached_property
    def settlements(self) -> Posting:
        return post_settlements(self.matched, self.facts["refunds"], self.taxed)


def sources_of(
    tables: Mapping[str, Table],
    *,
    filled: frozenset[str],
    book_currency: str,
    keep: Callable[[str, Table], Table] = lambda name, table: table,
) -> Sources:
    """Return what the ledger is posted from over the tables of one engine.

    tables: every fact table and ``fee_rates``; ``lots_received``, ``lots_stock`` and ``lots_standard``
    (``argosy.books.costs.LOT``) and ``lots_unvalued`` (``UNVALUED``) where there are such lots. keep: computes a
    table that many postings read, once and under a name; an engine that cannot gives the table back.
    """
    facts = {name: tables[name] for name in FACTS}
    sold = keep("sold", sold_lines(facts["orders"], facts["order_lines"]))
    costed = cost_issues(
        issued_goods(sold),
        stock=tables.get("lots_stock"),
        standard=tables.get("lots_standard"),
        book_currency=book_currency,
    )
    return Sources(
        facts=facts,
        filled=filled,
        received=tables.get("lots_received"),
        unvalued=tables.get("lots_unvalued"),
        sold=sold,
        matched=keep("matched", matched_lines(facts["payout_lines"], facts["orders"])),
        costed=keep("costed", costed),
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
    (("orders",), lambda s: post_undated_refunds(s.facts["orders"], s.facts["refunds"], s.matched, s.taxed)),
    (("order_lines", "payout_lines"), lambda s: post_conversions(s.matched, s.sold, s.facts["refunds"])),
    (("order_lines", "cost_lots"), lambda s: post_goods(s.costed, book_currency=s.book_currency)),
    (
        ("order_lines", "cost_lots", "refunds"),
        lambda s: post_returns(s.costed, s.facts["refunds"], book_currency=s.book_currency),
    ),
    (("fees",), lambda s: post_fees(s.facts["fees"], s.facts["orders"])),
    (("shipments",), lambda s: post_freight(s.facts["shipments"], s.facts["orders"], s.facts["carrier_charges"])),
    (
        ("carrier_charges",),
        lambda s: post_carrier_bills(s.facts["carrier_charges"], s.facts["shipments"], s.facts["orders"]),
    ),
    (
        ("customs_charges",),
        lambda s: post_customs(s.facts["customs_charges"], s.facts["shipments"], s.facts["orders"]),
    ),
    (("ad_days",), lambda s: post_ads(s.facts["ad_days"])),
    (("payouts",), lambda s: post_payouts(s.facts["payouts"], s.facts["payout_lines"])),
    (("bank_lines",), lambda s: post_bank(s.facts["bank_lines"], s.facts["payouts"])),
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
    if sources.received is not None:
        receipts = post_receipts(
            sources.received, sources.facts["cost_lots"], sources.costed, book_currency=sources.book_currency
        )
        yield entries_of(receipts, rates=rates, book_currency=sources.book_currency)
    if sources.filled.issuperset(("payouts", "payout_lines", "fx_rates")):
        yield post_realised_fx(
            entries_of(sources.settlements, rates=rates, book_currency=sources.book_currency),
            sources.facts["payout_lines"],
            sources.facts["payouts"],
            rates=rates,
            book_currency=sources.book_currency,
        )
    if sources.filled.issuperset(("payout_lines", "fx_rates")):
        lines = wallet_lines(sources.matched)
        posted = post_settlements(lines, sources.facts["refunds"], sources.taxed)
        drawn = entries_of(posted, rates=rates, book_currency=sources.book_currency)
        yield post_wallet_fx(drawn, lines, book_currency=sources.book_currency)
