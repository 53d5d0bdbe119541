"""Amazon's settlement reports, long (V2) and wide (V1): every amount Amazon added to or took from a payout.

- The row with ``total-amount`` and no transaction is the payout; details may leave settlement and currency
  blank, so both are carried down from the row above that has them (seen in two public fixtures of V2).
- V1 holds up to eight amounts in a row, each with its own type column, and states the units of an item in a
  row of its own. Its type names are V2's descriptions, so both give the same lines.
- A line is named by what it says (settlement, transaction, order, item, description, amount) and by how many
  alike came before it, never by its place: the same settlement read again, or once as V1 and once as V2, adds
  nothing where both word it alike. What V1 adds up and V2 states in parts (a fee and the tax on it) does not
  meet.
- Dates come as ``2026-03-02T14:23:00+00:00``, ``2026-03-06 08:52:26 UTC``, ``06.03.2026 08:52:26 UTC`` or
  ``2026/03/06 8:52:26 JST``; amounts with a dot or, on European sites, a comma.
- Some rows of V2 leave out ``merchant-adjustment-item-id`` (a public fixture), so that SKU and units stand
  one column early: told by a number for SKU, no units, and words where that number should be.
- Units stand on every amount of an item; they are kept on its ``Principal`` alone, to be counted once.
- A direct payment is what the buyer paid the seller outside of Amazon: Amazon holds it back from the payout,
  so it stands among the reserves and not among the transfers, which are the payout itself.
- ``ShippingChargeback`` is a fee (Amazon keeps the shipping it performed itself), no dispute; a ``Promotion``
  may be described as ``Principal`` or ``Shipping``; ``SalesTaxServiceFee`` is a fee and no tax.
- The header's total and the sum of the lines may differ: both are kept as the file has them.
- Columns: schemas of Airbyte's source-amazon-seller-partner 4.6.4. Words: public fixtures and general
  knowledge.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, fact, numbered, occurrence
from argosy.intake.formats import Format
from argosy.model.money import MONEY

# Tried in this order on "transaction|amount type|description", folded; the first found tells the kind.
BEFORE_PRICES = (
    (r"^transfer\||\|transfer$|successful charge|failed disbursement", "transfer"),
    (r"reserve|payable to amazon|unavailable balance|\|directpayment\|", "reserve"),
    (r"marketplacefacilitator|withheld|lowvaluegoods|\btcs\b|\btds\b", "tax_withheld"),
    (
        r"reimburse|warehouse_|missing_from_inbound|clawback|removal_order_lost|free_replacement",
        "reimbursement",
    ),
    (r"advertis|sponsored|productads", "ad"),
    (r"\|promotion\||points(granted|returned)|costofpoints", "discount"),
)
AFTER_PRICES = (
    (r"coupon|lightning|deal ?fee|vine", "promotion"),
    (r"storage", "storage"),
    (r"subscription", "subscription"),
    (r"shippingchargeback|giftwrapchargeback", "fulfilment"),
    (r"duties", "customs"),
    (r"inbound ?transport|international ?freight|shipping label|postage|easy ship", "freight"),
    (r"commission|shippinghb|closing ?fee|referral", "referral"),
    (r"fba|fulfil|removal|disposal|inbound|pick & pack", "fulfilment"),
    (r"payment ?method|\bcod", "payment_fee"),
    (r"^[^|]*(chargeback|a-to-z|guarantee)", "dispute"),
    (r"\|item ?fees?\|", "other_fee"),
)
SITES = {
    "com": "US",
    "co.uk": "GB",
    "co.jp": "JP",
    "co.za": "ZA",
    **{f"com.{code}": code.upper() for code in ("au", "be", "br", "mx", "tr")},
    **{code: code.upper() for code in ("ae", "ca", "cn", "de", "eg", "es", "fr")},
    **{code: code.upper() for code in ("ie", "in", "it", "nl", "pl", "sa", "se", "sg")},
}
PRICE = "ItemPrice"
# V1: the columns of type and amount, and the amount type V2 has for it.
WIDE = (
    ("price_type", "price", PRICE),
    ("item_fee_type", "item_fee", "ItemFees"),
    ("promotion_type", "promotion", "Promotion"),
    ("shipment_fee_type", "shipment_fee", "ShipmentFees"),
    ("order_fee_type", "order_fee", "OrderFees"),
    ("direct_payment_type", "direct_payment", "DirectPayment"),
    ("other_fee_reason", "other_fee", "OtherFees"),
    ("", "misc_fee", "MiscFee"),
    ("", "other", "other-transaction"),
)


def v2_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return the payout of the settlement and its lines."""
    rows = _carried_down(rows)
    early = rows.quantity.isnull() & rows.sku.re_search(r"^\d{1,4}$") & rows.adjustment_item.notnull()
    rows = rows.mutate(
        posted_at=ibis.coalesce(rows.posted_at, rows.posted_on),
        sku=ibis.ifelse(early, rows.adjustment_item, rows.sku),
        quantity=ibis.ifelse(early, rows.sku.try_cast("int64"), rows.quantity),
    )
    details = rows.filter(rows.amount.notnull())
    return _facts(rows, details, origin)


