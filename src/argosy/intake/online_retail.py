"""UCI Online Retail: invoice lines with service codes among the goods, credit notes and stock corrections.

Where each kind of line goes, as an accountant would post it:

| line | fact | account |
|---|---|---|
| goods, quantity above 0 | order line ``goods`` | income:sales |
| goods on a credit note (invoice C...) | refund | contra:refund |
| POST, DOT, C2 (postage, carriage) | order line ``shipping`` | income:shipping; on a credit note contra:refund |
| D (discount given afterwards) | order line ``discount`` | contra:discount |
| M, m (manual entry without an article) | order line ``other`` | income:other |
| S (samples given to a customer) | order line ``sample`` | marketing:promotion |
| gift_0001_nn (voucher sold, not yet redeemed) | order line ``gift_card`` | liability:customer |
| AMAZONFEE | fee ``referral`` | fee:channel |
| BANK CHARGES | fee ``payment`` | fee:payment |
| CRUK (commission of a charity card) | fee ``other`` | fee:other |
| B on invoice A... (bad debt adjusted) | order line ``write_off`` | loss:write_off |
| price 0 without a customer (check, damages, found, thrown away) | stock move | none: no money moved |
| price 0 with a customer (a gift in the parcel) | order line ``goods`` at 0 | none |

The file has no line numbers and holds true duplicates, so a line is named by its content and by how many alike
came before it in its invoice. Sign convention: quantity x price is what the buyer owes, as printed. The file
states no tax; sales are as invoiced.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, fact, first_of, numbered, occurrence
from argosy.intake.formats import Format
from argosy.lake.parsing import local_time

CURRENCY = "GBP"
DIGEST = 8  # signs of a digest: lines of one article in one invoice are few
SERVICE = {
    "POST": "shipping",
    "DOT": "shipping",
    "C2": "shipping",
    "D": "discount",
    "M": "other",
    "S": "sample",
}
FEES = {"AMAZONFEE": "referral", "BANK CHARGES": "payment", "CRUK": "other"}


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return orders, order lines, refunds, fees and stock moves of the invoices."""
    lines = rows.mutate(
        code=rows.code.upper(),
        invoice=rows.invoice.upper(),
        amount=(rows.price * rows.quantity).cast("decimal(18,4)"),
    )
    kind = _kind(lines)
    lines = lines.mutate(kind=kind, credit=lines.invoice.startswith("C"), order_id=origin.key(lines.invoice))
    moved = (lines.price == 0) & lines.customer_key.isnull()
    paid, unpaid = lines.filter(~moved), lines.filter(moved)
    refunded = paid.filter(paid.credit, paid.kind.isin(("goods", "shipping")))
    sold = paid.filter(~(paid.credit & paid.kind.isin(("goods", "shipping"))), ~paid.kind.startswith("fee:"))
    charged = paid.filter(paid.kind.startswith("fee:"))
    return Facts(
        {
            "orders": _orders(lines, format, origin),
            # Lines that are alike are all of one of these, so each is numbered by itself.
            "order_lines": _lines(_numbered(sold)),
            "refunds": _refunds(_numbered(refunded), origin),
            "fees": _fees(_numbered(charged), origin),
            "stock_moves": _moves(_numbered(unpaid), origin),
        },
        counts={
            "invoices": rows.invoice.nunique(),
            "customers": rows.customer_key.nunique(),
            "countries": rows.country.nunique(),
            "cancel_lines": rows.invoice.upper().startswith("C").sum(),
        },
    )


def _kind(lines: Table) -> Any:
    code = lines.code
    return ibis.cases(
        *((code == key, kind) for key, kind in SERVICE.items()),
        *((code == key, f"fee:{kind}") for key, kind in FEES.items()),
        (code.startswith("GIFT_0001"), "gift_card"),
        ((code == "B") & lines.invoice.startswith("A"), "write_off"),
        else_="goods",
    )


def _numbered(lines: Table) -> Table:
    parts = (lines.quantity, lines.price, lines.title, lines.invoiced_at)
    content = ibis.literal("/").join([part.cast("string").fill_null("") for part in parts])
    name = lines.code.concat("/", content.hexdigest("md5").left(DIGEST))
    alike = occurrence(lines, "invoice", "code", "title", "quantity", "price", "invoiced_at")
    return lines.mutate(line_no=numbered(name, alike))


def _orders(lines: Table, format: Format, origin: Origin) -> Table:
    orders = first_of(
        lines.mutate(name=lines.invoice),
        by="order_id",
        order_name=lines.invoice,
        customer_key=lines.customer_key,
        placed_at=lines.invoiced_at,
        country=lines.country.nullif("Unspecified"),
    )
    prefix = orders.order_name.left(1)
    return orders.mutate(
        channel_id=ibis.literal(origin.channel_id),
        placed_on=local_time(orders.placed_at, origin.reading.zone).date(),
        paid_at=orders.placed_at,
        status=ibis.cases((prefix == "C", "adjustment"), (prefix == "A", "adjustment"), else_="open"),
        currency=ibis.literal(CURRENCY),
    )


def _lines(lines: Table) -> Table:
    return fact(
        lines,
        order_id=lines.order_id,
        line_no=lines.line_no,
        kind=lines.kind,
        sku=lines.code,
        title=lines.title,
        quantity=lines.quantity,
        unit_price=lines.price,
        currency=ibis.literal(CURRENCY),
    )


def _refunds(lines: Table, origin: Origin) -> Table:
    goods = lines.kind == "goods"
    nothing = ibis.literal(0).cast("decimal(18,4)")
    return fact(
        lines,
        refund_id=lines.order_id.concat("/", lines.line_no),
        order_id=lines.order_id,
        sku=lines.code,
        quantity=-lines.quantity,
        amount=ibis.ifelse(goods, -lines.amount, nothing),
        shipping=ibis.ifelse(goods, nothing, -lines.amount),
        currency=ibis.literal(CURRENCY),
        refunded_at=lines.invoiced_at,
    )


def _fees(lines: Table, origin: Origin) -> Table:
    return fact(
        lines,
        fee_id=lines.order_id.concat("/", lines.line_no),
        channel_id=ibis.literal(origin.channel_id),
        kind=lines.kind.replace("fee:", ""),
        amount=-lines.amount,
        currency=ibis.literal(CURRENCY),
        charged_at=lines.invoiced_at,
    )


def _moves(lines: Table, origin: Origin) -> Table:
    note = lines.title.lower()
    return fact(
        lines,
        move_id=lines.order_id.concat("/", lines.line_no),
        sku=lines.code,
        quantity=lines.quantity,
        kind=ibis.cases(
            (note.re_search("damage|thrown|broken|smashed|crushed|wet|rust|mouldy|faulty"), "damage"),
            (note.contains("found"), "found"),
            (note.contains("sample"), "sample"),
            else_="adjustment",
        ),
        at=lines.invoiced_at,
        note=lines.title,
    )
