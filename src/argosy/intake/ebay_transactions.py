"""eBay's transaction report: funds of the seller, with a column for every fee of a sale.

- Several lines of notes stand before the header; ``--`` is nothing; fees are negative where they are charged
  and positive where they are given back (published rows).
- A sale comes as one row, or as a row without item and one row for each item: what the items say is not read
  again from the row above them, column by column.
- ``Net amount`` is the truth of a row. What its columns do not explain (tax eBay kept out of it, a fee this
  importer has no column for) becomes one line of its own, so that the lines of a row always add up to its
  net.
- Where a sale and its payout are in different currencies, the columns are in the sale's: two lines
  ``conversion`` take the sale out of the one and put the net into the other.
- Rows of type ``Payout`` are the payouts. ``Payout ID`` stays ``--`` until a row is paid out: newer files
  hold.
- Column names from published rows; the report's notes and types beyond Order, Refund, Shipping label, Payout,
  Other fee, Claim, Payment dispute, Hold and Charge are general knowledge.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, fact, numbered, occurrence
from argosy.intake.formats import Format
from argosy.model.money import MONEY

# Columns of a row, the kind of line each becomes, and the report's words for it.
PARTS = (
    ("goods", "sale", "Item subtotal"),
    ("shipping", "sale_shipping", "Shipping and handling"),
    ("seller_tax", "sale_tax", "Seller collected tax"),
    ("fixed_fee", "referral", "Final Value Fee - fixed"),
    ("variable_fee", "referral", "Final Value Fee - variable"),
    ("international_fee", "referral", "International fee"),
    ("regulatory_fee", "other_fee", "Regulatory operating fee"),
    ("not_as_described_fee", "other_fee", "Very high item not as described fee"),
    ("below_standard_fee", "other_fee", "Below standard performance fee"),
    ("deposit_fee", "payment_fee", "Deposit processing fee"),
    ("donation", "other_fee", "Charity donation"),
)
REFUNDED = {"sale": "refund", "sale_shipping": "refund", "sale_tax": "refund_tax"}
# What a row without columns is, by "type|description", folded.
KINDS = (
    (r"^payout\||^transfer\|", "transfer"),
    (r"^hold\||release", "reserve"),
    (r"^refund\|", "refund"),
    (r"dispute|^claim\||chargeback", "dispute"),
    (r"promoted|advertis|offsite", "ad"),
    (r"^shipping label|^postage label", "freight"),
    (r"subscription|store fee", "subscription"),
    (r"final value", "referral"),
    (r"^order\|", "sale"),
)


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return payouts and payout lines."""
    rows = _named(rows, origin)
    moves = ibis.union(*(_part(rows, *part) for part in PARTS))
    rest = _rest(rows, moves)
    lines = moves.union(rest).union(_conversions(rows))
    return Facts({"payouts": _payouts(rows, origin), "payout_lines": _lines(lines, origin)})


def _named(rows: Table, origin: Origin) -> Table:
    rows = rows.mutate(
        money=ibis.coalesce(rows.currency, rows.payout_currency, ibis.literal(origin.currency, type="string")),
        refunded=rows.type.lower().re_search("refund|claim|dispute"),
        sale=ibis.ifelse(rows.order_ref.isnull(), ibis.null("string"), rows.type.concat("|", rows.order_ref)),
    )
    content = ibis.literal("|").join(
        [
            part.fill_null("")
            for part in (
                *(
                    rows.posted_at.strftime("%Y-%m-%d"),
                    rows.type,
                    rows.order_ref,
                    rows.item,
                    rows.transaction,
                ),
                *(rows.reference, rows.description, rows.gross.cast("string"), rows.net.cast("string")),
            )
        ]
    )
    rows = rows.mutate(said=content.hexdigest("sha256").left(24))
    rows = rows.mutate(
        row_id=origin.key(numbered(rows.said, occurrence(rows, "said"))),
        paid_in=ibis.coalesce(rows.payout_currency, rows.money),
        # The row above the items of a sale carries the net, its items do not.
        heads=rows.item.isnull() & rows.sale.notnull() & rows.net.notnull(),
    )
    sale = ibis.window(group_by=rows.sale)
    head_row = ibis.ifelse(rows.heads, rows.row_no, ibis.null("int64")).max().over(sale)
    return rows.mutate(
        of_row=ibis.ifelse(rows.net.isnull() & rows.sale.notnull(), head_row, rows.row_no).fill_null(rows.row_no),
        payout=ibis.coalesce(
            rows.payout, ibis.ifelse(rows.sale.isnull(), ibis.null("string"), rows.payout.max().over(sale))
        ),
    )


