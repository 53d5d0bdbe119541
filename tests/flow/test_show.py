"""Every table can be asked for by name, in a terminal and as a file."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from argosy.books.profit import DIMENSIONS
from argosy.business import Business
from argosy.model.findings import CannotTell
from argosy.views import VIEWS, Asked

Make = Callable[..., Any]


@pytest.fixture(scope="module")
def business(tmp_path_factory: pytest.TempPathFactory) -> Business:
    """One shop with a paid and a refunded order, in two currencies."""
    from argosy.flow import begin  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("show")
    begin(folder / "shop", home="GB", book_currency="GBP")
    path = folder / "orders.csv"
    rows = (
        f"#{n},paid,2026-03-1{n} 09:14:02 +0000,{currency},10.00,0.00,2.00,12.00,{back},2026-03-1{n} 09:14:02 +0000,"
        f"2,Mug,5.00,MUG-{n},{market}\n"
        for n, (currency, back, market) in enumerate(
            (("GBP", "0.00", "GB"), ("EUR", "6.00", "DE"), ("USD", "0.00", "US"))
        )
    )
    header = (
        "Name,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Refunded Amount,Created at,"
        "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Shipping Country\n"
    )
    path.write_text(header + "".join(rows), encoding="utf-8")
    made = Business.at(folder / "shop")
    made.import_files(str(path))
    return made


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_has_rows_and_the_columns_it_leaves_aside(business: Business, name: str) -> None:
    table = business.lake.arrow(VIEWS[name].table(business, Asked()))
    assert set(VIEWS[name].aside) <= set(table.column_names)
    empty = ("variance", "promises", "kept", "due", "findings", "cash", "cash_flow", "restatements")
    assert table.num_rows or name in empty


def test_without_counts_of_stock_nobody_can_tell_how_long_it_lasts(business: Business) -> None:
    assert business.cover() == CannotTell("stock.cover", ("stock_levels",))
    rows = business.lake.rows(VIEWS["products"].table(business, Asked()))
    assert {(row["on_hand"], row["cover_days"]) for row in rows} == {(None, None)}
    assert VIEWS["products"].blind(business) == ("loop.stock_cover", ("stock_levels",))


@pytest.mark.parametrize("dimension", DIMENSIONS)
def test_profit_by_any_dimension_adds_up_to_the_whole(business: Business, dimension: str) -> None:
    whole = business.lake.rows(business.profit())[0]
    rows = business.lake.rows(VIEWS["profit"].table(business, Asked((dimension,))))
    for step in ("gross_sales", "refunds", "net_sales", "profit", "estimated"):
        assert sum(row[step] for row in rows) == whole[step]


def test_a_narrow_terminal_leaves_columns_to_files(argosy: Make, business: Business, tmp_path: Path) -> None:
    from tests.flow.conftest import Command  # noqa: PLC0415

    shop = Command(business.workspace.folder)
    told = shop("show", "entries", "--lang", "zh")
    assert "写入文件可看全部列" in told
    assert "来源行" not in told.splitlines()[0]
    path = tmp_path / "entries.csv"
    shop("show", "entries", "-o", str(path))
    assert "source_row" in path.read_text(encoding="utf-8-sig").splitlines()[0]


def test_every_report_can_be_repeated_as_it_was_known(argosy: Make, tmp_path: Path) -> None:
    shop = argosy()
    header = "Name,Financial Status,Paid at,Currency,Total,Refunded Amount,Created at,Lineitem quantity,Lineitem price"
    row = "#1,paid,2026-03-12 09:14:02 +0000,EUR,10.00,{back},2026-03-12 09:14:02 +0000,2,5.00"
    for number, back in ((1, "0.00"), (2, "4.00")):
        path = tmp_path / f"orders-{number}.csv"
        path.write_text(f"{header}\n{row.format(back=back)}\n", encoding="utf-8")
        os.utime(path, (1_790_000_000 + number, 1_790_000_000 + number))
        shop("import", str(path), "--known-at", f"2026-04-0{number}")
    first = ("--as-known", "2026-04-01")

    def net_sales(*when: str) -> Decimal:
        lines = shop("show", "profit", *when).splitlines()
        return Decimal(next(line.split()[-1] for line in lines if "Net sales" in line))

    # Rates are public: what was published by then was known, though the shop was made later.
    then, today = net_sales(*first), net_sales()
    assert Decimal("8") < then < Decimal("9.5")
    assert today == pytest.approx(then * 6 / 10, abs=Decimal("0.01"))
    assert f"{then} GBP" in shop("why", "net_sales", *first)
    assert "orders-2.csv" not in shop("show", "imports", *first)
    assert "orders-2.csv" in shop("show", "imports")
    assert f"{today - then}" in shop("show", "restatements", "--since", "2026-04-01")


def test_a_day_range_and_a_dimension_narrow_a_table(business: Business) -> None:
    by_market = {row["market"]: row for row in business.lake.rows(business.profit(by=["market"]))}
    only = business.lake.rows(VIEWS["profit"].table(business, Asked(where=(("market", "DE"),))))[0]
    assert only["net_sales"] == by_market["DE"]["net_sales"]
    assert only["margin"] is None  # no goods are costed: it could only be lower
    first = Asked(start=date(2026, 3, 10), end=date(2026, 3, 11))
    rows = business.lake.rows(VIEWS["products"].table(business, first))
    assert [(row["sku"], row["title"], row["units"]) for row in rows] == [("MUG-0", "Mug", 2)]
    assert business.lake.rows(VIEWS["entries"].table(business, first))


def test_a_market_tells_its_refunds_and_promises(business: Business) -> None:
    rows = {row["market"]: row for row in business.lake.rows(VIEWS["markets"].table(business, Asked()))}
    assert rows["GB"]["refund_share"] == 0
    assert rows["DE"]["refund_share"] == pytest.approx(0.5, abs=0.01)  # six of the twelve paid, both with tax
    assert {"share", "low", "high"} <= set(rows["GB"])


def test_an_entry_of_no_market_is_asked_for_by_an_empty_value(business: Business) -> None:
    rows = business.lake.rows(business.profit(by=["market"]))
    none = [row["profit"] for row in rows if row["market"] is None]
    assert business.why("profit", market="")["total"] == (none[0] if none else 0)
