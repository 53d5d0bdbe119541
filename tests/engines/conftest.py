"""A Spark cluster and a PostgreSQL server of the tests' own; without their programs a test is skipped and says why."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from tests.engines import standalone_spark, throwaway_postgres
from tests.engines.standalone_spark import StandaloneSpark
from tests.engines.throwaway_postgres import ThrowawayPostgres


def absent(reason: str) -> None:
    """Skip for a stated reason, or fail where everything is asked for."""
    if os.environ.get("ARGOSY_REQUIRE_ALL") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def spark_master(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The master of a standalone cluster with two workers."""
    if reason := standalone_spark.missing():
        absent(reason)
    cluster = StandaloneSpark(tmp_path_factory.mktemp("spark"))
    with pytest.MonkeyPatch.context() as patched:
        for name, value in cluster.environment.items():
            patched.setenv(name, value)
        try:
            cluster.start()
            yield cluster.url
        finally:
            cluster.stop()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[ThrowawayPostgres]:
    """A PostgreSQL server that asks for a password."""
    programs = throwaway_postgres.programs()
    if programs is None:
        absent("no PostgreSQL server programs: apt-get install postgresql")
    assert programs is not None
    server = ThrowawayPostgres(programs)
    server.start()
    yield server
    server.stop()
