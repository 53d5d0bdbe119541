"""The world's own bookkeeping: everything that happened, into its ledger, by the rules of accounting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from argosy.world import assumptions as assumed
from argosy.world.advertising import AdDays
from argosy.world.bills import PAYEES, Bills
from argosy.world.columns import DAY_SECONDS, Ints, joined, picked, seconds_of
from argosy.world.marketplace import Amount, Sales, expected_fee, settlement_names
from argosy.world.mercado import MercadoSales
from argosy.world.orders import Lines, Orders, rounded, shares_of
from argosy.world.parcels import Parcels
from argosy.world.provider import CHARGE, DISPUTE, REFUND, Moves, Payouts
from argosy.world.social import SocialSales
from argosy.world.stock import Issues, Lots
from argosy.world.truth import Ledger
from argosy.world.when import When

SHOP = "asset:receivable:shopify:main"
PROVIDERS = tuple(f"asset:receivable:{provider.channel_id}" for provider in assumed.PROVIDERS)
AMAZON = "asset:receivable:amazon:main"
TIKTOK = "asset:receivable:tiktok_shop:main"
MERCADO = "asset:receivable:mercado_libre:main"
USD = assumed.SHOP_CURRENCY
Legs = Sequence[tuple[str | pa.Array, Ints]]


def post_sales(ledger: Ledger, orders: Orders, lines: Lines, names: pa.Array) -> None:
    """Post every line that was sold: income without tax, shipping, discount, tax owed on, and what is owed for it."""
    at, order = orders.paid_at[lines.order], names.take(pa.array(lines.order))
    tax, shipping, discount = (shares_of(x, lines) for x in (orders.tax, orders.shipping, orders.discount))
    inside = np.where(orders.tax_inside[lines.order], tax, 0)
    vat = _vat(orders.market[lines.order])
    legs: Legs = [
        ("income:sales", inside - lines.worth),
        ("income:shipping", -shipping),
        ("contra:discount", discount),
        (vat, -tax),
    ]
    _against(ledger, SHOP, legs, at=at, currency=USD, order=order)


def _against(ledger: Ledger, other: str | pa.Array, legs: Legs, **common: Any) -> None:
    """Post amounts, each to its account, and against them together what makes them even, in both currencies."""
    rest, worth = np.zeros(len(legs[0][1]), np.int64), np.zeros(len(legs[0][1]), np.int64)
    for account, amount in legs:
        rest -= amount
        worth -= ledger.post(account, amount, **common)
    ledger.post(other, rest, **common, book=worth)


def _vat(market: Ints) -> pa.Array:
    return joined("liability:vat:", picked([m.country for m in assumed.MARKETS], market))


def post_moves(ledger: Ledger, orders: Orders, moves: Moves, names: pa.Array) -> Ints:
    """Post what moved at the providers and return what each move's net was worth in the book currency."""
    order, payout = names.take(pa.array(moves.order)), payout_names(moves.payout_day, moves.provider)
    provider = picked(PROVIDERS, moves.provider)
    common = {"at": moves.at, "currency": USD, "order": order, "payout": payout}
    taken, back, lost = (np.where(moves.kind == kind, moves.amount, 0) for kind in (CHARGE, REFUND, DISPUTE))
    tax = rounded(-back * orders.tax[moves.order], np.maximum(orders.total[moves.order], 1))
    worth = -ledger.post(SHOP, -taken, **common)
    worth -= ledger.post("contra:refund", -back - tax, **common)
    worth -= ledger.post(_vat(orders.market[moves.order]), tax, **common)
    worth -= ledger.post("loss:chargeback", -lost, **common)
    ledger.post(provider, moves.amount, **common, book=worth)
    fee = ledger.post("fee:payment", moves.fee, **common)
    ledger.post(provider, -moves.fee, **common, book=-fee)
    return worth - fee


def payout_names(days: Ints, provider: Ints) -> pa.Array:
    """Return what payouts are called by provider and the day they were sent, nothing for those not known yet and for
    withdrawals, which have no number."""
    begins = picked([one.payouts for one in assumed.PROVIDERS], provider)
    names = joined(begins, pa.array(days, pa.int64()).cast(pa.string()), pa.scalar("0001"))
    return pc.if_else(pa.array(days > 0), names, pa.scalar(None, pa.string()))


