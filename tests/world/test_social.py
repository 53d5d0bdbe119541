"""TikTok's shops in a world: amounts add up, exports are as the platform writes them, import reads what was meant."""

from __future__ import annotations

import csv
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from argosy import flow
from argosy.lake.engine import Lake
from argosy.lake.workspace import open_workspace
from argosy.world import assumptions as assumed
from argosy.world.conditions import PLACES
from argosy.world.demand import places
from argosy.world.draws import Draws
from argosy.world.files.tiktok_shop import amounts
from argosy.world.happened import World
from argosy.world.making import make_world
from argosy.world.pacific import pacific, told_apart
from argosy.world.plan import Event, Plan
from argosy.world.simulate import simulate
from argosy.world.social import SocialSales

PLAN = Plan(23, months=6, orders=30_000)


@pytest.fixture(scope="module")
def world() -> World:
    return make_world(PLAN)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("social") / "world"
    simulate(Plan(24, months=3, orders=4_000), path)
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.DictReader(file)
    return rows


def amount(text: str) -> Decimal:
    digits = text.lstrip("$£").removeprefix("IDR ").removeprefix("THB ")
    return Decimal(digits.replace(".", "") if text.startswith("IDR") else digits.replace(",", ""))


def test_every_place_of_sale_comes_from_a_table_and_takes_its_share_of_its_countrys_buyers(world: World) -> None:
    assert list(PLACES) == ["shopify", *(place.name for place in assumed.ELSEWHERE)]
    came = world.dropped.visits
    found = places(came, Draws(PLAN.seed))
    assert (found == world.dropped.place).all()
    country = np.array([market.country for market in assumed.MARKETS])[came.market]
    habit = Draws(PLAN.seed).of("habits", came.buyer)
    for number, place in enumerate(assumed.ELSEWHERE, 1):
        assert (country[found == number] == place.country).all()
        others = sum(p.share for p in assumed.ELSEWHERE[: number - 1] if p.country == place.country)
        assert (found == number).sum() == (
            (country == place.country) & (habit >= others) & (habit < others + place.share)
        ).sum()
    for market in assumed.MARKETS:
        assert sum(place.share for place in assumed.ELSEWHERE if place.country == market.country) < 1


def test_a_buyer_keeps_to_one_place(world: World) -> None:
    buyers = [world.orders.came.buyer, *(site.sales.came.buyer for site in world.sites)]
    buyers += [sales.came.buyer for sales in world.social]
    assert len(np.concatenate([np.unique(b) for b in buyers])) == len(np.unique(np.concatenate(buyers)))


def test_amounts_of_an_order_add_up_and_can_be_paid(world: World) -> None:
    for sales in world.social:
        assert len(sales.at) > 50
        step = sales.shop.step
        for column in (sales.discount, sales.taken_off, sales.postage, sales.tax, sales.amount, sales.back):
            assert (column % step == 0).all()
        assert (
            sales.sellers_part[sales.returned == sales.amount] == sales.earned[sales.returned == sales.amount]
        ).all()
        assert (sales.sellers_part[sales.returned == 0] == 0).all()
        assert (sales.back <= sales.amount).all()
        assert ((sales.tax > 0) == (sales.shop.tax > 0)).all()


def test_what_is_called_off_is_never_sent_and_what_is_sent_leaves_the_warehouse_at_home(world: World) -> None:
    for sales in world.social:
        off = sales.off_at > 0
        assert off.mean() == pytest.approx(assumed.TIKTOK_CANCELLED, abs=0.03)
        assert not (sales.gone & off).any()
        sent = ~off
        assert (sales.placed_at < sales.at).all()
        assert (sales.at[sent] < sales.ready_at[sent]).all()
        assert (sales.ready_at[sent] < sales.sent_at[sent]).all()
        assert (sales.sent_at[sent] < sales.came_at[sent]).all()
        assert assumed.POOLS[assumed.HOME_POOL].name == sales.shop.pool


