"""What came of a claim: lines of the bank, of statements and of bills that answer it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import ibis
from ibis.expr.types import Table

from argosy.books.bank import arrivals
from argosy.outlook.known import Known

# An answer may be a little less than what was claimed, by charges of the banks on the way: assumed, a half percent.
NEARLY = Decimal("0.005")
# Kinds of statement lines that are no answer to a claim: they belong to orders and payouts.
USUAL = ("sale", "sale_shipping", "sale_tax", "charge", "charge_refund", "transfer", "conversion")


@dataclass(frozen=True)
class Claim:
    """What was claimed: of whom (channel, provider, carrier, supplier), under which number, how much, since when.

    papers: the numbers of what was got wrong, each of which may be paid by itself.
    """

    party: str
    number: str
    amount: Decimal
    currency: str
    since: date
    papers: tuple[str, ...] = ()


def received(known: Known, claim: Claim, *, until: date) -> tuple[Decimal, date]:
    """Return how much of a claim was paid up to and with a day, in the claim's currency, never more than was claimed;
    and the day the last of it came, ``until`` where none did.

    An answer comes from the party itself and names the number or has the amount; a line of the bank, which knows no
    parties, is one when no payout explains it.
    """
    found = ibis.union(*(part for part in _answers(known) if part is not None))
    when = (found.day >= ibis.literal(claim.since)) & (found.day <= ibis.literal(until))
    there = when & (found.currency == claim.currency) & (found.party.isnull() | (found.party == claim.party))
    # A bank's text has the payer's own numbers, without the account Argosy puts before them.
    own = {number.rpartition(":")[2] for number in (claim.number, *claim.papers)} - {""}
    said = found.words.fill_null("")
    named = ibis.or_(*(said.contains(number) for number in sorted(own))) if own else ibis.literal(False)
    exact = (found.amount <= claim.amount) & (found.amount >= claim.amount * (1 - NEARLY))
    found = found.filter(there)
    sums = known.rows(
        found.aggregate(
            numbered=found.amount.sum(where=named).cast("decimal(28,4)"), numbered_on=found.day.max(where=named),
            alike=found.amount.max(where=exact), alike_on=found.day.max(where=exact),
        )
    )[0]  # fmt: skip
    # A line that only has the amount is an answer where none bears the number.
    way = "numbered" if sums["numbered"] else "alike"
    return min(sums[way] or Decimal(0), claim.amount), sums[f"{way}_on"] or until


def _answers(known: Known) -> list[Table | None]:
    """Return all money that could answer a claim: day, party (NULL: not told), amount, currency, words."""
    f = known.facts
    bank = f["bank_lines"].anti_join(arrivals(f["payouts"], f["bank_lines"]), "bank_line_id")
    bank = bank.filter(bank.amount > 0)
    lines = f["payout_lines"].filter(lambda t: (t.amount > 0) & ~t.kind.isin(USUAL))
    bills, fees = (f[name].filter(lambda t: t.amount < 0) for name in ("carrier_charges", "fees"))
    nobody = ibis.null("string")
    return [
        _line(bank, day=bank.booked_on, party=nobody, words=bank.reference),
        _line(
            lines, day=lines.posted_at.date(), party=lines.channel_id, words=_words(lines, "description", "order_ref")
        ),
        _line(bills, day=bills.charged_on, party=bills.carrier, words=_words(bills, "invoice", "tracking_no")),
        _line(fees, day=fees.charged_at.date(), party=ibis.coalesce(fees.payee, fees.channel_id), words=fees.fee_id),
    ]


def _words(table: Table, *columns: str) -> ibis.expr.types.StringValue:
    first, second = (table[name].fill_null("") for name in columns)
    return first.concat(" ").concat(second)


def _line(table: Table, **columns: ibis.Value) -> Table:
    return table.select(amount=table.amount.abs().cast("decimal(18,4)"), currency=table.currency, **columns)
