"""The state store: what was noticed, decided and done, in SQLite beside the lake or in PostgreSQL.

Readers see one moment and wait for nobody. There is one writer at a time, whatever the database: a lock on the folder,
and the database's own. What is written becomes visible together with its entries in the audit log, or not at all.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from filelock import FileLock, Timeout
from sqlalchemy.pool import NullPool

from argosy.decisions.seal import Seal, head
from argosy.decisions.tables import VERSION
from argosy.lake.catalog import read_catalog
from argosy.lake.settings import current_settings
from argosy.lake.workspace import Workspace, disk_error, disk_errors
from argosy.model.errors import CatalogUnreachable, StateBusy, StateVersion, WorkspaceReadOnly

if TYPE_CHECKING:
    import psycopg

SCHEMA = "argosy_state"
NO_LOCK = "55P03"  # what PostgreSQL calls it when somebody else holds a lock too long
LOCK = 0x4172676F7379  # the advisory lock of all writers in one PostgreSQL database: "Argosy"
PATIENCE = 60.0  # seconds a writer waits for another


class State:
    """A way into the state store of one workspace, brought to the tables of this version; close it after use."""

    def __init__(self, workspace: Workspace, *, patience: float = PATIENCE) -> None:
        self._workspace = workspace
        self.patience = patience
        if not os.access(workspace.folder, os.W_OK):
            raise WorkspaceReadOnly(folder=workspace.folder)
        address = os.environ.get("ARGOSY_DATABASE_URL") or workspace.settings.catalog
        with self._errors():
            self.engine = _postgres(address) if address else _sqlite(self.file, self._lock(), patience)
        self._migrate()

    @property
    def workspace(self) -> Workspace:
        """The workspace, with its settings as they stand in their file now."""
        file = self._workspace.folder / "settings.toml"
        return replace(self._workspace, settings=current_settings(file)) if file.is_file() else self._workspace

    @property
    def file(self) -> Path:
        """The SQLite file, where that is the database."""
        return self.workspace.folder / "state.sqlite"

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """Yield a connection that sees one moment."""
        with self._errors(), self.engine.connect() as connection:
            one_moment = {"isolation_level": "REPEATABLE READ"} if connection.dialect.name == "postgresql" else {}
            yield connection.execution_options(**one_moment)

    @contextmanager
    def still(self) -> Iterator[sa.Connection]:
        """Yield a connection that reads while nobody of this machine writes; ``StateBusy``."""
        with self._errors(), self._lock(), self.read() as connection:
            yield connection

    @contextmanager
    def write(self) -> Iterator[sa.Connection]:
        """Yield the one connection that may write, until the block ends; all of it holds, or nothing."""
        with self._alone() as connection:
            log, before = Seal(self.workspace.folder), head(connection)
            sound = log.sound(connection)
            yield connection
            after = head(connection)
            if after == before:
                connection.commit()
                return
            log.promise(connection, before=before, sound=sound)
            connection.commit()
            with suppress(OSError):
                log.keep(after)  # what was promised is sound too, and the change holds already

    @contextmanager
    def _alone(self) -> Iterator[sa.Connection]:
        with self._errors(), self._lock(), self.engine.connect() as connection:
            writing = connection.execution_options(argosy_writes=True)
            if connection.dialect.name == "postgresql":
                writing.execute(sa.text(f"SET LOCAL lock_timeout = {int(self.patience * 1000)}"))
                writing.execute(sa.text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            yield writing

    def _lock(self) -> FileLock:
        return FileLock(self.workspace.folder / ".state.lock", timeout=self.patience)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        folder = self.workspace.folder
        try:
            with disk_errors(folder):
                yield
        except Timeout as error:
            raise StateBusy(folder=folder, seconds=int(self.patience)) from error
        except sa.exc.DBAPIError as error:
            # From None: what the database says in full may repeat its address.
            raise self._meant(error) or error from None

    def _meant(self, error: sa.exc.DBAPIError) -> Exception | None:
        text = str(error.orig)
        if getattr(error.orig, "sqlstate", None) == NO_LOCK or "database is locked" in text:
            return StateBusy(folder=self.workspace.folder, seconds=int(self.patience))
        if isinstance(error, sa.exc.OperationalError) and self.engine.dialect.name == "postgresql":
            return CatalogUnreachable(reason=text.strip().splitlines()[0])
        return disk_error(error.orig, self.workspace.folder) if error.orig else None

    def _migrate(self) -> None:
        try:
            with self.read() as connection:
                found = _version(connection)
            if found is None or found < VERSION:
                with self._alone() as connection:
                    # Another process may have been first.
                    if (_version(connection) or "") < VERSION:
                        _upgrade(connection)
                    connection.commit()
            elif found > VERSION:
                raise StateVersion(folder=self.workspace.folder, found=found, expected=VERSION)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    def __enter__(self) -> State:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _version(connection: sa.Connection) -> str | None:
    """Return the step the tables stand at; None: there are none."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()
    return str(found) if found else None


def _upgrade(connection: sa.Connection) -> None:
    # Slow to import, and needed once in the life of a version.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _sqlite(path: Path, lock: FileLock, patience: float) -> sa.Engine:
    if not path.exists():
        with lock, closing(sqlite3.connect(_private(path), timeout=patience)) as file:
            file.execute("PRAGMA journal_mode = WAL")
    engine = sa.create_engine(
        f"sqlite+pysqlite:///{path}", poolclass=NullPool, hide_parameters=True, connect_args={"timeout": patience}
    )
    sa.event.listen(engine, "connect", _prepared)
    sa.event.listen(engine, "begin", _begun)
    return engine


def _private(path: Path) -> Path:
    """Make a file only its owner reads, closed to others from its first moment."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    return path


def _prepared(connection: sqlite3.Connection, _: object) -> None:
    connection.isolation_level = None  # transactions are begun by us
    for pragma in ("synchronous = FULL", "foreign_keys = ON"):
        connection.execute(f"PRAGMA {pragma}")


def _begun(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("argosy_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _postgres(address: str) -> sa.Engine:
    catalog = read_catalog(address)

    def connect() -> psycopg.Connection[Any]:
        import psycopg  # noqa: PLC0415 - slow to import, and one who works alone needs none

        connection = psycopg.connect(catalog.address, password=catalog.password, connect_timeout=10)
        connection.execute(f"SET search_path TO {SCHEMA}")
        connection.execute("SET TIME ZONE 'UTC'")
        connection.commit()
        return connection

    # A creator, not a URL: nothing that SQLAlchemy shows can hold the password.
    return sa.create_engine(
        "postgresql+psycopg://", creator=connect, pool_size=2, max_overflow=8, pool_pre_ping=True, hide_parameters=True
    )
