"""The parcels sheet: what was sent for which order, until when it was to be handed over and to arrive."""

from __future__ import annotations

from ibis.expr.types import Table

from argosy.intake.facts import Facts, Origin, end_of_promise, fact
from argosy.intake.formats import Format
from argosy.intake.sheets import order_named


def to_facts(rows: Table, format: Format, origin: Origin) -> Facts:
    """Return shipments; a parcel is known by its order and its own number."""
    order_id = order_named(rows.channel, rows.order)
    return Facts(
        {
            "shipments": fact(
                rows,
                shipment_id=order_id.concat("/", rows.parcel),
                order_id=order_id,
                carrier=rows.carrier,
                service=rows.service,
                tracking_no=rows.tracking_no,
                shipped_at=rows.shipped_at,
                ship_by=end_of_promise(rows.ship_by, origin),
                deliver_by=end_of_promise(rows.deliver_by, origin),
                currency=rows.currency,
                origin=rows.origin,
                country=rows.country,
                weight_g=rows.weight_g,
                declared_value=rows.declared_value,
                incoterm=rows.incoterm.upper(),
            )
        }
    )
