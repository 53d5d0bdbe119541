"""Charts as the server draws them: shapes in a box of a hundred by ten, which a template writes as SVG beside words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDE = 100.0  # of a row's box, whatever its size on the screen
LEAST = 0.4  # of a bar, so that it can be seen


@dataclass(frozen=True)
class Bar:
    """One step: what it says, whether it adds, takes away or is the whole, and from where to where it is drawn."""

    name: str
    amount: Decimal
    sense: str
    x: float
    width: float


@dataclass(frozen=True)
class Bridge:
    """A money bridge: rows from sales down to what is left, and where zero is."""

    bars: Sequence[Bar]
    zero: float


def bridge(steps: Sequence[tuple[str, str]], *, total: tuple[str, str]) -> Bridge:
    """Return the rows of a bridge: each step begins where the one before ended; steps of nothing are left out."""
    levels, level = list[tuple[str, Decimal, Decimal, Decimal]](), Decimal(0)
    for name, amount in ((name, Decimal(amount)) for name, amount in steps):
        if amount:
            levels.append((name, amount, level, level + amount))
            level += amount
    levels.append((total[0], Decimal(total[1]), Decimal(0), Decimal(total[1])))
    low = min(*(min(begin, end) for _, _, begin, end in levels), Decimal(0))
    high = max(*(max(begin, end) for _, _, begin, end in levels), Decimal(0))
    scale = WIDE / float(high - low or 1)

    def at(value: Decimal) -> float:
        return round(float(value - low) * scale, 2)

    def sense(number: int, amount: Decimal) -> str:
        if number in (0, len(levels) - 1):
            return "whole" if amount >= 0 else "loss"
        return "more" if amount > 0 else "less"

    ends = [(at(min(begin, end)), at(max(begin, end))) for _, _, begin, end in levels]
    bars = [
        Bar(name, amount, sense(n, amount), ends[n][0], max(round(ends[n][1] - ends[n][0], 2), LEAST))
        for n, (name, amount, _, _) in enumerate(levels)
    ]
    return Bridge(bars, at(Decimal(0)))
