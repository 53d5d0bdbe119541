"""PayPal activity and statement downloads: every movement of the balance, its fee, and what it was converted to.

Quirks, as downloads in several languages show:

- Headers and words are those of the account's language; types and statuses are told by their stems.
- Date, time and zone stand in three columns; the zone is an abbreviation (PDT), an offset (GMT+01:00) or a
  place (Europe/Berlin). Day and month come in the order of the profile: the file's own rows decide.
- ``Fee`` is negative on a sale and positive where it is given back.
- Authorisations, orders and invoices (``Balance Impact`` = Memo) and rows not completed moved no money:
  they are counted, not booked. A sale later refunded or reversed keeps its money: the refund is a row of
  its own.
- A conversion is two rows, one per currency, pointing at the payment by ``Reference Txn ID``.
- A refund seldom repeats the invoice number: it has that of the payment it points at.
- What the account itself pays to others leaves it as a transfer: PayPal does not say what it was for.
- A withdrawal to the bank is both the payout and the line that takes it out of the account. It is sent on the
  day, in UTC, on which that line is posted, so that money on its way keeps its worth.
"""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

import ibis
from ibis.expr.types import Table, Value

from argosy.intake.facts import Facts, Origin, fact
from argosy.intake.formats import Format
from argosy.intake.ledger import payout_lines
from argosy.lake.parsing import moment_of

CLOCKS = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%d %I:%M:%S %p", "%Y-%m-%d %H:%M"]
# Completed, cleared, refunded or reversed afterwards, in English, Dutch, German, French, Spanish, Italian,
# Portuguese and Chinese.
MOVED = (
    "^complet|^cleared|refunded|reversed|voltooid|afgerond|terugbetaald|abgeschlossen|erstattet|zurückgezahlt"
    "|terminé|effectué|remboursé|reembolsad|concluíd|rimborsat|已完成|已退款"
)
MEMO = "memo|notiz|vermerk|mémo|nota"
# Types that only announce money, in downloads without a column of the impact on the balance.
NO_MONEY = (
    "^(general )?authori[sz]ation$|^(allgemeine )?autorisierung$|^autorisation( générale)?$"
    "|^autorización( general)?$|^(algemene )?autorisatie$|^order$|^invoice (sent|received)$|^rechnung gesendet$"
)
BANK = (
    "withdraw|transfer|deposit|bankgutschrift|abbuchung|auszahlung|einzahlung|virement|retrait|transferencia|retiro"
    "|overboeking|opname|storting|bijschrijving|bonifico|prelievo"
)
# The first that fits decides.
KINDS = (
    ("currency conversion|währungsumrechnung|conversion de devise|conversión de|valuta.?omrekening|valutaconversie"
     "|omrekening|cambio di valuta|conversione di valuta", "conversion"),
    ("hold|reserve|release|einbehalt|offene autorisierung|réserve|suspension|retención|inhouding|reservering",
     "reserve"),
    (r"\bfees?\b|gebühr|entgelt|^frais|^comisión|^kosten", "payment_fee"),
    ("chargeback|reversal|dispute|rückbuchung|rückbelastung|rétrofacturation|contracargo|terugboeking|litige",
     "dispute"),
    ("refund|rückzahlung|rückerstattung|terugbetaling|remboursement|reembolso|devolución|rimborso", "charge_refund"),
    (BANK, "transfer"),
)  # fmt: skip


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return payout lines and, for every withdrawal, its payout."""
    known = rows.mutate(posted_at=_moment(rows, origin.reading.zone), words=rows.type.fill_null("").lower())
    memo = known.impact.lower().re_search(MEMO).fill_null(False) | known.words.re_search(NO_MONEY)
    known = known.mutate(memo=memo | known.gross.isnull())
    known = known.mutate(unfinished=~known.memo & ~known.status.lower().re_search(MOVED).fill_null(True))
    money = known.filter(~known.memo, ~known.unfinished)
    good = money.filter(money.posted_at.notnull())
    moves = _with_orders(good, known).mutate(
        line_id=origin.key(good.number),
        kind=_kind(good),
        amount=good.gross,
        fee=ibis.coalesce(good.fee, good.net - good.gross),
        description=good.type,
    )
    out = (moves.kind == "transfer") & moves.words.re_search(BANK) & (moves.amount < 0)
    moves = moves.mutate(payout_id=ibis.ifelse(out, moves.line_id, ibis.null("string")))
    return Facts(
        {"payout_lines": payout_lines(moves, origin), "payouts": _payouts(moves, origin)},
        refused=money.filter(money.posted_at.isnull()).select("row_no", bad=ibis.literal("time|not_time")),
        ignored=known.filter(known.memo | known.unfinished).select("row_no"),
        counts={
            "memo_rows": known.memo.sum().fill_null(0),
            "unfinished_rows": known.unfinished.sum().fill_null(0),
        },
    )


def _moment(rows: Table, zone_of_account: str) -> Value:
    """Return the UTC moment of date, time and zone; NULL when they make none."""
    zone = rows.zone.fill_null("")
    offset = zone.re_replace(r"^(?:GMT|UTC)\s*([+-])", r"\1")
    offset = ibis.ifelse(offset.re_search(r"^[+-]\d(:|$)"), offset.left(1).concat("0", offset.substr(1)), offset)
    offset = offset.re_replace(r"^([+-]\d{2})$", r"\1:00")
    place = zone.isin(places())
    day = rows.date.strftime("%Y-%m-%d").concat(" ", rows.time.fill_null("00:00:00"))
    text = ibis.ifelse(place | (zone == ""), day, day.concat(" ", offset))
    return moment_of(text, CLOCKS, ibis.ifelse(place, zone, zone_of_account))


def places() -> tuple[str, ...]:
    """Return the zones that are named after a place, Europe/Berlin."""
    return tuple(sorted(name for name in available_timezones() if "/" in name))


def _with_orders(rows: Table, known: Table) -> Table:
    """Add ``order_ref``: the row's own invoice number, else that of the payment it points at."""
    own = known.mutate(said=ibis.coalesce(known.invoice, known.custom))
    paid = own.filter(own.said.notnull()).group_by(reference=own.number).aggregate(paid_for=own.said.max())
    joined = rows.left_join(paid, "reference", rname="paid_{name}")
    order = ibis.coalesce(joined.invoice, joined.custom, joined.paid_for)
    return joined.mutate(order_ref=order).drop("paid_reference", "paid_for")


def _payouts(moves: Table, origin: Origin) -> Table:
    drawn = moves.filter(moves.payout_id.notnull())
    return fact(
        drawn,
        payout_id=drawn.payout_id,
        channel_id=ibis.literal(origin.channel_id),
        amount=-drawn.amount,
        currency=drawn.currency,
        sent_on=drawn.posted_at.date(),
        status=ibis.literal("paid"),
    )


def _kind(rows: Table) -> Any:
    words = rows.words
    return ibis.cases(
        *((words.re_search(stems), kind) for stems, kind in KINDS),
        (rows.gross < 0, "transfer"),
        else_="charge",
    )
