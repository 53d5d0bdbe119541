"""The same expressions give the same rows on every engine: DuckLake over SQLite, over PostgreSQL, and Spark."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import ibis
import pyarrow.dataset
import pytest
from click.testing import CliRunner
from ibis.expr.types import Table
from tests.engines.rich_business import AS_OF, CURRENCIES, fill, sliced
from tests.engines.throwaway_postgres import ThrowawayPostgres

from argosy.books import kept, profit
from argosy.books.gaps import GAP
from argosy.books.ledger import POSTINGS, Sources, post_entries, sources_of
from argosy.books.promises import post_promises
from argosy.books.reconcile import FINDING
from argosy.business import Business
from argosy.cli import main
from argosy.flow import BOOKS, findings_of, gaps_of, sources_in
from argosy.lake.books import book_current
from argosy.lake.spark import Spark
from argosy.lake.workspace import create_workspace
from argosy.model.entries import ACCOUNTS, ENTRIES
from argosy.model.facts import FACTS
from argosy.model.promises import BROKEN, KEPT, KINDS, PROMISES

Rows = list[tuple[Any, ...]]
Answers = Mapping[str, Rows]
Save = Callable[[str, Iterable[Table], Mapping[str, str]], Table]

QUESTIONS: dict[str, Callable[[Table, Table], Table]] = {
    "profit": lambda entries, promises: profit.profit(entries, by=("market", "week")),
    "profit_all": lambda entries, promises: profit.profit(entries, start=AS_OF.date().replace(month=1, day=1)),
    "balances": lambda entries, promises: profit.balances(entries),
    "receivables": lambda entries, promises: profit.receivables(entries, as_of=AS_OF.date()),
    "cash": lambda entries, promises: profit.cash(entries),
    "variance": lambda entries, promises: profit.variance(entries),
    "kept": lambda entries, promises: kept.kept_promises(promises, by=("kind", "market")),
    "kept_by_week": lambda entries, promises: kept.kept_rate(promises, by=("week",)),
    "lateness": lambda entries, promises: kept.lateness(promises, by=("kind",)),
}
TABLES = (*BOOKS, *QUESTIONS)
POSTED = {*ACCOUNTS} - {"cost:packaging"}  # no fact tells of it yet


def ask(sources: Sources, save: Save) -> None:
    """Post both ledgers and answer every question, each saved under its name."""
    entries = save("entries", post_entries(sources), ENTRIES)
    promises = save("promises", [post_promises(sources.facts, as_of=AS_OF)], PROMISES)
    save("findings", findings_of(sources, as_of=AS_OF.date()), FINDING)
    save("gaps", gaps_of(sources, entries, as_of=AS_OF), GAP)
    for name, question in QUESTIONS.items():
        table = question(entries, promises)
        save(name, [table], {column: _sql_type(type_) for column, type_ in table.schema().items()})


def _sql_type(type_: ibis.DataType) -> str:
    return "double" if type_.is_floating() else str(type_.copy(nullable=True)).split("(6)")[0]


def told(table: Any) -> Rows:
    """Return the rows of a pyarrow table in one order, exactly; the last bits of a float are no difference."""
    rows = zip(*(table[name].to_pylist() for name in table.column_names), strict=True)
    return sorted((tuple(round(v, 12) if isinstance(v, float) else v for v in row) for row in rows), key=repr)


def of_lake(business: Business) -> Answers:
    """Return what the embedded engine answers."""
    lake = business.lake

    def save(name: str, parts: Iterable[Table], schema: Mapping[str, str]) -> Table:
        typed = [part.select(**{c: part[c].cast(t) for c, t in schema.items()}) for part in parts]
        return lake.keep(name, ibis.union(*typed) if len(typed) > 1 else typed[0])

    ask(sources_in(business.lake), save)
    return {name: told(lake.arrow(lake.local(name))) for name in TABLES}


def begun(folder: Path) -> Business:
    """Return the business, its facts imported and written into a new workspace."""
    create_workspace(folder, home="DE", book_currency="EUR")
    business = Business.at(folder)
    fill(business, folder)
    return business


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Business]:
    """The business on DuckLake with a SQLite catalog."""
    business = begun(tmp_path_factory.mktemp("embedded"))
    yield business
    business.close()


@pytest.fixture(scope="module")
def in_sqlite(embedded: Business) -> Answers:
    """What the embedded engine answers over the SQLite catalog."""
    return of_lake(embedded)


@pytest.fixture(scope="module")
def in_postgres(tmp_path_factory: pytest.TempPathFactory, postgres_server: ThrowawayPostgres) -> Answers:
    """What the embedded engine answers over a PostgreSQL catalog, the same facts read again."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("ARGOSY_DATABASE_URL", postgres_server.create("conformance"))
        business = begun(tmp_path_factory.mktemp("postgres"))
        answers = of_lake(business)
        business.close()
    return answers


