"""The embedded engine: DuckDB with a DuckLake catalog, opened so that several processes can work at once."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb
from filelock import FileLock, Timeout

from argosy.lake.catalog import read_catalog
from argosy.lake.workspace import Workspace, disk_error, disk_errors
from argosy.model.errors import CatalogUnreachable, LakeBusy

if TYPE_CHECKING:
    from ibis.expr.types import Table

T = TypeVar("T")
EXTENSIONS = {"ducklake": "ducklake", "sqlite": "sqlite_scanner", "postgres": "postgres_scanner"}
LOCK_SECONDS = 600.0
# What an engine says when another process holds the catalog for a moment or was first; it is simply asked again.
BUSY = (
    "database is locked",
    "database table is locked",
    "concurrent",
    "conflict",
    "could not serialize",
    "duplicate key",
)


class Lake:
    """A connection to one workspace's facts and books.

    Reads need no lock. Every write goes through ``write``, which takes the workspace's one file lock: a SQLite
    catalog knows a single writer. Writers elsewhere that share a PostgreSQL catalog are met by beginning again.
    """

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._copied: tempfile.TemporaryDirectory[str] | None = None
        self._tables: dict[str, Table] = {}
        self._posting = FileLock(workspace.lake / ".posting.lock")
        self.raw = duckdb.connect(config=_config(workspace))
        self.raw.execute("SET TimeZone = 'UTC'")
        # It turns every IN list into a join: fine for one, seconds for the dozens that one of our queries has.
        self.raw.execute("SET disabled_optimizers = 'in_clause'")
        self._attach()

    @cached_property
    def _ibis(self) -> Any:
        # Slow to import, and an answer that is already stored needs none of it.
        import ibis  # noqa: PLC0415

        from argosy.lake.parsing import MACROS  # noqa: PLC0415

        for macro in MACROS:
            self.raw.execute(f"CREATE TEMP MACRO {macro}")
        return ibis.duckdb.from_connection(self.raw)

    def _attach(self) -> None:
        catalog = os.environ.get("ARGOSY_DATABASE_URL") or self.workspace.settings.catalog
        for extension in ("ducklake", "postgres" if catalog else "sqlite"):
            self.raw.load_extension(EXTENSIONS[extension])
        with disk_errors(self.workspace.folder):
            target = self._postgres(catalog) if catalog else f"sqlite:{self._sqlite()}"
        if not catalog:
            # For each of its many small looks into the catalog the engine would else open it once more for each thread.
            self.raw.execute("SET GLOBAL sqlite_disable_multithreaded_scans = true")
        attach = (
            f"ATTACH 'ducklake:{_quoted(target)}' AS lake (DATA_PATH '{_quoted(str(self.data))}/', OVERRIDE_DATA_PATH"
        )
        # Readers never wait for the writer in this mode, and a busy catalog is waited for.
        patient = "" if catalog else ", META_JOURNAL_MODE 'WAL', META_BUSY_TIMEOUT 10000"
        with engine_errors(self.workspace.folder):
            if self.writable:
                # The first process to attach creates the catalog: one at a time.
                with self._locked():
                    retried(lambda: self.raw.execute(f"{attach}{patient})"))
            else:
                self.raw.execute(f"{attach}, READ_ONLY)")

    @property
    def writable(self) -> bool:
        """Whether the workspace can be written to, not only read."""
        return os.access(self.workspace.lake, os.W_OK)

    def _sqlite(self) -> Path:
        """Return the catalog's file; where nothing can be written a copy of it, for even a reader locks it."""
        catalog = self.workspace.lake / "catalog.sqlite"
        if self.writable:
            return catalog
        self._copied = tempfile.TemporaryDirectory(prefix="argosy-catalog-")
        for file in self.workspace.lake.glob("catalog.sqlite*"):
            shutil.copy(file, self._copied.name)
        return Path(self._copied.name) / catalog.name

    def _postgres(self, text: str) -> str:
        catalog = read_catalog(text)
        if catalog.password is not None:
            # The engine repeats an address in its messages, a secret never.
            self.raw.execute(f"CREATE SECRET (TYPE postgres, PASSWORD '{_quoted(catalog.password)}')")
        return f"postgres:{catalog.address}"

    @property
    def data(self) -> Path:
        return self.workspace.lake / "data"

    def has(self, name: str) -> bool:
        """Tell whether the lake holds the table ``name``."""
        return name in self.names()

    def names(self) -> frozenset[str]:
        """Return the names of the tables in the lake."""
        query = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'lake'"
        return frozenset(name for (name,) in retried(lambda: self.raw.execute(query).fetchall()))

    def unwritten(self) -> frozenset[str]:
        """Return the names of the tables no row was ever committed to, as the catalog counts: they need no look."""
        query = "SELECT table_name FROM duckdb_tables() WHERE database_name = 'lake' AND estimated_size = 0"
        return frozenset(name for (name,) in retried(lambda: self.raw.execute(query).fetchall()))

    def columns(self) -> dict[str, set[str]]:
        """Return the columns of every table in the lake."""
        query = "SELECT table_name, column_name FROM duckdb_columns() WHERE database_name = 'lake'"
        found: dict[str, set[str]] = defaultdict(set)
        for table, column in retried(lambda: self.raw.execute(query).fetchall()):
            found[table].add(column)
        return dict(found)

    def table(self, name: str) -> Table:
        """Return the stored table ``name`` as an expression."""
        if name not in self._tables:  # to ask what columns it has takes longer than many an answer
            self._tables[name] = retried(lambda: self._ibis.table(name, database=("lake", "main")))
        return self._tables[name]

    def local(self, name: str) -> Table:
        """Return a table that lives only as long as this connection."""
        return self._ibis.table(name, database=("temp", "main"))

    def keep(self, name: str, expression: Table) -> Table:
        """Compute an expression once into a table that lives as long as this connection and return that."""
        self.raw.execute(f'CREATE OR REPLACE TEMP TABLE "{name}" AS {self.sql(expression)}')
        return self.local(name)

    def view(self, query: str) -> Table:
        """Return a query in the engine's own language as an expression."""
        return self._ibis.sql(query)

    def sql(self, expression: Table) -> str:
        """Return the statement the engine runs for an expression; in-memory tables are handed over first."""
        self._ibis._run_pre_execute_hooks(expression)
        return str(self._ibis.compile(expression))

    def arrow(self, expression: Table) -> Any:
        """Run an expression and return a pyarrow table."""
        columns = expression.schema().to_pyarrow()
        return retried(lambda: self.raw.execute(self.sql(expression)).to_arrow_table()).cast(columns)

    def evidence(self, query: str, *, limit: int) -> Any:
        """Run a query that a finding rests on once more and return its first rows as a pyarrow table."""
        _ = self._ibis  # the query may call macros
        return retried(lambda: self.raw.execute(f"FROM ({query}) LIMIT {limit}").to_arrow_table())

    def rows(self, expression: Table) -> list[dict[str, Any]]:
        """Run an expression and return its rows; meant for the few rows of a report."""
        return self.arrow(expression).to_pylist()  # type: ignore[no-any-return]

    def reading(self) -> AbstractContextManager[None]:
        """Return a block of reads that sees one moment, whatever is written meanwhile."""
        return self._transaction()

    def still(self) -> AbstractContextManager[None]:
        """Return a block during which nobody of this machine writes; ``LakeBusy``."""
        return self._locked()

    def write(self, block: Callable[[duckdb.DuckDBPyConnection], T], *, patience: float = LOCK_SECONDS) -> T:
        """Run a block of writes that all become visible together, or not at all, and return what it returns.

        The block is run again from its beginning when a writer elsewhere was first. ``LakeBusy`` when another
        writer of this machine is not done after ``patience`` seconds.
        """
        with self._locked(patience), engine_errors(self.workspace.folder):
            return retried(lambda: self._attempt(block))

    def _attempt(self, block: Callable[[duckdb.DuckDBPyConnection], T]) -> T:
        with self._transaction():
            return block(self.raw)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self.raw.execute("BEGIN")
        try:
            yield
            self.raw.execute("COMMIT")
        except BaseException:
            _roll_back(self.raw)
            raise

    @contextmanager
    def posting(self, *, patience: float = LOCK_SECONDS) -> Iterator[None]:
        """Hold off whoever would post the same books meanwhile, and wait for who is at it.

        It only spares work twice: after ``patience`` seconds one goes on beside the other.
        """
        try:
            self._posting.acquire(timeout=patience)
        except (Timeout, OSError):
            yield
            return
        try:
            yield
        finally:
            self._posting.release()

    @contextmanager
    def _locked(self, patience: float = LOCK_SECONDS) -> Iterator[None]:
        folder = self.workspace.folder
        lock = FileLock(self.workspace.lake / ".lock", timeout=patience)
        with disk_errors(folder):
            try:
                lock.acquire()
            except Timeout as error:
                raise LakeBusy(folder=folder, seconds=int(patience)) from error
        try:
            yield
        finally:
            lock.release()

    def snapshot(self) -> int:
        """Return the number of the catalog's newest snapshot."""
        query = "SELECT id FROM lake.current_snapshot()"
        return int(retried(lambda: self.raw.execute(query).fetchall())[0][0])

    def close(self) -> None:
        """Let go of the lake."""
        self.raw.close()
        if self._copied is not None:
            self._copied.cleanup()

    def __enter__(self) -> Lake:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _roll_back(connection: duckdb.DuckDBPyConnection) -> None:
    try:
        connection.execute("ROLLBACK")
    except duckdb.Error:
        # A failed COMMIT has rolled back by itself; the first error is the one to tell.
        return


