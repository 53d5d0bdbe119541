"""Measures Argosy against named baselines in one run and prints the ratios."""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import time
from importlib.resources import files
from pathlib import Path

import duckdb

from console import measure

HERE = Path(__file__).parent
DATA = HERE.parent / "bench-data"
MEMORY = "5GB"  # for the engine; the aim is 8 GB for the whole process
SLICE = str(files("argosy").joinpath("demo", "online_retail.csv.gz"))
BASELINE = """
import duckdb, sys
c = duckdb.connect()
c.execute("SET VARIABLE invoices = ?", [sys.argv[1]])
c.execute("SET VARIABLE costs = ?", [sys.argv[2]])
print(len(c.execute(open(sys.argv[3]).read()).fetchall()))
"""
BEANCOUNT = "import sys; from beancount import loader; print(len(loader.load_file(sys.argv[1])[1]))"


def main() -> None:
    """Run everything and print one line per figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, nargs="+", default=[2_500_000])
    parser.add_argument("--orders", type=int, default=1_000_000)
    asked = parser.parse_args()
    sizes = asked.lines
    DATA.mkdir(exist_ok=True)
    per_line = []
    for lines in sizes:
        invoices, costs = made(lines)
        sql, _ = timed(sys.executable, "-c", BASELINE, str(invoices), str(costs), str(HERE / "baseline.sql"))
        shop = fresh(DATA / f"shop-{lines}")
        argosy, memory = timed(*ARGOSY, "import", "-C", str(shop), str(invoices), str(costs))
        per_line.append(argosy / lines)
        told(
            f"{lines:,} lines: import and both ledgers",
            argosy,
            f"{argosy / sql:.1f}x the hand-written SQL ({sql:.1f} s)",
        )
        told(f"{lines:,} lines: peak memory", memory, "GB", unit="")
        if lines == sizes[0]:
            pandas, _ = timed(sys.executable, str(HERE / "baseline_pandas.py"), str(invoices), str(costs))
            told("pandas script", pandas, f"Argosy is {pandas / argosy:.1f}x as fast")
        first, *briefs = (timed(*ARGOSY, "brief", "--json", "-C", str(shop))[0] for _ in range(4))
        told(f"{lines:,} lines: first brief after an import", first, "made from the stored books")
        told(f"{lines:,} lines: brief after that", sorted(briefs)[1], "aim: under 1 s")
    if len(per_line) > 1:
        told("time per line, largest against smallest", per_line[-1] / per_line[0], "aim: at most 1.3", unit="x")
    helps = sorted(timed(*ARGOSY, "--help")[0] for _ in range(5))
    told("argosy --help", helps[2], "aim: under 0.3 s")
    beancount()
    world(asked.orders)


ARGOSY = (sys.executable, "-m", "argosy")


def world(orders: int, looped: int = 50_000) -> None:
    """Measure a simulated seller against a plain loop that makes far less of each order."""
    folder = DATA / "world"
    for path in (folder, DATA / "loop"):
        shutil.rmtree(path, ignore_errors=True)
    seconds, memory = timed(*ARGOSY, "simulate", str(folder), "--orders", str(orders))
    loop, _ = timed(sys.executable, str(HERE / "baseline_world.py"), str(looped), str(DATA / "loop"))
    told(f"{orders:,} orders simulated and written", seconds, "aim: under 90 s")
    told("peak memory of that", memory, "GB; aim: under 4 GB", unit="")
    ours, theirs = (written(path) for path in (folder / "exports", DATA / "loop"))
    ratio = loop / theirs * ours / seconds
    told(
        "plain loop, a million rows",
        loop / theirs * 1e6,
        f"{ratio:.1f}x as long as ours ({ours / 1e6:.1f} million rows)",
    )
    shop = watch(folder / "exports", orders)
    console(shop, orders)
    for path in (folder, DATA / "loop"):
        shutil.rmtree(path)


def console(shop: Path, orders: int) -> None:
    """Measure the pages of a simulated seller while the files of a smaller one are imported beside it."""
    more = DATA / "world-more"
    shutil.rmtree(more, ignore_errors=True)
    timed(*ARGOSY, "simulate", str(more), "--orders", str(max(orders // 50, 1000)), "--seed", "8")
    measure(shop, told, importing=more / "exports")
    shutil.rmtree(more)


def watch(exports: Path, orders: int) -> Path:
    """Measure every check over a simulated seller beside reading its files and posting both ledgers; its workspace."""
    shop = fresh(DATA / "shop-watch", currency="CNY", home="CN")
    read, _ = timed(*ARGOSY, "import", "-C", str(shop), str(exports))
    told(f"{orders:,} simulated orders: import and both ledgers", read, "")
    for when in ("first", "next"):
        seconds, memory = timed(*ARGOSY, "watch", "-C", str(shop))
        beside = f"{seconds / read:.2f}x the import; aim: under 60 s"
        told(f"{orders:,} orders: the {when} watch, every check", seconds, beside)
        told("peak memory of that", memory, "GB; aim: under 6 GB", unit="")
    return shop


def written(folder: Path) -> int:
    """Return how many rows the files of a folder hold."""
    return sum(path.read_bytes().count(b"\n") for path in folder.iterdir())


def made(lines: int) -> tuple[Path, Path]:
    """Return invoices of about ``lines`` lines and a cost sheet with every article."""
    invoices, costs = DATA / f"invoices-{lines}.csv", DATA / "costs.csv"
    source = f"read_csv('{SLICE}', all_varchar = true)"
    if not invoices.exists():
        copies = -(-lines // 60_979)
        duckdb.sql(
            f"""COPY (SELECT regexp_replace(InvoiceNo, '(\\d+)', '\\1' || lpad(i::VARCHAR, 4, '0')) AS InvoiceNo,
                            * EXCLUDE InvoiceNo FROM range({copies}) t(i), {source} LIMIT {lines})
                TO '{invoices}' (HEADER)"""
        )
    if not costs.exists():
        duckdb.sql(
            f"""COPY (SELECT upper(StockCode) AS "SKU", round(max(UnitPrice::DOUBLE) * 0.4, 2) AS "Unit cost",
                             'GBP' AS "Currency" FROM {source} WHERE regexp_matches(StockCode, '^\\d{{5}}')
                      GROUP BY ALL) TO '{costs}' (HEADER)"""
        )
    return invoices, costs


def fresh(folder: Path, *, currency: str = "GBP", home: str = "GB") -> Path:
    """Return a new, empty workspace that may take ``MEMORY``."""
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([*ARGOSY, "init", str(folder), "--book-currency", currency, "--home", home], check=True, stdout=-3)
    settings = folder / "settings.toml"
    text = settings.read_text(encoding="utf-8").replace('memory = ""', f'memory = "{MEMORY}"')
    settings.write_text(text, encoding="utf-8")
    return folder


def timed(*command: str) -> tuple[float, float]:
    """Run a command as a whole process; return its seconds and its peak memory in GB."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"failed: {' '.join(command)}")
    return time.perf_counter() - start, usage.ru_maxrss / 2**20


def beancount() -> None:
    """Load the demo ledger with Beancount and compare per thousand entries."""
    shop, text = fresh(DATA / "shop-beancount"), DATA / "books.beancount"
    argosy, _ = timed(*ARGOSY, "import", "-C", str(shop), SLICE)
    timed(*ARGOSY, "show", "entries", "-o", str(text), "-C", str(shop))
    seconds, _ = timed(sys.executable, "-c", BEANCOUNT, str(text))
    told("Beancount loading the demo ledger", seconds, f"Argosy imports and posts it in {argosy:.1f} s")


def told(what: str, figure: float, beside: str, *, unit: str = "s") -> None:
    """Print one figure."""
    print(f"{what:55} {figure:8.2f} {unit:2} {beside}", flush=True)


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    main()
