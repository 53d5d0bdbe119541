"""One business in which every posting has something to say: a slice of Online Retail and generated facts."""

from __future__ import annotations

import gzip
import random
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from itertools import islice
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pyarrow as pa

from argosy.books.charges import FEE_ACCOUNTS
from argosy.books.sales import LINE_ACCOUNTS
from argosy.business import Business
from argosy.lake.store import IMPORTS, save_facts, save_import
from argosy.lake.workspace import create_workspace
from argosy.model.facts import FACTS, schema
from argosy.model.money import minor_units
from argosy.model.payouts import KINDS

Row = dict[str, Any]
LINES = 3000
KNOWN_AT = datetime(2025, 3, 1, 9)
FIRST = date(2024, 11, 1)
AS_OF = datetime(2025, 2, 20, 12)
CHANNELS = ("shopify:main", "amazon:de", "etsy:main", "tiktok_shop:main", "stray")
MARKETS = ("DE", "FR", "US", "JP", "BR", "KW", "GB", None)
CURRENCIES = ("EUR", "USD", "JPY", "KWD", "BRL", "GBP")
_FIRST_MOMENT = datetime(FIRST.year, FIRST.month, FIRST.day)
# About what a unit is worth in euro.
RATES = {
    currency: Decimal(rate)
    for currency, rate in {
        "USD": "0.9234567891",
        "JPY": "0.0061234567",
        "KWD": "3.0112233445",
        "BRL": "0.1623456789",
        "GBP": "1.1987654321",
        "CNY": "0.1287654321",
    }.items()
}
ARTICLES = [f"SKU-{n:02d}" for n in range(24)]


def fill(business: Business, folder: Path) -> None:
    """Import the slice of Online Retail and write the generated facts."""
    slice_ = folder / "online_retail.csv"
    write_slice(slice_)
    business.import_files(str(slice_), known_at=KNOWN_AT)
    _write(business, generated(random.Random(20_240_229)))  # noqa: S311 - the same facts every time


def write_slice(path: Path) -> None:
    """Write the first lines of the example business's export."""
    sample = files("argosy").joinpath("demo", "online_retail.csv.gz")
    with sample.open("rb") as raw, gzip.open(raw, "rt", encoding="utf-8") as lines:
        path.write_text("".join(islice(lines, LINES + 1)), encoding="utf-8")


def sliced(folder: Path) -> Path:
    """Return the folder of a new workspace that has only these lines."""
    create_workspace(folder / "shop", home="GB", book_currency="GBP")
    write_slice(folder / "orders.csv")
    business = Business.at(folder / "shop")
    business.import_files(str(folder / "orders.csv"))
    business.close()
    return folder / "shop"


def _write(business: Business, facts: Mapping[str, list[Row]]) -> None:
    def write(connection: duckdb.DuckDBPyConnection) -> None:
        for name, rows in facts.items():
            source = {"source": "test@main", "version": "", "known_at": KNOWN_AT}
            whole = [source | {"source_row": f"{name}:{n}", "row_no": n} | row for n, row in enumerate(rows)]
            columns = ibis.schema(schema(FACTS[name]) | {"row_no": "int64"}).to_pyarrow()
            connection.register("generated", pa.Table.from_pylist(whole, schema=columns))
            connection.execute(f"CREATE OR REPLACE TEMP TABLE new_{name} AS SELECT * FROM generated")
            save_facts(business.lake, connection, name)
        record = dict.fromkeys(IMPORTS) | {"file_hash": "generated", "imported_at": KNOWN_AT}
        save_import(connection, record, [])

    business.lake.write(write)


