"""TikTok Shop's orders export: one row per SKU, with the whole order's amounts on every one of its rows.

- The second row may describe the columns in words; numbers end in a tab, to save them from spreadsheets.
- Shipping, taxes, order amount and refund repeat on each row of an order: counted once, shared over its SKUs.
- The seller's revenue is unit price x quantity less the *seller's* discount: what the platform takes off the
  price it gives the seller back (TikTok Shop Academy: the referral fee's base adds the platform discount to
  what was paid), so that lines may add up to more than the buyer paid.
- ``Taxes`` and the ``Retail Delivery Fee`` are what TikTok adds to the price and hands on itself; service,
  handling and insurance fees of the Asian files are the platform's own and in the order amount alone. So what
  the buyer paid is no total of the seller's lines, and orders have none.
- ``Order Refund Amount`` is what the buyer got back. Of it the seller gives back the part that was the seller's of
  what the buyer had paid: TikTok gives back its tax and fees and takes back its discount itself, so that a refund
  in full leaves no revenue. Orders have that part as ``refunded``.
- Money is ``IDR 12.000``, ``THB 120.00`` or ``$1,022.25``: the mark says the currency, else the account's
  settings, else the country it goes to (a TikTok shop sells inside one country). Dollar signs are the US
  dollar.
- Times have no offset: shop time, month first in the United States, day first in Asia.
- A SKU that costs nobody anything is a sample.
- ``RTS`` is the seller's own "ready to ship": it makes a parcel, but only ``Shipped Time`` hands it over.
- Headers in the wild: ``Cancelation/Return Type``, a leading blank before ``Virtual Bundle Seller SKU``.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, day_of, fact, first_of, numbered, occurrence
from argosy.intake.formats import Format
from argosy.lake.sharing import part_of, shared
from argosy.model.money import MONEY

STATUS = (
    ("cancel|batal|huỷ|hủy|ยกเลิก", "cancelled"),
    ("unpaid|belum dibayar", "pending"),
    ("completed|delivered|selesai", "delivered"),
    ("awaiting|to ship|on hold|perlu dikirim", "open"),
    ("shipped|transit|dikirim", "shipped"),
)
MARKS = {"$": "USD", "US$": "USD", "S$": "SGD", "Rp": "IDR", "RM": "MYR", "£": "GBP", "€": "EUR"}
MARKS |= {"฿": "THB", "₱": "PHP", "₫": "VND", "đ": "VND", "¥": "JPY", "R$": "BRL", "MX$": "MXN"}
SHOPS = {
    "US": "USD",
    "GB": "GBP",
    "ID": "IDR",
    "TH": "THB",
    "VN": "VND",
    "MY": "MYR",
    "PH": "PHP",
    "SG": "SGD",
}
SHOPS |= {
    "JP": "JPY",
    "BR": "BRL",
    "MX": "MXN",
    "DE": "EUR",
    "ES": "EUR",
    "FR": "EUR",
    "IE": "EUR",
    "IT": "EUR",
}


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return orders, order lines and shipments."""
    rows = rows.mutate(
        order_id=origin.key(rows.order_ref),
        money=_currency(rows, origin),
        discount=rows.seller_discount.abs(),
        worth=(rows.price * rows.quantity).cast(MONEY),
    )
    rows = rows.mutate(earned=(rows.worth - rows.discount.fill_null(0)).cast(MONEY))
    return Facts(
        {
            "orders": _orders(rows, origin),
            "order_lines": _lines(rows),
            "shipments": _shipments(rows),
        }
    )


def _currency(rows: Table, origin: Origin) -> Any:
    mark = rows.price_words.re_extract(r"^\s*-?\s*([^\d\s.,-]+)", 1)
    here = ibis.coalesce(
        ibis.cases(
            *((mark == sign, code) for sign, code in MARKS.items()),
            (mark.re_search("^[A-Z]{3}$"), mark),
            else_=ibis.null("string"),
        ),
        ibis.literal(origin.currency, type="string"),
        ibis.cases(*((rows.country == code, currency) for code, currency in SHOPS.items()), else_=ibis.null("string")),
    )
    return here.max().over(ibis.window(group_by=rows.order_ref))


