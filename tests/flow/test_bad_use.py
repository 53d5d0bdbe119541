"""What goes wrong is told in one sentence that says what to do, with a status that is not zero and no traceback."""

from __future__ import annotations

import gzip
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Make = Callable[..., Any]
ORDERS = (
    "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Shipping Country\n"
    "#1,{mail},paid,2026-03-12 09:14:02 +0000,{currency},10.00,0.00,0.00,10.00,2026-03-12 09:14:02 +0000,"
    "2,Mug,5.00,MUG,GB\n"
)


def refused(ran: Any, *words: str) -> None:
    told = ran.out + ran.err
    assert ran.status != 0, told
    assert "Traceback" not in told
    for word in words:
        assert word in told


def test_a_folder_that_is_no_workspace(argosy: Make, tmp_path: Path) -> None:
    shop = argosy()
    refused(shop.run("brief", "-C", str(tmp_path / "nowhere")), "argosy init")


def test_a_missing_file_and_an_empty_folder(argosy: Make, tmp_path: Path) -> None:
    shop = argosy()
    (tmp_path / "empty").mkdir()
    refused(shop.run("import", str(tmp_path / "gone.csv")), "gone.csv")
    refused(shop.run("import", str(tmp_path / "empty")), "empty")


def test_a_workspace_of_another_version(argosy: Make) -> None:
    shop = argosy()
    settings = shop.folder / "settings.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace("version = 1", "version = 9"), encoding="utf-8")
    refused(shop.run("brief"), "9")


def test_a_setting_that_is_wrong_is_named(argosy: Make) -> None:
    shop = argosy()
    settings = shop.folder / "settings.toml"
    settings.write_text(settings.read_text(encoding="utf-8").replace('"fifo"', '"lifo"'), encoding="utf-8")
    refused(shop.run("brief"), "method")


def test_a_second_init_leaves_the_workspace_alone(argosy: Make) -> None:
    shop = argosy()
    key = (shop.folder / "key").read_text(encoding="ascii")
    refused(shop.run("init", str(shop.folder), "--book-currency", "EUR", "--home", "DE"))
    assert (shop.folder / "key").read_text(encoding="ascii") == key


def test_a_sentence_comes_in_the_language_of_the_workspace(argosy: Make, tmp_path: Path) -> None:
    shop = argosy(lang="zh")
    refused(shop.run("import", str(tmp_path / "gone.csv")), "没有文件")


def test_bad_files_do_not_stop_the_others(argosy: Make, tmp_path: Path) -> None:
    shop = argosy()
    folder = tmp_path / "exports"
    folder.mkdir()
    (folder / "orders.csv").write_text(ORDERS.format(mail="a@example.com", currency="GBP"), encoding="utf-8")
    whole = tmp_path / "whole"
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("orders.csv", "x" * 5000)
    bad = {
        "cut.zip": whole.read_bytes()[:60],
        "cut.xlsx": whole.read_bytes()[:60],
        "cut.csv.gz": gzip.compress(b"a,b\n1,2\n" * 900)[:40],
        "noise.csv": bytes(range(256)) * 20,
        "empty.csv": b"",
    }
    for name, content in bad.items():
        (folder / name).write_bytes(content)
    out = shop("import", str(folder))
    assert "1 rows: 1 taken" in out
    assert all(name in out for name in bad)
    assert shop.json("brief", "--json")["orders"]["now"] == 1


def test_a_currency_without_a_rate_is_a_gap_with_its_amount(argosy: Make, tmp_path: Path) -> None:
    shop = argosy()
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS.format(mail="a@example.com", currency="AED"), encoding="utf-8")
    shop("import", str(path))
    gaps = [gap for gap in shop.json("brief", "--json")["gaps"] if gap["kind"] == "rate_missing"]
    assert [(gap["subject"], gap["amount"]) for gap in gaps] == [("AED", "10.0000")]


def test_an_unknown_file_names_the_nearest_format_and_what_it_lacks(argosy: Make, tmp_path: Path) -> None:
    shop = argosy()
    path = tmp_path / "orders.csv"
    text = ORDERS.format(mail="a@example.com", currency="GBP").replace("Lineitem price", "Some price")
    path.write_text(text, encoding="utf-8")
    ran = shop.run("import", str(path))
    refused(ran, "Lineitem price", "shopify_orders", "argosy map")


def test_no_person_reaches_the_lake_and_one_can_be_forgotten(argosy: Make, tmp_path: Path) -> None:
    shop = argosy()
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS.format(mail="jane.doe@example.com", currency="GBP"), encoding="utf-8")
    shop("import", str(path))
    before = shop.json("brief", "--json")["money"]
    assert not holds(shop.folder / "lake", b"jane.doe")
    assert holds(shop.folder / "people.sqlite", b"jane.doe")
    assert (shop.folder / "people.sqlite").stat().st_mode & 0o077 == 0
    shop("forget", "jane.doe@example.com", "--yes")
    assert not holds(shop.folder, b"jane.doe")
    assert shop.json("brief", "--json")["money"] == before


def holds(place: Path, text: bytes) -> bool:
    paths = [place] if place.is_file() else [path for path in place.rglob("*") if path.is_file()]
    return any(text in path.read_bytes() for path in paths)


def test_a_copy_of_the_folder_is_a_backup(argosy: Make, tmp_path: Path) -> None:
    shop = argosy()
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS.format(mail="a@example.com", currency="GBP"), encoding="utf-8")
    shop("import", str(path))
    shutil.copytree(shop.folder, tmp_path / "copy")
    shutil.rmtree(shop.folder)
    assert shop.run("doctor", "-C", str(tmp_path / "copy")).status == 0
    assert shop.json("brief", "--json", "-C", str(tmp_path / "copy"))["orders"]["now"] == 1
