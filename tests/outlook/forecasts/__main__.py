"""Write docs/forecasts.md: demand forecasts beside baselines on the real data beside the project."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.outlook.forecasts.page import page
from tests.outlook.forecasts.sets import online_retail, rossmann

PROJECT = Path(__file__).resolve().parents[3]
DATA = PROJECT.parent / "shared" / "data"


def main() -> None:
    """Write the page; without the sample data say so and end with status 1."""
    if not DATA.is_dir():
        sys.exit(f"no sample data at {DATA}")
    text = page([online_retail(DATA), rossmann(DATA)])
    sys.stdout.write(text)
    (PROJECT / "docs" / "forecasts.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
