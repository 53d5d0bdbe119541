"""The reference rates of the European Central Bank ship whole."""

from __future__ import annotations

import csv
import io
import zipfile
from importlib.resources import files


def test_history_is_complete() -> None:
    packed = io.BytesIO(files("argosy.rules").joinpath("ecb", "eurofxref-hist.zip").read_bytes())
    with zipfile.ZipFile(packed) as archive:
        assert archive.namelist() == ["eurofxref-hist.csv"]
        header, *days = csv.reader(archive.read("eurofxref-hist.csv").decode().splitlines())
    assert (days[0][0], days[-1][0], len(days)) == ("2026-10-30", "1999-01-04", 7126)
    assert len([currency for currency in header[1:] if currency]) == 41
