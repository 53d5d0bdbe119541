"""A real Spark standalone cluster on this machine: one master, two workers, from the pyspark wheel."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from importlib.util import find_spec
from pathlib import Path
from typing import Any

WORKERS = 2
# Small and local: the tests measure equality, not speed.
DEFAULTS = """\
spark.driver.host 127.0.0.1
spark.driver.bindAddress 127.0.0.1
spark.driver.memory 768m
spark.executor.memory 768m
spark.executor.cores 1
spark.cores.max 2
spark.default.parallelism 2
spark.sql.shuffle.partitions 2
spark.driver.extraJavaOptions -XX:+UseSerialGC -XX:TieredStopAtLevel=1
spark.executor.extraJavaOptions -XX:+UseSerialGC -XX:TieredStopAtLevel=1
"""


def missing() -> str | None:
    """Return what this machine lacks to run Spark, or None."""
    if find_spec("pyspark") is None:
        return "pyspark is not installed: pip install argosy[spark]"
    if shutil.which("java") is None:
        return "no Java: apt-get install openjdk-17-jre-headless"
    return None


class StandaloneSpark:
    """The cluster's processes; ``url`` is its master."""

    def __init__(self, root: Path) -> None:
        self.root = root
        package = find_spec("pyspark")
        assert package is not None and package.submodule_search_locations
        self.home = Path(next(iter(package.submodule_search_locations)))
        for part in ("conf", "work", "local"):
            (root / part).mkdir()
        (root / "conf" / "spark-defaults.conf").write_text(DEFAULTS, encoding="utf-8")
        self._running: list[tuple[subprocess.Popen[bytes], Path]] = []
        self.port, self._pages = _free_ports(2)

    @property
    def url(self) -> str:
        return f"spark://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What a driver on this machine must have in its environment too."""
        return {
            "SPARK_HOME": str(self.home),
            "SPARK_CONF_DIR": str(self.root / "conf"),
            "SPARK_LOCAL_DIRS": str(self.root / "local"),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_PYTHON": sys.executable,
        }

    def start(self) -> None:
        """Start all processes and wait until the master counts its workers."""
        where = ["--host", "127.0.0.1", "--webui-port"]
        self._spawn("master", "Master", *where, str(self._pages), "--port", str(self.port))
        # When the port is taken meanwhile, Spark silently takes the next one.
        state = self._wait(lambda state: True)
        assert state["url"] == self.url
        for number in range(WORKERS):
            self._spawn(
                f"worker{number}", "Worker", *where, "0", "--cores", "1", "--memory", "1g",
                "--work-dir", str(self.root / "work"), self.url,
            )  # fmt: skip
        self._wait(lambda state: sum(worker["state"] == "ALIVE" for worker in state["workers"]) == WORKERS)

    def stop(self) -> None:
        """End every process this cluster started."""
        for process, _ in reversed(self._running):
            for ending in (signal.SIGTERM, signal.SIGKILL):
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, ending)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(15)
        self._running.clear()

    def _spawn(self, name: str, kind: str, *arguments: str) -> None:
        log = self.root / f"{name}.log"
        # A test run that is killed must leave no daemon behind.
        guard = ["setpriv", "--pdeathsig", "TERM"] if shutil.which("setpriv") else []
        command = [*guard, str(self.home / "bin" / "spark-class"), f"org.apache.spark.deploy.{kind.lower()}.{kind}"]
        own = {
            "SPARK_DAEMON_MEMORY": "256m",
            "SPARK_DAEMON_JAVA_OPTS": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1",
            "SPARK_MASTER_OPTS": "-Dspark.master.rest.enabled=false",
        }
        with log.open("wb") as out:
            process = subprocess.Popen(
                [*command, *arguments],
                cwd=self.root, env=os.environ | self.environment | own, stdin=subprocess.DEVNULL,
                stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip
        self._running.append((process, log))

    def _wait(self, ready: Any, *, seconds: float = 120.0) -> dict[str, Any]:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for process, log in self._running:
                if process.poll() is not None:
                    raise RuntimeError(log.read_text(errors="replace")[-3000:])
            with contextlib.suppress(OSError):
                state = self._state()
                if ready(state):
                    return state
            time.sleep(0.2)
        raise TimeoutError("\n".join(log.read_text(errors="replace")[-1500:] for _, log in self._running))

    def _state(self) -> dict[str, Any]:
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"http://127.0.0.1:{self._pages}/json/", timeout=5) as answer:
            state: dict[str, Any] = json.load(answer)
            return state


def _free_ports(n: int) -> list[int]:
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(n)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