def post_payouts(ledger: Ledger, payer: str, payouts: Payouts, *, currency: str, was: Ints, name: pa.Array) -> None:
    """Post payouts, what rates moved between taking and paying out, and what the bank booked.

    payer: the account they come from, in ``currency``. was: what each payout's moves were worth in the book currency
    when they were taken. IAS 21.28: the difference is realised when the claim is settled. Money on its way to the
    bank keeps its value: it is the seller's own already.
    """
    sent = payouts.day * DAY_SECONDS
    common = {"at": sent, "currency": currency, "payout": name}
    value = ledger.post("asset:bank:in_transit", payouts.amount, **common)
    ledger.post(payer, -payouts.amount, **common, book=-value)
    nothing = np.zeros(len(was), np.int64)
    ledger.post("fx:realised", nothing, **common, book=was - value)
    ledger.post(payer, nothing, **common, book=value - was)
    bank = f"asset:bank:{currency.lower()}"
    there = payouts.whole
    booked, amount, same = payouts.booked[there] * DAY_SECONDS, payouts.amount[there], value[there]
    ledger.post(bank, amount, at=booked, currency=currency, book=same)
    ledger.post("asset:bank:in_transit", -amount, at=booked, currency=currency, book=-same)
    # What came short cannot be told to be this payout: it is money in suspense, and the payout is still on its way.
    # What is missing is lost until somebody asks for it, though no book says so.
    short = (payouts.booked > 0) & ~there
    booked, amount, missing = (x[short] for x in (payouts.booked * DAY_SECONDS, payouts.arrived, payouts.amount))
    ledger.post(
        "asset:suspense",
        -amount,
        at=booked,
        currency=currency,
        book=-(ledger.post(bank, amount, at=booked, currency=currency)),
    )
    ledger.lose(ledger.worth(missing - amount, at=booked, currency=currency), at=booked)


def post_marketplace(ledger: Ledger, sales: Sales, amounts: Sequence[Amount], names: pa.Array) -> Ints:
    """Post Amazon's sales as they look before its statement comes, and the statements; return what each amount of the
    statements was worth in the book currency, in their order.

    Until the statement comes, the sale is known and the fee is the going rate. The statement takes that back, at the
    worth it had, and says what is really so.
    """
    lines, fee = sales.lines, expected_fee(sales)
    at, order = sales.at[lines.order], names.take(pa.array(lines.order))
    owed_tax = np.zeros_like(sales.tax) if sales.site.handed_on else sales.tax
    estimate: dict[str, Ints] = {
        "income:sales": sales.tax_inside - lines.worth,
        "contra:discount": sales.discount,
        f"liability:vat:{sales.site.country}": -owed_tax,
    }
    sold = (lines.worth - sales.tax_inside + owed_tax - sales.discount, estimate)
    for owed, legs in (sold, (-fee, {"fee:channel": fee})):
        worth = np.zeros(len(fee), np.int64)
        for account, amount in legs.items():
            worth -= _estimated(ledger, account, amount, sales, at=at, order=order)
        _estimated(ledger, AMAZON, owed, sales, at=at, order=order, book=worth)
    made = []
    for part in amounts:
        payout, whose = settlement_names(part.settlement, sales.site), names.take(pa.array(lines.order[part.line]))
        common = {"at": part.at, "currency": sales.site.currency, "order": whose, "payout": payout}
        worth = -ledger.post(part.account, -part.amount, **common)
        ledger.post(AMAZON, part.amount, **common, book=worth)
        made.append(worth)
    return np.concatenate(made)


def _estimated(
    ledger: Ledger, account: str, amount: Ints, sales: Sales, *, at: Ints, order: pa.Array, book: Ints | None = None
) -> Ints:
    """Post what is expected, and take it back on the day the statement says what is so."""
    alive, told, currency = sales.charged, sales.settled, sales.site.currency
    worth = book if book is not None else ledger.worth(amount, at=at, currency=currency)
    for flags, sign, moments in ((alive, 1, at), (told, -1, sales.posted_at[sales.lines.order])):
        ledger.post(
            account, sign * amount[flags], at=moments[flags], currency=currency, order=order.filter(pa.array(flags)),
            book=sign * worth[flags], state="estimated",
        )  # fmt: skip
    return worth


