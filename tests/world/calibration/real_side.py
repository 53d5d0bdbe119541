"""The real side: public data beside the project, as the tables in which a world is measured too."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import ibis
import openpyxl
import pyarrow as pa
from ibis.backends.duckdb import Backend
from ibis.expr.types import Table
from tests.world.calibration.side import Figures, Side, Source

# The files hold no stars. These are of the whole Olist set, its delivered orders with a review, as several public
# analyses of it agree; days late by the calendar.
PUBLISHED_STARS: dict[str, Figures] = {
    "Olist, published": {
        "reviews": 95_000,
        "1 to 5 stars, %": [11.5, 3.2, 8.2, 19.3, 57.8],
        "mean: not late, 1-3, 4-7, 8 and more days late": [4.29, 3.29, 2.10, 1.70],
        "1 or 2 stars: not late, late, %": [9.2, 62.4],
    }
}


def real_side(con: Backend, folder: Path) -> list[Source]:
    """Return every real source, read from the folder of sample data on the given connection."""
    return [
        _online_retail(con, folder / "online_retail.csv.gz"),
        _olist(con, folder / "olist-10k"),
        _cdnow(con, folder / "customers" / "cdnow_master.txt.gz"),
        _psp(con, folder / "payments" / "PSP_Jan_Feb_2019.xlsx"),
        _scms(con, folder / "suppliers" / "scms_delivery_history.csv.gz"),
    ]


def _online_retail(con: Backend, path: Path) -> Source:
    """Return the wholesaler's invoices of home and abroad; credit notes, postage and the like are no orders."""
    raw = con.read_csv(path, table_name="online_retail", all_varchar=True)
    units = raw.Quantity.cast("int64")
    lines = raw.select(
        order=raw.InvoiceNo, at=raw.InvoiceDate.cast("timestamp"), article=raw.StockCode, units=units,
        value=units * raw.UnitPrice.cast("float64"), currency=ibis.literal("GBP"), home=raw.Country == "United Kingdom",
    )  # fmt: skip
    goods = lines.article.re_search("^[0-9]{5}")
    lines = lines.filter(~lines.order.startswith("C"), lines.units > 0, lines.value > 0, goods)
    sides = (
        Side("Online Retail, GB", lines=lines.filter(lines.home)),
        Side("Online Retail, abroad", lines=lines.filter(~lines.home)),
    )
    what = "a wholesaler of gifts in the United Kingdom, 2010-12 to 2011-12 (Chen, 2015)"
    return Source("Online Retail", sides, what, licence="CC BY 4.0", rows=_count(raw))


def _olist(con: Backend, folder: Path) -> Source:
    """Return a tenth of the orders of a Brazilian marketplace, delivered ones only."""

    def read(name: str) -> Table:
        return con.read_csv(folder / f"olist_{name}_dataset.csv.gz", table_name=f"olist_{name}", all_varchar=True)

    orders, items, customers = read("orders"), read("order_items"), read("customers")
    of_orders = items.join(orders, "order_id")
    lines = of_orders.select(
        order=of_orders.order_id, at=of_orders.order_purchase_timestamp.cast("timestamp"), article=of_orders.product_id,
        units=1, value=of_orders.price.cast("float64"), currency=ibis.literal("BRL"),
    )  # fmt: skip
    sent = orders.join(customers, "customer_id")
    parcels = sent.select(
        order=sent.order_id, destination=sent.customer_state, paid_at=sent.order_approved_at.cast("timestamp"),
        shipped_at=sent.order_delivered_carrier_date.cast("timestamp"),
        delivered_at=sent.order_delivered_customer_date.cast("timestamp"),
        promised_on=sent.order_estimated_delivery_date.cast("timestamp").date(),
    )  # fmt: skip
    what = "a marketplace in Brazil, 2016-10 to 2018-08, 10,000 delivered orders"
    side = Side("Olist", lines=lines, parcels=parcels)
    return Source("Olist", (side,), what, licence="CC BY-NC-SA 4.0", rows=_count(orders))


def _cdnow(con: Backend, path: Path) -> Source:
    """Return the purchases of those who first bought at a shop for CDs in the first twelve weeks of 1997."""
    raw = con.read_csv(path, table_name="cdnow", columns={"line": "VARCHAR"}, delim="|", header=False, skip=1)
    raw = raw.mutate(word=raw.line.strip().re_split(r"\s+"), number=ibis.row_number())
    told = raw.select(
        order=raw.number.cast("string"), at=raw.word[1].as_timestamp("%Y%m%d"), article=ibis.null("string"),
        units=raw.word[2].cast("int64"), value=raw.word[3].cast("float64"), currency=ibis.literal("USD"),
        buyer=raw.word[0],
    )  # fmt: skip
    purchases = told.select(buyer=told.buyer, bought_on=told["at"].date()).distinct()
    side = Side("CDNOW", lines=told.filter(told.value > 0), purchases=purchases)
    what = "a shop for CDs in the United States, 23,570 customers, 1997-01 to 1998-06 (Fader and Hardie)"
    return Source("CDNOW", (side,), what, licence="public, to be cited", rows=_count(raw))


def _psp(con: Backend, path: Path) -> Source:
    """Return attempts at paying by card; the method is the card's brand."""
    with closing(openpyxl.load_workbook(path, read_only=True)) as book:
        header, *rows = book.active.iter_rows(values_only=True)
    columns = dict(zip(("number", *header[1:]), zip(*rows, strict=True), strict=True))
    con.con.register("psp", pa.table({name: pa.array(column) for name, column in columns.items()}))
    raw = con.table("psp")
    attempts = raw.select(
        number=raw.number, at=raw.tmsp, country=raw.country, amount=raw.amount, currency=ibis.literal("EUR"),
        provider=raw.PSP, method=raw.card, secure=raw["3D_secured"] == 1, ok=raw.success == 1,
    )  # fmt: skip
    what = "card payments over four providers in Germany, Austria and Switzerland, 2019-01 and 2019-02"
    return Source("PSP 2019", (Side("PSP 2019", attempts=attempts),), what, licence="not stated", rows=len(rows))


def _scms(con: Backend, path: Path) -> Source:
    """Return deliveries of suppliers, all together and by each way they came."""
    raw = con.read_csv(path, table_name="scms", all_varchar=True)
    supplies = raw.select(
        way=raw["Shipment Mode"],
        due_on=raw["Scheduled Delivery Date"].as_date("%d-%b-%y"),
        came_on=raw["Delivered to Client Date"].as_date("%d-%b-%y"),
    )
    ways = ("Air", "Truck", "Air Charter", "Ocean")
    sides = [Side(f"SCMS, {way}", supplies=supplies.filter(supplies.way == way)) for way in ways]
    what = "medical goods bought for 43 countries by a programme of the United States, 2006 to 2015"
    every = Side("SCMS, all", supplies=supplies)
    return Source("SCMS", (every, *sides), what, licence="United States government", rows=_count(raw))


def _count(table: Table) -> int:
    return int(table.count().to_pyarrow().as_py())