def generated(chance: random.Random) -> dict[str, list[Row]]:
    """Return rows for the fact tables: currencies of no, two and three decimals, one without rates on some days."""
    orders, lines, refunds, shipments, payout_lines = [], [], [], [], []
    for n in range(500):
        order = _order(chance, n)
        own = [_line(chance, order, k) for k in range(chance.randint(1, 4))]
        orders.append(order)
        lines += own
        shipments += _shipments(chance, order)
        refunds += _refunds(chance, order, own, n)
        payout_lines += _statement(chance, order, own, n)
    payout_lines += _wallet()
    payouts, bank_lines = _payouts(chance, payout_lines)
    return {
        "channels": [{"channel_id": c, "kind": c.split(":")[0], "country": "DE"} for c in CHANNELS],
        "orders": orders,
        "order_lines": lines,
        "refunds": refunds,
        "shipments": shipments,
        "payout_lines": payout_lines,
        "payouts": payouts,
        "bank_lines": bank_lines,
        "cost_lots": _lots(chance),
        "fees": [_fee(chance, n) for n in range(60)],
        "ad_days": [_ad_day(chance, n) for n in range(80)],
        "payments": [_payment(order) for order in orders[::3]],
        "tracking_events": [_event(parcel) for parcel in shipments[::2] if parcel["tracking_no"]],
        "carrier_charges": [_carrier_charge(chance, n) for n in range(120)],
        "customs_charges": [_customs_charge(chance, n) for n in range(90)],
        "po_lines": [_po_line(chance, n) for n in range(60)],
        "contracts": [{"contract_id": f"c{n}", "partner": f"partner{n}", "starts_on": FIRST} for n in range(4)],
        "milestones": [_milestone(chance, n) for n in range(40)],
        "fx_rates": [rate for n, currency in enumerate(RATES) for rate in _rates(currency, n)],
        "messages": [message for n in range(80) for message in _thread(chance, orders[n * 5], n)],
    }


def _rates(currency: str, n: int) -> list[Row]:
    """Return a rate a day, ten uneven decimals long; the Kuwaiti dinar has none on every other day."""
    start, wave = RATES[currency], Decimal(1_000_003 * (n + 1)).scaleb(-10)
    spans = [(date(2010, 12, 1), 30), (FIRST - timedelta(days=60), 260)]
    return [
        {"day": first + timedelta(days=k), "currency": currency, "per_unit": start + wave * (k % 37)}
        for first, days in spans
        for k in range(0, days, 2 if currency == "KWD" else 1)
    ]


def _moment(chance: random.Random, *, days: int = 100) -> datetime:
    return _FIRST_MOMENT + timedelta(
        days=chance.randint(0, days), seconds=chance.randint(0, 86_399), microseconds=chance.choice((0, 0, 1, 999_999))
    )


def _amount(chance: random.Random, currency: str, low: int = 1, high: int = 200) -> Decimal:
    digits = minor_units(currency)
    scale = 100 if currency == "JPY" else 1
    return Decimal(chance.randint(low * scale * 10**digits, high * scale * 10**digits)).scaleb(-digits)


def _order(chance: random.Random, n: int) -> Row:
    placed, currency = _moment(chance), chance.choice(CURRENCIES)
    channel = chance.choice(CHANNELS)
    status = chance.choice(("open", "shipped", "shipped", "delivered", "pending", "cancelled", "refunded"))
    return {
        "order_id": f"{channel}:#{n}",
        "channel_id": channel,
        "order_name": f"#{n if n % 50 else 50}",
        "customer_key": f"buyer{n % 90}",
        "placed_at": placed,
        "paid_at": placed + timedelta(minutes=chance.randint(0, 600)) if chance.random() < 0.8 else None,
        "cancelled_at": placed + timedelta(days=2) if status == "cancelled" and chance.random() < 0.7 else None,
        "status": status,
        "currency": currency,
        "ship_by": placed + timedelta(days=chance.randint(1, 4)) if chance.random() < 0.7 else None,
        "deliver_by": placed + timedelta(days=chance.randint(3, 30)) if chance.random() < 0.7 else None,
        "country": chance.choice(MARKETS),
        "refunded": _amount(chance, currency, 1, 20) if chance.random() < 0.2 else None,
        "total": _amount(chance, currency) if chance.random() < 0.5 else None,
    }


