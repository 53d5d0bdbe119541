"""Which days a page looks at and as of when: from its address, so that a view can be shared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import HttpRequest

from argosy.console.desk import pool

DAYS = (7, 30, 90, 365)
YEARS = range(1990, 2101)  # a day outside them is a slip of the pen


@dataclass(frozen=True)
class Span:
    """Days from ``first`` to ``last``, both of them; ``days``: how many up to the last with data, 0: chosen by hand."""

    first: date | None
    last: date | None
    days: int = 0

    @property
    def end(self) -> date | None:
        """The day after the last: up to but without it facts are counted."""
        return self.last + timedelta(days=1) if self.last else None


def day_of(text: str | None) -> date | None:
    """Return the day a text names, None where it names none."""
    try:
        found = date.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return found if found.year in YEARS else None


def known_of(request: HttpRequest, name: str = "as_known") -> datetime | None:
    """Return the end of the day as of which everything is to be shown as it was known; None: now."""
    day = day_of(request.GET.get(name))
    return datetime.combine(day, time(23, 59, 59)) if day else None


def span_of(request: HttpRequest) -> Span:
    """Return the days asked for, else the last thirty with data; nothing known yet: no days."""
    first, last = day_of(request.GET.get("start")), day_of(request.GET.get("end"))
    if first or last:
        return Span(last, first) if first and last and first > last else Span(first, last)
    asked, known = request.GET.get("days", ""), known_of(request)
    if asked == "all":
        return Span(None, None)
    days = int(asked) if asked in map(str, DAYS) else 30
    told = pool().remembered(
        ("last period", days, known), lambda business: business.last_period(days=days, as_known=known)
    )
    return Span(told.start, told.end - timedelta(days=1), days) if told else Span(None, None, days)