@pytest.fixture(scope="module")
def on_spark(embedded: Business, spark_master: str) -> Answers:
    """What the cluster answers over a published snapshot."""
    with Spark(spark_master, embedded.publish()) as spark:
        filled = frozenset(name for name in FACTS if spark.rows[name])
        ask(sources_of(spark.tables, filled=filled, book_currency="EUR"), spark.save)
        files = {name: pyarrow.dataset.dataset(spark.folder(name), format="parquet") for name in TABLES}
        return {name: told(found.to_table()) for name, found in files.items()}


@pytest.mark.parametrize("name", TABLES)
def test_postgres_catalog_gives_the_same_rows(name: str, in_sqlite: Answers, in_postgres: Answers) -> None:
    assert in_postgres[name] == in_sqlite[name]


@pytest.mark.parametrize("name", TABLES)
def test_spark_gives_the_same_rows(name: str, in_sqlite: Answers, on_spark: Answers) -> None:
    assert on_spark[name] == in_sqlite[name]


def test_every_posting_has_something_to_say(embedded: Business, in_sqlite: Answers) -> None:
    """Rows that are equal because there are none would prove nothing."""
    sources = sources_in(embedded.lake)
    filled = [needs for needs, _ in POSTINGS if sources.filled.issuperset(needs)]
    assert len(filled) == len(POSTINGS)
    for part in post_entries(sources):
        assert embedded.lake.rows(part.limit(1))
    names = list(ENTRIES)
    entries = [dict(zip(names, row, strict=True)) for row in in_sqlite["entries"]]
    assert {row["currency"] for row in entries} >= set(CURRENCIES)
    assert {head for head in ACCOUNTS if any(row["account"].startswith(head) for row in entries)} == POSTED
    assert any(row["book_amount"] is None for row in entries)
    kinds = {(row[1], row[10]) for row in in_sqlite["promises"]}
    assert kinds >= {(kind, state) for kind in KINDS for state in (KEPT, BROKEN)}
    assert all(in_sqlite[name] for name in TABLES)


def stored(folder: Path) -> dict[str, list[str]]:
    business = Business.at(folder)
    rows = {name: sorted(map(repr, business.lake.rows(business.lake.table(name)))) for name in BOOKS}
    business.close()
    return rows


def test_computed_books_are_the_stored_books(tmp_path: Path, spark_master: str) -> None:
    folder = sliced(tmp_path)
    before = stored(folder)
    business = Business.at(folder)
    business.lake.write(lambda c: c.execute("DELETE FROM lake.main.entries"))
    business.lake.write(lambda c: c.execute("DELETE FROM lake.main.books"))
    business.close()
    done = CliRunner().invoke(main, ["compute", "--engine", spark_master, "-C", str(folder)], catch_exceptions=False)
    assert done.exit_code == 0
    assert spark_master in done.output
    assert stored(folder) == before
    business = Business.at(folder)
    assert book_current(business.lake, "entries")
    business.close()
    assert not [path for path in (folder / "published").iterdir() if path.name.startswith(".")]
