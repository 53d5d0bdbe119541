"""Orders in the browser: the list, one order whole, search, and the commands that say the same."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import openpyxl
import pyarrow as pa
import pytest
from click.testing import CliRunner
from tests.console.conftest import Enter

from argosy.brief.orders import STATES, Wanted
from argosy.business import Business
from argosy.cli import main
from argosy.flow import now
from argosy.model.errors import NoSuchOrder

EVIL = "<script>alert('title')</script>"
FORMULA = "=<b>1+1</b>"


@pytest.fixture(scope="module")
def business(console: Path) -> Iterator[Business]:
    """The business, with one more order that means no good."""
    export = next((console.parent / "exports").glob("orders_export.csv"))
    with export.open(encoding="utf-8-sig", newline="") as file:
        row = next(csv.DictReader(file))
    row |= {"Name": FORMULA, "Id": "666", "Lineitem name": EVIL, "Lineitem sku": "EVIL-1"}
    bad = console.parent / "evil" / "orders_export.csv"
    bad.parent.mkdir(exist_ok=True)
    with bad.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(row))
        writer.writeheader()
        writer.writerow(row)
    with closing(Business.at(console)) as business:
        business.import_files(str(bad), account="evil")
        yield business


def listed(business: Business, wanted: Wanted | None = None, limit: int = 10_000) -> list[dict[str, Any]]:
    table: pa.Table = business.lake.arrow(business.orders(wanted, limit=limit))
    return table.to_pylist()


@pytest.fixture(scope="module")
def everything(business: Business) -> list[dict[str, Any]]:
    """All orders, newest first."""
    return listed(business)


def path(order_id: str) -> str:
    return f"/orders/{quote(order_id, safe='/:')}/"


def test_the_list_says_of_every_order_what_the_books_say(business: Business, everything: list[dict[str, Any]]) -> None:
    earned = {row["order"]: row for row in business.lake.rows(business.profit(by=("order",)))}
    assert {row["order_id"]: row["cm3"] for row in everything} == {
        row["order_id"]: earned[row["order_id"]]["cm3"] if row["order_id"] in earned else None for row in everything
    }
    assert [row["placed_at"] for row in everything] == sorted((row["placed_at"] for row in everything), reverse=True)


def test_states_and_filters_part_the_orders(business: Business, everything: list[dict[str, Any]]) -> None:
    for state in STATES:
        chosen = {row["order_id"] for row in listed(business, Wanted(state=state))}
        column = "promise" if state == "late" else "state"
        assert chosen == {row["order_id"] for row in everything if row[column] == state}
    market, day = everything[0]["market"], everything[50]["placed_at"].date()
    some = listed(business, Wanted(market=market, start=day, end=day, channel="shopify:main"))
    assert [row["order_id"] for row in some] == [
        row["order_id"] for row in everything
        if (row["market"], row["placed_at"].date(), row["channel_id"]) == (market, day, "shopify:main")
    ]  # fmt: skip


def links(page: Any) -> list[str]:
    """The orders a page links to, in its order."""
    return [unquote(link) for link in re.findall(r'href="/orders/([^"?]+)/"', page.content.decode())]


def turn(page: Any, rel: str) -> str | None:
    """The address of the page beside a page."""
    found = re.search(rf'href="([^"]+)" rel="{rel}"', page.content.decode())
    return f"/orders/{unescape(found[1])}" if found else None


def test_pages_follow_each_other_both_ways(enter: Enter, everything: list[dict[str, Any]]) -> None:
    owner = enter("owner")
    first = owner.get("/orders/")
    assert turn(first, "prev") is None
    second = owner.get(turn(first, "next"))
    assert [*links(first), *links(second)] == [row["order_id"] for row in everything[:200]]
    back = owner.get(turn(second, "prev"))
    assert links(back) == links(first)
    assert turn(back, "prev") is None


def test_operators_see_orders_without_what_they_earned(enter: Enter, everything: list[dict[str, Any]]) -> None:
    settled = next(row for row in everything if row["booked"] == "settled")
    owner, operator = enter("owner"), enter("operator")
    assert "CM3" in owner.get("/orders/").content.decode()
    assert "figure=cm3" in owner.get(path(settled["order_id"])).content.decode()
    for page in ("/orders/", path(settled["order_id"])):
        shown = operator.get(page).content.decode()
        assert not any(word in shown for word in ("CM3", "figure=", "Net sales", "Payouts it was"))
    head = operator.get("/orders/?format=csv").content.decode("utf-8-sig").splitlines()[0]
    assert not {"net_sales", "cm3", "booked"} & set(head.split(","))


def test_files_hold_what_is_shown_and_run_nothing(enter: Enter, business: Business) -> None:
    asked = "/orders/?channel=shopify:evil&format="
    rows = list(csv.DictReader(io.StringIO(enter("owner").get(asked + "csv").content.decode("utf-8-sig"))))
    assert [row["order_name"] for row in rows] == [f"'{FORMULA}"]
    sheet = openpyxl.load_workbook(io.BytesIO(enter("finance").get(asked + "xlsx").content)).active
    assert sheet is not None
    assert f"'{FORMULA}" in [cell.value for cell in sheet[2]]


def test_words_of_strangers_stay_words(enter: Enter, business: Business) -> None:
    for page in ("/orders/?channel=shopify:evil", path(f"shopify:evil:{FORMULA}"), "/search/?q=alert('title')",
                 f"/orders/?text={quote(EVIL)}&sku={quote(EVIL)}", f"/search/?q={quote(EVIL + 'x')}"):  # fmt: skip
        answer = enter("owner").get(page, follow=True)
        assert answer.status_code == 200
        shown = answer.content.decode()
        assert "<script>alert" not in shown
        assert "<b>1+1" not in shown
    assert "&lt;script&gt;alert" in enter("owner").get(path(f"shopify:evil:{FORMULA}")).content.decode()


def test_one_order_adds_up_as_the_books_do(enter: Enter, business: Business, everything: list[dict[str, Any]]) -> None:
    for row in [next(row for row in everything if row["channel_id"] == channel and row["cm3"] is not None)
                for channel in ("shopify:main", "amazon:main")]:  # fmt: skip
        told = business.order(row["order_id"])
        steps = {step["name"]: step["amount"] for step in told["money"]["steps"]}
        assert (steps["net_sales"], steps["cm3"]) == (row["net_sales"], row["cm3"])
        why = business.why("cm3", order=row["order_id"])
        assert why["total"] == steps["cm3"]
        for lang in ("en", "zh"):
            shown = enter("viewer", lang=lang).get(path(row["order_id"])).content.decode()
            assert f"{abs(steps['cm3']).quantize(Decimal('0.01')):,}" in shown


def test_an_order_is_found_by_the_name_people_use(enter: Enter, business: Business) -> None:
    order = next(row for row in listed(business, Wanted(channel="shopify:main"), limit=1))
    number = order["order_name"].removeprefix("#")
    for name in (order["order_name"], number):
        assert business.order(name)["order"]["order_id"] == order["order_id"]
        assert enter("viewer").get(path(name))["Location"] == path(order["order_id"])
    assert enter("viewer").get(path("#0")).status_code == 404
    with pytest.raises(NoSuchOrder):
        business.order("#0")


def test_one_hit_is_gone_to_and_several_are_grouped(enter: Enter, business: Business) -> None:
    viewer = enter("viewer")
    order = next(row for row in listed(business, Wanted(state="delivered"), limit=1))
    tracking = business.order(order["order_id"])["parcels"][0]["tracking_no"]
    for sought in (order["order_name"], order["order_id"], tracking):
        assert viewer.get("/search/", {"q": sought})["Location"] == path(order["order_id"])
    assert viewer.get("/search/", {"q": "EVIL-1"})["Location"] == "/orders/?sku=EVIL-1"
    several = viewer.get("/search/", {"q": order["order_name"][:4]})
    assert len(links(several)) > 1
    assert "What can be searched for" in viewer.get("/search/").content.decode()


@pytest.mark.parametrize(
    "text", ["%", "'; DROP TABLE lake.main.orders; --", "\\", "\x00", "a" * 9000, "F999999999", "P0"]
)
def test_hostile_words_find_nothing_and_harm_nothing(enter: Enter, business: Business, text: str) -> None:
    viewer = enter("viewer")
    fine = 400 if "\0" in text else 200
    assert viewer.get("/search/", {"q": text}).status_code == fine
    filters = {name: text for name in ("text", "channel", "state", "from", "to", "older", "sku", "payout", "format")}
    assert viewer.get("/orders/", filters).status_code == fine
    assert viewer.get(path(text)).status_code in (301, 400, 404)
    assert business.lake.rows(business.order_choices())


def test_strangers_see_nothing(enter: Enter, business: Business) -> None:
    for page in ("/orders/", "/orders/?format=csv", path("#1"), "/search/?q=1"):
        assert enter().get(page)["Location"].startswith("/account/login/")


def test_the_commands_say_the_same(business: Business) -> None:
    folder = str(business.workspace.folder)
    order = next(row for row in listed(business, Wanted(state="delivered"), limit=1))

    def run(*words: str, status: int = 0) -> str:
        done = CliRunner().invoke(main, [*words, "-C", folder])
        assert done.exit_code == status, done.output
        return done.output

    told = json.loads(run("order", order["order_name"], "--json"))
    assert {step["name"]: Decimal(step["amount"]) for step in told["money"]["steps"]}["cm3"] == order["cm3"]
    assert "送达" in run("order", order["order_name"], "--lang", "zh")
    assert [row["order_id"] for row in json.loads(run("search", order["order_name"], "--json"))["orders"]] == [
        order["order_id"]
    ]
    assert "Nothing is called" in run("search", "no such thing")
    assert "#0" in run("order", "#0", status=1)


def test_the_list_is_made_once_for_each_posting_and_says_what_the_ledgers_say(console: Path) -> None:
    with closing(Business.at(console)) as business:
        kept = business.orders().drop("late_hours")  # it grows with every hour
        rows = business.lake.rows(kept)
        snapshot = business.lake.snapshot()
        business.lake.rows(business.orders(Wanted(state="late"), limit=3))
        assert business.lake.snapshot() == snapshot
        assert business.lake.rows(business.orders(as_known=now()).drop("late_hours")) == rows


class Heard:
    """A connection to the lake that notes every statement."""

    def __init__(self, raw: Any) -> None:
        self.raw, self.said = raw, list[str]()

    def execute(self, statement: str, *rest: Any) -> Any:
        self.said.append(statement)
        return self.raw.execute(statement, *rest)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.raw, name)


def test_of_one_order_nothing_else_is_read(console: Path) -> None:
    with closing(Business.at(console)) as business:
        order_id = business.lake.rows(business.orders(Wanted(state="delivered"), limit=1))[0]["order_id"]
        heard: Any = Heard(business.lake.raw)
        business.lake.raw = heard
        told = business.order(order_id)
    numbers = [parcel["tracking_no"] for parcel in told["parcels"]]
    large = [
        said for said in heard.said if re.search(r'"main"."(entries|orders|order_lines|payments|shipments)"', said)
    ]
    assert large
    assert all(any(f"'{key}'" in said for key in (order_id, *numbers)) for said in large), large
    assert sum('"main"."entries"' in said for said in heard.said) == 1