def _line(chance: random.Random, order: Row, k: int) -> Row:
    currency, goods = order["currency"], chance.random() < 0.85
    maybe = chance.random
    return {
        "order_id": order["order_id"],
        "line_no": str(k + 1),
        "kind": "goods" if goods else chance.choice([*LINE_ACCOUNTS]),
        "sku": chance.choice(ARTICLES) if goods else None,
        "quantity": chance.choice((1, 1, 2, 3, 7, -1)) if goods else 1,
        # Some prices are finer than a cent, as a price per unit out of a total is.
        "unit_price": _amount(chance, currency) + Decimal(chance.choice((0, 0, 5, 25))).scaleb(-4)
        if maybe() < 0.97
        else None,
        "discount": _amount(chance, currency, 0, 5) if maybe() < 0.3 else None,
        "tax": _amount(chance, currency, 0, 15) if maybe() < 0.7 else None,
        "tax_included": chance.choice((True, False, None)),
        "tax_collected_by": chance.choice(("seller", "channel", None)),
        "shipping": _amount(chance, currency, 0, 9) if maybe() < 0.4 else None,
        "shipped_at": order["placed_at"] + timedelta(days=chance.randint(0, 6)) if maybe() < 0.6 else None,
        "currency": currency,
    }


def _shipments(chance: random.Random, order: Row) -> list[Row]:
    parcels = []
    for k in range(chance.choice((0, 1, 1, 2))):
        shipped = order["placed_at"] + timedelta(days=chance.randint(0, 6), hours=k)
        parcels.append(
            {
                "shipment_id": f"{order['order_id']}/p{k}",
                "order_id": order["order_id"],
                "carrier": chance.choice(("dhl", "sf", None)),
                # Some numbers stand on two parcels.
                "tracking_no": f"T{chance.randint(0, 900)}" if chance.random() < 0.8 else None,
                "shipped_at": shipped if chance.random() < 0.9 else None,
                "delivered_at": shipped + timedelta(days=chance.randint(1, 40)) if chance.random() < 0.7 else None,
                "ship_by": order["placed_at"] + timedelta(days=3),
                "deliver_by": shipped + timedelta(days=20) if chance.random() < 0.5 else None,
                "cost": _amount(chance, "EUR", 2, 30) if chance.random() < 0.8 else None,
                "currency": chance.choice(("EUR", "USD")),
            }
        )
    return parcels


def _refunds(chance: random.Random, order: Row, lines: list[Row], n: int) -> list[Row]:
    if chance.random() > 0.15:
        return []
    asked = order["placed_at"] + timedelta(days=chance.randint(1, 20))
    return [
        {
            "refund_id": f"r{n}",
            "order_id": order["order_id"],
            "sku": lines[0]["sku"],
            "quantity": chance.choice((1, 2)),
            "resellable": chance.choice((True, False, None)),
            "amount": _amount(chance, order["currency"], 1, 40),
            "tax": _amount(chance, order["currency"], 0, 8) if chance.random() < 0.5 else None,
            "currency": order["currency"],
            "requested_at": asked if chance.random() < 0.8 else None,
            "refunded_at": asked + timedelta(days=chance.randint(0, 25)) if chance.random() < 0.8 else None,
        }
    ]


def _statement(chance: random.Random, order: Row, lines: list[Row], n: int) -> list[Row]:
    """Return what a channel or provider says of an order, by number, by name only, or of no order at all."""
    if chance.random() < 0.35:
        return []
    shop = order["channel_id"] == "shopify:main"
    # A provider may move an order's money in a currency of its own.
    currency = "EUR" if shop and n % 3 == 0 else order["currency"]
    common = {
        "payout_id": f"po{n // 10}" if chance.random() < 0.9 else None,
        "channel_id": "stripe:main" if shop else order["channel_id"],
        "order_id": None if shop else order["order_id"],
        "order_ref": order["order_name"],
        "currency": currency,
        "country": order["country"] if chance.random() < 0.5 else None,
        "posted_at": order["placed_at"] + timedelta(days=chance.randint(1, 25)),
    }
    kinds = ["charge", "payment_fee"] if shop else ["sale", "sale_shipping", "sale_tax", "referral", "discount"]
    kinds += chance.sample([kind for kind in (*KINDS, "unheard_of") if kind not in kinds], 2)
    by_article = chance.random() < 0.5
    return [
        common
        | {
            "line_id": f"l{n}/{k}",
            "kind": kind,
            "sku": lines[0]["sku"] if by_article else None,
            "amount": _amount(chance, currency) * (1 if kind.startswith(("sale", "charge")) else -1),
        }
        for k, kind in enumerate(kinds)
    ]


