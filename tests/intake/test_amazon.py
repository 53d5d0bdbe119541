"""Amazon: orders priced by the line, settlements that must arrive to the cent whatever their form."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

from argosy.model.payouts import KINDS

ORDERS = (
    *("amazon-order-id", "purchase-date", "last-updated-date", "order-status", "item-status", "sales-channel"),
    *("sku", "quantity", "currency", "item-price"),
)
V1 = (
    *("settlement-id", "total-amount", "currency", "transaction-type", "order-id", "posted-date"),
    *("order-item-code", "sku", "price-type", "price-amount", "item-related-fee-type"),
    *("item-related-fee-amount", "other-amount"),
)
V2 = (
    *("settlement-id", "total-amount", "currency", "transaction-type", "order-id", "amount-type"),
    *("amount-description", "amount", "posted-date", "order-item-code", "sku"),
)


def _tsv(header: tuple[str, ...], *rows: tuple[str, ...]) -> str:
    return "".join("\t".join(row) + "\n" for row in (header, *rows))


def _order(number: str, status: str, quantity: str, price: str, *, updated: str = "08") -> tuple[str, ...]:
    at, until = "2026-03-06T08:00:00+00:00", f"2026-03-{updated}T08:00:00+00:00"
    return number, at, until, status, status, "Amazon.com", "MUG", quantity, "USD" if price else "", price


def _worth(lines: list[dict[str, Any]]) -> dict[str, Decimal]:
    worth: dict[str, Decimal] = {}
    for line in lines:
        amount = line["quantity"] * (line["unit_price"] or Decimal(0)) - (line["discount"] or Decimal(0))
        amount += (line["shipping"] or Decimal(0)) + (line["tax"] or Decimal(0))
        worth[line["order_id"]] = worth.get(line["order_id"], Decimal(0)) + amount
    return worth


def test_the_small_report_adds_up_to_its_file(shop: Any, shared: Path) -> None:
    report = shop.read(shared / "data/exports/amazon_all_orders_small.tsv")
    assert (report.format, report.accepted, report.rejected) == ("amazon_all_orders", 3, 0)
    worth = _worth(shop.facts("order_lines"))
    # 89.90 + 17.08 - 10.00; 42.00 + 7.98 + 5.99 + 1.14 and 18.00 + 3.42 - 2.00
    assert worth["amazon:main:112-9739103-000001"] == Decimal("96.98")
    assert worth["amazon:main:112-9739103-000002"] == Decimal("76.53")


def test_any_line_total_is_kept_to_the_cent(shop: Any) -> None:
    totals = {
        f"{n}": (quantity, Decimal(cents) / 100)
        for n, (quantity, cents) in enumerate((q, c) for q in (1, 2, 3, 7, 11, 97) for c in (1, 10, 1000, 99999))
    }
    rows = [_order(n, "Shipped", str(quantity), str(total)) for n, (quantity, total) in totals.items()]
    shop.read_text(_tsv(ORDERS, *rows))
    lines = shop.facts("order_lines")
    assert _worth(lines) == {f"amazon:main:{n}": total for n, (_, total) in totals.items()}
    units: dict[str, int] = {}
    for line in lines:
        units[line["order_id"]] = units.get(line["order_id"], 0) + line["quantity"]
    assert units == {f"amazon:main:{n}": quantity for n, (quantity, _) in totals.items()}


def test_the_last_update_holds_whichever_file_is_read_first(open_shop: Any) -> None:
    pending = _tsv(ORDERS, _order("1", "Pending", "2", "", updated="06"))
    shipped = _tsv(ORDERS, _order("1", "Shipped", "2", "25.00"))
    for files in ((pending, shipped), (shipped, pending)):
        shop = open_shop()
        for number, text in enumerate(files):
            shop.read_text(text, f"{number}.txt", written_at=1_793_000_000 + number)
        assert [(row["status"], row["currency"]) for row in shop.facts("orders")] == [("shipped", "USD")]
        assert [row["unit_price"] for row in shop.facts("order_lines")] == [Decimal("12.5")]


def test_what_amazon_sends_for_others_is_no_sale(shop: Any) -> None:
    row = list(_order("S01", "Shipped", "1", "0"))
    row[5] = "Non-Amazon"
    shop.read_text(_tsv(ORDERS, tuple(row)))
    assert [order["status"] for order in shop.facts("orders")] == ["adjustment"]
    assert shop.facts("order_lines") == []


def test_the_ragged_settlement_keeps_header_and_lines_apart(shop: Any, shared: Path) -> None:
    report = shop.read(shared / "data/exports/amazon_settlement_v2_flat_file_small.RAGGED.tsv")
    assert (report.format, report.rejected) == ("amazon_settlement_v2", 0)
    (payout,) = shop.facts("payouts")
    lines = shop.facts("payout_lines")
    earned = sum(line["amount"] for line in lines if line["kind"] != "transfer")
    assert (payout["amount"], earned) == (Decimal("1847.32"), Decimal("-16.32"))
    assert payout["amount"] - earned == Decimal("1863.64")
    assert {line["sku"] for line in lines} == {"WIDGET-001", "GADGET-002", None}
    assert sum(line["quantity"] or 0 for line in lines if line["kind"] == "sale") == 1
    assert {line["kind"] for line in lines} <= set(KINDS)


def test_a_settlement_in_both_forms_is_counted_once(shop: Any) -> None:
    wide = _tsv(
        V1,
        ("77", "12.00", "EUR"),
        ("77", "", "", "Order", "1", "2026-03-02", "i1", "A", "Principal", "20.00", "Commission", "-3.00", ""),
        ("77", "", "", "Order", "1", "2026-03-02", "i1", "A", "Principal", "20.00", "", "", ""),
        ("77", "", "", "Storage Fee", "", "2026-03-02", "", "", "", "", "", "", "-5.00"),
    )
    long = _tsv(
        V2,
        ("77", "12.00", "EUR"),
        ("", "", "", "Order", "1", "ItemPrice", "Principal", "20.00", "2026-03-02", "i1", "A"),
        ("", "", "", "Order", "1", "ItemPrice", "Principal", "20.00", "2026-03-02", "i1", "A"),
        ("", "", "", "Order", "1", "ItemFees", "Commission", "-3.00", "2026-03-02", "i1", "A"),
        ("", "", "", "other-transaction", "", "other-transaction", "Storage Fee", "-5.00", "2026-03-02"),
    )
    formats = [shop.read_text(text, f"{n}.txt").format for n, text in enumerate((wide, long, long + "\n"))]
    assert formats == ["amazon_settlement_v1", "amazon_settlement_v2", "amazon_settlement_v2"]
    assert sorted(line["amount"] for line in shop.facts("payout_lines")) == [-5, -3, 20, 20]
    assert [payout["amount"] for payout in shop.facts("payouts")] == [12]


def test_a_japanese_deposit_is_on_the_day_it_is_written(shop: Any) -> None:
    header = ("settlement-id", "deposit-date", "total-amount", "currency", "transaction-type")
    kinds = ("amount-type", "amount-description", "amount")
    shop.read_text(_tsv((*header, *kinds), ("78", "2026/03/06 8:52:26 JST", "1254", "JPY")))
    assert [payout["sent_on"].isoformat() for payout in shop.facts("payouts")] == ["2026-03-06"]
