"""Markets whose buyers send back more than they used to."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from ibis.expr.types import Table

from argosy.domains.service import settings
from argosy.domains.service.stakes import around, cents
from argosy.model.findings import Finding
from argosy.outlook.aftermath import FULL, followed, given_back, told_back
from argosy.outlook.change import changes
from argosy.outlook.known import Known
from argosy.outlook.orders import bought
from argosy.outlook.rare import surely_more
from argosy.outlook.series import since_first


def returns_up(known: Known) -> Iterator[Finding]:
    """Return the markets from which more orders come back than used to, for their ages and channels.

    Subject: the country. An order came back when its money was given back in full. Stake: what was given back beyond
    the usual.
    """
    back = _returned(known.once(told_back))
    orders = bought(known)
    of = since_first(followed(known, orders.select("order_id", "channel_id", "day", subject=orders.country), back))
    found = changes(of["counted"], of["usual"], sense=1, within=settings.WITHIN_DAYS, least=settings.LEAST_DAYS)
    sure = surely_more(of["counted"], of["usual"], found, tries=settings.TRIES_MARKETS)
    for n, market in enumerate(of.subjects):
        start, end = int(found.start[n]), int(found.end[n])
        many = of["counted"][start:end, n].sum()
        if of.days - end > settings.TOLD_DAYS:
            continue
        if sure[n] < settings.SURE or found.share[n] < settings.LEAST_RISE or many < settings.LEAST_MANY:
            continue
        each = of["worth"][:, n].sum() / max(of["counted"][:, n].sum(), 1)
        orders_then = max(of["n"][start:end, n].sum(), 1)
        excess = found.mid[n]
        yield Finding(
            "service.returns_up", market, of.day(start),
            around(excess * each, np.hypot(found.error[n] * each, settings.EACH_ERROR * excess * each)),
            known.book_currency, float(sure[n]),
            told={
                "market": market, "returned": int(many), "orders": int(orders_then),
                "percent": round(100 * many / orders_then), "usual": round(100 * (many - excess) / orders_then),
                "beyond": round(excess), "since": of.day(start), "until": of.day(end - 1),
                "lasts": "yes" if end >= of.days - settings.LASTS_DAYS else "no",
                "a_day": cents(excess * each / (end - start)),
            },
            evidence=(known.evidence("orders_sent_back", _evidence(known, market, of.day(start))),),
        )  # fmt: skip


def _returned(back: Table) -> Table:
    return back.filter(back.part >= FULL).select("order_id", "on", "worth")


def _evidence(known: Known, market: str, since: object) -> Table:
    orders = bought(known).filter(lambda t: (t.country == market) & (t.day >= since))
    return (
        orders.inner_join(_returned(given_back(known)), "order_id")
        .select("order_id", "day", "on", "worth")
        .order_by("day")
    )
