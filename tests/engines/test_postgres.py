"""The lake with its catalog in PostgreSQL: how it is named, what an error shows, and two writers at once."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import duckdb
import pytest
from tests.engines.rich_business import write_slice
from tests.engines.throwaway_postgres import PASSWORD, USER, ThrowawayPostgres

from argosy.business import Business
from argosy.lake.engine import Lake
from argosy.lake.workspace import Workspace, create_workspace, open_workspace
from argosy.model.errors import CatalogUnreachable, SettingsInvalid

IMPORT = "import sys; from argosy.business import Business; Business.at(sys.argv[1]).import_files(sys.argv[2])"
LINES = 600
HEADER = "InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country\n"


def url(server: ThrowawayPostgres, name: str, *, password: str = PASSWORD, port: int | None = None) -> str:
    return f"postgresql://{USER}:{quote(password, safe='')}@127.0.0.1:{port or server.port}/{name}"


def workspace(folder: Path, catalog: str = "") -> Workspace:
    create_workspace(folder, home="DE", book_currency="EUR")
    path = folder / "settings.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('catalog = ""', f'catalog = "{catalog}"'), encoding="utf-8")
    return open_workspace(folder)


def test_catalog_may_be_a_url_in_the_settings(tmp_path: Path, postgres_server: ThrowawayPostgres) -> None:
    postgres_server.create("settings")
    shop = workspace(tmp_path / "shop", url(postgres_server, "settings"))
    with Lake(shop) as lake:
        lake.write(lambda c: c.execute("CREATE TABLE lake.main.t AS SELECT 1 AS i"))
    with Lake(shop) as lake:
        assert lake.rows(lake.table("t")) == [{"i": 1}]
    assert not (shop.lake / "catalog.sqlite").exists()


@pytest.mark.parametrize(
    "wrong", [{"password": "s3cret /@'x"}, {"port": 1}, {"name": "nowhere"}], ids=["password", "port", "name"]
)
def test_no_error_shows_the_password(
    tmp_path: Path, postgres_server: ThrowawayPostgres, monkeypatch: pytest.MonkeyPatch, wrong: dict[str, object]
) -> None:
    address = url(postgres_server, **{"name": "postgres"} | wrong)  # type: ignore[arg-type]
    monkeypatch.setenv("ARGOSY_DATABASE_URL", address)
    with pytest.raises(CatalogUnreachable) as refused:
        Lake(workspace(tmp_path / "shop"))
    secret = str(wrong.get("password", PASSWORD))
    for shown in (
        str(refused.value),
        repr(refused.value),
        refused.value.sentence("zh"),
        str(refused.value.__context__),
    ):
        assert secret not in shown
        assert quote(secret, safe="") not in shown


def test_a_catalog_that_is_none_is_refused_without_its_password(tmp_path: Path) -> None:
    with pytest.raises(SettingsInvalid) as refused:
        workspace(tmp_path / "shop", "mysql://me:s3cret@db/argosy")
    assert "s3cret" not in str(refused.value)


def test_a_lost_server_shows_no_password(tmp_path: Path, postgres_server: ThrowawayPostgres) -> None:
    postgres_server.create("lost")
    with Lake(workspace(tmp_path / "shop", url(postgres_server, "lost"))) as lake:
        postgres_server.drop("lost")
        with pytest.raises((CatalogUnreachable, duckdb.Error)) as refused:
            lake.write(lambda c: c.execute("CREATE TABLE lake.main.t AS SELECT 1 AS i"))
    assert PASSWORD not in str(refused.value)


def test_two_processes_import_at_once(tmp_path: Path, postgres_server: ThrowawayPostgres) -> None:
    """Two machines with the data on a shared disk, but no lock in common: the catalog alone keeps them apart."""
    postgres_server.create("together")
    shops = [workspace(tmp_path / name, url(postgres_server, "together")) for name in ("one", "two")]
    data = shops[0].lake / "data"
    data.mkdir()
    (shops[1].lake / "data").symlink_to(data)
    Business(shops[0]).lake.close()
    whole = tmp_path / "whole.csv"
    write_slice(whole)
    rows = whole.read_text(encoding="utf-8").splitlines(keepends=True)[1 : LINES + 1]
    running = []
    for n, shop in enumerate(shops):
        exports = tmp_path / f"{n}"
        exports.mkdir()
        for k in range(3):
            part = rows[(2 * k + n) * LINES // 6 : (2 * k + n + 1) * LINES // 6]
            (exports / f"part{k}.csv").write_text(HEADER + "".join(part), encoding="utf-8")
        command = [sys.executable, "-c", IMPORT, str(shop.folder), str(exports)]
        running.append(
            subprocess.Popen(command, env=os.environ | {"PYTHONPATH": "src"}, stderr=subprocess.PIPE, text=True)
        )
    for process in running:
        _, told = process.communicate(timeout=300)
        assert process.returncode == 0, told
    business = Business(shops[0])
    imports = business.lake.rows(business.lake.table("imports"))
    assert sorted(row["name"] for row in imports) == sorted(2 * ["part0.csv", "part1.csv", "part2.csv"])
    assert sum(row["accepted"] for row in imports) == LINES
    business.close()
