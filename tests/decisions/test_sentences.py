"""How findings are said: amounts with the digits that matter."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.decisions.samples import finding

from argosy.decisions.sentences import finding_says


@pytest.mark.parametrize(
    ("now", "was", "said"),
    [("0.0433", "0.0464", "0.0433 CNY instead of 0.0464"), ("6.9012", "7.3000", "6.9 CNY instead of 7.3")],
)
def test_a_small_rate_keeps_its_digits(now: str, was: str, said: str) -> None:
    told = {
        "currency": "JPY", "percent": Decimal("6.7"), "since": date(2026, 7, 13), "now": Decimal(now),
        "was": Decimal(was), "book": "CNY",
    }  # fmt: skip
    assert said in finding_says(finding("payments.margin_eaten_by_fx", "JPY", told=told), "en")
