"""Books that are posted while files are read: they speak of all that is known, or are posted again."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from argosy import flow
from argosy.books.ledger import sources_of
from argosy.business import Business

GOLDEN = Path(__file__).parents[1] / "intake" / "golden"
EXPORTS = ("etsy_sold_orders/EtsySoldOrders2026.csv", "etsy_sold_order_items/EtsySoldOrderItems2026.csv")


def test_what_is_read_while_books_are_posted_is_in_the_books(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    flow.begin(tmp_path / "shop", home="CN", book_currency="CNY")

    def read() -> None:
        with closing(Business.at(tmp_path / "shop")) as other:
            other.import_files(*(str(GOLDEN / name) for name in EXPORTS))

    beside = Thread(target=read)

    def slowly(*tables: Any, **words: Any) -> Any:
        if beside.ident is None:  # the facts have been looked at: now more of them come
            beside.start()
            beside.join(timeout=2)
        return sources_of(*tables, **words)

    with closing(Business.at(tmp_path / "shop")) as business:
        with monkeypatch.context() as patched:
            patched.setattr("argosy.flow.sources_of", slowly)
            assert business.lake.rows(business.profit())[0]["gross_sales"] == 0
            beside.join()
        stored = business.lake.rows(business.profit())
        assert stored == business.lake.rows(business.profit(as_known=flow.now() + timedelta(seconds=1)))
        assert stored[0]["gross_sales"] > 0
