"""How much of what is going on the first cards of the queue hold."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.domains.stock.shop import shop
from tests.prove.samples import happened

from argosy.model.findings import Finding, Range
from argosy.prove.queue import held

FIRST, LAST = date(2026, 6, 1), date(2026, 6, 30)
LOOKS = [date(2026, 6, 5) + timedelta(days=number) for number in range(3)]

SELLER = shop({"A": lambda _: 1})


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """Two duties that rose, one of which cost nine times as much."""
    happened(tmp_path, "duty_rises", {"US": "-9000.00", "DE": "-1000.00"}, first=FIRST, last=LAST)
    nothing = pa.schema([("kind", "string"), ("subject", "string"), ("day", "date32"), ("currency", "string"),
                         ("amount", pa.decimal128(18, 4))])  # fmt: skip
    pq.write_table(nothing.empty_table(), tmp_path / "truth" / "faults.parquet")
    return tmp_path


def duty(market: str) -> Finding:
    return Finding("logistics.duty_up", market, FIRST, Range.exactly(Decimal(500)), "CNY", 0.9)


def test_only_every_third_look_is_asked_for_its_queue(world: Path) -> None:
    assert [one.day for one in held(world, SELLER, {day: [] for day in LOOKS})] == LOOKS[2:]


def test_what_nobody_noticed_is_open_all_the_same(world: Path) -> None:
    (one,) = held(world, SELLER, {day: [] for day in LOOKS})
    assert (one.open, one.noticed, one.top) == (Decimal(10000), Decimal(0), Decimal(0))


def test_what_is_noticed_without_a_card_is_not_in_the_queue(world: Path) -> None:
    (one,) = held(world, SELLER, {day: [duty("US")] for day in LOOKS})
    assert one.noticed == Decimal(9000)
    assert one.top in {Decimal(0), one.noticed}


def test_what_makes_buyers_buy_more_is_not_open(tmp_path: Path, world: Path) -> None:
    chance = tmp_path / "chance"
    chance.mkdir()
    happened(chance, "search_rises", {"A": "9000.00"}, first=FIRST, last=LAST)
    (chance / "truth" / "faults.parquet").write_bytes((world / "truth" / "faults.parquet").read_bytes())
    (one,) = held(chance, SELLER, {day: [] for day in LOOKS})
    assert one.open == 0
