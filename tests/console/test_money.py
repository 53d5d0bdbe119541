"""Money, products and markets: every number as the command line has it, for those who may see it, whatever is asked."""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import openpyxl
import pytest
from babel.numbers import get_currency_precision
from click.testing import CliRunner
from tests.console.conftest import Enter

from argosy.cli import main

Rows = list[dict[str, str]]
SHARES = ("margin", "share", "low", "high", "refund_share")
TEXTS = (
    "estimates",
    "entry_no",
    "sku",
    "line_no",
    "order_id",
    "source_row",
    "rule_id",
    "age",
)  # whatever digits they have
NUMBER = re.compile(r"-?[\d.]*(e-\d+)?")
OWN = ("amount", "came", "went", "expected", "found")
SPAN = ("--from", "2026-08-01", "--to", "2026-08-31")
DAYS = {"start": "2026-08-01", "end": "2026-08-31"}
PAGES: dict[str, tuple[str, dict[str, Any], tuple[str, ...]]] = {
    "profit": (
        "/money/", {"view": "profit", "by": ["sku", "market"], **DAYS}, ("--by", "sku", "--by", "market", *SPAN),
    ),
    "balances": ("/money/", {"view": "balances"}, ()),
    "receivables": ("/money/", {"view": "receivables"}, ()),
    "cash": ("/money/", {"view": "cash", "by": "month"}, ("--by", "month")),
    "findings": ("/money/", {"view": "findings"}, ()),
    "variance": ("/money/", {"view": "variance"}, ()),
    "restatements": ("/money/", {"view": "restatements", "since": "2020-01-01"}, ("--since", "2020-01-01")),
    "coverage": ("/money/", {"view": "coverage"}, ()),
    "entries": ("/money/", {"view": "entries", **DAYS}, SPAN),
    "products": ("/products/", DAYS, SPAN),
    "markets": ("/markets/", DAYS, SPAN),
}  # fmt: skip
ADDRESSES = ("/money/", "/money/?view=entries", "/money/?view=profit&format=csv", "/money/why/?figure=cm3",
             "/products/", "/products/?format=xlsx", "/markets/", "/markets/DE/")  # fmt: skip


@pytest.fixture
def show(shop: Path, tmp_path: Path) -> Callable[..., Rows]:
    """What the command line writes when asked for a table."""

    def shown(view: str, *options: str) -> Rows:
        path = tmp_path / f"{view}.csv"
        told = CliRunner().invoke(main, ["show", view, *options, "-C", str(shop), "-o", str(path)])
        assert told.exit_code == 0, told.output
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    return shown


def cells(page: str) -> list[list[str]]:
    """Return the texts of the first table of a page."""
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [
        [html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)]
        for row in re.findall(r"<tr[^>]*>(.*?)</tr>", body, re.S)
    ]


def number(text: str) -> Decimal:
    return Decimal(re.sub(r"[^0-9.\-]", "", text))


def agree(shown: str, told: str, row: dict[str, str], column: str) -> bool:
    """Whether a cell shows what the command line told, as exactly as it is written."""
    if not told:
        return shown == "–"
    if column in SHARES:
        return number(shown) == round(Decimal(told) * 100, 1)
    currency = row["currency"] if column in OWN else "CNY"
    return number(shown) == round(Decimal(told), get_currency_precision(currency))


@pytest.mark.parametrize("view", PAGES)
def test_every_number_of_a_table_is_the_command_lines(enter: Enter, show: Callable[..., Rows], view: str) -> None:
    address, asked, options = PAGES[view]
    rows = show(view, *options)
    names = list(rows[0]) if rows else []
    figures = [name for name in names if name not in TEXTS and all(NUMBER.fullmatch(row[name]) for row in rows)]
    page = enter("viewer").get(address, {**asked, "column": figures}).content.decode()
    assert f"{len(rows):,} rows" in page
    assert rows or view in ("findings", "variance")
    if not rows:
        assert "<tbody>" not in page
        return
    shown = cells(page[page.index('class="a-sheet"') :])
    assert len(shown) == min(len(rows), 200)
    wrong = [
        (row, column, cell)
        for row, texts in zip(rows, shown, strict=False)
        for column, cell in zip(figures, texts, strict=True)
        if not agree(cell, row[column], row, column)
    ]
    assert wrong == []
    assert len(figures) >= (1 if view == "entries" else 2)


