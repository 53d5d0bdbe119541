"""PayPal's downloads: dates in the order of the profile, decimals of the language, rows that moved no money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from argosy.intake.paypal import places

HEADER = "Date,Time,TimeZone,Type,Status,Currency,Gross,Fee,Net,Transaction ID,Balance Impact\n"


def sale(number: int, date: str, zone: str = "PDT", status: str = "Completed", impact: str = "Credit") -> str:
    return f"{date},14:30:00,{zone},Mobile Payment,{status},USD,10.00,-0.50,9.50,TX{number},{impact}\n"


def moments(shop: Any) -> list[datetime]:
    return [row["posted_at"] for row in shop.facts("payout_lines") if row["kind"] == "charge"]


def test_the_rows_decide_which_number_is_the_month(open_shop: Callable[..., Any]) -> None:
    american, european = open_shop(), open_shop()
    american.read_text(HEADER + sale(1, "09/03/2026") + sale(2, "09/28/2026"))
    european.read_text(HEADER + sale(1, "03/09/2026") + sale(2, "28/09/2026"))
    expected = [datetime(2026, 9, 3, 21, 30), datetime(2026, 9, 28, 21, 30)]
    assert moments(american) == moments(european) == expected


def test_an_undecided_order_takes_the_shorter_stretch_and_says_so(shop: Any, shared: Path) -> None:
    report = shop.read(shared / "data/exports/paypal_activity_small.csv")
    assert moments(shop) == [datetime(2026, 9, 10, 21, 30), datetime(2026, 9, 11, 16, 0)]
    assert report.assumed == ("date_order",)


def test_dotted_dates_begin_with_the_day(shop: Any) -> None:
    shop.read_text(HEADER + sale(1, "05.09.2026") + sale(2, "06.09.2026"))
    assert moments(shop) == [datetime(2026, 9, 5, 21, 30), datetime(2026, 9, 6, 21, 30)]


def test_zones_are_names_offsets_and_places(shop: Any) -> None:
    zones = ["PDT", "GMT+01:00", "UTC-8", "+0530", "Europe/Berlin", "America/Sao_Paulo", "GMT", ""]
    shop.read_text(HEADER + "".join(sale(n, "09/28/2026", zone) for n, zone in enumerate(zones)))
    hours = [(at.day, at.hour, at.minute) for at in moments(shop)]
    assert hours == [
        (28, 21, 30), (28, 13, 30), (28, 22, 30), (28, 9, 0), (28, 12, 30), (28, 17, 30), (28, 14, 30), (28, 14, 30)
    ]  # fmt: skip


def test_the_engine_knows_every_place(shop: Any) -> None:
    for place in places():
        shop.lake.raw.execute("SELECT timezone(?, TIMESTAMP '2026-07-01')", [place]).fetchall()


@pytest.mark.parametrize(
    ("status", "impact", "booked"),
    [
        ("Completed", "Credit", True),
        ("Partially Refunded", "Credit", True),
        ("Pending", "Credit", False),
        ("Uncleared", "Credit", False),
        ("Completed", "Memo", False),
    ],
)
def test_only_rows_that_moved_money_are_booked(shop: Any, status: str, impact: str, booked: bool) -> None:
    report = shop.read_text(HEADER + sale(1, "09/28/2026", status=status, impact=impact))
    assert (len(moments(shop)), report.ignored, report.rejected) == ((1, 0, 0) if booked else (0, 1, 0))


def test_a_pending_payment_is_booked_once_it_is_completed(shop: Any) -> None:
    shop.read_text(HEADER + sale(1, "09/28/2026", status="Pending"), "early.csv")
    shop.read_text(HEADER + sale(1, "09/28/2026"), "late.csv", written_at=1_793_000_100)
    shop.read_text(HEADER + sale(1, "09/28/2026") + "\n", "later.csv", written_at=1_793_000_200)
    assert len(moments(shop)) == 1


def test_decimal_commas_are_seen(shop: Any) -> None:
    row = '28.09.2026,14:30:00,CEST,Zahlung,Abgeschlossen,EUR,"1.234,56","-1,00","1.233,56",TX1,Haben\n'
    shop.read_text(HEADER + row)
    assert [str(line["amount"]) for line in shop.facts("payout_lines")] == ["1234.5600", "-1.0000"]


def test_a_withdrawal_to_the_bank_is_a_payout_and_what_is_paid_to_others_is_none(shop: Any) -> None:
    shop.read_text(
        HEADER
        + "09/28/2026,20:30:00,PDT,General Withdrawal,Completed,USD,-90.00,0.00,-90.00,TX1,Debit\n"
        + "09/28/2026,21:00:00,PDT,PreApproved Payment Bill User Payment,Completed,USD,-5.00,0.00,-5.00,TX2,Debit\n"
        + "09/29/2026,08:00:00,PDT,Bank Deposit to PP Account,Completed,USD,30.00,0.00,30.00,TX3,Credit\n"
        + "09/30/2026,08:00:00,PDT,General Withdrawal,Pending,USD,-25.00,0.00,-25.00,TX4,Debit\n"
    )
    (payout,) = shop.facts("payouts")
    told = ("payout_id", "channel_id", "amount", "currency", "sent_on", "status")
    # Half past eight in the evening in California is the next day in UTC, by which lines are posted.
    assert [str(payout[name]) for name in told] == [
        "paypal:main:TX1", "paypal:main", "90.0000", "USD", "2026-09-29", "paid"
    ]  # fmt: skip
    assert [(row["kind"], row["payout_id"]) for row in shop.facts("payout_lines")] == [
        ("transfer", "paypal:main:TX1"),
        ("transfer", None),
        ("transfer", None),
    ]


def test_a_file_of_headers_alone_is_read(shop: Any) -> None:
    assert shop.read_text(HEADER).outcome == "imported"
