"""Write docs/calibration.md: a world made anew and the real data beside the project, measured and put side by side."""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
from tests.world.calibration.page import page
from tests.world.calibration.real_side import real_side
from tests.world.calibration.simulated_side import simulated_side

from argosy.world.plan import Plan
from argosy.world.simulate import simulate

PROJECT = Path(__file__).resolve().parents[3]
DATA = PROJECT.parent / "shared" / "data"
PLAN = Plan(seed=7, months=36, orders=200_000)  # a year to know old buyers from new, then as long as CDNOW's


def main() -> None:
    """Write the page; without the sample data say so and end with status 1."""
    if not DATA.is_dir():
        sys.exit(f"no sample data at {DATA}")
    con = ibis.duckdb.connect(threads=1)  # sums of floats in one order: the same page on every machine
    with TemporaryDirectory(prefix="argosy-world-") as scratch:
        simulate(PLAN, Path(scratch) / "world")
        simulated = simulated_side(con, Path(scratch) / "world")
        world = f"seed {PLAN.seed}, {PLAN.months} months, about {PLAN.orders:,} orders"
        text = page(simulated, real_side(con, DATA), world=world)
    (PROJECT / "docs" / "calibration.md").write_text(text, encoding="utf-8")


main()
