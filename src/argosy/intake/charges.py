"""What carriers and customs charge for parcels on their way, line by line."""

from __future__ import annotations

import ibis
from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, content_of, fact
from argosy.intake.formats import Format
from argosy.intake.sheets import meaning

CARRIER_KINDS = {
    "freight": ("运费",),
    "fuel": ("燃油附加费",),
    "remote_area": ("remote area", "偏远附加费"),
    "return": ("退件费",),
}
CUSTOMS_KINDS = {
    "duty": ("关税",),
    "vat": ("进口增值税", "增值税"),
    "handling": ("操作费",),
    "brokerage": ("清关费", "报关费"),
}


def carrier_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return ``carrier_charges``, a kind of its own wording being ``other``.

    Bills number no lines: a line is known by all it says and by its turn among lines alike, so that a charge billed
    twice stays two.
    """
    charges = fact(
        rows,
        charge_id=origin.key(content_of(rows)),
        invoice=rows.invoice,
        carrier=rows.carrier,
        tracking_no=rows.tracking_no,
        kind=meaning(rows.kind, CARRIER_KINDS).fill_null("other"),
        charged_on=rows.charged_on,
        chargeable_weight_g=rows.chargeable_weight_g,
        amount=rows.amount,
        currency=rows.currency,
    )
    return Facts({"carrier_charges": charges})


def customs_to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return ``customs_charges``; a kind none of ``CUSTOMS_KINDS`` refuses its row: its account hangs on it."""
    told = rows.mutate(kind=meaning(rows.kind, CUSTOMS_KINDS))
    good = told.filter(told.kind.notnull())
    charges = fact(
        good,
        charge_id=origin.key(good.charge),
        tracking_no=good.tracking_no,
        kind=good.kind,
        charged_on=good.charged_on,
        amount=good.amount,
        currency=good.currency,
    )
    refused = told.filter(told.kind.isnull()).select("row_no", bad=ibis.literal("kind|not_customs_kind"))
    return Facts({"customs_charges": charges}, refused=refused)
