"""A PostgreSQL server of its own for the tests, with a password, gone when they end."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any

USER, PASSWORD = "argosy", "p@ss 'word' /%:1"
CONFIGURATION = """\
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = '{folder}'
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 32MB
max_connections = 50
"""
ENVIRONMENT = {"PATH": os.defpath, "LC_ALL": "C", "PGPASSWORD": PASSWORD}


def programs() -> Path | None:
    """Return the folder of the newest PostgreSQL server programs, or None."""
    found = [path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")]
    path = shutil.which("initdb")
    return max(found, key=lambda p: int(p.parent.name), default=Path(path).parent if path else None)


class ThrowawayPostgres:
    """The server and its databases."""

    def __init__(self, bin_: Path) -> None:
        self._bin = bin_
        # Short, for the path of a socket has a limit.
        self._folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._as: dict[str, Any] = {}
        if os.geteuid() == 0:
            # The server refuses to be run by root.
            user = pwd.getpwnam("postgres")
            os.chown(self._folder, user.pw_uid, user.pw_gid)
            self._as = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}

    def start(self) -> None:
        """Make the server's files and start it."""
        secret = self._folder / "password"
        secret.write_text(PASSWORD, encoding="utf-8")
        secret.chmod(0o644)
        data = str(self._folder / "data")
        self._run("initdb", "-D", data, "-U", USER, "-A", "scram-sha-256", "--pwfile", str(secret),
                  "-E", "UTF8", "--locale=C", "--no-sync")  # fmt: skip
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        configuration = CONFIGURATION.format(port=self.port, folder=self._folder)
        (self._folder / "data" / "postgresql.auto.conf").write_text(configuration, encoding="utf-8")
        # A test run that is killed must leave no server behind.
        guard = ["setpriv", "--pdeathsig", "QUIT"] if shutil.which("setpriv") else []
        with (self._folder / "log").open("wb") as log:
            self._server = subprocess.Popen(
                [*guard, str(self._bin / "postgres"), "-D", data],
                cwd=self._folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=ENVIRONMENT, **self._as,
            )  # fmt: skip
        self._await()

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait(60)
        shutil.rmtree(self._folder)

    def create(self, name: str) -> str:
        """Make a database and return its address as key=value pairs."""
        self._run("createdb", "-h", str(self._folder), "-p", str(self.port), "-U", USER, name)
        quoted = PASSWORD.replace("\\", "\\\\").replace("'", "\\'")
        return f"dbname={name} host=127.0.0.1 port={self.port} user={USER} password='{quoted}'"

    def drop(self, name: str) -> None:
        """Take a database away, whoever is connected to it."""
        self._run("dropdb", "--force", "-h", str(self._folder), "-p", str(self.port), "-U", USER, name)

    def _await(self, *, seconds: float = 60.0) -> None:
        end = time.monotonic() + seconds
        while True:
            try:
                return self._run(
                    "psql", "-h", str(self._folder), "-p", str(self.port), "-U", USER, "-c", "", "postgres"
                )
            except subprocess.CalledProcessError:
                if time.monotonic() > end or self._server.poll() is not None:
                    raise RuntimeError((self._folder / "log").read_text(errors="replace")[-3000:]) from None
                time.sleep(0.1)

    def _run(self, program: str, *arguments: str) -> None:
        with (self._folder / "output").open("ab") as out:
            subprocess.run(
                [str(self._bin / program), *arguments],
                check=True, cwd=self._folder, stdin=subprocess.DEVNULL, stdout=out, stderr=out, env=ENVIRONMENT,
                **self._as,
            )  # fmt: skip
