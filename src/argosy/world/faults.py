"""What others got wrong to the seller's cost, one by one: what could be claimed back, and by which paper."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from argosy.world import assumptions as assumed
from argosy.world.accounts import payout_names
from argosy.world.columns import DAY_SECONDS, Ints, money, picked, same, text
from argosy.world.happened import World
from argosy.world.marketplace import settlement_names
from argosy.world.provider import Payouts, withdrawal_names

SCHEMA = pa.schema(
    {
        "kind": pa.string(), "subject": pa.string(), "party": pa.string(), "day": pa.date32(),
        "amount": pa.decimal128(18, 2), "currency": pa.string(),
    }
)  # fmt: skip


def faults(world: World) -> pa.Table:
    """Return a row per fault, columns as in ``SCHEMA``.

    kind: ``payout_short`` (subject: the payout), ``carrier_bills_twice`` (the tracking number), ``fee_charged_twice``
    (the order); party: who owes it; day: when it could first be seen; amount: what is missing or was paid twice.
    """
    usd = assumed.SHOP_CURRENCY
    parts = []
    for place, (provider, payouts) in enumerate(zip(assumed.PROVIDERS, world.payouts, strict=True)):
        numbered = payout_names(payouts.day, np.full(len(payouts.day), place))
        names = numbered if provider.payouts is not None else withdrawal_names(payouts.day)
        parts.append(_short(payouts, names, provider.channel_id, usd))
    for site in world.sites:
        number = np.unique(np.concatenate([part.settlement for part in site.amounts]))
        names = settlement_names(number, site.sales.site)
        parts.append(_short(site.deposits, names, site.sales.site.name, site.sales.site.currency))
        for part in site.amounts:
            if part.again:
                order = site.names.take(pa.array(site.sales.lines.order[part.line]))
                told = ("fee_charged_twice", site.sales.site.name, site.sales.site.currency)
                parts.append(_rows(told, order, part.at // DAY_SECONDS, -part.amount))
    parcels, when = world.parcels, world.given.when
    twice = np.flatnonzero(parcels.twice & (parcels.sent_at < when.until) & (parcels.billed < when.last))
    numbers = pa.array(parcels.numbers, pa.string()).take(pa.array(twice))
    rows = _rows(("carrier_bills_twice", "", usd), numbers, parcels.billed[twice], parcels.freight[twice])
    parts.append(rows.set_column(2, "party", picked(assumed.CARRIERS, parcels.carrier[twice])))
    return pa.concat_tables(parts)


def _short(payouts: Payouts, names: pa.Array, party: str, currency: str) -> pa.Table:
    short = np.flatnonzero((payouts.booked > 0) & ~payouts.whole)
    missing = (payouts.amount - payouts.arrived)[short]
    return _rows(("payout_short", party, currency), names.take(pa.array(short)), payouts.booked[short], missing)


def _rows(told: tuple[str, str, str], subject: pa.Array, day: Ints, amount: Ints) -> pa.Table:
    (kind, party, currency), rows = told, len(day)
    return pa.table(
        {
            "kind": same(kind, rows),
            "subject": text(subject),
            "party": same(party, rows),
            "day": pa.array(day.astype(np.int32), pa.int32()).cast(pa.date32()),
            "amount": money(amount),
            "currency": same(currency, rows),
        },
        schema=SCHEMA,
    )
