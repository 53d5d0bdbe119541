"""TikTok Shop's orders export: a row per article, what is the order's on each of its rows, one file per shop.

All shops are exported from one account of the seller centre in the United States. Its clock (Pacific time), its dates
(the month first) and its language hold in every file, for an export's moments carry no offset and Argosy takes them to
be in the one zone of their account; the shop decides the columns and how its currency is written.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS, Flags, Ints, joined, moment, picked, same, text, where, write_rows
from argosy.world.goods import FAMILIES, Article
from argosy.world.pacific import pacific
from argosy.world.social import SocialSales

HEADER = (
    "Order ID", "Order Status", "Order Substatus", "Cancelation/Return Type", "Normal or Pre-order", "SKU ID",
    "Seller SKU", "Product ID", "Product Name", "Variation", " Virtual Bundle Seller SKU", "Quantity",
    "Sku Quantity of return", "SKU Unit Original Price", "SKU Subtotal Before Discount", "SKU Platform Discount",
    "SKU Seller Discount", "SKU Subtotal After Discount", "Shipping Fee After Discount", "Original Shipping Fee",
    "Shipping Fee Seller Discount", "Co-Funded Shipping Fee Discount", "Shipping Fee Platform Discount",
    "Payment platform discount", "Retail Delivery Fee", "Taxes", "Order Amount", "Order Refund Amount", "Created Time",
    "Paid Time", "RTS Time", "Shipped Time", "Delivered Time", "Cancelled Time", "Cancel By", "Cancel Reason",
    "Fulfillment Type", "Warehouse Name", "Tracking ID", "Delivery Option Type", "Delivery Option",
    "Shipping Provider Name", "Buyer Message", "Buyer Nickname", "Buyer Username", "Recipient", "Phone #", "Country",
    "State", "City", "Zipcode", "Address Line 1", "Address Line 2", "Delivery Instruction", "Payment Method",
    "Weight(kg)", "Product Category", "Package ID", "Seller Note", "Shipping Information", "Combined Listing",
    "Order Channel", "Creator Handle",
)  # fmt: skip
ASIAN = (
    "Order ID", "Order Status", "Order Substatus", "Cancelation/Return Type", "Normal or Pre-order", "SKU ID",
    "Seller SKU", "Product Name", "Variation", "Quantity", "Sku Quantity of return", "SKU Unit Original Price",
    "SKU Subtotal Before Discount", "SKU Platform Discount", "SKU Seller Discount", "SKU Subtotal After Discount",
    "Shipping Fee After Discount", "Original Shipping Fee", "Shipping Fee Seller Discount",
    "Shipping Fee Platform Discount", "Distance Shipping Fee", "Distance Fee", "Payment platform discount",
    "Buyer Service Fee", "Handling Fee", "Shipping Insurance", "Item Insurance", "Order Amount", "Order Refund Amount",
    "Created Time", "Paid Time", "RTS Time", "Shipped Time", "Delivered Time", "Cancelled Time", "Warehouse Name",
    "Tracking ID", "Delivery Option", "Shipping Provider Name", "Buyer Username", "Recipient", "Phone #", "Zipcode",
    "Country", "Province", "Regency and City", "Districts", "Villages", "Detail Address",
    "Additional address information", "Payment Method", "Package ID",
)  # fmt: skip
# The row under the header that describes the columns in words: enough of it that it cannot be taken for an order.
DESCRIBED = {"Order ID": "The order's number on the platform.", "Order Status": "Where the order stands."}
COUNTRIES = {"US": "United States", "GB": "United Kingdom", "ID": "Indonesia", "TH": "Thailand"}
CLOCK = "%m/%d/%Y %I:%M:%S %p"
TO_SHIP, SHIPPED, COMPLETED, CANCELED = range(4)
STATUS = ("To ship", "Shipped", "Completed", "Canceled")
SUBSTATUS = ("Awaiting shipment", "In transit", "Completed", "Canceled")
SKU_ID, PRODUCT_ID, PACKAGE_ID = 1_729_382_476 * 10**9, 1_729_382_400 * 10**9, 1_150 * 10**15


def write_orders(path: Path, sales: SocialSales, articles: tuple[Article, ...]) -> None:
    """Write a shop's export; what lies ahead of the day it is made on is not in it."""
    columns = _article_columns(sales, articles) | _order_columns(sales)
    header = ASIAN if sales.shop.asian else HEADER
    described = {
        name: pa.concat_arrays([pa.array([DESCRIBED.get(name)], pa.string()), columns[name]])
        for name in header
        if name in columns
    }
    write_rows(path, described, header=header)