def _wallet() -> list[Row]:
    """Return what came into an account of dollars while their rate moved, and the withdrawal that emptied it."""
    told = (("charge", 5, "120.50"), ("charge", 33, "79.50"), ("transfer", 61, "-200.00"))
    return [
        {
            "line_id": f"wallet:{day}",
            "payout_id": f"wallet:{day}" if kind == "transfer" else None,
            "channel_id": "wallet:main",
            "kind": kind,
            "amount": Decimal(amount),
            "currency": "USD",
            "posted_at": _FIRST_MOMENT + timedelta(days=day),
        }
        for kind, day, amount in told
    ]


def _payouts(chance: random.Random, lines: list[Row]) -> tuple[list[Row], list[Row]]:
    payouts: list[Row] = []
    bank: list[Row] = []
    for n, name in enumerate(sorted({line["payout_id"] for line in lines if line["payout_id"]})):
        own = [line for line in lines if line["payout_id"] == name]
        currency = own[0]["currency"]
        amount = abs(sum((line["amount"] for line in own if line["currency"] == currency), start=Decimal(0)))
        sent = own[-1]["posted_at"].date() + timedelta(days=3)
        payouts.append(
            {
                "payout_id": name,
                "channel_id": own[0]["channel_id"],
                "amount": amount + (n % 3),
                "currency": currency,
                "period_end": own[-1]["posted_at"],
                "sent_on": sent if n % 5 else None,
                "due_on": sent + timedelta(days=2) if n % 2 else None,
                "status": chance.choice(("paid", None, "pending")),
            }
        )
        if n % 4:
            bank.append(
                {
                    "bank_line_id": f"b{n}",
                    "account": "main",
                    "amount": amount + (n % 3),
                    "currency": currency,
                    "booked_on": sent + timedelta(days=chance.randint(0, 14)),
                }
            )
    return payouts, bank


def _lots(chance: random.Random) -> list[Row]:
    """Return several foreign lots of most articles, standard costs of some, and of some both or nothing."""
    lots: list[Row] = []
    for n, sku in enumerate(ARTICLES[:21]):
        for k in range(n % 4):
            price, freight = chance.choice(("CNY", "USD", "JPY")), chance.choice(("USD", "EUR", None))
            lots.append(
                {
                    "lot_id": f"{sku}/{k}",
                    "sku": sku,
                    "received_on": FIRST - timedelta(days=40 - 15 * k),
                    "quantity": chance.choice((7, 10, 13, 50)),
                    "unit_cost": _amount(chance, price, 3, 40),
                    "currency": price,
                    "freight": _amount(chance, "USD", 10, 90) if freight else None,
                    "freight_currency": freight,
                    "duty": _amount(chance, "EUR", 1, 30) if chance.random() < 0.7 else None,
                    "duty_currency": "EUR",
                }
            )
        for k in range(3 if n % 3 == 0 else 0):
            lots.append(
                {
                    "lot_id": f"{sku}/standard/{k}",
                    "sku": sku,
                    "received_on": FIRST + timedelta(days=30 * k) if k else None,
                    "unit_cost": _amount(chance, "USD", 3, 40),
                    "currency": "USD",
                    "freight": _amount(chance, "USD", 0, 3),
                    "freight_currency": "USD",
                }
            )
    return lots


def _fee(chance: random.Random, n: int) -> Row:
    return {
        "fee_id": f"f{n}",
        "channel_id": chance.choice(CHANNELS),
        "payee": "warehouse" if n % 4 == 0 else None,
        "order_id": None,
        "kind": chance.choice([*FEE_ACCOUNTS, "subscription"]),
        "amount": _amount(chance, "USD", -5, 30),
        "currency": "USD",
        "charged_at": _moment(chance),
    }


