"""A file is read again when how it is to be read has changed, and only then."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from argosy.intake.importer import import_files
from argosy.lake.engine import Lake
from argosy.lake.workspace import open_workspace

ORDERS = "Number,Paid,Article,Units,Price,VAT\n7,2026-03-02,MUG,2,11.90,3.80\n8,2026-03-03,MUG,1,x,1.90\n"
DECLARATION = """
title = {{ en = "Wholesale", zh = "批发" }}
channel = "wholesale"
[columns]
number = {{ header = "Number", need = "header" }}
paid = {{ header = "Paid", type = "time" }}
article = {{ header = "Article", need = "header" }}
units = {{ header = "Units", type = "int" }}
price = {{ header = "{price}", type = "money" }}
vat = {{ header = "VAT", type = "money" }}
[[facts]]
table = "orders"
columns = {{ order_id = "number", channel_id = "$channel", placed_at = "paid", paid_at = "paid", currency = "=EUR" }}
[[facts]]
table = "order_lines"
columns = {{ order_id = "number", line_no = "=1", kind = "=goods", sku = "article", quantity = "units", """
DECLARATION += """unit_price = "price", tax = "vat", currency = "=EUR" }}
"""


def declare(shop: Any, *, price: str) -> None:
    folder = shop.folder / "formats"
    folder.mkdir(exist_ok=True)
    (folder / "wholesale.toml").write_text(DECLARATION.format(price=price), encoding="utf-8")


def again(shop: Any, path: Path) -> Any:
    """Import with the settings and declarations as they are now."""
    shop.lake.close()
    shop.lake = Lake(open_workspace(shop.folder))
    return import_files(shop.lake, [str(path)], known_at=shop.known_at)[0]


def test_a_mended_declaration_reads_its_files_again(shop: Any, tmp_path: Path) -> None:
    path = tmp_path / "wholesale.csv"
    path.write_text(ORDERS, encoding="utf-8")
    declare(shop, price="Cost")
    first = import_files(shop.lake, [str(path)], known_at=shop.known_at)[0]
    assert (first.outcome, first.accepted) == ("imported", 2)
    assert {row["unit_price"] for row in shop.facts("order_lines")} == {None}
    declare(shop, price="Price")
    mended = again(shop, path)
    assert (mended.outcome, mended.accepted, mended.rejected) == ("imported", 1, 1)
    assert [row["unit_price"] for row in shop.facts("order_lines")] == [Decimal("11.90")]
    assert [row["order_id"] for row in shop.facts("orders")] == ["wholesale:main:7"]
    assert len(shop.lake.rows(shop.lake.table("imports"))) == 1
    assert again(shop, path).outcome == "known"


def test_what_the_seller_sets_for_an_account_fills_what_its_export_does_not_say(shop: Any, tmp_path: Path) -> None:
    path = tmp_path / "wholesale.csv"
    path.write_text(ORDERS, encoding="utf-8")
    declare(shop, price="Price")
    import_files(shop.lake, [str(path)], known_at=shop.known_at)
    assert [row["tax_included"] for row in shop.facts("order_lines")] == [None]
    with (shop.folder / "settings.toml").open("a", encoding="utf-8") as file:
        file.write('\n[accounts."wholesale:main"]\nprices_include_tax = true\ntax = "channel"\n')
    assert again(shop, path).outcome == "imported"
    (line,) = shop.facts("order_lines")
    assert (line["tax_included"], line["tax_collected_by"]) == (True, "channel")


def test_rows_no_declaration_wants_are_no_data(shop: Any, tmp_path: Path) -> None:
    folder = shop.folder / "formats"
    folder.mkdir()
    (folder / "bank.toml").write_text(
        'title = { en = "Bank", zh = "银行" }\nchannel = "bank"\n[columns]\n'
        'kind = { header = "Kind", need = "header" }\nday = { header = "Day", type = "date", need = "header" }\n'
        'amount = { header = "Amount", type = "money" }\n[[facts]]\ntable = "bank_lines"\nwhen = { kind = ["IN"] }\n'
        'columns = { bank_line_id = "$row", account = "=main", amount = "amount", currency = "=EUR", '
        'booked_on = "day" }\n',
        encoding="utf-8",
    )
    path = tmp_path / "bank.csv"
    path.write_text("Kind,Day,Amount\nIN,2026-03-02,5.00\nSALDO,2026-03-02,99.00\n", encoding="utf-8")
    report = import_files(shop.lake, [str(path)], known_at=shop.known_at)[0]
    assert report.outcome == "imported", report
    assert (report.accepted, report.ignored, len(shop.facts("bank_lines"))) == (1, 1, 1)
