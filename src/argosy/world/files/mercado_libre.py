"""Mercado Libre's orders, as a tool flattens what its orders resource tells."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa

from argosy.world.columns import Ints, joined, moment, money, picked, same, text, where, write_rows
from argosy.world.goods import Article
from argosy.world.mercado import MercadoSales

HEADER = (
    "id", "date_created", "date_closed", "last_updated", "status", "status_detail", "pack_id", "context.site",
    "order_items.item.id", "order_items.item.title", "order_items.item.seller_sku", "order_items.quantity",
    "order_items.unit_price", "order_items.sale_fee", "currency_id", "total_amount", "paid_amount", "shipping.id",
    "buyer.id",
)  # fmt: skip
WEST_HOURS = 4  # its clocks show four hours less than UTC in every country
PACKS = 2_000_000_000_000_000


def write_orders(path: Path, sales: MercadoSales, articles: tuple[Article, ...]) -> None:
    """Write a row per order; those called off stay in the file."""
    lines, placed, paid, site = sales.lines, sales.at, sales.paid, sales.site
    rows = len(placed)

    def clock(seconds: Ints) -> pa.Array:
        return moment(seconds - WEST_HOURS * 3600, "%Y-%m-%dT%H:%M:%S.000-04:00")

    worth = text(money(lines.worth))
    columns = {
        "id": sales.names,
        "date_created": clock(placed),
        "date_closed": where(paid, clock(placed)),
        "last_updated": clock(placed),
        "status": picked(("cancelled", "paid"), paid.astype(np.int64)),
        "pack_id": text(pa.array(sales.cart + PACKS)),
        "context.site": same(site.code, rows),
        "order_items.item.id": joined(same(site.code, rows), text(pa.array(lines.article + 900_000_001))),
        "order_items.item.title": picked([article.title for article in articles], lines.article),
        "order_items.item.seller_sku": picked([article.sku for article in articles], lines.article),
        "order_items.quantity": text(pa.array(lines.units)),
        "order_items.unit_price": text(money(lines.worth // lines.units)),
        "order_items.sale_fee": text(money(sales.fee // lines.units)),
        "currency_id": same(site.currency, rows),
        "total_amount": worth,
        "paid_amount": where(paid, worth),
        "buyer.id": text(pa.array(sales.came.buyer)),
    }
    write_rows(path, columns, header=HEADER)