def v1_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return the payout of the settlement and its lines, one for each amount of a row."""
    rows = _carried_down(rows)
    item = [rows[name] for name in ("settlement", "transaction", "order_ref", "shipment", "item_code")]
    rows = rows.mutate(quantity=ibis.coalesce(rows.quantity, rows.quantity.max().over(ibis.window(group_by=item))))
    details = ibis.union(*(_taken(rows, *columns) for columns in WIDE))
    return _facts(rows, details, origin)


def _carried_down(rows: Table) -> Table:
    headed = rows.settlement.notnull() & rows.currency.notnull()
    rows = rows.mutate(
        part=headed.cast("int64").sum().over(ibis.cumulative_window(order_by=rows.row_no)),
    )
    whole = ibis.window(group_by=rows.part)
    return rows.mutate(
        settlement=ibis.coalesce(rows.settlement, rows.settlement.max().over(whole)),
        currency=ibis.coalesce(rows.currency, rows.currency.max().over(whole)),
    )


def _taken(rows: Table, words: str, amount: str, amount_type: str) -> Table:
    taken = rows.filter(rows[amount].notnull())
    return taken.select(
        *("row_no", "version_at", "settlement", "currency", "transaction", "order_ref", "marketplace"),
        *("item_code", "sku", "quantity", "posted_at"),
        amount_type=ibis.literal(amount_type),
        amount_description=ibis.coalesce(taken[words], taken.transaction) if words else taken.transaction,
        amount=taken[amount],
    )


def _facts(rows: Table, details: Table, origin: Origin) -> Facts:
    headers = rows.filter(rows.total.notnull(), rows.transaction.isnull())
    payouts = fact(
        headers,
        payout_id=origin.key(headers.settlement),
        channel_id=ibis.literal(origin.channel_id),
        amount=headers.total,
        currency=headers.currency,
        period_start=headers.period_start,
        period_end=headers.period_end,
        sent_on=headers.deposited_on,
    )
    return Facts({"payouts": payouts, "payout_lines": _lines(details, origin)})


def _lines(details: Table, origin: Origin) -> Table:
    what = ibis.coalesce(details.amount_description, details.transaction)
    # V1 says a service fee in its transaction, V2 in its description.
    transaction = details.transaction.nullif("other-transaction").nullif(what)
    parts = (details.settlement, transaction, details.order_ref, details.item_code, details.sku, what)
    amount = details.amount.cast(MONEY).cast("string")
    said = ibis.literal("|").join([part.fill_null("") for part in (*parts, amount)])
    lines = details.mutate(said=said.hexdigest("sha256").left(24))
    principal = (lines.amount_type == PRICE) & (lines.amount_description == "Principal")
    site = lines.marketplace.lower().re_extract(r"^amazon\.([a-z.]+)$", 1)
    return fact(
        lines,
        line_id=origin.key(lines.settlement).concat("/", numbered(lines.said, occurrence(lines, "said"))),
        payout_id=origin.key(lines.settlement),
        channel_id=ibis.literal(origin.channel_id),
        kind=_kind(lines),
        order_id=origin.key(lines.order_ref),
        order_ref=lines.order_ref,
        sku=lines.sku,
        quantity=ibis.ifelse(principal, lines.quantity, ibis.null("int64")),
        description=_words(lines, " / "),
        amount=lines.amount,
        currency=lines.currency,
        posted_at=lines.posted_at,
        country=ibis.cases(*((site == name, code) for name, code in SITES.items()), else_=ibis.null("string")),
    )


def _words(lines: Table, between: str) -> Any:
    """Return transaction, amount type and description, each once, as the report has them."""
    words = lines.transaction.fill_null("")
    for more in (lines.amount_type, lines.amount_description):
        repeated = more.isnull() | (more == lines.transaction)
        words = ibis.ifelse(repeated, words, words.concat(between, more.fill_null("")))
    return words


def _kind(lines: Table) -> Any:
    words = (
        ibis.literal("|")
        .join([lines[name].fill_null("") for name in ("transaction", "amount_type", "amount_description")])
        .lower()
    )
    return ibis.cases(
        *((words.re_search(pattern), kind) for pattern, kind in BEFORE_PRICES),
        (lines.amount_type == PRICE, _kind_of_price(lines)),
        *((words.re_search(pattern), kind) for pattern, kind in AFTER_PRICES),
        (lines.amount < 0, "other_fee"),
        else_="sale_other",
    )


def _kind_of_price(lines: Table) -> Any:
    transaction, price = lines.transaction.fill_null("").lower(), lines.amount_description.fill_null("")
    disputed = transaction.re_search("chargeback|a-to-z|guarantee")
    refunded = disputed | transaction.contains("refund")
    tax = price.contains("Tax")
    return ibis.cases(
        (tax & refunded, "refund_tax"),
        (tax, "sale_tax"),
        (disputed, "dispute"),
        (refunded, "refund"),
        (price == "Principal", "sale"),
        (price == "Shipping", "sale_shipping"),
        else_="sale_other",
    )
