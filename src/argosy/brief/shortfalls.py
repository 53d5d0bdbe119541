"""Why kinds of findings fall short of what is asked of them in simulated worlds, where they do."""

from __future__ import annotations

from collections.abc import Sequence

from argosy.model.scores import Judged
from argosy.model.words import say

ASKED = 0.8  # of recall, of precision, and of amounts near the truth
MOST_ALARMS = 1.0  # false, for each ten thousand orders and month
HELD = 0.73  # of ranges hold the truth at least: four in five, less by seven points; exact ones always do


def shortfalls(found: Sequence[Judged], *, months: int) -> list[tuple[str, str, str]]:
    """Return of each kind that falls short: the kind, in which columns of the scorecard, and why."""
    short = ((one.kind, ", ".join(misses(one, months=months))) for one in found)
    return [(kind, columns, say(f"shortfalls.{kind}", "en")) for kind, columns in short if columns]


def misses(one: Judged, *, months: int) -> list[str]:
    """Return in which columns of the scorecard a kind falls short of what is asked in so many months."""
    held = {
        "recall": one.recall is None or one.recall >= ASKED,
        "precision": one.precision is None or one.precision >= ASKED,
        "false alarms": one.alarm_rate <= MOST_ALARMS * months,
        "money near": one.near is None or one.near >= ASKED,
        "range holds": one.covered is None or one.covered >= HELD,
    }
    return [column for column, good in held.items() if not good]
