"""What happens to a workspace when its process is killed, and when several work on it at once."""

from __future__ import annotations

import csv
import gzip
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

from argosy.business import Business
from argosy.lake.store import facts

Make = Callable[..., Any]
KILLS = 20


def slices(folder: Path, *, parts: int, lines: int) -> list[Path]:
    """Cut the example data into files of their own."""
    with gzip.open(str(files("argosy").joinpath("demo", "online_retail.csv.gz")), "rt", encoding="utf-8") as file:
        header, *rows = list(csv.reader(file))[: parts * lines + 1]
    folder.mkdir()
    made = []
    for number in range(parts):
        made.append(folder / f"part-{number:02}.csv")
        with made[-1].open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows[number * lines : (number + 1) * lines]])
    return made


def started(shop: Any, *words: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "ARGOSY_WORKSPACE": str(shop.folder),
        "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "src"),
    }
    quiet = subprocess.DEVNULL
    return subprocess.Popen([sys.executable, "-m", "argosy", *words], env=environment, stdout=quiet, stderr=quiet)


def state(shop: Any) -> tuple[int, int]:
    """Return how many files were acknowledged and how many rows their facts have; both must speak of the same."""
    business = Business.at(shop.folder)
    lake = business.lake
    imports = lake.table("imports")
    read = lake.rows(imports.filter(imports.format == "online_retail"))
    rows = 0
    for name in ("order_lines", "refunds", "fees", "stock_moves"):
        table = facts(lake, name)
        rows += lake.rows(table.aggregate(n=table.count()))[0]["n"]
    business.close()
    assert rows == sum(row["accepted"] for row in read)
    return len(read), rows


def test_a_killed_import_loses_nothing_and_shows_nothing_half_done(argosy: Make, tmp_path: Path) -> None:
    shop = argosy()
    slices(tmp_path / "exports", parts=8, lines=2000)
    dice = random.Random(7)  # noqa: S311 - moments to kill at, not secrets
    acknowledged = 0
    for _ in range(KILLS):
        process = started(shop, "import", str(tmp_path / "exports"))
        time.sleep(dice.uniform(0.3, 3.0))
        process.send_signal(signal.SIGKILL)
        process.wait()
        seen, _ = state(shop)
        assert seen >= acknowledged, "what was acknowledged stays"
        acknowledged = seen
    shop("import", str(tmp_path / "exports"))
    assert state(shop) == (8, 16_000)
    whole = argosy("whole")
    whole("import", str(tmp_path / "exports"))
    assert shop.json("brief", "--json")["money"] == whole.json("brief", "--json")["money"]


def test_two_imports_and_a_brief_at_once(argosy: Make, tmp_path: Path) -> None:
    shop = argosy()
    parts = slices(tmp_path / "exports", parts=4, lines=3000)
    shop("import", str(parts[0]))
    one = started(shop, "import", *map(str, parts[1:3]))
    two = started(shop, "import", *map(str, parts[2:]))
    for _ in range(3):
        shop("brief", "--json")
    assert (one.wait(), two.wait()) == (0, 0)
    assert state(shop) == (4, 12_000)
