"""Where the catalog is, and that its password is cut out whichever way it was written."""

from __future__ import annotations

import pytest

from argosy.lake.catalog import Catalog, read_catalog

CASES = {
    "postgres:dbname=a host=h": Catalog("dbname=a host=h", None),
    "dbname=a password=secret host=h": Catalog("dbname=a  host=h", "secret"),
    r"postgres:dbname=a password='it\'s \\ secret' host=h": Catalog("dbname=a  host=h", r"it's \ secret"),
    "postgresql://h/a": Catalog("host='h' dbname='a'", None),
    "postgresql:///a": Catalog("dbname='a'", None),
    "postgresql://u@h:5432/a": Catalog("user='u' host='h' port='5432' dbname='a'", None),
    "postgresql://u:secret@h:5432/a": Catalog("user='u' host='h' port='5432' dbname='a'", "secret"),
    "postgres://u:s%40%2Fc@h/a?sslmode=require": Catalog("user='u' host='h' dbname='a' sslmode='require'", "s@/c"),
    "postgres:postgresql://u%40x:secret@h/it's": Catalog(r"user='u@x' host='h' dbname='it\'s'", "secret"),
    "postgresql://u@h/a?password=secret&sslmode=require": Catalog(
        "user='u' host='h' dbname='a' sslmode='require'", "secret"
    ),
    "postgresql://u:s@[::1]:5432,h2:5433/a": Catalog("user='u' host='::1,h2' port='5432,5433' dbname='a'", "s"),
    # Signs that should have been escaped stay out of the address all the same.
    "postgresql://u:s@e/c?r#t@h/a": Catalog("user='u' host='h' dbname='a'", "s@e/c?r#t"),
}


@pytest.mark.parametrize("text", CASES)
def test_read_catalog(text: str) -> None:
    assert read_catalog(text) == CASES[text]
