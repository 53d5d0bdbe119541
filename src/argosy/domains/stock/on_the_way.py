"""For which warehouse each open order is, where orders name none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from argosy.domains.stock import settings


@dataclass(frozen=True)
class Shelf:
    """A warehouse that holds an article: units on their way to it at the last count, the day of that, and days usually
    promised by supplier (absent: not known)."""

    inbound: float
    counted: date
    promised: Mapping[str | None, float]


@dataclass(frozen=True)
class Order:
    """An open order of an article: from whom, when, for how many units, and in how many days they were promised."""

    supplier: str | None
    ordered_on: date
    units: float
    promised: float | None


def assigned(orders: Sequence[Order], shelves: Sequence[Shelf]) -> list[int]:
    """Return the place in ``shelves`` each open order of one article is for; empty: there are none.

    What was ordered before a count is among the units on their way in it: of all ways to share the orders out, those
    that leave least units on their way unexplained are right, and of these the one in which days promised are most like
    what is usual for the warehouse. Of very many ways only the ``WAYS`` best are followed from order to order.
    """
    if not shelves:
        return []
    # (units on their way not yet explained, orders' units too many, days off) -> places chosen
    ways = {tuple(one.inbound for one in shelves): (0.0, 0.0, list[int]())}
    in_turn = sorted(range(len(orders)), key=lambda n: -orders[n].units)
    for number in in_turn:
        order, more = orders[number], dict[tuple[float, ...], tuple[float, float, list[int]]]()
        for left, (over, off, places) in ways.items():
            for place, shelf in enumerate(shelves):
                seen = order.ordered_on <= shelf.counted
                beyond = max(order.units - left[place], 0.0) if seen else 0.0
                rest = max(left[place] - order.units, 0.0) if seen else left[place]
                state = (*left[:place], rest, *left[place + 1 :])
                way = (over + beyond, off + _off(order, shelf), [*places, place])
                if state not in more or way[:2] < more[state][:2]:
                    more[state] = way
        best = sorted(more.items(), key=lambda both: both[1][:2])[: settings.WAYS]
        ways = dict(best)
    _, (_, _, places) = min(ways.items(), key=lambda both: (both[1][0] + sum(both[0]), both[1][1]))
    return [place for _, place in sorted(zip(in_turn, places, strict=True))]


def _off(order: Order, shelf: Shelf) -> float:
    usual = shelf.promised.get(order.supplier)
    return settings.OFF_DAYS if usual is None or order.promised is None else abs(order.promised - usual)
