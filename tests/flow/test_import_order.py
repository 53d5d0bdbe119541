"""Importing in any order and any number of times gives the same books."""

from __future__ import annotations

import csv
import gzip
import hashlib
import os
from collections.abc import Sequence
from datetime import datetime, timedelta
from importlib.resources import files
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from argosy.business import Business
from argosy.flow import begin
from argosy.intake.importer import import_files

KNOWN_AT = datetime(2026, 11, 1)
NUMBERS = count()


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Three overlapping files of real invoices and a shop's orders exported twice, the second time refunded."""
    folder = tmp_path_factory.mktemp("pieces")
    with gzip.open(str(files("argosy").joinpath("demo", "online_retail.csv.gz")), "rt", encoding="utf-8") as file:
        header, *rows = list(csv.reader(file))[:901]
    made = []
    for number, start in enumerate(range(0, 900, 300)):
        made.append(folder / f"part-{number}.csv")
        with made[-1].open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([header, *rows[max(0, start - 60) : start + 360]])
    for number, (refunded, quantity) in enumerate((("0.00", 3), ("5.00", 2))):
        made.append(folder / f"orders-{number}.csv")
        made[-1].write_text(
            "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Refunded Amount,Created at,"
            "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Shipping Country\n"
            f"#7,a@example.com,paid,2026-03-12 09:14:02 +0000,GBP,{quantity * 5}.00,0.00,0.00,{quantity * 5}.00,"
            f"{refunded},2026-03-12 09:14:02 +0000,{quantity},Mug,5.00,MUG,GB\n",
            encoding="utf-8",
        )
        os.utime(made[-1], (1_790_000_000 + number, 1_790_000_000 + number))
    return made


def digest(business: Business) -> str:
    """Return a fingerprint of the money ledger that does not depend on when or in which order files were read."""
    entries = business.entries()
    columns = ("transaction_id", "entry_no", "posted_at", "account", "amount", "book_amount", "state", "sku", "market")
    rows = sorted(str(tuple(row.values())) for row in business.lake.rows(entries.select(*columns)))
    return hashlib.sha256("\n".join(rows).encode()).hexdigest()


def imported(folder: Path, paths: Sequence[Path]) -> str:
    begin(folder, home="GB", book_currency="GBP")
    business = Business.at(folder)
    for number, path in enumerate(paths):
        import_files(business.lake, [str(path)], known_at=KNOWN_AT + timedelta(minutes=number))
    made = digest(business)
    business.close()
    return made


@pytest.fixture(scope="module")
def expected(pieces: list[Path], tmp_path_factory: pytest.TempPathFactory) -> str:
    return imported(tmp_path_factory.mktemp("expected") / "shop", pieces)


@given(data=st.data())
@settings(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), database=None)
def test_the_books_do_not_depend_on_the_order_of_imports(
    data: st.DataObject, pieces: list[Path], expected: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    order = data.draw(st.permutations(pieces))
    again = data.draw(st.lists(st.sampled_from(pieces), max_size=2))
    assert imported(tmp_path_factory.mktemp("any") / f"shop{next(NUMBERS)}", [*order, *again]) == expected
