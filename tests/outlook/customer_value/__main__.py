"""Write docs/customer-value.md: the laws of buying again and of spending, fitted on CDNOW, against what came."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.outlook.customer_value.cdnow import purchases, result, sample
from tests.outlook.customer_value.page import page

PROJECT = Path(__file__).resolve().parents[3]
DATA = PROJECT.parent / "shared" / "data"


def main() -> None:
    """Write the page; without the sample data say so and end with status 1."""
    if not DATA.is_dir():
        sys.exit(f"no sample data at {DATA}")
    orders = purchases(DATA)
    results = [result(name, sample(orders, tenth=tenth)) for name, tenth in (("every tenth", True), ("all", False))]
    (PROJECT / "docs" / "customer-value.md").write_text(page(results), encoding="utf-8")


main()
