"""Apache Spark over a published snapshot: the same expressions, run by a cluster, written as Parquet."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import ibis
from ibis.expr.types import Table

from argosy.lake.publish import read_manifest
from argosy.model.errors import EngineMissing, EngineUnknown, EngineUnreachable, JavaMissing

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# What makes Spark mean the same as DuckDB. Anything about size and speed belongs into the cluster's own
# spark-defaults.conf.
SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.decimalOperations.allowPrecisionLoss": "true",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
}
SQL_TYPES = {"int64": "bigint", "timestamp": "timestamp_ntz"}
PORT = 7077  # of a standalone master
REACH_SECONDS = 10.0


class Spark:
    """A session on a cluster over one published snapshot; results stand beside it until the session ends.

    The workers must see the workspace under the same path: a shared disk where they run on other machines.
    """

    def __init__(self, master: str, snapshot: Path) -> None:
        self._session = _session(master)
        self._ibis = ibis.pyspark.connect(self._session)
        self._results = snapshot.with_name(f".{snapshot.name}-results")
        self.rows = read_manifest(snapshot).rows
        self.tables: Mapping[str, Table] = {name: self._view(name, snapshot / f"{name}.parquet") for name in self.rows}

    def save(self, name: str, parts: Iterable[Table], schema: Mapping[str, str]) -> Table:
        """Compute the table ``name`` part by part into Parquet files, columns typed by ``schema``; return it."""
        columns = [f"CAST(`{column}` AS {SQL_TYPES.get(type_, type_)})" for column, type_ in schema.items()]
        named = ", ".join(f"{cast} AS `{column}`" for cast, column in zip(columns, schema, strict=True))
        # Ibis leaves out a cast to what it takes a column to be already; Spark may see a wider decimal there.
        queries = [f"SELECT {named} FROM ({self._ibis.compile(part)})" for part in parts]
        nothing = ", ".join(f"NULL AS `{column}`" for column in schema)
        for query in queries or [f"SELECT {named} FROM (SELECT {nothing}) WHERE false"]:
            self._session.sql(query).write.mode("append").parquet(str(self.folder(name)))
        return self._view(f"saved_{name}", self.folder(name))

    def folder(self, name: str) -> Path:
        """Return where the files of the computed table ``name`` are."""
        return self._results / name

    def _view(self, name: str, path: Path) -> Table:
        self._session.read.parquet(str(path)).createOrReplaceTempView(name)
        return self._ibis.table(name)

    def close(self) -> None:
        """End the session and remove its results."""
        self._session.stop()
        shutil.rmtree(self._results, ignore_errors=True)

    def __enter__(self) -> Spark:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _session(master: str) -> SparkSession:
    check_engine(master)
    from pyspark.sql import SparkSession  # noqa: PLC0415 - an optional package

    builder = SparkSession.builder.master(master).appName("argosy")
    for key, value in SETTINGS.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def check_engine(master: str) -> None:
    """Refuse at once what Spark would only give up on after minutes, or with a page of Java."""
    address = urlsplit(master.partition(",")[0])
    if address.scheme != "spark" or not address.hostname:
        raise EngineUnknown(engine=master)
    if find_spec("pyspark") is None:
        raise EngineMissing(engine="Apache Spark", package="pyspark", extra="spark")
    home = os.environ.get("JAVA_HOME")
    if shutil.which("java", path=str(Path(home) / "bin") if home else None) is None:
        raise JavaMissing(engine="Apache Spark", package="java", extra="spark")
    try:
        socket.create_connection((address.hostname, address.port or PORT), REACH_SECONDS).close()
    except OSError as error:
        raise EngineUnreachable(engine=master, reason=error.strerror or str(error)) from error
