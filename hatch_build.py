"""Puts the console's style sheet, charts and icons, pinned in ``console/assets.toml``, where the wheel takes them from."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import ssl
import tarfile
import tomllib
import urllib.request
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

CONSOLE = Path(__file__).parent / "src" / "argosy" / "console"
VENDOR = CONSOLE / "static" / "vendor"


class Assets(BuildHookInterface):  # type: ignore[type-arg]
    """Fetches what is not there yet; nothing is fetched twice."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Fetch the pinned packages and take the files asked for out of them."""
        pinned = (CONSOLE / "assets.toml").read_bytes()
        mark, done = VENDOR / ".pinned", hashlib.sha256(pinned).hexdigest()
        if not mark.exists() or mark.read_text() != done:
            VENDOR.mkdir(parents=True, exist_ok=True)
            for package in tomllib.loads(pinned.decode())["package"]:
                _take(package, _fetched(package["url"], package["integrity"]))
            mark.write_text(done)
        build_data["artifacts"].append("src/argosy/console/static/vendor/*")
        build_data["artifacts"].append("src/argosy/console/guide/**")  # where `make guide` built it


def _fetched(url: str, integrity: str) -> bytes:
    trusted = os.environ.get("PIP_CERT") or os.environ.get("SSL_CERT_FILE")
    with urllib.request.urlopen(url, timeout=180, context=ssl.create_default_context(cafile=trusted)) as answer:
        body: bytes = answer.read()
    told = "sha512-" + base64.b64encode(hashlib.sha512(body).digest()).decode()
    if told != integrity:
        raise RuntimeError(f"{url} is not what it was: {told}")
    return body


def _take(package: dict[str, Any], body: bytes) -> None:
    with tarfile.open(fileobj=io.BytesIO(body)) as archive:
        for inside, name in package.get("files", {}).items():
            text = _read(archive, inside).decode()
            # Source maps are not shipped: a browser would ask for them in vain.
            (VENDOR / name).write_text(re.sub(r"\n?(//|/\*)# sourceMappingURL=[^\n]*", "", text))
        if "sprite" in package:
            drawn = (_symbol(name, _read(archive, f"package/icons/outline/{name}.svg").decode())
                     for name in package["icons"])  # fmt: skip
            svg = '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(drawn) + "</svg>\n"
            (VENDOR / package["sprite"]).write_text(svg)


def _read(archive: tarfile.TarFile, name: str) -> bytes:
    found = archive.extractfile(name)
    if found is None:
        raise RuntimeError(f"{name} is missing")
    return found.read()


def _symbol(name: str, svg: str) -> str:
    inner = svg[svg.index(">", svg.index("<svg")) + 1 : svg.rindex("</svg>")]
    return (
        f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" '
        f'stroke-linecap="round" stroke-linejoin="round">{inner.strip()}</symbol>'
    )
