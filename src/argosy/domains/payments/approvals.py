"""Payments that are approved less often than they were, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from decimal import Decimal

import ibis
import numpy as np
from ibis.expr.types import Table

from argosy.domains.payments import settings
from argosy.model.findings import Finding, Range, Told
from argosy.model.money import round_half_up
from argosy.outlook.approval import GOOD, Cells, Split, purchases, split, tries
from argosy.outlook.change import TENTH, by_chance, changes
from argosy.outlook.known import Known
from argosy.outlook.lines import lines
from argosy.outlook.series import Series, series

CAUSES = ("method", "three_ds", "retry")  # what the split tells apart within a provider and country


def approval_fallen(known: Known) -> Iterator[Finding]:
    """Return where fewer purchases are paid in the end than used to be; subject: provider and country,
    ``stripe:main/BR``.

    Tries of one purchase count once: what a second try saved is not lost. Stake: the margin of the orders lost.
    """
    bought = purchases(_told(known.facts["payments"]))
    bought = bought.mutate(subject=bought.provider.concat("/", bought.country))
    sums = bought.group_by("subject", "day").aggregate(
        n=bought.count(), lost=(1 - bought.paid).sum(), channel=bought.channel_id.max()
    )
    daily = series(known, sums, days=settings.APPROVAL_DAYS, names=("n", "lost"))
    if not daily.subjects:
        return
    begun = int(np.flatnonzero(daily["n"].any(axis=1))[0])
    found = changes(daily["lost"][begun:], daily["n"][begun:], sense=1, share=True)
    for n, subject in enumerate(daily.subjects):
        if found.confidence[n] < settings.SURE or found.mid[n] < settings.LEAST_LOST:
            continue
        chance = _by_chance(daily, n, begun + int(found.start[n]), begun + int(found.end[n]))
        start, end = daily.day(int(found.start[n]) + begun), daily.day(int(found.end[n]) + begun)
        each = known.once(lines).each_order(f"/{subject.rpartition('/')[2]}")
        lost = float(found.mid[n])
        if chance > 1 - settings.SURE or lost * each < known.once(lines).material:
            continue
        # What was lost is not sure, nor what was in the baskets of those who left.
        error = TENTH * np.hypot(float(found.error[n]), settings.ORDER_SCATTER * lost**0.5)
        stake = [round_half_up(Decimal(max(part, 0.0) * each), 2) for part in (lost - error, lost, lost + error)]
        why = _why(known, subject, start=start, end=end)
        told: Told = {
            "provider": subject.rpartition("/")[0], "market": subject.rpartition("/")[2], "since": start,
            "until": end - timedelta(days=1), "lost": round(lost), "was": _percent(1 - float(found.before[n])),
            "now": _percent(1 - float(found.after[n])), "lasts": "yes" if end == known.day else "no",
            "each": round_half_up(Decimal(each), 2),
            "a_day": round_half_up(Decimal(float(daily["n"][int(found.start[n]) + begun :, n].mean())), 2),
        }  # fmt: skip
        yield Finding(
            "payments.approval_fallen", subject, start, Range(*stake), known.book_currency,
            float(found.confidence[n]), told={**told, **why},
            evidence=(known.evidence("attempts", _mine(known, subject)),),
        )  # fmt: skip


def _by_chance(daily: Series, n: int, start: int, end: int) -> float:
    """Return how probable it is that so many purchases are lost where nothing has changed."""
    lost, many = daily["lost"][:, n], daily["n"][:, n]
    level = (float(lost[:start].sum()) + 0.5) / (float(many[:start].sum()) + 1)
    tried = settings.APPROVAL_DAYS * len(daily.subjects)
    return by_chance(float(lost[start:end].sum()), level * float(many[start:end].sum()), tried=tried)


def _told(payments: Table) -> Table:
    """Return the attempts that say who took them, from where and when."""
    return payments.filter(payments.provider.notnull(), payments.country.notnull(), payments.attempted_at.notnull())


def _mine(known: Known, subject: str) -> Table:
    provider, _, country = subject.rpartition("/")
    payments = _told(known.facts["payments"])
    return payments.filter(payments.provider == provider, payments.country == country)


def _why(known: Known, subject: str, *, start: date, end: date) -> Mapping[str, str | Decimal]:
    """Return the split of the fall in points of approval: what each cause's new mix did, what the same attempts coming
    out otherwise did, and the reason of declining that rose most."""
    tried = tries(_mine(known, subject))
    tried = tried.mutate(
        after=(tried.attempted_at >= ibis.literal(start).cast("timestamp"))
        & (tried.attempted_at < ibis.literal(end).cast("timestamp")),
        good=tried.outcome.isin(GOOD).cast("int64"), retry=ibis.ifelse(tried.turn > 0, "again", "first"),
        three_ds=tried.three_ds.cast("string").fill_null("?"), method=tried.method.fill_null("?"),
        code=tried.decline_code.fill_null("?"),
    )  # fmt: skip
    tried = tried.filter(tried.after | (tried.attempted_at < ibis.literal(start).cast("timestamp")))
    counted = known.rows(
        tried.group_by("after", *CAUSES, "code").aggregate(n=tried.count(), good=tried.good.sum())
    )  # fmt: skip
    parts = [[row for row in counted if row["after"] == after] for after in (False, True)]
    change = split(*(_cells(rows) for rows in parts))
    return _points(change) | {"code": _risen_code(*parts)}


def _cells(rows: list[dict[str, object]]) -> Cells:
    causes = {name: np.array([str(row[name]) for row in rows], dtype=str) for name in CAUSES}
    n, good = (np.array([float(str(row[name])) for row in rows]) for name in ("n", "good"))
    return Cells(causes, n, good)


def _points(change: Split) -> dict[str, Decimal]:
    named = {name: change.mixes.get(name, 0.0) for name in CAUSES} | {"same": change.same}
    return {name: round_half_up(Decimal(100 * value), 1) for name, value in named.items()}


def _risen_code(before: list[dict[str, object]], after: list[dict[str, object]]) -> str:
    """Return the reason of declining whose share of attempts rose most."""

    def shares(rows: list[dict[str, object]]) -> dict[str, float]:
        whole = sum(float(str(row["n"])) for row in rows) or 1.0
        found: dict[str, float] = {}
        for row in rows:
            declined = float(str(row["n"])) - float(str(row["good"]))
            found[str(row["code"])] = found.get(str(row["code"]), 0.0) + declined / whole
        return found

    was, now = shares(before), shares(after)
    return max(now, key=lambda code: now[code] - was.get(code, 0.0), default="?")


def _percent(share: float) -> int:
    return round(100 * share)
