"""Charts as the server draws them: shapes in a box of a hundred by ten, which a template writes as SVG beside words."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from decimal import Decimal

from argosy.model.findings import Range

WIDE = 100.0  # of a row's box, whatever its size on the screen
LEAST = 0.4  # of a bar, so that it can be seen
# Charts of days and months, in which the names stand inside the picture: half a page wide, or a whole one.
HALF, LONG, HIGH, ABOVE, BELOW = 720, 1360, 220, 22, 28
GAP = 0.34  # of a group's place is left empty
NAME = 68  # width of a day or month under its bars


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


def bridge(steps: Sequence[tuple[str, str]], *, total: tuple[str, str], margins: Container[str] = ()) -> Bridge:
    """Return the rows of a bridge: each step begins where the one before ended; steps of nothing are left out.

    margins: the steps among them that are what is left so far, drawn from zero.
    """
    levels, level = list[tuple[str, Decimal, Decimal, Decimal]](), Decimal(0)
    for name, amount in ((name, Decimal(amount)) for name, amount in steps):
        if name in margins:
            levels.append((name, amount, Decimal(0), amount))
        elif amount:
            levels.append((name, amount, level, level + amount))
            level += amount
    levels.append((total[0], Decimal(total[1]), Decimal(0), Decimal(total[1])))
    low = min(*(min(begin, end) for _, _, begin, end in levels), Decimal(0))
    high = max(*(max(begin, end) for _, _, begin, end in levels), Decimal(0))
    scale = WIDE / float(high - low or 1)

    def at(value: Decimal) -> float:
        return round(float(value - low) * scale, 2)

    def sense(number: int, amount: Decimal) -> str:
        if number in (0, len(levels) - 1) or levels[number][0] in margins:
            return "whole" if amount >= 0 else "loss"
        return "more" if amount > 0 else "less"

    ends = [(at(min(begin, end)), at(max(begin, end))) for _, _, begin, end in levels]
    bars = [
        Bar(name, amount, sense(n, amount), ends[n][0], max(round(ends[n][1] - ends[n][0], 2), LEAST))
        for n, (name, amount, _, _) in enumerate(levels)
    ]
    return Bridge(bars, at(Decimal(0)))


@dataclass(frozen=True)
class Column:
    """One bar of a group: what it is of, which series, and where it is drawn."""

    name: str
    series: str
    amount: Decimal
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Columns:
    """Bars in groups over time; ``names``: what is written under them and where; ``high``: the amount at the top."""

    bars: Sequence[Column]
    names: Sequence[tuple[str, float]]
    zero: float
    high: Decimal
    width: int
    height: int = ABOVE + HIGH + BELOW


def columns(
    groups: Sequence[tuple[str, Sequence[tuple[str, Decimal]]]], *, hanging: bool = False, width: int = HALF
) -> Columns | None:
    """Return groups of bars (name -> series and amount) side by side, or ``hanging`` one under the other; names stand
    under as many as there is room for. None: nothing to draw."""
    amounts = [amount for _, series in groups for _, amount in series]
    if not any(amounts):
        return None
    high, low = max(*amounts, Decimal(0)), min(*amounts, Decimal(0))
    scale, place = HIGH / float(high - low), width / len(groups)
    zero = ABOVE + float(high) * scale
    bars = []
    for number, (name, series) in enumerate(groups):
        beside = 1 if hanging else len(series)
        each = place * (1 - GAP) / beside
        for at, (told, amount) in enumerate(series):
            x, tall = place * (number + GAP / 2) + each * (at % beside), abs(float(amount)) * scale
            y = zero - tall if amount > 0 else zero
            bars.append(Column(name, told, amount, *(round(one, 1) for one in (x, y, each, tall))))
    every = -(-len(groups) * NAME // width)
    middles = [(name, place * (n + 0.5)) for n, (name, _) in enumerate(groups) if n % every == 0]
    names = [(name, round(min(max(x, NAME / 2), width - NAME / 2), 1)) for name, x in middles]
    return Columns(bars, names, round(zero, 1), high, width)


SPAN, MARK = 240, 3  # width of a pair of ranges, and half that of the mark where the middle is


@dataclass(frozen=True)
class Span:
    """A range as a line from ``x`` over ``width`` with a mark at ``middle``."""

    x: float
    width: float
    middle: float


@dataclass(frozen=True)
class Pair:
    """A forecast and, once it is known, what came, on the same scale; ``zero``: where nothing is."""

    expected: Span
    brought: Span | None
    zero: float
    width: int = SPAN


def ranges(pairs: Sequence[tuple[Range, Range | None]]) -> list[Pair]:
    """Return each pair of ranges drawn on a scale of its own, on which nothing always stands."""
    return [_pair(expected, brought) for expected, brought in pairs]


def _pair(expected: Range, brought: Range | None) -> Pair:
    ends = [float(end) for one in (expected, brought) if one for end in (one.low, one.mid, one.high)]
    low, high = min(*ends, 0.0), max(*ends, 0.0)
    scale = (SPAN - 4 * MARK) / (high - low or 1)

    def at(value: float) -> float:
        return round(2 * MARK + (value - low) * scale, 1)

    def span(one: Range) -> Span:
        begin, end = at(float(one.low)), at(float(one.high))
        return Span(begin, max(round(end - begin, 1), 1.0), at(float(one.mid)))

    return Pair(span(expected), span(brought) if brought else None, at(0.0))
