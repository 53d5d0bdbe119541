"""The world as the seller's systems export it: one module per channel, and the seller's own sheets."""

from __future__ import annotations

from pathlib import Path

from argosy.world import assumptions as assumed
from argosy.world.files import (
    amazon,
    logistics,
    marketing,
    mercado_libre,
    payments,
    paypal,
    service,
    shopify,
    stripe,
    supply,
    tiktok_shop,
)
from argosy.world.files.papers import write_bank, write_costs, write_rates
from argosy.world.happened import World
from argosy.world.rates import quotes


def write_exports(world: World, folder: Path) -> None:
    """Write every file the seller could export on the day the world is told until."""
    folder.mkdir(parents=True)
    names, articles = world.shop_names, world.given.articles
    shopify.write_orders(
        folder / "orders_export.csv", world.orders, world.lines, articles, names=names, paid_by=world.paid_by
    )
    moves = {provider.channel_id: world.moves.of(n) for n, provider in enumerate(assumed.PROVIDERS)}
    shopify.write_payments(folder / "payment_transactions_export.csv", moves["shopify_payments:main"], names)
    stripe.write_moves(folder / "stripe_payout_reconciliation.csv", moves["stripe:main"], world.orders, names)
    paypal.write_activity(folder / "paypal_activity.csv", moves["paypal:main"], world.orders, names)
    for site in world.sites:
        path = folder / f"all-orders-{site.sales.site.country.lower()}.txt"
        amazon.write_orders(path, site.sales, articles, site.names)
        amazon.write_settlements(folder, site.sales, site.amounts, site.deposits, articles, site.names)
    for sales in world.social:
        if len(sales.at):
            path = folder / f"tiktok-shop-{sales.shop.country.lower()}.csv"
            tiktok_shop.write_orders(path, sales, articles)
    for sold in world.mercado:
        if len(sold.at):
            path = folder / f"mercado-libre-{sold.site.country.lower()}.csv"
            mercado_libre.write_orders(path, sold, articles)
    write_costs(folder / "costs.csv", world.lots.known(world.given.when.last), articles)
    paid = [(f"{site.sales.site.name} PAYMENTS", site.sales.site.currency, site.deposits) for site in world.sites]
    paid += [
        (provider.bank, assumed.SHOP_CURRENCY, payouts)
        for provider, payouts in zip(assumed.PROVIDERS, world.payouts, strict=True)
    ]
    write_bank(folder / "bank.csv", paid, world.claims)
    if (world.given.conditions.worth != 1).any():
        write_rates(folder / "eurofxref-hist.csv", quotes(world.given.plan, world.given.conditions))
    payments.write_attempts(folder / "payment_attempts.csv", world)
    payments.write_disputes(folder / "disputes.csv", world)
    logistics.write_parcels(folder / "parcels.csv", world)
    logistics.write_tracking(folder / "tracking_events.csv", world)
    logistics.write_bills(folder / "carrier_bills.csv", world)
    logistics.write_customs(folder / "customs_charges.csv", world)
    supply.write_products(folder / "products.csv", world)
    supply.write_suppliers(folder / "suppliers.csv")
    supply.write_purchases(folder / "purchase_orders.csv", world)
    supply.write_stock(folder / "stock_levels.csv", folder / "stock_moves.csv", world)
    supply.write_fees(folder / "fees.csv", world)
    supply.write_contracts(folder / "contracts.csv", world)
    marketing.write_ads(folder, world)
    marketing.write_touchpoints(folder / "touchpoints.csv", world)
    marketing.write_searches(folder / "search_terms.csv", world)
    marketing.write_rivals(folder / "competitor_prices.csv", world)
    service.write_reviews(folder / "reviews.csv", world)
    service.write_messages(folder / "messages.csv", world)