def _part(rows: Table, column: str, kind: str, words: str) -> Table:
    """Return the lines of one column; a head's own amount only where none of its items has one."""
    below = ibis.ifelse(rows.of_row == rows.row_no, ibis.null(MONEY), rows[column]).max()
    said = rows.mutate(said_below=below.over(ibis.window(group_by=rows.of_row)).notnull())
    said = said.filter(
        said[column].fill_null(0) != 0,
        ~(said.heads & said.said_below),
        ~said.type.lower().isin(("payout", "transfer")),
    )
    kinds = ibis.ifelse(said.refunded, REFUNDED.get(kind, kind), kind)
    quantity = said.quantity if column == "goods" else ibis.null("int64")
    return _line(said, f"/{column}", kinds, said[column], said.money, words=words, quantity=quantity)


def _line(
    rows: Table, suffix: str, kind: Any, amount: Any, currency: Any, *, words: Any, quantity: Any = None
) -> Table:
    return rows.select(
        *("row_no", "version_at", "of_row", "payout", "order_ref", "sku", "posted_at", "country"),
        line_id=rows.row_id.concat(suffix),
        kind=kind,
        amount=amount.cast(MONEY),
        currency=currency,
        quantity=quantity if quantity is not None else ibis.null("int64"),
        description=rows.type.concat(" / ", words),
    )


def _rest(rows: Table, moves: Table) -> Table:
    """Return one line for what the columns of a row leave open of its net amount."""
    known = moves.group_by("of_row").aggregate(explained=moves.amount.sum())
    rows = rows.left_join(known, rows.row_no == known.of_row).drop("of_row_right")
    converted = rows.paid_in != rows.money
    # Before a conversion the net in the sale's currency is not stated; the columns are then the whole of it.
    rest = rows.net - rows.explained.fill_null(0)
    open_ = rows.mutate(
        rest=ibis.ifelse(converted & rows.explained.notnull(), ibis.null(MONEY), rest).cast(MONEY),
        rest_in=ibis.ifelse(converted, rows.paid_in, rows.money),
    )
    open_ = open_.filter(open_.rest.fill_null(0) != 0)
    words = open_.type.concat("|", ibis.coalesce(open_.description, "")).lower()
    kind = ibis.cases(
        (open_.explained.isnull() & words.re_search(KINDS[0][0]), KINDS[0][1]),
        *((open_.explained.isnull() & words.re_search(pattern), kind) for pattern, kind in KINDS[1:]),
        (open_.rest < 0, "other_fee"),
        else_="sale_other",
    )
    said = ibis.coalesce(open_.description, ibis.ifelse(open_.explained.isnull(), "Net amount", "rest of Net amount"))
    return _line(open_, "/net", kind, open_.rest, open_.rest_in, words=said)


def _conversions(rows: Table) -> Table:
    """Return the pair of lines that turns a sale's currency into the payout's."""
    sums = ibis.union(*(_part(rows, *part) for part in PARTS))
    known = sums.group_by("of_row").aggregate(explained=sums.amount.sum())
    changed = rows.inner_join(known, rows.row_no == known.of_row).drop("of_row_right")
    changed = changed.filter(changed.paid_in != changed.money, changed.net.notnull())
    words = ibis.literal("conversion")
    return _line(changed, "/from", words, -changed.explained, changed.money, words=words).union(
        _line(changed, "/to", words, changed.net, changed.paid_in, words=words)
    )


def _payouts(rows: Table, origin: Origin) -> Table:
    paid = rows.filter(rows.type.lower() == "payout", rows.net.notnull())
    return fact(
        paid,
        payout_id=origin.key(ibis.coalesce(paid.payout, paid.reference, paid.said)),
        channel_id=ibis.literal(origin.channel_id),
        amount=paid.net.abs(),
        currency=paid.paid_in,
        sent_on=ibis.coalesce(paid.payout_on, paid.posted_at.date()),
        status=ibis.literal("paid"),
    )


def _lines(lines: Table, origin: Origin) -> Table:
    return fact(
        lines,
        line_id=lines.line_id,
        payout_id=origin.key(lines.payout),
        channel_id=ibis.literal(origin.channel_id),
        kind=lines.kind,
        order_id=origin.key(lines.order_ref),
        order_ref=lines.order_ref,
        sku=lines.sku,
        quantity=lines.quantity,
        description=lines.description,
        amount=lines.amount,
        currency=lines.currency,
        posted_at=lines.posted_at,
        country=lines.country,
    )
