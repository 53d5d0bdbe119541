"""Approved actions from the command line: shown, done once, by a worker that ends when told, on a disk that fills."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.decisions.ordered import order
from tests.flow.conftest import Command
from tests.flow.test_disks import shown

from argosy.decisions.state import State
from argosy.lake.workspace import create_workspace, open_workspace
from argosy.model.proposals import Change

TASK = Change("task.do", "carrier/7", "carrier:main", {"text": "Ask for the missing 12.40 EUR"})
PRICE = Change("price.set", "MUG", "shopify:main", {"price": "12.00", "was": "10.00", "currency": "EUR"})
ROOT = Path(__file__).resolve().parents[2]


def made(folder: Path, *, lang: str = "en") -> Path:
    """Make a workspace without the exchange rates of many years, which nobody needs here."""
    create_workspace(folder, home="DE", book_currency="EUR", language=lang)
    settings = folder / "settings.toml"
    text = settings.read_text(encoding="utf-8").replace('daily_at = "06:00"', 'daily_at = "23:59"')
    settings.write_text(text, encoding="utf-8")
    return folder


def approved(folder: Path, *changes: Change) -> None:
    with State(open_workspace(folder)) as state:
        order(state, *changes)


def test_run_shows_then_does_then_says_that_it_is_done(tmp_path: Path) -> None:
    shop = Command(made(tmp_path / "shop"))
    approved(shop.folder, TASK, PRICE)
    outbox = shop.folder / "outbox"
    said = shop("run", "A1", "--dry-run")
    assert "FILE" in said
    assert "Ask for the missing 12.40 EUR" in said
    assert not outbox.exists()
    assert "A1  done" in shop("run", "a1")
    assert len(list(outbox.iterdir())) == 1
    assert "A2  done" in shop("run", "--all")
    assert "A1  done" in shop("run", "A1")
    assert "argosy queue" in shop("run", "--all")
    assert len(list(outbox.iterdir())) == 2
    assert shop.run("run").status == 2
    assert "A9" in shop.run("run", "A9").err


def test_what_is_not_done_says_why(tmp_path: Path) -> None:
    shop = Command(made(tmp_path / "shop", lang="zh"))
    settings = shop.folder / "settings.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace('use = ["outbox"]', 'use = ["shopify"]\nshopify = "mine.myshopify.com"'))
    approved(shop.folder, PRICE)
    said = shop("run", "A1", status=1)
    assert "等待执行" in said
    assert "ARGOSY_SHOPIFY_TOKEN" in said


def test_a_worker_does_what_is_approved_and_ends_when_told(tmp_path: Path) -> None:
    shop = Command(made(tmp_path / "shop"))
    words = [sys.executable, "-m", "argosy", "worker", "-C", str(shop.folder)]
    known = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(words, env=known, stderr=subprocess.PIPE, stdout=subprocess.PIPE) as worker:
        approved(shop.folder, TASK)
        end = time.monotonic() + 180
        while not list(shop.folder.glob("outbox/*.md")) and time.monotonic() < end:
            time.sleep(0.1)
        worker.send_signal(signal.SIGTERM)
        out, err = worker.communicate(timeout=180)
    assert (worker.returncode, out, err) == (0, b"", b"")
    assert len(list(shop.folder.glob("outbox/*.md"))) == 1
    approved(shop.folder, PRICE)
    assert shop("worker", "--once") == ""
    assert len(list(shop.folder.glob("outbox/*.md"))) == 2


# A disk of 20 MB with a workspace on it; something waits to be done when it fills up.
FULL = """
set -u
mount -t tmpfs -o size=20m tmpfs "$1" || exit 77
shop="$1/shop"
argosy() { "$PYTHON" -m argosy "$@"; echo "status $?"; }
export ARGOSY_WORKSPACE="$shop"
"$PYTHON" -c "
from pathlib import Path
from tests.flow.test_acting import TASK, PRICE, approved, made
approved(made(Path('$shop')), TASK, PRICE)"
argosy run A1
dd if=/dev/zero of="$1/filler" bs=64k status=none 2>/dev/null
argosy run A2
argosy worker --once --lang zh
rm "$1/filler"
argosy run A2
argosy audit verify
ls "$shop/outbox" | wc -l
"""


def test_a_full_disk_begins_nothing_and_loses_nothing(tmp_path: Path) -> None:
    lines = shown(tmp_path, FULL)
    statuses = [line for line in lines if line.startswith("status")]
    assert statuses == ["status 0", "status 1", "status 1", "status 0", "status 0"], lines
    assert any("is full. Free some space" in line for line in lines), lines
    assert any("磁盘已满" in line for line in lines), lines
    assert lines[-1].strip() == "2", lines


def test_a_disk_that_fills_while_working_loses_nothing(tmp_path: Path) -> None:
    """Filled to the last byte after the look for room: what cannot be written down is told and done later, once."""
    fill = 'dd if=/dev/zero of="$1/filler" bs=64k status=none 2>/dev/null\nargosy run A2'
    until = '( sleep 1; dd if=/dev/zero of="$1/filler" bs=4k status=none 2>/dev/null ) & argosy run A2; wait'
    lines = shown(tmp_path, FULL.replace(fill, until))
    assert lines[-1].strip() == "2", lines
    assert any("The log is sound" in line for line in lines), lines


@pytest.mark.parametrize("wrong", ["B7", "7x"])
def test_a_name_that_is_none_is_refused(tmp_path: Path, wrong: str) -> None:
    assert Command(made(tmp_path / "shop")).run("run", wrong).status == 2