def post_social(ledger: Ledger, sales: SocialSales) -> None:
    """Post TikTok's sales, the fees anybody would expect and what was given back: no statement has told of any of it.

    Tax and TikTok's own discount are not the seller's. Nobody knows when and for which line something was given back:
    it counts on the day of the order, like the fee. What was called off costs no fee.
    """
    shop, order, names = sales.shop, sales.lines.order, sales.names
    weighed = replace(sales.lines, worth=sales.net)
    postage, tax = shares_of(sales.postage, weighed), shares_of(sales.tax, weighed)
    sale: Legs = [
        ("income:sales", -sales.lines.worth), ("income:shipping", -postage), ("contra:discount", sales.discount),
    ]  # fmt: skip
    of_line = {"at": sales.at[order], "order": names.take(pa.array(order)), "currency": shop.currency}
    _against(ledger, TIKTOK, sale, **of_line, state="estimated")
    base = sales.net + postage + (tax if shop.fee_on_tax else 0)
    since = 0 if shop.going_from is None else seconds_of(shop.going_from)
    charged = ((sales.at >= since) & ~sales.called_off)[order]
    fee = np.where(charged, rounded(base * shop.going, 1000), 0)
    _against(ledger, TIKTOK, [("fee:channel", fee)], **of_line, state="estimated")
    of_order = {"at": sales.at, "order": names, "currency": shop.currency}
    _against(ledger, TIKTOK, [("contra:refund", sales.sellers_part)], **of_order, state="estimated")


def post_mercado(ledger: Ledger, sales: MercadoSales) -> None:
    """Post Mercado Libre's sales as they look before any statement, and what it keeps of them, told with the sale."""
    paid, currency = sales.paid, sales.site.currency
    common = {"at": sales.at[paid], "currency": currency, "order": sales.names.filter(pa.array(paid))}
    _against(ledger, MERCADO, [("income:sales", -sales.lines.worth[paid])], **common, state="estimated")
    _against(ledger, MERCADO, [("fee:channel", sales.fee[paid])], **common)


def post_goods(
    ledger: Ledger, issues: Issues, cost: tuple[Ints, Ints], lots: Lots, *, order: pa.Array, makers: pa.Array
) -> None:
    """Post lots into stock and goods out of it when they left; ``order``: whose they were, by issue."""
    goods, inbound = cost
    currency = ledger.book_currency
    for account, amount in (
        ("cost:goods", goods),
        ("cost:inbound", inbound),
        ("asset:stock:main", -(goods + inbound)),
    ):
        ledger.post(account, amount, at=issues.at, currency=currency, order=order)
    came, paid = lots.day * DAY_SECONDS, lots.goods + lots.inbound
    ledger.post("asset:stock:main", paid, at=came, currency=currency)
    owed = joined("liability:payable:", makers.take(pa.array(lots.article)))
    ledger.post(owed, -paid, at=came, currency=currency)


def post_parcels(ledger: Ledger, parcels: Parcels, names: pa.Array, when: When) -> None:
    """Post what carriers billed and customs charged."""
    carriers = picked(assumed.CARRIERS, parcels.carrier)
    for flags in (parcels.sent_at < when.until, parcels.twice):
        mine = flags & (parcels.sent_at < when.until) & (parcels.billed < when.last)
        owed = joined("liability:payable:", carriers.filter(pa.array(mine)))
        order = names.take(pa.array(parcels.order[mine]))
        _against(
            ledger,
            owed,
            [("cost:freight", parcels.freight[mine])],
            at=parcels.billed[mine] * DAY_SECONDS,
            currency=USD,
            order=order,
        )
    charged = (parcels.duty > 0) & (parcels.passed < when.last)
    at, order = parcels.passed[charged] * DAY_SECONDS, names.take(pa.array(parcels.order[charged]))
    for account, amount in (("cost:duty", parcels.duty), ("fee:other", parcels.handling)):
        _against(ledger, "liability:payable:customs", [(account, amount[charged])], at=at, currency=USD, order=order)


def post_advertising(ledger: Ledger, ads: AdDays) -> None:
    """Post what advertising cost, day by day."""
    at = ads.day * DAY_SECONDS
    platforms = joined("liability:payable:", picked([c.platform for c in assumed.CAMPAIGNS], ads.campaign), ":main")
    _against(ledger, platforms, [("marketing:ads", ads.spend)], at=at, currency=USD, order=None)


def post_bills(ledger: Ledger, bills: Bills) -> None:
    """Post what others billed, to the account of its kind."""
    for kind, account in enumerate(("fee:storage", "fee:other", "marketing:ads")):
        mine = bills.kind == kind
        owed = joined("liability:payable:", picked(PAYEES, bills.payee[mine]))
        _against(
            ledger, owed, [(account, bills.amount[mine])], at=bills.day[mine] * DAY_SECONDS, currency=USD, order=None
        )
