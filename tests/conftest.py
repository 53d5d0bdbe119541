"""What every test may ask for: the shared sample files, and the option that rewrites golden facts."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from argosy.cli import GARBAGE
from argosy.lake import engine

SHARED = Path(__file__).resolve().parents[1].parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--rewrite-golden``."""
    parser.addoption(
        "--rewrite-golden",
        action="store_true",
        help="write the facts of the golden exports instead of comparing",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Let one warning pass that is not ours: Ibis 12.0 still calls what DuckDB 1.5 renamed; and collect garbage as
    seldom as the command does."""
    config.addinivalue_line("filterwarnings", "ignore:fetch_arrow_table:DeprecationWarning")
    gc.set_threshold(*GARBAGE)


@pytest.fixture
def shared() -> Path:
    """The folder of sample data beside the project; without it a test is skipped, or fails where all are asked for."""
    if not SHARED.is_dir():
        reason = f"no sample data at {SHARED}"
        if os.environ.get("ARGOSY_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    return SHARED


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """One thread for each engine of a test process: those processes share the cores already."""
    plain = engine._config
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "_config", lambda workspace: plain(workspace) | {"threads": 1})
        yield
