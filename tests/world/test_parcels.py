"""What the files tell of parcels and payments shows the laws they were drawn by."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from argosy.world import assumptions as assumed
from argosy.world.columns import DAY_SECONDS
from argosy.world.happened import World
from argosy.world.making import make_world
from argosy.world.parcels import LANES, ship_by
from argosy.world.plan import Plan
from argosy.world.simulate import simulate


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(Plan(51, months=12, orders=60_000))


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("worlds") / "world"
    simulate(Plan(52, months=6, orders=15_000), folder)
    return folder / "exports"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_half_of_the_parcels_take_the_days_of_their_lane_and_its_spread(world: World) -> None:
    parcels = world.parcels
    free = (parcels.held_at == 0) & ~parcels.post
    for place, lane in enumerate(LANES):
        mine = free & (parcels.lane == place)
        days = (parcels.came_at - parcels.sent_at)[mine] / DAY_SECONDS
        # To the door by day and not on Sundays: up to a day and a half later than the lane alone.
        allowed = 1.5 + 5 * lane.days * lane.spread / np.sqrt(mine.sum())
        assert lane.days - allowed < np.median(days) < lane.days + allowed
        low, high = np.quantile(days, (0.1, 0.9))
        assert np.log(high / low) / 2.563 == pytest.approx(lane.spread, abs=0.12)


def test_parcels_are_held_as_often_as_assumed_and_never_come_on_a_sunday(world: World) -> None:
    parcels = world.parcels
    expected = np.array([lane.held for lane in LANES])[parcels.lane]
    assert abs((parcels.held_at > 0).sum() - expected.sum()) < 5 * np.sqrt(expected.sum())
    weekdays = np.bincount((parcels.came_at // DAY_SECONDS + 3) % 7, minlength=7) / len(parcels.came_at)
    assert weekdays[6] == 0
    assert 0.02 < weekdays[5] < 0.1


def test_no_parcel_is_promised_for_midnight() -> None:
    monday = 20_000 * DAY_SECONDS
    assert ship_by(np.array([monday, monday + 1])).tolist() == [
        monday + 3 * DAY_SECONDS - 1,
        monday + 3 * DAY_SECONDS + 1,
    ]


def test_about_nine_of_ten_deliveries_are_in_time(world: World) -> None:
    assert 0.02 < (world.parcels.late_days > 0).mean() < 0.12


def test_declines_in_the_file_are_those_of_the_provider(exports: Path) -> None:
    told = rows(exports / "payment_attempts.csv")
    good: Counter[str] = Counter()
    first: Counter[str] = Counter()
    seen: set[tuple[str, str, str]] = set()
    for row in told:
        person = (row["Provider"], row["Country"], row["Amount"])
        if person not in seen:
            first[row["Country"]] += 1
            good[row["Country"]] += row["Outcome"] == "captured"
        seen.add(person)
    (card,) = [one for one in assumed.PROVIDERS if one.channel_id == "shopify_payments:main"]
    n = first["US"]
    assert abs(good["US"] / n - card.approved) < 5 * np.sqrt(card.approved * (1 - card.approved) / n)


def test_every_tracking_number_has_a_parcel_and_its_events_in_order(exports: Path) -> None:
    parcels = {row["Tracking number"]: row for row in rows(exports / "parcels.csv")}
    events = rows(exports / "tracking_events.csv")
    assert {row["Tracking number"] for row in events} <= parcels.keys()
    delivered = Counter(row["Tracking number"] for row in events if row["Status"] == "Delivered")
    assert max(delivered.values()) == 1
    by_parcel: dict[str, list[str]] = {}
    for row in events:
        by_parcel.setdefault(row["Tracking number"], []).append(row["At"])
    assert all(times == sorted(times) for times in by_parcel.values())


def test_late_parcels_are_rated_worse(exports: Path) -> None:
    came = {row["Tracking number"]: row["At"] for row in rows(exports / "tracking_events.csv")
            if row["Status"] == "Delivered"}  # fmt: skip
    late = {row["Order"]: came.get(row["Tracking number"], "") > row["Promised by"]
            for row in rows(exports / "parcels.csv")}  # fmt: skip
    stars: dict[bool, list[int]] = {True: [], False: []}
    for row in rows(exports / "reviews.csv"):
        stars[late[row["Order"]]].append(int(row["Stars"]))
    assert np.mean(stars[False]) > np.mean(stars[True]) + 0.7
    assert np.mean(stars[False]) == pytest.approx(4.2, abs=0.25)
