"""Etsy's monthly statement: every line of the payment account, the deposits among them.

- What a line does to the account is ``Net``: sales and refunds stand in ``Amount``, charges in ``Fees &
  Taxes``, both with their sign and the currency's mark (``-€12.50``); ``--`` is nothing.
- A deposit has no amount at all: it stands in its title, ``€112.21 sent to your bank account`` (code of a
  public importer), and is both the payout and the line that takes it out of the account.
- A sale is the order's whole total. Tax the buyer paid and Etsy hands on leaves again on a line of type
  ``Tax`` (general knowledge); VAT on Etsy's own fees is a fee.
- The order is named only in words, ``Payment for Order #3012345678``, in the title or in ``Info``.
- Statements never change, and a day's lines are all in one file: a line is its content and how many alike
  came before.
"""

from __future__ import annotations

from typing import Any

import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, day_of, fact, numbered, occurrence
from argosy.intake.formats import Format
from argosy.lake.parsing import amount_of
from argosy.model.money import MONEY

# Tried in this order on "type|title", folded.
KINDS = (
    (r"^(deposit|payment)\|", "transfer"),
    (r"reserve|recoupment", "reserve"),
    (r"^sale\|", "sale"),
    (r"^refund\|", "refund"),
    (r"^(case|dispute|chargeback)|chargeback", "dispute"),
    (r"paid by buyer|tax .*buyer|^buyer fee", "tax_withheld"),
    (r"^(vat|tax)\|", "other_fee"),
    (r"^(marketing|advertising)\||\bads\b|offsite ads", "ad"),
    (r"^(shipping|postage)", "freight"),
    (r"processing fee|deposit fee|currency conversion", "payment_fee"),
    (r"transaction fee|share & save", "referral"),
    (r"subscription|etsy plus", "subscription"),
    (r"fee", "other_fee"),
)


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return payout lines and, for every deposit, its payout."""
    content = ibis.literal("|").join(
        [
            part.fill_null("")
            for part in (
                rows.posted_at.strftime("%Y-%m-%d"),
                rows.type,
                rows.title,
                rows.about,
                rows.gross.cast("string"),
                rows.fees.cast("string"),
                rows.net.cast("string"),
            )
        ]
    )
    lines = rows.mutate(
        said=content.hexdigest("sha256").left(24),
        kind=_kind(rows),
        amount=_amount(rows, origin),
        money=ibis.coalesce(rows.currency, ibis.literal(origin.currency, type="string")),
        order_ref=_order(rows),
    )
    lines = lines.mutate(
        line_id=origin.key(numbered(lines.said, occurrence(lines, "said"))),
        paid_out=lines.type.lower() == "deposit",
    )
    refused = lines.filter(lines.amount.isnull()).select("row_no", bad=ibis.literal("net|missing"))
    lines = lines.filter(lines.amount.notnull())
    return Facts({"payouts": _payouts(lines, origin), "payout_lines": _lines(lines, origin)}, refused=refused)


def _amount(rows: Table, origin: Origin) -> Any:
    parts = (rows.gross.fill_null(0) + rows.fees.fill_null(0)).cast(MONEY)
    said = ibis.ifelse(
        ibis.coalesce(rows.net, rows.gross, rows.fees).isnull(),
        ibis.null(MONEY),
        ibis.coalesce(rows.net, parts).cast(MONEY),
    )
    written = amount_of(
        rows.title.re_extract(r"([^\s\d]{0,4}\s?\d[\d.,  ]*\d|\d)", 1), ibis.literal(origin.reading.point)
    )
    sent = rows.type.lower().isin(("deposit",))
    return ibis.ifelse(sent, -ibis.coalesce(said.nullif(0), written).abs(), said).cast(MONEY)


def _order(rows: Table) -> Any:
    words = ibis.coalesce(rows.title, "").concat(" ", ibis.coalesce(rows.about, ""))
    return words.re_extract(r"[Oo]rder:? #?(\d+)", 1).nullif("")


def _kind(rows: Table) -> Any:
    words = rows.type.concat("|", ibis.coalesce(rows.title, "")).lower()
    return ibis.cases(
        *((words.re_search(pattern), kind) for pattern, kind in KINDS),
        (ibis.coalesce(rows.net, rows.gross, rows.fees) < 0, "other_fee"),
        else_="sale_other",
    )


def _payouts(lines: Table, origin: Origin) -> Table:
    deposits = lines.filter(lines.paid_out)
    return fact(
        deposits,
        payout_id=deposits.line_id,
        channel_id=ibis.literal(origin.channel_id),
        amount=-deposits.amount,
        currency=deposits.money,
        sent_on=day_of(deposits.posted_at, origin),
        status=ibis.literal("paid"),
    )


def _lines(lines: Table, origin: Origin) -> Table:
    return fact(
        lines,
        line_id=lines.line_id,
        payout_id=ibis.ifelse(lines.paid_out, lines.line_id, ibis.null("string")),
        channel_id=ibis.literal(origin.channel_id),
        kind=lines.kind,
        order_id=origin.key(lines.order_ref),
        order_ref=lines.order_ref,
        description=lines.type.concat(" / ", ibis.coalesce(lines.title, "")),
        amount=lines.amount,
        currency=lines.money,
        posted_at=lines.posted_at,
    )
