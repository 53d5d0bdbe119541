"""What the scorecard says of kinds that fall short."""

from __future__ import annotations

from argosy.brief.shortfalls import shortfalls
from argosy.domains.registry import CHECKS
from argosy.model.scores import Judged
from argosy.model.words import say, subject


def judged(kind: str, **more: float | int | None) -> Judged:
    good = {
        "there": 5, "found": 5, "right": 5, "false": 0, "alarm_rate": 0.0, "days": 3.0, "compared": 5, "near": 1.0,
        "covered": 0.8,
    }  # fmt: skip
    return Judged(kind, **{**good, **more})  # type: ignore[arg-type]


def test_a_kind_that_does_what_is_asked_is_not_named() -> None:
    assert shortfalls([judged("stock.running_out")], months=6) == []


def test_each_column_that_falls_short_is_named_with_the_reason() -> None:
    poor = judged("stock.running_out", found=3, false=5, near=0.5, covered=0.5, alarm_rate=7.0)
    ((kind, columns, why),) = shortfalls([poor], months=6)
    assert kind == "stock.running_out"
    assert columns == "recall, precision, false alarms, money near, range holds"
    assert why == say("shortfalls.stock.running_out")
    assert " " in why


def test_what_was_never_there_or_compared_cannot_fall_short() -> None:
    assert shortfalls([judged("stock.dead_stock", there=0, found=0, right=0, near=None, covered=None)], months=6) == []


def test_reasons_are_given_for_checks_that_exist() -> None:
    assert set(subject("shortfalls")) <= set(CHECKS)
