"""Charts as the server draws them: shapes in a box, which a template writes as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT, BELOW, ABOVE = 720, 250, 46, 22  # of the box, the names under it and the room over the highest bar
GAP = 0.34  # of a bar's place is left empty


@dataclass(frozen=True)
class Bar:
    """One step: where it is drawn, what it says, and whether it adds, takes away or is the whole."""

    name: str
    amount: Decimal
    sense: str
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """Where its words are centred."""
        return round(self.x + self.width / 2, 1)

    @property
    def label(self) -> float:
        """Where its amount stands: above the bar."""
        return round(self.y - 6, 1)


@dataclass(frozen=True)
class Bridge:
    """A money bridge: bars from sales down to what is left, and the height of zero."""

    bars: Sequence[Bar]
    zero: float
    width: int = WIDTH
    height: int = HEIGHT + BELOW + ABOVE


def bridge(steps: Sequence[tuple[str, str]], *, total: tuple[str, str]) -> Bridge:
    """Return the bars of a bridge: each step begins where the one before ended; steps of nothing are left out."""
    amounts = [(name, Decimal(amount)) for name, amount in steps if Decimal(amount)]
    levels, level = [], Decimal(0)
    for name, amount in amounts:
        levels.append((name, amount, level, level + amount))
        level += amount
    levels.append((total[0], Decimal(total[1]), Decimal(0), Decimal(total[1])))
    high = max(max(begin, end) for _, _, begin, end in levels)
    low = min(*(min(begin, end) for _, _, begin, end in levels), Decimal(0))
    scale = HEIGHT / float(high - low or 1)
    place = WIDTH / len(levels)

    def at(value: Decimal) -> float:
        return ABOVE + float(high - value) * scale

    bars = []
    for number, (name, amount, begin, end) in enumerate(levels):
        ends = number in (0, len(levels) - 1)
        sense = ("whole" if amount >= 0 else "loss") if ends else "more" if amount > 0 else "less"
        top = at(max(begin, end))
        bars.append(
            Bar(name, amount, sense, round(place * (number + GAP / 2), 1), round(top, 1),
                round(place * (1 - GAP), 1), round(max(at(min(begin, end)) - top, 1.0), 1))
        )  # fmt: skip
    return Bridge(bars, round(at(Decimal(0)), 1))
