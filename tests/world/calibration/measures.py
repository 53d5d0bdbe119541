"""What is measured on either side: a table in, one row of figures out, each column named by the words of the page.

A figure is a number or a list of numbers (quantiles, the days of a week); shares are in percent.
"""

from __future__ import annotations

from collections.abc import Sequence

import ibis
from ibis.expr.types import Table, Value

QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9, 0.99)
DELIVERY_QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9, 0.95)
LATENESS_QUANTILES = (0.01, 0.05, 0.1, 0.5, 0.9, 0.95, 0.99)
COHORT_DAYS = 84  # CDNOW's customers all came within the first twelve weeks
WEEKS_LATER = (1, 4, 8, 13, 26, 39)
LATE = ((0, 0), (1, 3), (4, 7), (8, 10_000))  # days late, from and to
SAME_PAYMENT = ("country", "currency", "amount")
GO = (*SAME_PAYMENT, "go")
ONE_GO_S = 60  # attempts at the same amount no further apart than this are one buyer trying


def order_sizes(lines: Table) -> Table:
    """Articles, units and worth of orders; the worth against the median order of the same currency."""
    orders = lines.group_by("order", "currency").aggregate(
        articles=lines.article.nunique().nullif(0), units=lines.units.sum(), value=lines.value.sum()
    )
    orders = _against_typical(orders, "value", by="currency")
    told = lines.filter(lines.article.notnull())
    pieces = told.group_by("order", "article").aggregate(units=told.units.sum())
    of_articles = pieces.aggregate(**{f"units of an article, {named(QUANTILES)}": _quantiles(pieces.units)})
    return orders.aggregate(
        **{
            "orders": orders.count(),
            "of a single article, %": percent(orders.articles == 1),
            f"articles, {named(QUANTILES)}": _quantiles(orders.articles),
            f"units, {named(QUANTILES)}": _quantiles(orders.units),
            f"worth against the median, {named(QUANTILES)}": _quantiles(orders.relative),
            "standard deviation of ln of that": orders.relative.ln().std(),
        }
    ).cross_join(of_articles)


def repeats(purchases: Table) -> Table:
    """How often those who first bought in the first twelve weeks came back, as CDNOW's customers are counted.

    Weeks are counted from the first day of all. A day on which one bought counts once.
    """
    first = purchases.group_by("buyer").aggregate(first_on=purchases.bought_on.min())
    begun = first.first_on.min().as_scalar()
    cohort = first.filter(first.first_on.delta(begun, unit="day") < COHORT_DAYS)
    bought = cohort.join(purchases, "buyer").mutate(begun=begun)
    later = bought.bought_on.delta(bought.first_on, unit="day")
    passed = bought.bought_on.delta(bought.begun, unit="day")
    buyers = bought.group_by("buyer").aggregate(
        early=((later > 0) & (passed < 39 * 7)).sum(),
        all=((later > 0) & (passed < 78 * 7)).sum(),
        **{f"week{week}": ((later > (week - 1) * 7) & (later <= week * 7)).any() for week in WEEKS_LATER},
    )
    return buyers.aggregate(
        **{
            "customers": buyers.count(),
            "came back within 39 weeks 0, 1, 2, 3 and more times, %": _times(buyers.early),
            "times on average, 39 weeks": buyers.early.mean(),
            "came back within 78 weeks 0, 1, 2, 3 and more times, %": _times(buyers["all"]),
            "times on average, 78 weeks": buyers["all"].mean(),
            f"came in week {', '.join(map(str, WEEKS_LATER))} after the first time, %": ibis.array(
                [percent(buyers[f"week{week}"]) for week in WEEKS_LATER]
            ),
        }
    )


def weekdays(lines: Table) -> Table:
    """Orders by weekday against the mean day."""
    orders = _orders(lines)
    day = orders.at.day_of_week.index()
    return orders.aggregate(
        **{"orders": orders.count(), "Monday to Sunday, mean day 1": _shape(day, range(7))},
    )


def hours(lines: Table) -> Table:
    """Orders by hour of the buyer's clock against the mean hour."""
    orders = _orders(lines)
    return orders.aggregate(
        **{
            f"{first} to {first + 5} h, mean hour 1": ibis.array(
                [percent(orders.at.hour() == hour) * 24 / 100 for hour in range(first, first + 6)]
            )
            for first in range(0, 24, 6)
        }
    )


def months(lines: Table) -> Table:
    """Orders by month over the last twelve whole months against the mean month."""
    orders = _orders(lines)
    last = orders.at.max().truncate("M")
    orders = orders.mutate(back=_month_number(last.as_scalar()) - _month_number(orders.at))
    year = orders.filter(orders.back.between(1, 12))
    return year.aggregate(
        **{"orders": year.count(), "January to December, mean month 1": _shape(year.at.month(), range(1, 13))}
    )


def delivery(parcels: Table) -> Table:
    """Days from the carrier to the buyer, absolutely and against the median of the destination, and what was kept."""
    taken = parcels.delivered_at.epoch_seconds() - parcels.shipped_at.epoch_seconds()
    handling = parcels.shipped_at.epoch_seconds() - parcels.paid_at.epoch_seconds()
    parcels = parcels.mutate(days=taken / 86_400, hours=handling / 3_600).filter(taken > 0)
    parcels = _against_typical(parcels, "days", by="destination")
    weekday = parcels.delivered_at.day_of_week.index()
    named_so = named(DELIVERY_QUANTILES)
    return parcels.aggregate(
        **{
            "parcels delivered": parcels.count(),
            f"days, {named_so}": _quantiles(parcels.days, DELIVERY_QUANTILES),
            f"days against the destination's median, {named_so}": _quantiles(parcels.relative, DELIVERY_QUANTILES),
            "standard deviation of ln of that": parcels.relative.ln().std(),
            "after the promised day, %": percent(parcels.delivered_at.date() > parcels.promised_on),
            "delivered on Monday to Sunday, %": ibis.array([percent(weekday == day) for day in range(7)]),
            f"hours from payment to carrier, {named_so}": _quantiles(parcels.hours, DELIVERY_QUANTILES),
        }
    )


