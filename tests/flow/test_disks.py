"""A full disk and a read-only disk: one sentence that says what to do, and nothing lost.

Real file systems in a namespace of their own, so that they are really full and really read-only.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ORDERS = (
    "Name,Email,Financial Status,Paid at,Currency,Subtotal,Shipping,Taxes,Total,Created at,"
    "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Shipping Country\n"
)
ROW = "#{n},,paid,2026-03-12 09:14:02 +0000,GBP,5.00,0.00,0.00,5.00,2026-03-12 09:14:02 +0000,1,Mug,5.00,MUG-{n},GB\n"
# A disk of 40 MB with a workspace on it, whose orders are then read with what each test puts between.
SCRIPT = """
set -u
mount -t tmpfs -o size=40m tmpfs "$1" || exit 77
shop="$1/shop"
argosy() {{ "$PYTHON" -m argosy "$@"; echo "status $?"; }}
argosy init "$shop" --book-currency GBP --home GB
export ARGOSY_WORKSPACE="$shop"
argosy import "$2/first.csv"
{between}
"""
FULL = """
dd if=/dev/zero of="$1/spare" bs=64k count=16 status=none
dd if=/dev/zero of="$1/filler" bs=64k status=none 2>/dev/null
argosy import "$2/second.csv"
rm "$1/spare"
argosy import "$2/second.csv" --lang zh
rm "$1/filler"
argosy brief --json | grep '"now":'
argosy import "$2/second.csv"
argosy brief --json | grep '"now":'
argosy doctor
"""
READ_ONLY = """
argosy simulate "$1/world" --orders 500000
ls -A "$1"
mount -o remount,ro "$1"
argosy import "$2/second.csv"
argosy brief --json | grep '"now":'
"""


def told(tmp_path: Path, between: str) -> list[str]:
    """Return what the commands printed, error and output together."""
    for name, numbers in (("first", range(3)), ("second", range(3, 20_000))):
        text = ORDERS + "".join(ROW.format(n=n) for n in numbers)
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    return shown(tmp_path, SCRIPT.format(between=between))


def shown(tmp_path: Path, script: str) -> list[str]:
    """Return what a script printed that was given a folder to mount a disk on, and another one."""
    disk = tmp_path / "disk"
    disk.mkdir()
    root = Path(__file__).resolve().parents[2]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("ARGOSY_")}
    environment |= {"PYTHONPATH": f"{root / 'src'}:{root}", "PYTHON": sys.executable}
    ran = subprocess.run(
        ["unshare", "-Urm", "bash", "-c", script, "bash", str(disk), str(tmp_path)],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, env=environment,
    )  # fmt: skip
    if ran.returncode == 77 or "unshare" in ran.stdout:
        reason = f"no disk of one's own here: {ran.stdout.strip()}"
        if os.environ.get("ARGOSY_REQUIRE_ALL") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    assert "Traceback" not in ran.stdout
    return ran.stdout.splitlines()


def test_a_full_disk_loses_nothing_and_says_what_to_do(tmp_path: Path) -> None:
    lines = told(tmp_path, FULL)
    statuses = [line for line in lines if line.startswith("status")]
    assert statuses[2:4] == ["status 1", "status 1"], lines
    assert any("is full. Free some space" in line for line in lines), lines
    assert any("磁盘已满" in line for line in lines), lines
    counts = [line.strip().strip(",") for line in lines if '"now"' in line]
    assert counts == ['"now": 3', '"now": 20000'], lines
    assert "✓ the lake opens; 3 files were read into it" in lines


def test_a_read_only_disk_can_be_read_and_a_world_too_large_is_refused(tmp_path: Path) -> None:
    lines = told(tmp_path, READ_ONLY)
    statuses = [line for line in lines if line.startswith("status")]
    assert statuses == ["status 0", "status 0", "status 1", "status 1"], lines
    assert any("has no room for" in line for line in lines), lines
    assert "shop" in lines
    assert not {"world", ".world.unfinished"} & set(lines)
    assert any("cannot be written to" in line for line in lines), lines
    assert [line.strip().strip(",") for line in lines if '"now"' in line] == ['"now": 3'], lines
