"""Orders as buyers made them, and what one leaves over, by the place it was made at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import ibis
from ibis.expr.types import Table

from argosy.books.profit import earned
from argosy.books.promises import orders_with_buyers
from argosy.outlook.known import Known

NOT_BOUGHT = ("cancelled", "adjustment")
# What an order costs is known when its parcel is billed and what was not wanted has come back: assumed, four weeks.
# Of young sellers, who have nothing older, all orders count.
SETTLED_DAYS, LOOK_BACK_DAYS = 28, 180


def bought(known: Known) -> Table:
    """Return the orders that were not called off: columns of orders with buyers filled in, day (date, UTC), place
    (channel and country)."""
    orders = orders_with_buyers(known.facts)
    orders = orders.filter(orders.placed_at.notnull(), ~orders.status.isin(NOT_BOUGHT).fill_null(False))
    orders = orders.filter(orders.cancelled_at.isnull())
    return orders.mutate(day=orders.placed_at.date(), place=place_of(orders))


def place_of(rows: Table) -> ibis.Value:
    """Return where rows with channel_id and country were sold: ``amazon:main/DE``."""
    return rows.channel_id.concat("/", rows.country.fill_null("?"))


def families_of(known: Known) -> Table:
    """Return order_id, category: a row per order whose goods are of known categories and of each category in it, and
    families, how many it has."""
    lines = known.facts["order_lines"].filter(lambda t: t.kind == "goods")
    told = known.facts["products"].select("sku", "category").filter(lambda t: t.category.notnull())
    met = lines.select("order_id", "sku").inner_join(told, "sku").select("order_id", "category").distinct()
    each = met.group_by("order_id").aggregate(families=met.count())
    return met.inner_join(each, "order_id").select("order_id", "category", "families")


@dataclass(frozen=True)
class LeftOver:
    """What an order leaves over on average, in the book currency: income less goods, fees, freight, duty and what is
    given back, before advertising. means: by place and family (``SEVERAL``: of more than one, or of none known), by
    place, by country, and everywhere (an empty name)."""

    means: Mapping[str, float]

    def of(self, subject: str) -> float:
        """Return it for a place (``amazon:main/DE``), or a family there (``amazon:main/DE/toys``); one of which too
        little is known leaves over what its place does, its country, or all."""
        channel, country = (*subject.split("/"), "")[:2]
        names = (subject, f"{channel}/{country}", country, "")
        return next((self.means[name] for name in names if name in self.means), 0.0)


SEVERAL = "*"
LEAST_ORDERS = 30  # of fewer the mean says little: assumed


def left_over(known: Known) -> LeftOver:
    """Return what orders lately left over; use it as ``known.once(left_over)``."""
    orders = bought(known).filter(lambda t: t.day >= ibis.literal(known.day - timedelta(days=LOOK_BACK_DAYS)))
    lines = earned(known.entries).filter(lambda t: t.order_id.notnull())
    each = lines.group_by("order_id").aggregate(left=lines.earned.sum().cast("float64"))
    families = families_of(known).filter(lambda t: t.families == 1)
    met = orders.select("order_id", "place", "country", "day").left_join(each, "order_id", rname="book_{name}")
    met = met.left_join(families, "order_id", rname="family_{name}").mutate(left=lambda t: t.left.fill_null(0))
    old = met.day < ibis.literal(known.day - timedelta(days=SETTLED_DAYS))
    rows = known.rows(met.group_by("place", "country", "category").aggregate(
        all=met.count(), all_left=met.left.sum(), old=old.cast("int64").sum(),
        old_left=ibis.ifelse(old, met.left, 0).sum(),
    ))  # fmt: skip
    which = "old" if sum(row["old"] for row in rows) >= LEAST_ORDERS else "all"
    sums: dict[str, list[float]] = {}
    for row in rows:
        for name in (f"{row['place']}/{row['category'] or SEVERAL}", row["place"], row["country"] or "?", ""):
            one = sums.setdefault(name, [0.0, 0.0])
            one[0] += row[which]
            one[1] += row[f"{which}_left"]
    enough = {name: both for name, both in sums.items() if both[0] >= (LEAST_ORDERS if name else 1)}
    return LeftOver({name: left / many for name, (many, left) in enough.items()})
