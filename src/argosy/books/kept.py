"""How well promises are kept: shares with their uncertainty, and how late the late ones are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import ibis
from ibis.expr.types import FloatingValue, NumericValue, Table

from argosy.model.promises import BROKEN, KEPT, OPEN

# Both sides of 95 % of the standard normal distribution.
Z = 1.959963984540054
# Promises about an order that a carrier brings.
CARRIED = ("ship_by", "deliver_by")


def kept_promises(promises: Table, *, by: Sequence[str] = ()) -> Table:
    """Return ``kept_rate`` with ``p50_hours`` and ``p90_hours`` of ``lateness`` beside it, NULL where none was late."""
    late = lateness(promises, by=by).drop("n")
    late = late.rename({f"late_{name}": name for name in by})
    rates = kept_rate(promises, by=by)
    # A group may be NULL: promises without a market are a group of their own.
    same = [rates[name].identical_to(late[f"late_{name}"]) for name in by] or [ibis.literal(True)]
    return rates.left_join(late, same).drop(*(f"late_{name}" for name in by))


def due_within(promises: Table, *, start: date | None, end: date | None) -> Table:
    """Return the promises due from ``start`` up to but without ``end`` (UTC days)."""
    if start is not None:
        promises = promises.filter(promises.due_at >= ibis.timestamp(start.isoformat()))
    if end is not None:
        promises = promises.filter(promises.due_at < ibis.timestamp(end.isoformat()))
    return promises


def kept_rate(promises: Table, *, by: Sequence[str] = ()) -> Table:
    """Return the share of promises that were kept, one row per group.

    by: kind, market, channel, partner, carrier (of ``with_carriers``), week (Monday of the ISO week it was due in), or
    any column of promises.
    Columns: the group; n (kept and broken), kept, broken, open; share of n that was kept, low and
    high (its 95 % Wilson interval), NULL when n is 0.
    """
    grouped = _named(promises)
    counted = grouped.aggregate(
        by=list(by),
        kept=(grouped.state == KEPT).sum().fill_null(0),
        broken=(grouped.state == BROKEN).sum().fill_null(0),
        open=(grouped.state == OPEN).sum().fill_null(0),
    )
    counted = counted.mutate(n=counted.kept + counted.broken)
    share = counted.kept.cast("float64") / counted.n.nullif(0).cast("float64")
    low, high = wilson(counted.kept, counted.n)
    return counted.select(*by, "n", "kept", "broken", "open", share=share, low=low, high=high)


def with_carriers(promises: Table, shipments: Table) -> Table:
    """Return the promises with the ``carrier`` of the order they are about; NULL: none is told, or it is about another
    thing. Of several parcels the first carrier in the alphabet."""
    carried = shipments.group_by("order_id").aggregate(carrier=shipments.carrier.min())
    about = promises.mutate(order_id=ibis.ifelse(promises.kind.isin(CARRIED), promises.subject, ibis.null("string")))
    return about.left_join(carried, "order_id", rname="carried_{name}").select(*promises.columns, "carrier")


def wilson(kept: NumericValue, n: NumericValue) -> tuple[FloatingValue, FloatingValue]:
    """Return the 95 % interval of a share ``kept / n`` as expressions, NULL when ``n`` is 0.

    Wilson (1927), Journal of the American Statistical Association 22, 209-212; it holds the share itself and
    stays within 0 and 1.
    """
    trials = n.nullif(0).cast("float64")
    share = kept.cast("float64") / trials
    centre = share + Z**2 / (trials * 2)
    spread = ((share * (1 - share) + Z**2 / (trials * 4)) / trials).sqrt() * Z
    widened = 1 + Z**2 / trials
    # The last bit of a float must not put the share outside its interval.
    low = ibis.greatest(ibis.least((centre - spread) / widened, share), 0.0)
    high = ibis.least(ibis.greatest((centre + spread) / widened, share), 1.0)
    # greatest and least pass over NULL, so an empty group has to be told apart.
    nothing = ibis.null("float64")
    return ibis.ifelse(n > 0, low, nothing), ibis.ifelse(n > 0, high, nothing)


def lateness(promises: Table, *, by: Sequence[str] = ()) -> Table:
    """Return how late broken promises are, one row per group that has any; ``by`` as in ``kept_rate``.

    Columns: the group; n; p50_hours, p90_hours: the smallest number of late hours that half and nine tenths
    of them do not exceed (nearest rank: always a value that occurred, the same on every engine).
    """
    late = _named(promises).filter(lambda t: t.state == BROKEN, lambda t: t.late_hours.notnull())
    group = [late[column] for column in by]
    ranked = late.mutate(
        rank=ibis.row_number().over(ibis.window(group_by=group, order_by=[late.late_hours, late.promise_id])) + 1,
        of=late.promise_id.count().over(ibis.window(group_by=group)),
    )
    told = ranked.aggregate(
        by=list(by),
        n=ranked.count(),
        p50_hours=ranked.late_hours.min(where=ranked["rank"] * 2 >= ranked.of),
        p90_hours=ranked.late_hours.min(where=ranked["rank"] * 10 >= ranked.of * 9),
    )
    return told.filter(told.n > 0)


def _named(promises: Table) -> Table:
    week = promises.due_at.truncate("W").date()
    return promises.mutate(week=week, channel=promises.channel_id, partner=promises.party)