def _article_columns(sales: SocialSales, articles: tuple[Article, ...]) -> dict[str, pa.Array]:
    lines, shop = sales.lines, sales.shop
    titles = [article.title.split(", ") for article in articles]
    categories = [FAMILIES[article.family].word for article in articles]
    grams = np.array([article.weight_g for article in articles])[lines.article]
    return {
        "SKU ID": _number(lines.article + SKU_ID),
        "Seller SKU": picked([article.sku for article in articles], lines.article),
        "Product ID": _number(lines.article // 2 + PRODUCT_ID),
        "Product Name": picked([name for name, _ in titles], lines.article),
        "Variation": picked([variant for _, variant in titles], lines.article),
        "Quantity": text(pa.array(lines.units)),
        "SKU Unit Original Price": amounts(lines.worth // lines.units, shop),
        "SKU Subtotal Before Discount": amounts(lines.worth, shop),
        "SKU Platform Discount": amounts(sales.taken_off, shop),
        "SKU Seller Discount": amounts(sales.discount, shop),
        "SKU Subtotal After Discount": amounts(sales.net - sales.taken_off, shop),
        "Product Category": picked(categories, lines.article),
        "Weight(kg)": text(pa.array(np.round(grams * lines.units / 1000, 3))),
    }


def _order_columns(sales: SocialSales) -> dict[str, pa.Array]:
    """Return what is the order's, on each of its rows."""
    shop, rows, order = sales.shop, len(sales.at), pa.array(sales.lines.order)
    nothing = np.zeros(rows, np.int64)
    status = _status(sales)
    ready = (sales.ready_at > 0) & (sales.ready_at < sales.until)
    columns = {
        "Order ID": joined(sales.names, "\t"),
        "Order Status": picked(STATUS, status),
        "Order Substatus": picked(SUBSTATUS, status),
        "Cancelation/Return Type": where(status == CANCELED, same("Cancel", rows)),
        "Normal or Pre-order": same("Normal", rows),
        "Shipping Fee After Discount": amounts(sales.postage, shop),
        "Original Shipping Fee": amounts(nothing + shop.postage, shop),
        "Shipping Fee Seller Discount": amounts(nothing, shop),
        "Shipping Fee Platform Discount": amounts(shop.postage - sales.postage, shop),
        "Payment platform discount": amounts(nothing, shop),
        "Retail Delivery Fee": amounts(nothing, shop),
        "Taxes": amounts(sales.tax, shop),
        "Buyer Service Fee": amounts(nothing + shop.service, shop),
        "Order Amount": amounts(sales.amount, shop),
        "Order Refund Amount": amounts(sales.returned, shop),
        "Created Time": _moment(sales.placed_at, sales),
        "Paid Time": _moment(sales.at, sales),
        "RTS Time": _moment(sales.ready_at, sales),
        "Shipped Time": _moment(sales.sent_at, sales),
        "Delivered Time": _moment(sales.came_at, sales),
        "Cancelled Time": _moment(sales.off_at, sales),
        "Cancel By": where(status == CANCELED, same("User", rows)),
        "Cancel Reason": where(status == CANCELED, same("No longer needed", rows)),
        "Fulfillment Type": same("Fulfillment by seller", rows),
        "Warehouse Name": same(shop.pool, rows),
        "Tracking ID": where(ready, joined("TT", shop.country, sales.names, "\t")),
        "Delivery Option": same("Standard shipping", rows),
        "Shipping Provider Name": where(ready, same("TikTok Shipping", rows)),
        "Buyer Username": joined("buyer", text(pa.array(sales.came.buyer))),
        "Country": same(COUNTRIES[shop.country], rows),
        "Payment Method": same("Card", rows),
        "Package ID": where(ready, _number(np.arange(rows) + shop.number * 10**12 + PACKAGE_ID)),
    }
    return {name: column.take(order) for name, column in columns.items()}


def _status(sales: SocialSales) -> Ints:
    """Return where each order stands (place in STATUS)."""
    done = (sales.came_at > 0) & (sales.came_at + assumed.TIKTOK_COMPLETED_DAYS * DAY_SECONDS < sales.until)
    return np.select([sales.called_off, done, sales.gone], [CANCELED, COMPLETED, SHIPPED], default=TO_SHIP)


def _moment(at: Ints, sales: SocialSales) -> pa.Array:
    known: Flags = (at > 0) & (at < sales.until)
    return where(known, moment(pacific(at), CLOCK))


def _number(numbers: Ints) -> pa.Array:
    """Return long numbers with the tab that keeps spreadsheets from rounding them."""
    return joined(text(pa.array(numbers)), "\t")


def amounts(minor: Ints, shop: assumed.TikTokShop) -> pa.Array:
    """Return amounts as the shop's export writes them: ``$1,022.25``, ``THB 45.00``; rupiah are whole, ``IDR 12.000``,
    their thousands parted by a dot."""
    whole, rupiah = minor // 100, shop.currency == "IDR"
    parted = "." if rupiah else ","
    low, middle, high = whole % 1000, whole // 1000 % 1000, whole // 1000**2
    thousands = joined(text(pa.array(middle)), parted, _digits(low, 3))
    millions = joined(text(pa.array(high)), parted, _digits(middle, 3), parted, _digits(low, 3))
    written = pc.if_else(pa.array(middle > 0), thousands, text(pa.array(low)))
    written = pc.if_else(pa.array(high > 0), millions, written)
    return joined(shop.mark, written) if rupiah else joined(shop.mark, written, ".", _digits(minor % 100, 2))


def _digits(numbers: Ints, many: int) -> pa.Array:
    return pc.utf8_lpad(text(pa.array(numbers)), many, "0")