def test_the_bridge_shows_the_profit_of_the_days(enter: Enter, show: Callable[..., Rows]) -> None:
    told = show("profit", *SPAN)[0]
    page = enter("finance").get("/money/", DAYS).content.decode()
    for name, text in re.findall(r'figure=(\w+)[^"]*">([^<]*\d[^<]*)</a></td>', page):
        assert number(text) == round(Decimal(told[name]), 2)
    assert page.count("figure=cm2&") >= 1


def test_an_amount_opens_to_entries_that_add_up_to_it(enter: Enter) -> None:
    browser = enter("viewer")
    page = browser.get("/money/", {"view": "profit", "by": ["market", "month"], **DAYS}).content.decode()
    found = re.findall(r'<td class="a-is-money">(?:<span[^>]*>≈</span>)?<a href="([^"]+)">([^<]+)</a>', page)
    for href, text in [*found[:3], *found[-9:]]:
        opened = browser.get(html.unescape(href)).content.decode()
        heading = re.search(r"<h1>(.*?)</h1>", opened, re.S)
        assert heading is not None
        assert number(heading[1].split("CN¥")[-1]) == abs(number(text))
    opened = browser.get(html.unescape(found[0][0])).content.decode()
    entry = re.search(r'href="(/money/why/\?figure=[^"]+%3A[^"]+)"', opened)
    assert entry is not None
    assert "<pre>" in browser.get(html.unescape(entry[1])).content.decode()


def test_a_figure_says_whether_it_is_settled_and_leads_back(enter: Enter) -> None:
    browser = enter("viewer")
    came = {"referer": "http://127.0.0.1/money/?view=profit"}
    page = browser.get("/money/why/?figure=goods", headers=came).content.decode()
    assert 'href="/money/?view=profit"' in page
    assert "Cost of goods" in page
    assert "settled" in page
    strange = browser.get("/money/why/?figure=goods", headers={"referer": "http://evil.example/money/"})
    assert "evil" not in strange.content.decode()


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_file_has_every_filtered_row_as_the_command_line_writes_it(
    enter: Enter, show: Callable[..., Rows], ending: str
) -> None:
    asked = {"view": "entries", **DAYS, "has": "FEE:", "format": ending}
    answer = enter("finance").get("/money/", asked)
    body = b"".join(answer.streaming_content)
    answer.close()
    if ending == "csv":
        got: Any = list(csv.reader(io.StringIO(body.decode("utf-8-sig"))))
    else:
        sheet = openpyxl.load_workbook(io.BytesIO(body), read_only=True).active
        assert sheet is not None
        got = [list(row) for row in sheet.iter_rows(values_only=True)]
    rows = [row for row in show("entries", *SPAN) if any("fee:" in value.lower() for value in row.values())]
    assert got[0] == list(rows[0])
    assert [row[0] for row in got[1:]] == [row["transaction_id"] for row in rows]
    assert "attachment" in answer["Content-Disposition"]


def test_tables_are_sorted_filtered_and_cut_by_the_address(enter: Enter) -> None:
    browser = enter("viewer")
    page = browser.get("/products/", {"sort": "units", "column": ["sku", "units"], "days": "all"}).content.decode()
    units = [number(row[1]) for row in cells(page) if row[1] != "–"]
    assert units == sorted(units)
    assert 'aria-sort="ascending"' in page
    first = browser.get("/money/", {"view": "entries", "days": "all"}).content.decode()
    second = browser.get("/money/", {"view": "entries", "days": "all", "page": 2}).content.decode()
    assert "201 to 400" in second
    assert cells(first) != cells(second)
    assert "No row contains" in browser.get("/products/", {"has": "no such thing"}).content.decode()


