"""Answers that take longer than they used to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import ibis
import numpy as np
from ibis.expr.types import Table

from argosy.domains.service import settings
from argosy.domains.service.stakes import around
from argosy.model.findings import Finding
from argosy.outlook.aftermath import FULL, HISTORY_DAYS, followed, told_back
from argosy.outlook.change import Changes, changes
from argosy.outlook.known import Known
from argosy.outlook.orders import bought
from argosy.outlook.series import Series, series, since_first

ALL = "all"


def replies_slow(known: Known) -> Iterator[Finding]:
    """Return where buyers' questions wait longer for a person's answer than they used to.

    Subject: ``all``, else the channels that are slow alone. What still waits counts with its hours so far once it is
    late. Stake: what was given back in part on orders in time beyond the usual since then; answers cost stars and
    sales too, of which the data show nothing certain.
    """
    waits = _waits(known)
    everything = since_first(series(known, _sums(waits, ibis.literal(ALL)), days=HISTORY_DAYS, names=NAMES))
    found = list(_slower(everything))
    if not found:
        channels = since_first(series(known, _sums(waits, waits.channel_id), days=HISTORY_DAYS, names=NAMES))
        found = list(_slower(channels)) if len(channels.subjects) > 1 else []
    for subject, told in found:
        amount, error = _lost(known, subject, told)
        yield Finding(
            "service.replies_slow", subject, told["since"], around(amount, error), known.book_currency,
            told.pop("sure"), told=told | {"subject": subject},
            evidence=(known.evidence("questions_and_answers", _evidence(waits, subject, told["since"])),),
            missing=() if known.has("reviews") else ("reviews",),
        )  # fmt: skip


NAMES = ("n", "hours", "squares")


def _waits(known: Known) -> Table:
    """Return message_id, channel_id, day, hours: how long each question waited, or waits and is late."""
    promises = known.promises.filter(known.promises.kind == "reply_by")
    now = ibis.literal(datetime.combine(known.day, time())).cast("timestamp")
    seconds = ibis.coalesce(promises.kept_at, now).epoch_seconds() - promises.made_at.epoch_seconds()
    hours = ibis.least(seconds / 3600, settings.LONGEST_WAIT)
    rows = promises.mutate(hours=hours, day=promises.made_at.date())
    told = rows.filter(rows.kept_at.notnull() | (rows.state == "broken"))
    return told.select("channel_id", "day", "hours", message_id="subject")


def _sums(waits: Table, subject: ibis.Value) -> Table:
    return waits.group_by("day", subject=subject).aggregate(
        n=waits.count(), hours=waits.hours.sum(), squares=(waits.hours * waits.hours).sum()
    )


def _slower(of: Series) -> Iterator[tuple[str, dict[str, Any]]]:
    """Return the subjects whose hours have risen: since, until, before and now in hours, questions, sure."""
    mean = of["hours"].sum(axis=0) / np.maximum(of["n"].sum(axis=0), 1)
    spread = of["squares"].sum(axis=0) / np.maximum(of["n"].sum(axis=0), 1) - mean**2
    found: Changes = changes(
        of["hours"], of["n"], sense=1, within=settings.WITHIN_DAYS, least=settings.LEAST_DAYS, unit=spread
    )
    for n, subject in enumerate(of.subjects):
        start, end = int(found.start[n]), int(found.end[n])
        many = int(of["n"][start:end, n].sum())
        slow = found.share[n] >= settings.LEAST_SLOWER and many >= settings.LEAST_QUESTIONS
        if slow and found.confidence[n] >= settings.SURE and of.days - end <= settings.TOLD_DAYS:
            yield subject, {
                "since": of.day(start), "until": of.day(end - 1), "before": round(found.before[n]),
                "hours": round(found.after[n]), "questions": many,
                "lasts": "yes" if end >= of.days - settings.LASTS_DAYS else "no",
                "sure": float(found.confidence[n]),
            }  # fmt: skip


def _lost(known: Known, subject: str, told: dict[str, Any]) -> tuple[float, float]:
    """Return what was given back in part on orders of these days beyond what is usual, and its standard error."""
    late = known.promises.filter(known.promises.kind == "deliver_by", known.promises.state == "broken")
    asked = known.facts["messages"].select("channel_id").distinct()
    orders = bought(known).semi_join(asked, "channel_id").anti_join(late.select(order_id="subject"), "order_id")
    if subject != ALL:
        orders = orders.filter(orders.channel_id == subject)
    back = known.once(told_back)
    back = back.filter(back.part < FULL).select("order_id", "on", "worth")
    of = followed(known, orders.select("order_id", "channel_id", "day", subject=ibis.literal(ALL)), back)
    if not of.subjects:
        return 0.0, 0.0
    first, last = ((told[name] - of.first).days for name in ("since", "until"))
    counted, usual = (of[name][first : last + 1, 0].sum() for name in ("counted", "usual"))
    level = of["counted"][:first, 0].sum() / max(of["usual"][:first, 0].sum(), 1e-9)
    each = of["worth"][:, 0].sum() / max(of["counted"][:, 0].sum(), 1)
    expected = level * usual
    return (counted - expected) * each, float(np.sqrt(max(expected, 0.5)) * each)


def _evidence(waits: Table, subject: str, since: object) -> Table:
    first = ibis.literal(since - timedelta(days=14))  # type: ignore[operator]
    mine = waits.filter(waits.day >= first)
    return (mine if subject == ALL else mine.filter(mine.channel_id == subject)).order_by("day")
