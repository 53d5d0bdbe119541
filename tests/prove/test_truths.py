"""What checks are held against: the world's words for what findings name, and what is too small to be missed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from tests.domains.conftest import known
from tests.prove.samples import happened

from argosy.prove.truths import Truth, in_truth, payer_of, site_of, tolerated

DAY = date(2026, 9, 1)


@pytest.mark.parametrize(
    ("subject", "expected"), [("amazon:main/US", ("Amazon.com",)), ("amazon:main/FR", ()), ("shopify:main/US", ())]
)
def test_a_site_is_told_by_channel_and_country(subject: str, expected: tuple[str, ...]) -> None:
    assert site_of(subject) == expected


def test_a_payer_is_told_by_channel_and_currency() -> None:
    assert payer_of("amazon:main/JPY") == ("amazon:main", "Amazon.co.jp")
    assert payer_of("stripe:main/USD") == ("stripe:main",)


def test_what_came_to_hardly_anything_is_tolerated_and_not_missed(tmp_path: Path) -> None:
    happened(tmp_path, "fraud_burst", {"AU": "-900.00", "DE": "-90.00"}, first=DAY, last=DAY)
    truth = Truth(("fraud_burst",), least=Decimal(500))
    assert [real.subject for real in in_truth(tmp_path, known({}, day=DAY), truth)] == ["AU"]
    assert [real.subject for real in tolerated(tmp_path, known({}, day=DAY), truth)] == ["DE"]
