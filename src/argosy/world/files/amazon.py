"""Amazon's two reports, as each site writes them: All Orders, and a settlement (V2) every two weeks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from argosy.world import assumptions as assumed
from argosy.world.assumptions import Site
from argosy.world.columns import DAY_SECONDS, Ints, moment, money, picked, same, text, where, write_rows
from argosy.world.goods import Article
from argosy.world.marketplace import Amount, Sales, settlement_names
from argosy.world.provider import Payouts

ORDERS = (
    "amazon-order-id", "merchant-order-id", "purchase-date", "last-updated-date", "order-status",
    "fulfillment-channel", "sales-channel", "order-channel", "ship-service-level", "product-name", "sku", "asin",
    "item-status", "quantity", "currency", "item-price", "item-tax", "shipping-price", "shipping-tax",
    "gift-wrap-price", "gift-wrap-tax", "item-promotion-discount", "ship-promotion-discount", "ship-city",
    "ship-state", "ship-postal-code", "ship-country", "promotion-ids",
)  # fmt: skip
SETTLEMENT = (
    "settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date", "total-amount", "currency",
    "transaction-type", "order-id", "merchant-order-id", "adjustment-id", "shipment-id", "marketplace-name",
    "amount-type", "amount-description", "amount", "fulfillment-id", "posted-date", "posted-date-time",
    "order-item-code", "merchant-order-item-id", "merchant-adjustment-item-id", "sku", "quantity-purchased",
    "promotion-id",
)  # fmt: skip
CLOCK = "%Y-%m-%dT%H:%M:%S+00:00"


def write_orders(path: Path, sales: Sales, articles: tuple[Article, ...], names: pa.Array) -> None:
    """Write the All Orders report: a row per item; what was called off has neither units nor a price."""
    lines, order = sales.lines, sales.lines.order
    alive = sales.charged
    sent = sales.posted_at < sales.when.until
    status = np.where(sales.called_off, 0, np.where(sent, 1, 2))[order]
    updated = np.where(sent, sales.posted_at, sales.at)[order]
    rows = len(order)

    def told(minor: Ints) -> pa.Array:
        return where(alive & (minor != 0), text(money(minor)))

    columns = {
        "amazon-order-id": names.take(pa.array(order)),
        "purchase-date": moment(sales.at[order], CLOCK),
        "last-updated-date": moment(updated, CLOCK),
        "order-status": picked(("Cancelled", "Shipped", "Unshipped"), status),
        "fulfillment-channel": same("Amazon", rows),
        "sales-channel": same(sales.site.name, rows),
        "product-name": picked([article.title for article in articles], lines.article),
        "sku": picked([article.sku for article in articles], lines.article),
        "item-status": picked(("Cancelled", "Shipped", "Unshipped"), status),
        "quantity": text(pa.array(np.where(alive, lines.units, 0))),
        "currency": where(alive, same(sales.site.currency, rows)),
        "item-price": told(lines.worth),
        "item-tax": told(sales.tax),
        "item-promotion-discount": told(sales.discount),
        "ship-country": same(sales.site.country, rows),
    }
    write_rows(path, columns, header=ORDERS, delimiter="\t")


def write_settlements(
    folder: Path, sales: Sales, amounts: list[Amount], payouts: Payouts, articles: tuple[Article, ...], names: pa.Array
) -> None:
    """Write a file per settlement: its head with the sum, then every amount in the order it was posted."""
    line, at, amount, number, kind = (
        np.concatenate(parts)
        for parts in zip(
            *((p.line, p.at, p.amount, p.settlement, np.full(len(p.line), n)) for n, p in enumerate(amounts)),
            strict=True,
        )
    )
    queue = np.lexsort((kind, line, at, number))
    settlements = np.unique(number)
    ends = np.searchsorted(number[queue], settlements, side="right")
    begins = np.searchsorted(number[queue], settlements, side="left")
    for place, (settlement, begin, end) in enumerate(zip(settlements, begins, ends, strict=True)):
        mine = queue[begin:end]
        first = np.array([sales.start + settlement * assumed.SETTLEMENT_DAYS * DAY_SECONDS])
        last = first + assumed.SETTLEMENT_DAYS * DAY_SECONDS
        head = {
            "settlement-id": settlement_names(np.array([settlement]), sales.site),
            "settlement-start-date": moment(first, sales.site.clock),
            "settlement-end-date": moment(last, sales.site.clock),
            "deposit-date": moment(payouts.day[place : place + 1] * DAY_SECONDS, sales.site.clock),
            "total-amount": _written(payouts.amount[place : place + 1], sales.site),
            "currency": pa.array([sales.site.currency]),
        }
        rows = _details(
            sales, amounts, articles, names, line=line[mine], at=at[mine], amount=amount[mine], kind=kind[mine]
        )
        columns = {
            name: pa.concat_arrays([_or_nothing(head, name, 1), _or_nothing(rows, name, len(mine))])
            for name in SETTLEMENT
        }
        write_rows(
            folder / f"settlement-{sales.site.country.lower()}-{settlement + 1:03}.txt",
            columns,
            header=SETTLEMENT,
            delimiter="\t",
        )


def _written(minor: Ints, site: Site) -> pa.Array:
    plain = text(money(minor))
    return pc.replace_substring(plain, ".", ",") if site.comma else plain


def _or_nothing(columns: dict[str, pa.Array], name: str, rows: int) -> pa.Array:
    return columns.get(name, pa.nulls(rows, pa.string())).cast(pa.string())


def _details(
    sales: Sales, amounts: list[Amount], articles: tuple[Article, ...], names: pa.Array, *, line: Ints, at: Ints,
    amount: Ints, kind: Ints,
) -> dict[str, pa.Array]:  # fmt: skip
    article, rows = sales.lines.article[line], len(line)
    return {
        "transaction-type": picked([part.transaction for part in amounts], kind),
        "order-id": names.take(pa.array(sales.lines.order[line])),
        "marketplace-name": same(sales.site.name, rows),
        "amount-type": picked([part.kind for part in amounts], kind),
        "amount-description": picked([part.description for part in amounts], kind),
        "amount": _written(amount, sales.site),
        "posted-date": moment(at, sales.site.clock.split(" ")[0]),
        "posted-date-time": moment(at, sales.site.clock),
        "order-item-code": text(pa.array(line + 70_000_000_001)),
        "sku": picked([a.sku for a in articles], article),
        "quantity-purchased": text(pa.array(sales.lines.units[line])),
    }