def stars(reviews: Table) -> Table:
    """Stars by how many days after the promised one the goods came."""
    late = reviews.days_late
    groups = [late.between(low, high) for low, high in LATE]
    return reviews.aggregate(
        **{
            "reviews": reviews.count(),
            "1 to 5 stars, %": ibis.array([percent(reviews.stars == n) for n in range(1, 6)]),
            "mean: not late, 1-3, 4-7, 8 and more days late": ibis.array(
                [reviews.stars.mean(where=group) for group in groups]
            ),
            "1 or 2 stars: not late, late, %": ibis.array(
                [percent(reviews.stars <= 2, where=late == 0), percent(reviews.stars <= 2, where=late > 0)]
            ),
        }
    )


def approval(attempts: Table) -> Table:
    """How attempts at paying go and how they end for the buyer who tries again."""
    told = in_goes(attempts)
    goes = told.group_by(*GO).aggregate(tries=told.count(), ok=told.ok.any())
    first, second = told.attempt == 1, told.attempt == 2
    block = told.at.hour() // 4
    of_attempts = told.aggregate(
        **{
            "attempts": told.count(),
            "approved, %": percent(told.ok),
            "without, with 3-D Secure, %": ibis.array(
                [percent(told.ok, where=~told.secure), percent(told.ok, where=told.secure)]
            ),
            "from 0, 4, 8, 12, 16, 20 h, %": ibis.array([percent(told.ok, where=block == n) for n in range(6)]),
            "first, second, further attempt, %": ibis.array(
                [percent(told.ok, where=which) for which in (first, second, told.attempt > 2)]
            ),
            "tried again after a refusal, %": percent(told.again, where=~told.ok),
        }
    )
    of_goes = goes.aggregate(
        **{
            "buyers paying": goes.count(),
            "attempts each": goes.tries.mean(),
            "1, 2, 3, 4 and more attempts, %": ibis.array(
                [percent(goes.tries == n) for n in (1, 2, 3)] + [percent(goes.tries > 3)]
            ),
            "approved in the end, %": percent(goes.ok),
        }
    )
    spreads = [_spread(told, by) for by in ("provider", "method", "country")]
    return of_attempts.cross_join(of_goes, *spreads)


def in_goes(attempts: Table) -> Table:
    """Add go (which row of attempts), attempt (the place in it) and again (whether another follows).

    A go is a buyer's attempts: of one amount, from one country, none more than a minute after the one before.
    """
    same = {"group_by": SAME_PAYMENT, "order_by": ["at", "number"]}
    since = attempts.at.epoch_seconds() - attempts.at.lag().over(**same).epoch_seconds()
    begun = attempts.mutate(begins=(since.isnull() | (since > ONE_GO_S)).cast("int64"))
    told = begun.mutate(go=begun.begins.sum().over(ibis.cumulative_window(**same)))
    within = {"group_by": GO, "order_by": ["at", "number"]}
    return told.mutate(attempt=ibis.row_number().over(**within) + 1, again=told.at.lead().over(**within).notnull())


def lateness(supplies: Table) -> Table:
    """Days by which suppliers were after the day they had named; before it is below zero."""
    days = supplies.came_on.delta(supplies.due_on, unit="day")
    return supplies.aggregate(
        **{
            "deliveries": supplies.count(),
            "late, %": percent(days > 0),
            "on the day, %": percent(days == 0),
            f"days after, {named(LATENESS_QUANTILES)}": _quantiles(days, LATENESS_QUANTILES),
            f"days after of the late, {named(QUANTILES)}": _quantiles(ibis.ifelse(days > 0, days, None)),
        }
    )


def named(quantiles: Sequence[float]) -> str:
    """Return the names of quantiles: P10 P50."""
    return " ".join(f"P{round(100 * q)}" for q in quantiles)


def percent(flag: Value, *, where: Value | None = None) -> Value:
    """Return for how many percent of the rows the flag is set, or of those for which ``where`` holds."""
    return flag.cast("float64").mean(where=where) * 100


def _against_typical(table: Table, column: str, *, by: str) -> Table:
    typical = table.group_by(by).aggregate(typical=table[column].median())
    joined = table.join(typical, by)
    return joined.mutate(relative=(joined[column] / joined.typical.nullif(0)).nullif(0))


def _quantiles(column: Value, quantiles: Sequence[float] = QUANTILES) -> Value:
    return column.cast("float64").quantile(list(quantiles))


def _times(count: Value) -> Value:
    return ibis.array([percent(count == n) for n in (0, 1, 2)] + [percent(count > 2)])


def _spread(attempts: Table, by: str) -> Table:
    shares = attempts.group_by(by).aggregate(share=percent(attempts.ok))
    return shares.aggregate(**{f"approved by {by}, lowest to highest, %": shares.share.collect(order_by=shares.share)})


def _shape(place: Value, places: range) -> Value:
    return ibis.array([percent(place == n) * len(places) / 100 for n in places])


def _orders(lines: Table) -> Table:
    return lines.group_by("order").aggregate(at=lines.at.min())


def _month_number(at: Value) -> Value:
    return at.year() * 12 + at.month()