@contextmanager
def engine_errors(folder: Path) -> Iterator[None]:
    """Turn the engine's disk errors into ours."""
    try:
        yield
    except duckdb.Error as error:
        if "unable to connect to postgres" in str(error).lower():
            # From None: what was tried need not be told twice.
            raise CatalogUnreachable(reason=str(error).rpartition('": ')[2].splitlines()[0]) from None
        raise disk_error(error, folder) or error from error


def retried(read: Callable[[], T], *, seconds: float = 60.0) -> T:
    """Return ``read()``, asked again while another process holds the catalog."""
    end, pause = time.monotonic() + seconds, 0.02
    while True:
        try:
            return read()
        except duckdb.Error as error:
            if time.monotonic() > end or not any(words in str(error).lower() for words in BUSY):
                raise
            time.sleep(pause)
            pause = min(pause * 2, 1.0)


def _config(workspace: Workspace) -> dict[str, Any]:
    config = {
        "extension_directory": str(extension_folder()),
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "temp_directory": str(Path(tempfile.gettempdir()) / f"argosy-spill-{os.getpid()}"),
    }
    if workspace.settings.memory:
        config["memory_limit"] = workspace.settings.memory
    return config


def extension_folder() -> Path:
    """Return a folder of links to the extensions that came as wheels, laid out as DuckDB looks for them.

    The SQLite wheel names its file ``sqlite``; the engine asks for ``sqlite_scanner``. DuckDB itself checks the
    signature of what it loads, so the folder needs no protection beyond the user's own.
    """
    with duckdb.connect() as probe:
        row = probe.execute("PRAGMA platform").fetchone()
    platform = row[0] if row else "unknown"
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    try:
        base.mkdir(parents=True, exist_ok=True)
        writable = os.access(base, os.W_OK)
    except OSError:
        writable = False
    root = base if writable else Path(tempfile.gettempdir())
    folder = root / "argosy" / "extensions"
    links = folder / f"v{duckdb.__version__}" / platform
    links.mkdir(parents=True, exist_ok=True)
    for wheel, name in EXTENSIONS.items():
        _link(wheel, links / f"{name}.duckdb_extension")
    return folder


def _link(wheel: str, link: Path) -> None:
    package = find_spec(f"duckdb_extension_{wheel}")
    if package is None or not package.submodule_search_locations:
        return
    found = sorted(Path(next(iter(package.submodule_search_locations))).rglob("*.duckdb_extension"))
    if not found or (link.is_symlink() and link.resolve() == found[0].resolve()):
        return
    # Several processes may start at once: make the link beside and move it over.
    beside = link.with_name(f"{link.name}.{os.getpid()}")
    beside.unlink(missing_ok=True)
    beside.symlink_to(found[0])
    beside.replace(link)


def _quoted(text: str) -> str:
    return text.replace("'", "''")