def _thread(chance: random.Random, order: Row, n: int) -> list[Row]:
    """Return a conversation about an order: some messages of one moment, some answered by a machine alone."""
    at, messages = _moment(chance), []
    for k in range(chance.randint(1, 6)):
        author = "customer" if k == 0 else chance.choice(("customer", "customer", "agent", "bot"))
        at += timedelta(minutes=chance.choice((0, 30, 900, 1800)))
        messages.append(
            {
                "message_id": f"{n}/{k}",
                "thread_id": f"t{n}",
                "channel_id": order["channel_id"],
                "order_id": order["order_id"] if n % 3 else None,
                "customer_key": order["customer_key"] if n % 2 else None,
                "direction": "in" if author == "customer" else "out",
                "author": author,
                "sent_at": at,
            }
        )
    return messages


def _ad_day(chance: random.Random, n: int) -> Row:
    return {
        "ad_day_id": f"a{n}",
        "platform": chance.choice(("meta:main", "google:main")),
        "country": chance.choice(MARKETS),
        "day": _moment(chance).date(),
        "sku": chance.choice((None, *ARTICLES[:3])),
        "spend": _amount(chance, "USD", 1, 90),
        "currency": chance.choice(("USD", "BRL")),
    }


def _event(parcel: Row) -> Row:
    at = (parcel["shipped_at"] or _FIRST_MOMENT) + timedelta(days=9)
    said = {"status_said": "Delivered", "status": "delivered"}
    return said | {"tracking_no": parcel["tracking_no"], "at": at, "carrier": parcel["carrier"]}


def _carrier_charge(chance: random.Random, n: int) -> Row:
    currency = chance.choice(CURRENCIES)
    return {
        "charge_id": f"carrier{n}",
        "carrier": chance.choice(("dhl", "sf")),
        "tracking_no": f"T{chance.randint(0, 1200)}" if chance.random() < 0.9 else None,
        "kind": chance.choice(("freight", "fuel", "return", "other")),
        "charged_on": _moment(chance).date(),
        "amount": _amount(chance, currency, -3, 40),
        "currency": currency,
    }


def _customs_charge(chance: random.Random, n: int) -> Row:
    return {
        "charge_id": f"customs{n}",
        "tracking_no": f"T{chance.randint(0, 1200)}",
        "kind": chance.choice(("duty", "vat", "handling", "brokerage")),
        "charged_on": _moment(chance).date(),
        "amount": _amount(chance, "GBP", 1, 40),
        "currency": "GBP",
    }


def _po_line(chance: random.Random, n: int) -> Row:
    promised, quantity = _moment(chance).date(), chance.randint(1, 500)
    came = chance.random()
    return {
        "po_id": f"po{n // 3}",
        "line_no": str(n % 3),
        "supplier_id": f"supplier{n % 5}",
        "sku": chance.choice(ARTICLES),
        "quantity": quantity,
        "unit_cost": _amount(chance, "USD", 1, 30),
        "currency": "USD",
        "ordered_on": promised - timedelta(days=30),
        "promised_on": promised,
        "received_on": promised + timedelta(days=chance.randint(-5, 9)) if came < 0.8 else None,
        "received_quantity": quantity - chance.choice((0, 0, 3)) if came < 0.7 else None,
        "defective_quantity": chance.choice((0, None, 1)),
    }


def _milestone(chance: random.Random, n: int) -> Row:
    due = _moment(chance).date()
    done = due + timedelta(days=chance.randint(-9, 9)) if chance.random() < 0.8 else None
    return {"contract_id": f"c{n % 5}", "milestone_no": str(n // 5), "due_on": due, "done_on": done}


def _payment(order: Row) -> Row:
    return {
        "payment_id": f"{order['order_id']}/payment",
        "order_id": order["order_id"],
        "amount": order["total"] or Decimal(10),
        "currency": order["currency"],
        "outcome": "captured",
    }
