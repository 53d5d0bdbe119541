"""How often each page was asked for and how long it took, counted in this process, and written as Prometheus reads it.

The text format is that of https://prometheus.io/docs/instrumenting/exposition_formats/ (version 0.0.4).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from threading import Lock
from time import perf_counter

from django.http import HttpRequest, HttpResponse

from argosy.console.guard import Answer

BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)  # seconds
METHODS = ("GET", "HEAD", "POST")
Labels = tuple[tuple[str, str], ...]
Sample = tuple[str, Labels, float]


class Meter:
    """Counts and seconds by method, route and status."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seconds: dict[Labels, float] = defaultdict(float)
        self._within: dict[Labels, list[int]] = defaultdict(lambda: [0] * (len(BUCKETS) + 1))

    def note(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answer."""
        labels = (("method", method if method in METHODS else "other"), ("route", route), ("status", str(status)))
        bucket = next((n for n, most in enumerate(BUCKETS) if seconds <= most), len(BUCKETS))
        with self._lock:
            self._seconds[labels] += seconds
            self._within[labels][bucket] += 1

    def samples(self) -> Iterator[Sample]:
        """Yield a histogram: how many took at most so long, their sum and their count."""
        with self._lock:
            counted = [(labels, self._seconds[labels], list(within)) for labels, within in self._within.items()]
        for labels, seconds, within in sorted(counted):
            for n, most in enumerate((*(f"{one:g}" for one in BUCKETS), "+Inf")):
                yield "_bucket", (*labels, ("le", most)), sum(within[: n + 1])
            yield "_sum", labels, seconds
            yield "_count", labels, sum(within)


METER = Meter()


def metered(answer: Answer) -> Answer:
    """Count every answer under the pattern of its address, so that no name or number in one is told."""

    def told(request: HttpRequest) -> HttpResponse:
        begun = perf_counter()
        response = answer(request)
        METER.note(request.method or "", _route(request), response.status_code, perf_counter() - begun)
        return response

    return told


def _route(request: HttpRequest) -> str:
    if request.resolver_match is not None:
        return f"/{request.resolver_match.route}"
    return "/static/" if request.path.startswith("/static/") else "none"


def written(name: str, kind: str, says: str, samples: Sequence[Sample] | Iterator[Sample]) -> str:
    """Return one metric: what it says, of which kind it is, its samples."""
    lines = [f"# HELP {name} {says}", f"# TYPE {name} {kind}"]
    lines += [f"{name}{suffix}{_labels(dict(labels))} {value:.15g}" for suffix, labels, value in samples]
    return "\n".join(lines) + "\n"


def _labels(labels: Mapping[str, str]) -> str:
    return "{" + ",".join(f'{key}="{_escaped(value)}"' for key, value in labels.items()) + "}" if labels else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
