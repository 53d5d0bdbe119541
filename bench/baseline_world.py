"""A plain loop that makes and writes one order after the other: what a simulated seller costs without columns.

It makes far less of each order than `argosy simulate` does: no statements, no stock, no truth, no incidents.
"""

from __future__ import annotations

import csv
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

START = datetime(2025, 4, 1)


def main() -> None:
    """Write orders, payments, parcels and tracking events of ``argv[1]`` orders into the folder ``argv[2]``."""
    count, folder = int(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(7)  # noqa: S311 - a simulation
    files = [(folder / f"{name}.csv").open("w", newline="") for name in ("orders", "payments", "parcels", "events")]
    orders, payments, parcels, events = (csv.writer(file) for file in files)
    for number in range(count):
        at = START + timedelta(seconds=chance.random() * 540 * 86_400)
        worth = 0
        for line in range(chance.choices((1, 2, 3), (0.76, 0.17, 0.07))[0]):
            sku, units = chance.randrange(80), chance.choices((1, 2, 3), (0.86, 0.11, 0.03))[0]
            price = 990 + 137 * sku
            worth += price * units
            orders.writerow([f"#{100_001 + number}", at, line, f"SKU-{sku}", units, f"{price / 100:.2f}"])
        fee = round(worth * 0.029) + 30
        payments.writerow([f"#{100_001 + number}", at, f"{worth / 100:.2f}", f"{fee / 100:.2f}"])
        sent = at + timedelta(hours=chance.uniform(6, 60))
        came = sent + timedelta(days=chance.lognormvariate(2.2, 0.5))
        parcels.writerow([f"PR{number:09}", f"#{100_001 + number}", sent, came])
        for step in range(5):
            events.writerow([f"PR{number:09}", sent + (came - sent) * step / 4, step])
    for file in files:
        file.close()


main()