HOSTILE = (
    "'; DROP TABLE lake.main.entries; --",
    "%' OR '1'='1",
    '"; SELECT 1',
    "\x00\x1b[31m",
    "x" * 20_000,
    "<script>",
    "\\",
    "=cmd|' /C calc'!A0",
    "9" * 400,
    "\u0669",  # a digit of another alphabet
    "-1",
    "../../etc/passwd",
    "{{ 7*7 }}",
    "{name}",
)


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_stands_in_the_address_is_only_looked_for(enter: Enter, text: str) -> None:
    browser = enter("viewer")
    names = ("has", "sort", "page", "column", "by", "start", "end", "as_known", "since", "days", "view")
    for address in ("/money/?view=balances", "/products/"):
        query = urlencode([*((name, text) for name in names), *parse_qsl(urlsplit(address).query)])
        answer = browser.get(f"{urlsplit(address).path}?{query}")
        assert answer.status_code == (400 if "\0" in text else 200)
        assert "<script>" not in answer.content.decode()
        assert "49" not in re.findall(r'name="has" value="([^"]*)"', answer.content.decode())
    where = {"figure": "cm3", "market": text, "order": text, "start": text, "more": text}
    assert browser.get("/money/why/", where).status_code == (400 if "\0" in text else 200)
    assert browser.get("/money/why/", {"figure": text}).status_code in (200, 400, 409)


@pytest.mark.parametrize("address", ADDRESSES)
def test_who_runs_the_shop_does_not_see_what_was_earned(enter: Enter, address: str) -> None:
    assert enter("operator").get(address).status_code == 403
    assert enter().get(address).status_code == 302
    for role in ("owner", "finance", "viewer"):
        answer = enter(role).get(address)
        answer.close()  # a file is removed when it has been sent
        assert answer.status_code == 200


def test_a_day_before_anything_was_known_knows_nothing(enter: Enter, show: Callable[..., Rows]) -> None:
    browser = enter("viewer")
    page = browser.get("/money/", {"view": "balances", "as_known": "2020-01-01"}).content.decode()
    assert "as it was known on 1 Jan 2020" in page
    assert "There are no accounts yet" in page
    later = (date.today() + timedelta(days=2)).isoformat()
    page = browser.get("/money/", {"view": "coverage", "as_known": later, "column": ["sales"]}).content.decode()
    told = show("coverage", "--as-known", later)
    assert [number(row[0]) for row in cells(page)] == [round(Decimal(row["sales"]), 2) for row in told]


def test_one_article_and_one_market_stand_whole_on_a_page(enter: Enter, show: Callable[..., Rows]) -> None:
    browser = enter("viewer")
    best = show("products", *SPAN)[0]
    page = browser.get(f"/products/{best['sku']}/", DAYS).content.decode()
    assert f">{number(best['units']):,}</strong>" in page
    told = show("profit", "--by", "market", "--where", f"sku={best['sku']}", *SPAN)
    sheet = cells(page[page.index('class="a-sheet"') :])
    assert [number(row[-3]) for row in sheet] == [round(Decimal(row["profit"]), 2) for row in told]
    assert "利润" in enter("viewer", lang="zh").get("/markets/DE/", DAYS).content.decode()
    for address in ("/products/no-such-thing/", "/markets/XX/"):
        assert browser.get(address).status_code == 404


@pytest.fixture
def noticed(console: Path) -> Iterator[str]:
    """The number of a finding that speaks of an article."""
    from tests.decisions.samples import DAY, finding

    from argosy.console.desk import state
    from argosy.decisions.watch import Noticed, record
    from argosy.flow import now

    record(state(), [Noticed(finding(), ())], day=DAY, at=now(), seconds=1.0, rates={})
    yield finding().subject
    record(state(), [], day=DAY, at=now(), seconds=1.0, rates={})


def test_findings_are_asked_for_by_what_they_are_about(noticed: str, shop: Path) -> None:
    for about, found in ((noticed, True), ("nothing", False)):
        told = CliRunner().invoke(main, ["findings", "--about", about, "--json", "-C", str(shop)])
        assert (noticed in told.output) is found
