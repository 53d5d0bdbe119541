"""What really happened in a world, written as a world writes it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq


def happened(world: Path, kind: str, effects: Mapping[str, str], *, first: date, last: date) -> None:
    """Write incidents of a kind, one for each subject, whose whole effect fell on the first day."""
    rows = [
        {"number": n, "kind": kind, "subject": subject, "first": first, "last": last, "day": first,
         "effect": Decimal(effect)}
        for n, (subject, effect) in enumerate(effects.items())
    ]  # fmt: skip
    (world / "truth").mkdir()
    pq.write_table(pa.Table.from_pylist(rows), world / "truth" / "incidents.parquet")
