"""Both sides of the calibration page read what they should, and the page says what a side cannot tell."""

from __future__ import annotations

from pathlib import Path

import ibis
import pytest
from ibis.backends.duckdb import Backend
from ibis.expr.types import Table
from tests.world.calibration.page import page, written
from tests.world.calibration.real_side import real_side
from tests.world.calibration.sections import SECTIONS
from tests.world.calibration.side import Figure
from tests.world.calibration.simulated_side import simulated_side

from argosy.world.plan import Plan
from argosy.world.simulate import simulate

PARCELS = """Parcel,Channel,Order,Carrier,Service,Tracking number,Origin,Destination,Shipped at,Ship by,Promised by
1,shopify,#1,Post,Air,T1,CN,JP,2026-03-02 10:00:00,2026-03-03,2026-03-09
2,shopify,#1,Post,Air,T2,CN,JP,2026-03-02 10:00:00,2026-03-03,2026-03-09 14:00:00
3,shopify,#2,Post,Air,T3,CN,DE,2026-03-02 10:00:00,2026-03-03,2026-03-20
4,shopify,#3,Post,Air,T4,CN,DE,2026-03-02 10:00:00,2026-03-03,
"""
EVENTS = """Tracking number,Carrier,At,Status,Place,Country
T1,Post,2026-03-09 08:00:00,Delivered,,JP
T2,Post,2026-03-03 08:00:00,In transit,,CN
T2,Post,2026-03-09 16:00:00,Delivered,,JP
T3,Post,2026-03-12 08:00:00,Delivered,,DE
T4,Post,2026-03-12 08:00:00,Delivered,,DE
"""
REVIEWS = """Review,Channel,Order,SKU,Stars,Title,Text,Language,Written at
1,shopify,#1,MUG,2,,late,en,2026-03-11 08:00:00
2,shopify,#2,MUG,5,,fine,de,2026-03-13 08:00:00
3,shopify,#3,MUG,4,,fine,de,2026-03-13 08:00:00
"""
ATTEMPTS = """Attempt,Channel,Order,Provider,Method,Country,Amount,Currency,Attempted at,Outcome,Decline code,3-D Secure
1,shopify,#1,Shopify Payments,card,JP,30.00,USD,2026-03-01 20:00:00,declined,do_not_honor,
2,shopify,#1,Shopify Payments,card,JP,30.00,USD,2026-03-01 20:00:20,captured,,yes
"""
ORDERS = """Name,Email,Paid at,Currency,Created at,Lineitem quantity,Lineitem price,Lineitem sku,Shipping Country
#1,a@example.com,2026-03-01 20:00:20 +0000,USD,2026-03-01 20:00:20 +0000,2,10.00,MUG,JP
#1,,,,,1,10.00,CUP,
"""


@pytest.fixture
def con() -> Backend:
    return ibis.duckdb.connect(threads=1)


@pytest.fixture
def world(tmp_path: Path) -> Path:
    exports = tmp_path / "exports"
    exports.mkdir()
    files = {"parcels": PARCELS, "tracking_events": EVENTS, "reviews": REVIEWS, "payment_attempts": ATTEMPTS}
    for name, text in (files | {"orders_export": ORDERS}).items():
        (exports / f"{name}.csv").write_text(text, encoding="utf-8")
    return tmp_path


def rows(table: Table | None, *columns: str) -> list[tuple[object, ...]]:
    assert table is not None
    told = table.select(*columns).to_pyarrow()
    return sorted(zip(*(map(str, column.to_pylist()) for column in told.columns), strict=True))


def test_a_worlds_files_are_read_by_the_buyers_clock(con: Backend, world: Path) -> None:
    side = simulated_side(con, world)
    tokyo = "2026-03-02 05:00:20"
    assert rows(side.lines, "order", "at", "article", "units", "value", "currency") == [
        ("#1", tokyo, "CUP", "1", "10.0", "USD"),
        ("#1", tokyo, "MUG", "2", "20.0", "USD"),
    ]
    assert rows(side.purchases, "buyer", "bought_on") == [], "nobody can be known for new in a shop's first year"
    assert rows(side.parcels, "order", "paid_at", "delivered_at", "promised_on") == [
        ("#1", tokyo, "2026-03-09 17:00:00", "2026-03-09"),
        ("#1", tokyo, "2026-03-10 01:00:00", "2026-03-09"),
        ("#2", "None", "2026-03-12 09:00:00", "2026-03-20"),
        ("#3", "None", "2026-03-12 09:00:00", "None"),
    ]
    assert rows(side.reviews, "stars", "days_late") == [("2", "1"), ("5", "0")]  # the third was promised no day
    assert rows(side.attempts, "at", "ok", "secure") == [
        ("2026-03-02 05:00:00", "False", "False"),
        ("2026-03-02 05:00:20", "True", "True"),
    ]


def test_every_measure_runs_on_every_table_of_a_world(con: Backend, world: Path) -> None:
    side = simulated_side(con, world)
    text = page(side, [], world="by hand")
    assert text.count("| simulated |") == len(SECTIONS) - 1  # suppliers are not in it
    assert text.count("The world does not write this yet.") == 1


def test_a_simulated_world_is_read_whole(con: Backend, tmp_path: Path) -> None:
    world = simulate(Plan(5, months=2, orders=900), tmp_path / "world")
    side = simulated_side(con, tmp_path / "world")
    assert side.lines is not None
    orders = side.lines.order.nunique().to_pyarrow().as_py()
    called_off = sum(int((~site.sales.charged).sum()) for site in world.sites)
    unmeasured = (*(sales.at for sales in world.social), *(sales.at for sales in world.mercado))
    count = world.count - sum(len(at) for at in unmeasured)
    assert count - called_off <= orders <= count


def test_the_real_side_has_its_known_totals(con: Backend, shared: Path) -> None:
    sources = real_side(con, shared / "data")
    assert {source.name: source.rows for source in sources} == {
        "Online Retail": 541_909, "Olist": 10_000, "CDNOW": 69_659, "PSP 2019": 50_410, "SCMS": 10_324,
    }  # fmt: skip
    text = page(sources[1].sides[0], sources[1:], world="a marketplace")  # without the largest file: it takes long
    for known in (
        "| customers | 23,570 |",
        "| parcels delivered | 9,996 |",
        "| approved, % | 20.29 |",
        "| late, % | 11.49 | 9.6 | 16.08 | 11.54 | 17.52 |",
    ):
        assert known in text


@pytest.mark.parametrize(
    ("figure", "words"),
    [(None, "–"), (1234.5, "1,234.5"), (100, "100"), (-0.001, "0"), (0.125, "0.12"), ([1.0, None, 0.5], "1 – 0.5")],
)
def test_figures_are_written_short(figure: Figure, words: str) -> None:
    assert written(figure) == words