def test_a_suspended_shop_sells_nothing_and_no_other_place_sells_less(world: World) -> None:
    shop = assumed.TIKTOK_SHOPS[0].name
    event = Event("account_suspended", shop, date(2026, 6, 1), date(2026, 6, 9), 1.0)
    other = make_world(Plan(PLAN.seed, PLAN.months, PLAN.orders, incidents=(event,)), whole=False)
    day = np.datetime64("2026-06-01").astype(np.int64)

    def sold(sales: SocialSales) -> int:
        return int(((sales.at // 86_400 >= day) & (sales.at // 86_400 < day + 9)).sum())

    assert sold(world.social[0]) > 0 == sold(other.social[0])
    for mine, theirs in zip(world.social[1:], other.social[1:], strict=True):
        assert len(theirs.at) >= len(mine.at)


def test_the_export_is_as_the_seller_centre_writes_it(folder: Path) -> None:
    exports = folder / "exports"
    for shop in assumed.TIKTOK_SHOPS:
        rows = rows_of(exports / f"tiktok-shop-{shop.country.lower()}.csv")
        assert len(rows[0]) == (52 if shop.asian else 63)
        for row in rows:
            assert row["SKU Unit Original Price"].startswith(shop.mark)
            assert row["Order ID"].endswith("\t")
            assert row["Shipped Time"] == "" or row["Order Status"] in ("Shipped", "Completed")
            subtotal = amount(row["SKU Unit Original Price"]) * int(row["Quantity"])
            assert subtotal == amount(row["SKU Subtotal Before Discount"])
            off = amount(row["SKU Platform Discount"]) + amount(row["SKU Seller Discount"])
            assert subtotal - off == amount(row["SKU Subtotal After Discount"])
        for number in {row["Order ID"] for row in rows}:
            mine = [row for row in rows if row["Order ID"] == number]
            whole = sum(amount(row["SKU Subtotal After Discount"]) for row in mine)
            extra = ("Shipping Fee After Discount", "Buyer Service Fee" if shop.asian else "Taxes")
            assert whole + sum(amount(mine[0][name]) for name in extra) == amount(mine[0]["Order Amount"])
    assert {row["Order Status"] for row in rows_of(exports / "tiktok-shop-us.csv")} == {
        "To ship", "Shipped", "Completed", "Canceled",
    }  # fmt: skip


def test_a_large_amount_has_its_thousands_parted_as_the_shop_parts_them() -> None:
    minor = np.array([0, 5_00, 999_00, 1_000_00, 1_022_25, 12_345_678_00])
    us, _, rupiah, _ = assumed.TIKTOK_SHOPS
    assert amounts(minor, us).to_pylist() == ["$0.00", "$5.00", "$999.00", "$1,000.00", "$1,022.25", "$12,345,678.00"]
    assert amounts(minor, rupiah).to_pylist()[3:] == ["IDR 1.000", "IDR 1.022", "IDR 12.345.678"]


def test_clocks_in_los_angeles() -> None:
    moments = [datetime(2021, 10, 1) + timedelta(hours=n) for n in range(24 * 365 * 5)]
    at = np.array([int((m - datetime(1970, 1, 1)).total_seconds()) for m in moments])
    zone, utc = ZoneInfo("America/Los_Angeles"), ZoneInfo("UTC")
    shown = [m.replace(tzinfo=utc).astimezone(zone).replace(tzinfo=None) for m in moments]
    assert pacific(at).tolist() == [int((m - datetime(1970, 1, 1)).total_seconds()) for m in shown]
    # Read as import reads them, what clocks show twice being the second time.
    apart = told_apart(at)
    named = [datetime(1970, 1, 1) + timedelta(seconds=int(s)) for s in pacific(apart)]
    read = [m.replace(tzinfo=zone, fold=1).astimezone(utc).timestamp() for m in named]
    assert apart.tolist() == [int(s) for s in read]
    assert (apart != at).sum() == 5, "one hour a year"


def test_import_reads_what_was_sold_shipped_and_given_back(folder: Path, tmp_path: Path) -> None:
    files = sorted((folder / "exports").glob("tiktok-shop-*.csv"))
    flow.begin(tmp_path / "shop", home="CN", book_currency="CNY")
    with Lake(open_workspace(tmp_path / "shop")) as lake:
        reports = flow.read_files(lake, [str(path) for path in files])
        assert [(r.outcome, r.rejected, r.assumed) for r in reports] == [("imported", 0, ())] * 4
        entries = lake.table("entries")
        per = entries.group_by("account", "currency", "state").aggregate(
            amount=entries.amount.sum(), book=entries.book_amount.sum()
        )
        mine = {(r["account"], r["currency"], r["state"]): (r["amount"], r["book"]) for r in lake.rows(per)}
        moments = lake.table("shipments")
        told = lake.rows(moments.aggregate(sent=moments.shipped_at.count(), came=moments.delivered_at.count()))[0]
    truth = pq.read_table(folder / "truth" / "entries.parquet")
    truth = truth.filter(
        pc.and_(pc.match_substring_regex(truth["order_name"], "^57[6-9]"), pc.equal(truth["state"], "estimated"))
    )
    sums = truth.group_by(["account", "currency", "state"]).aggregate([("amount", "sum"), ("book_amount", "sum")])
    really = {
        (r["account"], r["currency"], r["state"]): (r["amount_sum"], r["book_amount_sum"]) for r in sums.to_pylist()
    }
    assert mine == really
    assert {account for account, *_ in mine} == {
        "asset:receivable:tiktok_shop:main", "contra:discount", "contra:refund", "fee:channel", "income:sales",
        "income:shipping",
    }  # fmt: skip
    world = make_world(Plan(24, months=3, orders=4_000), whole=False)
    assert told == {
        "sent": sum(int(sales.gone.sum()) for sales in world.social),
        "came": sum(int(((sales.came_at > 0) & (sales.came_at < sales.until)).sum()) for sales in world.social),
    }
