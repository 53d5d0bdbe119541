"""Promises in the browser: kept rates, what is due, a delivery quote."""

from __future__ import annotations

import csv
import io
from contextlib import closing
from pathlib import Path

import pytest
from tests.console.conftest import Enter

from argosy.business import Business


@pytest.mark.parametrize("by", ["", "market", "channel", "carrier", "week", "nonsense; DROP TABLE promises"])
def test_kept_rates_by_what_is_chosen_equal_the_books(enter: Enter, console: Path, by: str) -> None:
    page = enter("viewer").get("/promises/", {"by": by})
    assert page.status_code == 200
    assert "Delivered in time" in page.content.decode()
    told = enter("viewer").get("/promises/", {"by": by, "format": "csv"}).content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(told)))
    known = by if by in ("market", "channel", "carrier", "week") else ""
    with closing(Business.at(console)) as business:
        expected = business.lake.rows(business.kept(by=("kind", known) if known else ("kind",)))
    assert sorted((row["kind"], row["kept"], row["broken"]) for row in rows) == sorted(
        (row["kind"], str(row["kept"]), str(row["broken"])) for row in expected if row["n"] or row["open"]
    )


def test_carriers_are_told_apart(enter: Enter, console: Path) -> None:
    told = enter("owner").get("/promises/", {"by": "carrier", "kind": "deliver_by", "format": "csv"})
    carriers = {row["carrier"] for row in csv.DictReader(io.StringIO(told.content.decode("utf-8-sig")))}
    assert len(carriers - {""}) > 1


def test_one_kind_alone(enter: Enter) -> None:
    told = enter("owner").get("/promises/", {"kind": "ship_by", "format": "csv"}).content.decode("utf-8-sig")
    assert {row["kind"] for row in csv.DictReader(io.StringIO(told))} == {"ship_by"}


def test_a_delivery_is_quoted_as_the_command_line_does(enter: Enter, console: Path) -> None:
    with closing(Business.at(console)) as business:
        days = business.quote_delivery(to="DE", kept=0.9).days
    for lang, place, words in (("en", "Germany", f"{days} days"), ("zh", "德国", f"{days} 天")):
        page = enter("viewer", lang=lang).get("/promises/", {"to": place, "kept": "0.90"}).content.decode()
        assert words in page
        assert place in page


def test_a_place_nobody_knows_is_said_to_be_so(enter: Enter) -> None:
    page = enter("viewer").get("/promises/", {"to": "<script>", "kept": "many"})
    assert "No country is called that" in page.content.decode()
    assert "<script>" not in page.content.decode().replace("<script src", "")
