"""Mercado Pago's account money report: every movement of the account, before and after fees and taxes.

Quirks, from Mercado Pago's glossary of the report and files that sellers show:

- Columns, separator (``;`` or ``,``) and decimal sign are the seller's choice; a byte order mark may lead.
- ``SETTLEMENT_NET_AMOUNT`` is what the account felt; ``TRANSACTION_AMOUNT`` is before fees. What lies
  between is the fee, whatever the sign of ``FEE_AMOUNT``; tax kept back has a line of its own where the
  columns add up to it.
- Where the two are in different currencies, only the net is booked: the fee cannot be told.
- Refunds and chargebacks are negative rows under the number of the payment they belong to, partial ones
  several times: a row is named by number, type, moment and amount.
- Times carry ``-04:00`` or ``-0400``, also in shops of other zones. A row without a type is a fee of
  Mercado Pago.
"""

from __future__ import annotations

import ibis
from ibis.expr.types import Table, Value

from argosy.intake.facts import Facts, Origin, numbered, occurrence
from argosy.intake.formats import Format
from argosy.intake.ledger import extra_lines, payout_lines
from argosy.model.money import MONEY

KINDS = {
    "SETTLEMENT": "charge",
    "REFUND": "charge_refund",
    "CASHBACK": "charge",
    "CHARGEBACK": "dispute",
    "DISPUTE": "dispute",
    "WITHDRAWAL": "transfer",
    "WITHDRAWAL_CANCEL": "transfer",
    "PAYOUT": "transfer",
}


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return payout lines."""
    settled = _amounts(rows).mutate(posted_at=ibis.coalesce(rows.settled_at, rows.made_at))
    settled = settled.mutate(when=ibis.coalesce(settled.made_at, settled.settled_at))
    settled = settled.mutate(alike=occurrence(settled, "number", "type", "when", "net"))
    kind = settled.type.upper().re_replace("_SHIPPING$", "")
    moves = settled.mutate(
        line_id=origin.key(_name(settled)),
        kind=ibis.cases(*((kind == said, to) for said, to in KINDS.items()), else_="other_fee"),
        order_ref=ibis.coalesce(settled.order, settled.reference),
        description=ibis.coalesce(settled.description, settled.type),
    )
    lines = payout_lines(moves, origin).union(
        extra_lines(moves, origin, suffix="/tax", kind="tax_withheld", column="withheld")
    )
    dated = lines.filter(lines.posted_at.notnull())
    refused = moves.filter(moves.posted_at.isnull()).select("row_no", bad=ibis.literal("settled_at|missing"))
    return Facts({"payout_lines": dated}, refused)


def _amounts(rows: Table) -> Table:
    """Add ``amount``, ``fee``, ``withheld`` and ``currency``, such that the three amounts add up to ``net``."""
    currency = ibis.coalesce(rows.net_currency, rows.gross_currency)
    comparable = rows.gross.notnull() & (rows.gross_currency.fill_null(currency) == currency).fill_null(True)
    amount = ibis.ifelse(comparable, rows.gross, rows.net)
    between = rows.net - amount
    proven = (rows.fee + rows.taxes == between).fill_null(False)
    withheld = ibis.ifelse(proven, rows.taxes, ibis.literal(0).cast(MONEY))
    return rows.mutate(amount=amount, withheld=withheld, fee=between - withheld, currency=currency)


def _name(rows: Table) -> Value:
    parts = [
        rows.number,
        rows.type.fill_null(""),
        rows.when.strftime("%Y-%m-%dT%H:%M:%S").fill_null(""),
        rows.net.cast("string"),
    ]
    return numbered(ibis.literal("/").join(parts), rows.alike)
