"""The examples a newcomer begins with: a real wholesaler and a brand of every domain, each with its brief."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path


def test_the_demo_makes_two_businesses_and_tells_of_both(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "argosy", "demo", "shop"]
    done = subprocess.run(
        command, cwd=tmp_path, capture_output=True, text=True, check=True, env=os.environ | {"COLUMNS": "100"}
    )
    assert "282 orders · GBP" in done.stdout
    assert "· CNY" in done.stdout
    assert "Answered in time" in done.stdout
    assert "P1 " in done.stdout, "the brief of the brand ends with what to do first"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shop", "shop-brand"]
    assert (tmp_path / "shop-brand" / "world" / "truth" / "incidents.parquet").is_file()
    again = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert "282 orders · GBP" in again.stdout, "asked again it tells again and makes nothing anew"
