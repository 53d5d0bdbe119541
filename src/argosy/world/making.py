"""A plan into a world: the whole way on one screen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import pyarrow as pa

from argosy.world import accounts, marketplace, mercado, social
from argosy.world import assumptions as assumed
from argosy.world.accounts import payout_names
from argosy.world.advertising import advertise
from argosy.world.bills import bill
from argosy.world.buyers import Visits
from argosy.world.claims import paid_claims, post_claims
from argosy.world.columns import Flags, Floats, Ints
from argosy.world.demand import SHOP, Wanted, wanted
from argosy.world.draws import Draws
from argosy.world.given import Given
from argosy.world.happened import SiteSales, World
from argosy.world.marketplace import deposits, sell, settlement_names, statements
from argosy.world.mercado import sell_freely
from argosy.world.orders import Lines, baskets, called_off, fill_orders, give_back, near_by, pay_back
from argosy.world.parcels import late_days, send
from argosy.world.payments import Attempts, attempt
from argosy.world.plan import Plan
from argosy.world.provider import Payouts, pay_out, take
from argosy.world.rates import quotes, rates_to
from argosy.world.social import sell_socially
from argosy.world.stock import LEAD_DAYS, Asked, Issues, Shelves, fill_shelves, issue, usual_units, valued
from argosy.world.truth import Ledger

POOLS = [pool.name for pool in assumed.POOLS]


CALLED_OFF: Mapping[type[assumed.Place], Callable[[Visits, Draws], Flags]] = {
    assumed.Site: marketplace.called_off,
    assumed.TikTokShop: social.called_off,
    assumed.MercadoSite: mercado.called_off,
}


def make_world(plan: Plan, *, whole: bool = True) -> World:
    """Return the world of a plan; the same plan gives the same world. whole: keep the entries of its ledger."""
    given = Given.by(plan)
    came, dropped = (some.only(some.visits.at < given.when.until) for some in wanted(given))
    basket = baskets(came, given)
    at_shop = came.place == SHOP
    attempts, paid, provider = attempt(came.visits.only(at_shop), given)
    shelves, had = _stock(came, basket, paid, given)
    sites = tuple(_site_sales(*_elsewhere(came, basket, had, site), site, given) for site in assumed.SITES)
    tiktok = tuple(sell_socially(*_elsewhere(came, basket, had, s), s, given) for s in assumed.TIKTOK_SHOPS)
    freely = tuple(sell_freely(*_elsewhere(came, basket, had, s), s, given) for s in assumed.MERCADO_SITES)
    shop, shop_lines, place = _part(came, basket, had, at_shop)
    every, every_lines = fill_orders(shop, shop_lines, given)
    attempts, tried, kept = _known_attempts(attempts, place, paid)
    orders, lines = every.only(kept), every_lines.only(np.isin(every_lines.order, kept))
    parcels = send(orders, lines, given)
    orders = give_back(orders, lines, late_days(parcels, len(kept)), given)
    orders = pay_back(orders, {action.subject: action.first for action in plan.actions if action.kind == "refund"})
    paid_by = provider[place][kept]
    moves = take(orders, paid_by, given)
    rates = _rates(given)
    world = World(
        given=given, orders=orders, lines=lines, parcels=parcels, attempts=attempts, amounts=every.total[tried],
        attempted_in=every.market[tried], paid_by=paid_by, dropped=dropped, moves=moves,
        payouts=pay_out(moves, given), sites=sites, social=tiktok, mercado=freely, shelves=shelves,
        lots=valued(shelves.bought, rates[assumed.SHOP_CURRENCY], given), bills=bill(orders, shelves, given),
        ads=advertise(given),
        ledger=Ledger(assumed.BOOK_CURRENCY, given.when.first - LEAD_DAYS, rates, whole=whole),
    )  # fmt: skip
    _post(world)
    world = replace(world, claims=paid_claims(world))
    post_claims(world)
    return world


def _stock(came: Wanted, basket: Lines, paid: Flags, given: Given) -> tuple[Shelves, Flags]:
    """Return what the warehouses went through, and which lines could be had; who is not charged asks for nothing."""
    asking, pool = _asking(came, paid, given)
    asks = asking[basket.order]
    order = basket.order[asks]
    asked = Asked(basket.article[asks], pool[order], basket.units[asks], came.visits.at[order])
    shelves = fill_shelves(asked, usual_units(_served(), given), given)
    had = np.ones(len(asks), bool)
    had[asks] = shelves.had
    return shelves, had


def _asking(came: Wanted, paid: Flags, given: Given) -> tuple[Flags, Ints]:
    """Return which purchases ask for goods, and of which warehouse (place in POOLS)."""
    asking = np.ones(len(came.place), bool)
    pool = np.array([assumed.HOME_POOL, *(POOLS.index(place.pool) for place in assumed.ELSEWHERE)])[came.place]
    mine = np.flatnonzero(came.place == SHOP)
    visits = came.visits.only(mine)
    asking[mine] = paid & ~called_off(visits, given.draws)
    pool[mine] = np.where(near_by(visits, given.draws), assumed.NEAR_POOL, assumed.HOME_POOL)
    for number, place in enumerate(assumed.ELSEWHERE, SHOP + 1):
        mine = np.flatnonzero(came.place == number)
        asking[mine] = ~CALLED_OFF[type(place)](came.visits.only(mine), given.draws)
    return asking, pool


def _served() -> Floats:
    """Return the part of all orders that each warehouse serves when all is as usual."""
    shares = {market.country: market.share for market in assumed.MARKETS}
    whole = sum(shares.values())
    served = np.zeros(len(assumed.POOLS))
    for place in assumed.ELSEWHERE:
        served[POOLS.index(place.pool)] += shares[place.country] * place.share / whole
    near = assumed.NEAR_LANE.country
    sold_there = sum(place.share for place in assumed.ELSEWHERE if place.country == near)
    served[assumed.NEAR_POOL] = shares[near] * (1 - sold_there) * assumed.NEAR_SHARE / whole
    served[assumed.HOME_POOL] += 1 - served.sum()
    return served


def _part(came: Wanted, basket: Lines, had: Flags, mine: Flags) -> tuple[Visits, Lines, Ints]:
    """Return the purchases of one place of which anything could be had, what, and their places among those of it."""
    chosen = had & mine[basket.order]
    lines = basket.only(chosen)
    alive = np.unique(basket.order[chosen])
    place = (np.cumsum(mine) - 1)[alive]
    return came.visits.only(alive), lines, place


def _elsewhere(came: Wanted, basket: Lines, had: Flags, place: assumed.Place) -> tuple[Visits, Lines]:
    """Return the purchases at a place beside the shop of which anything could be had, and what."""
    return _part(came, basket, had, came.place == SHOP + 1 + assumed.ELSEWHERE.index(place))[:2]


def _site_sales(came: Visits, lines: Lines, site: assumed.Site, given: Given) -> SiteSales:
    sales = sell(came, lines, site, given)
    amounts = statements(sales)
    return SiteSales(sales, amounts, *deposits(sales, amounts, given))


def _known_attempts(attempts: Attempts, place: Ints, paid: Flags) -> tuple[Attempts, Ints, Ints]:
    """Return the attempts to pay for what could be had, by the orders' names where they were paid in the end; of what
    each was among all purchases of which something could be had; and which of these were paid.

    place: of those purchases among all of the shop.
    """
    where = np.full(len(paid), -1, np.int64)
    where[place] = np.arange(len(place))
    order = where[attempts.purchase]
    known = order >= 0
    kept = np.flatnonzero(paid[place])
    name = np.full(len(place), -1, np.int64)
    name[kept] = np.arange(len(kept))
    columns = list(vars(attempts).values())[1:]
    return Attempts(name[order[known]], *(column[known] for column in columns)), order[known], kept


def _post(world: World) -> None:
    ledger, names, orders = world.ledger, world.shop_names, world.orders
    accounts.post_sales(ledger, orders, world.lines, names)
    worth = accounts.post_moves(ledger, orders, world.moves, names)
    for place, payouts in enumerate(world.payouts):
        out = (world.moves.provider == place) & (world.moves.payout_day > 0)
        accounts.post_payouts(
            ledger, accounts.PROVIDERS[place], payouts, currency=assumed.SHOP_CURRENCY,
            was=_summed(worth[out], np.searchsorted(payouts.day, world.moves.payout_day[out]), payouts),
            name=payout_names(payouts.day, np.full(len(payouts.day), place)),
        )  # fmt: skip
    for site in world.sites:
        worth = accounts.post_marketplace(ledger, site.sales, site.amounts, site.names)
        number = np.unique(np.concatenate([part.settlement for part in site.amounts]))
        accounts.post_payouts(
            ledger, accounts.AMAZON, site.deposits, currency=site.sales.site.currency,
            was=_summed(worth, site.place, site.deposits), name=settlement_names(number, site.sales.site),
        )  # fmt: skip
    for sales in world.social:
        accounts.post_social(ledger, sales)
    for sold in world.mercado:
        accounts.post_mercado(ledger, sold)
    issues, whose = _issues(world)
    makers = pa.array([article.supplier.name for article in world.given.articles])
    named = [*(site.names for site in world.sites), *(sales.names for sales in world.mercado), names]
    order = pa.concat_arrays([*named, *(sales.names for sales in world.social)]).take(pa.array(whose))
    cost = issue(issues, world.lots)
    accounts.post_goods(ledger, issues, cost, world.lots.known(world.given.when.last), order=order, makers=makers)
    accounts.post_parcels(ledger, world.parcels, names, world.given.when)
    accounts.post_advertising(ledger, world.ads)
    accounts.post_bills(ledger, world.bills)


def _summed(worth: Ints, place: Ints, payouts: Payouts) -> Ints:
    """Return what the moves that went out with each payout were worth together."""
    was = np.zeros(len(payouts.day), np.int64)
    np.add.at(was, place, worth)
    return was


def _rates(given: Given) -> dict[str, Ints]:
    plan, told = given.plan, quotes(given.plan, given.conditions)
    start = plan.start.fromordinal(plan.start.toordinal() - LEAD_DAYS)
    currencies = {assumed.SHOP_CURRENCY, *(place.currency for place in assumed.ELSEWHERE)}
    return {
        currency: rates_to(assumed.BOOK_CURRENCY, currency, told, start=start, days=plan.days + LEAD_DAYS)
        for currency in sorted(currencies)
    }


def _issues(world: World) -> tuple[Issues, Ints]:
    """Return the goods that left stock, Amazon's first, then Mercado Libre's, the shop's and TikTok's, and whose they
    were: the place of the order among all orders in that order.

    Amazon sends from its own shelves and says only when an item was ordered, as Mercado Libre does: that is when it
    leaves the seller's stock.
    """
    told = [(site.sales.lines, site.sales.charged, site.sales.at) for site in world.sites]
    told += [(sales.lines, sales.paid, sales.at) for sales in world.mercado]
    told.append((world.lines, world.orders.gone[world.lines.order], world.orders.sent_at))
    told += [(sales.lines, sales.gone[sales.lines.order], sales.sent_at) for sales in world.social]
    before, parts = 0, []
    for lines, gone, at in told:
        order = lines.order[gone]
        parts.append((lines.article[gone], lines.units[gone], at[order], order + before))
        before += len(at)
    article, units, moment, whose = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    return Issues(article, units, moment), whose
