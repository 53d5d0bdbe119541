"""A workspace of an earlier version is opened by this one with nothing lost: facts, books, decisions, rules, log."""

from __future__ import annotations

import csv
import tarfile
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from argosy.business import Business
from argosy.cli import main
from argosy.decisions import load
from argosy.decisions.audit import verify
from argosy.decisions.decide import approve
from argosy.decisions.records import DONE, OPEN, REFUSED, REJECTED, SNOOZED

OLD = Path(__file__).parent / "old"
AT = datetime(2026, 11, 22, 18, 0)


@pytest.fixture
def unpacked(tmp_path: Path) -> Path:
    """All of them, where nobody has opened them yet."""
    for archive in OLD.glob("*.tar.xz"):
        with tarfile.open(archive) as packed:
            packed.extractall(tmp_path, filter="data")
    return tmp_path


def run(*words: str | Path) -> str:
    done = CliRunner().invoke(main, [str(word) for word in words], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return {row["order"]: row for row in csv.DictReader(lines)}


@pytest.mark.parametrize("name", ["first", "business"])
def test_every_file_and_order_is_still_there(unpacked: Path, name: str) -> None:
    run("show", "profit", "--by", "order", "-C", unpacked / name, "-o", unpacked / "now.csv")
    now, before = rows(unpacked / "now.csv"), rows(OLD / f"{name}.csv")
    assert set(now) == set(before)
    with closing(Business.at(unpacked / name)) as business:
        imports = business.lake.table("imports").to_pyarrow().to_pylist()
    assert sum(one["accepted"] for one in imports if one["format"] != "ecb_rates") == 94
    assert all((unpacked / name / "raw" / one["kept"]).exists() for one in imports)


def test_what_orders_earned_is_the_same_to_the_cent(unpacked: Path) -> None:
    run("show", "profit", "--by", "order", "-C", unpacked / "business", "-o", unpacked / "now.csv")
    now, before = rows(unpacked / "now.csv"), rows(OLD / "business.csv")
    assert {order: {name: row[name] for name in before[order]} for order, row in now.items()} == before


def test_decisions_rules_and_the_log_are_still_there(unpacked: Path) -> None:
    with closing(Business.at(unpacked / "business")) as business:
        checked = verify(business.state)
        assert (checked.wrong, checked.sealed, checked.head.count) == ("", True, 12)
        with business.state.read() as connection:
            states = {one.name: one.state for one in load.proposals(connection)}
            actions = {one.name: one.state for one in load.actions(connection)}
            members = {one.name: one.role for one in load.members(connection)}
            put_off = load.card(connection, 4).kept.until
            freezes = [one.channel for one in load.freezes(connection)]
        assert states == {"P1": OPEN, "P2": DONE, "P3": REJECTED, "P4": SNOOZED, "P5": OPEN}
        assert actions == {"A1": REFUSED, "A2": DONE}
        assert (members["ben"], put_off, freezes) == ("operator", date(2026, 12, 24), ["stripe:main"])
        assert "only shown" in run("policy", "-C", unpacked / "business", "--lang", "en")


def test_what_waited_can_be_decided_and_the_log_goes_on(unpacked: Path) -> None:
    with closing(Business.at(unpacked / "business")) as business:
        assert approve(business.state, 5, who="root", at=AT).number == 3
        checked = verify(business.state)
    assert (checked.wrong, checked.head.count) == ("", 13)


def test_the_first_version_had_no_decisions_and_gets_room_for_them(unpacked: Path) -> None:
    assert "2 orders" in run("brief", "-C", unpacked / "first", "--lang", "en")
    with closing(Business.at(unpacked / "first")) as business, business.state.read() as connection:
        assert load.proposals(connection) == []
