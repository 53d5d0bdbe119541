"""A PostgreSQL catalog as people write it down, its password kept apart so that no message can show it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote, urlsplit

# Up to the last @: a password with a sign that should have been escaped must not stay behind in the address.
_IN_URL = re.compile(r"//(?P<user>[^:/?#@]*):(?P<password>.*)@")
_IN_PAIRS = re.compile(r"\bpassword\s*=\s*(?P<password>'(?:\\.|[^'\\])*'|\S*)")
_HOST = re.compile(r"(?P<host>\[[^\]]*\]|[^:]*)(:(?P<port>\d*))?")


@dataclass(frozen=True)
class Catalog:
    """Where the catalog is, in libpq's ``key=value`` pairs, and the password to it, if one was given."""

    address: str
    password: str | None


def read_catalog(text: str) -> Catalog:
    """Return the catalog of ``postgres:dbname=... host=...`` or ``postgresql://user:password@host:port/name``."""
    address = text if text.startswith("postgres://") else text.removeprefix("postgres:")
    if "://" in address:
        return _of_url(address)
    found = _IN_PAIRS.search(address)
    if found is None:
        return Catalog(address, None)
    return Catalog(address[: found.start()] + address[found.end() :], _unquoted(found["password"]))


def _of_url(url: str) -> Catalog:
    found = _IN_URL.search(url)
    open_ = f"{url[: found.start()]}//{found['user']}@{url[found.end() :]}" if found else url
    pairs = dict(_pairs(open_))
    given = pairs.pop("password", None)
    # The engine adds the password to pairs, not to a URL.
    address = " ".join(f"{key}={_quoted(value)}" for key, value in pairs.items())
    return Catalog(address, unquote(found["password"]) if found else given)


def _pairs(url: str) -> Iterator[tuple[str, str]]:
    parts = urlsplit(url)
    user, _, hosts = parts.netloc.rpartition("@")
    places = [place for each in hosts.split(",") if (place := _HOST.match(each))]
    said = {
        "user": unquote(user),
        "host": ",".join(place["host"].strip("[]") for place in places),
        "port": ",".join(place["port"] or "" for place in places).strip(","),
        "dbname": unquote(parts.path.removeprefix("/")),
    }
    yield from ((key, value) for key, value in said.items() if value)
    yield from parse_qsl(parts.query)


def _quoted(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1] if value.startswith("'") else value)