def _orders(rows: Table, origin: Origin) -> Table:
    rows = rows.mutate(sellers_part=_sellers_part(rows))
    status = rows.status.lower()
    orders = first_of(
        rows,
        by="order_id",
        order_name=rows.order_ref,
        customer_key=rows.customer_key,
        placed_at=rows.created_at,
        paid_at=rows.paid_at,
        cancelled_at=rows.cancelled_at,
        delivered_at=rows.delivered_at,
        status=ibis.cases(*((status.re_search(words), kind) for words, kind in STATUS), else_="open"),
        currency=rows.money,
        country=ibis.coalesce(rows.country, ibis.literal(origin.country, type="string")),
        region=rows.region,
        city=rows.city,
        postcode_prefix=rows.postcode.left(3),
        payment_method=rows.payment_method,
        refunded=rows.sellers_part,
    )
    arrived = (orders.status == "shipped") & orders.delivered_at.notnull()
    return orders.mutate(
        channel_id=ibis.literal(origin.channel_id),
        placed_on=day_of(orders.placed_at, origin),
        status=ibis.ifelse(arrived, "delivered", orders.status),
    ).drop("delivered_at")


def _sellers_part(rows: Table) -> Any:
    goods = rows.earned.sum().over(ibis.window(group_by=rows.order_ref))
    own = (goods + rows.shipping.fill_null(0)).cast(MONEY)
    return ibis.coalesce(part_of(rows.refunded, own, whole=rows.total, currency=rows.money), rows.refunded)


def _lines(rows: Table) -> Table:
    rows = rows.mutate(
        tax=ibis.ifelse(
            rows.taxes.isnull() & rows.delivery_fee.isnull(),
            ibis.null(MONEY),
            (rows.taxes.fill_null(0) + rows.delivery_fee.fill_null(0)).cast(MONEY),
        ),
    )
    rows = rows.mutate(
        **{
            f"{name}_part": shared(
                rows,
                name,
                weight=rows.earned,
                by=rows.order_id,
                order_by=rows.row_no,
                currency=rows.money,
            )
            for name in ("shipping", "tax")
        }
    )
    given = (rows.earned == 0) & (rows.total.fill_null(0) == 0)
    variation = ibis.ifelse(rows.variation.isnull(), "", ibis.literal(" - ").concat(rows.variation.fill_null("")))
    return fact(
        rows,
        order_id=rows.order_id,
        line_no=numbered(rows.sku_id, occurrence(rows, "order_id", "sku_id")),
        kind=ibis.ifelse(given, "sample", "goods"),
        sku=ibis.coalesce(rows.sku, rows.sku_id),
        title=rows.title.concat(variation),
        quantity=rows.quantity,
        unit_price=rows.price,
        discount=rows.discount,
        tax=rows.tax_part,
        tax_included=ibis.ifelse(rows.tax > 0, False, ibis.null("boolean")),
        tax_collected_by=ibis.ifelse(rows.tax > 0, "channel", ibis.null("string")),
        shipping=rows.shipping_part,
        shipped_at=rows.shipped_at,
        currency=rows.money,
    )


def _shipments(rows: Table) -> Table:
    parcel = ibis.coalesce(rows.tracking, rows.package)
    sent = rows.mutate(parcel=parcel).filter(parcel.notnull() | rows.ready_at.notnull() | rows.shipped_at.notnull())
    named = sent.mutate(shipment_id=sent.order_id.concat("/", ibis.coalesce(sent.parcel, "1")))
    return first_of(
        named,
        by="shipment_id",
        order_id=named.order_id,
        carrier=named.carrier,
        service=named.service,
        tracking_no=named.tracking,
        shipped_at=named.shipped_at,
        delivered_at=named.delivered_at,
        origin=named.warehouse,
    )
