"""The money ledger: every transaction balances in its own currency and in the book currency, whatever the facts."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import ibis
import pyarrow as pa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ibis.expr.types import Table

from argosy.books.costs import ALWAYS, LOT
from argosy.books.ledger import post_entries, sources_of
from argosy.model.facts import FACTS, schema
from argosy.model.money import minor_units
from argosy.rules.fees import fee_rate_table

DAY = datetime(2026, 3, 2, 10)
CURRENCIES = ("EUR", "USD", "JPY", "KWD", "BRL")
RATES = {"EUR": "1", "USD": "0.9183267314", "JPY": "0.0061234567", "KWD": "2.9876543219", "BRL": "0.1612345678"}


def facts(**rows: list[dict[str, Any]]) -> dict[str, Table]:
    """Return every fact table, with these rows in some of them and NULL where a row says nothing."""
    tables = {}
    for name, table in FACTS.items():
        types = schema(table)
        filled = [dict.fromkeys(types) | {"known_at": DAY, "source_row": "f:2"} | row for row in rows.get(name, [])]
        tables[name] = ibis.memtable(pa.Table.from_pylist(filled, schema=ibis.schema(types).to_pyarrow()))
    return tables


def ledger(tables: dict[str, Table]) -> list[dict[str, Any]]:
    """Return the entries of these facts in euro."""
    filled = frozenset(name for name, table in tables.items() if table.count().execute())
    sources = sources_of(tables | {"fee_rates": ibis.memtable(fee_rate_table())}, filled=filled, book_currency="EUR")
    return [row for part in post_entries(sources) for row in part.to_pyarrow().to_pylist()]


def rates(*, days: int = 60) -> list[dict[str, Any]]:
    """Return a rate per day and currency, moving a little every day."""
    return [
        {
            "day": (DAY + timedelta(days=n)).date(),
            "currency": currency,
            "per_unit": (Decimal(rate) * (1000 + n) / 1000).quantize(Decimal("1e-10")),
            "quoted_on": (DAY + timedelta(days=n)).date(),
        }
        for n in range(days)
        for currency, rate in RATES.items()
    ]


def amounts(currency: str) -> st.SearchStrategy[Decimal]:
    """Return amounts as they can be paid in a currency."""
    places = minor_units(currency)
    return st.decimals(min_value=0, max_value=99999, places=places, allow_nan=False, allow_infinity=False)


@st.composite
def orders(draw: st.DrawFn) -> dict[str, list[dict[str, Any]]]:
    """Return orders with lines, refunds and payout lines in several currencies."""
    made: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for number in range(draw(st.integers(1, 12))):
        currency = draw(st.sampled_from(CURRENCIES))
        channel = draw(st.sampled_from(("shopify:main", "amazon:main")))
        at = DAY + timedelta(days=draw(st.integers(0, 40)))
        order_id = f"{channel}:{number}"
        made["orders"].append(
            {"order_id": order_id, "channel_id": channel, "order_name": f"#{number}", "placed_at": at, "paid_at": at}
            | {"status": "open", "currency": currency, "country": draw(st.sampled_from(("DE", "US", None)))}
            | {"refunded": draw(st.none() | amounts(currency))}
        )
        for line in range(draw(st.integers(1, 3))):
            made["order_lines"].append(
                {"order_id": order_id, "line_no": str(line), "kind": "goods", "sku": f"S{line}", "currency": currency}
                | {"quantity": draw(st.integers(1, 9)), "unit_price": draw(amounts(currency))}
                | {"discount": draw(amounts(currency)), "tax": draw(st.none() | amounts(currency))}
                | {"tax_included": draw(st.booleans()), "shipping": draw(amounts(currency))}
                | {"tax_collected_by": draw(st.sampled_from(("seller", "channel", None)))}
            )
        for turn in range(draw(st.integers(0, 4))):
            kinds = ("sale", "referral", "refund", "sale_tax", "charge", "charge_refund", "reserve", "dispute")
            made["payout_lines"].append(
                {"line_id": f"{order_id}/{turn}", "payout_id": f"{channel}:P{currency}", "channel_id": channel}
                | {"kind": draw(st.sampled_from(kinds)), "order_id": order_id, "sku": f"S{turn % 3}"}
                | {"amount": draw(amounts(currency)), "currency": currency, "posted_at": at + timedelta(days=3)}
            )
            made["payouts"].append(
                {"payout_id": f"{channel}:P{currency}", "channel_id": channel, "currency": currency}
                | {"amount": draw(amounts(currency)), "sent_on": (DAY + timedelta(days=50)).date(), "status": "paid"}
            )
    made["payouts"] = list({row["payout_id"]: row for row in made["payouts"]}.values())
    return made


@given(orders())
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_transaction_balances_in_both_currencies(made: dict[str, list[dict[str, Any]]]) -> None:
    own: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    book: dict[str, Decimal] = defaultdict(Decimal)
    for entry in ledger(facts(**made, fx_rates=rates())):
        own[entry["transaction_id"], entry["currency"]] += entry["amount"]
        book[entry["transaction_id"]] += entry["book_amount"]
    assert {key: total for key, total in own.items() if total} == {}
    assert {key: total for key, total in book.items() if total} == {}


def sale(**line: Any) -> dict[str, list[dict[str, Any]]]:
    """Return one order of one line."""
    order = {"order_id": "shopify:main:1", "channel_id": "shopify:main", "order_name": "#1", "placed_at": DAY}
    order |= {"paid_at": DAY, "status": "open", "currency": line.get("currency", "EUR"), "country": "DE"}
    base = {"order_id": "shopify:main:1", "line_no": "1", "kind": "goods", "sku": "A", "currency": "EUR"}
    return {"orders": [order], "order_lines": [base | {"quantity": 2, "unit_price": Decimal("11.90")} | line]}


def totals(entries: list[dict[str, Any]]) -> dict[str, Decimal]:
    """Return account -> book amount, without accounts that are even."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for entry in entries:
        sums[entry["account"]] += entry["book_amount"]
    return {account: total for account, total in sorted(sums.items()) if total}


def test_tax_in_the_price_is_never_income() -> None:
    made = sale(tax=Decimal("3.80"), tax_included=True, tax_collected_by="seller")
    assert totals(ledger(facts(**made))) == {
        "asset:receivable:shopify:main": Decimal("23.80"),
        "income:sales": Decimal("-20.00"),
        "liability:vat:DE": Decimal("-3.80"),
    }


def test_tax_on_top_that_the_channel_hands_on_does_not_touch_the_books() -> None:
    made = sale(tax=Decimal("3.80"), tax_included=False, tax_collected_by="channel")
    assert totals(ledger(facts(**made))) == {
        "asset:receivable:shopify:main": Decimal("23.80"),
        "income:sales": Decimal("-23.80"),
    }


def test_a_charge_moves_what_is_owed_from_the_shop_to_the_provider_and_its_fee_is_a_cost() -> None:
    made = sale()
    charge = {"line_id": "c1", "channel_id": "stripe:main", "order_ref": "Order 1", "currency": "EUR", "posted_at": DAY}
    made["payout_lines"] = [
        charge | {"kind": "charge", "amount": Decimal("23.80")},
        charge | {"line_id": "c1/fee", "kind": "payment_fee", "amount": Decimal("-0.60")},
    ]
    assert totals(ledger(facts(**made))) == {
        "asset:receivable:stripe:main": Decimal("23.20"),
        "fee:payment": Decimal("0.60"),
        "income:sales": Decimal("-23.80"),
    }


def test_money_without_an_order_belongs_to_the_customer_until_somebody_tells() -> None:
    made = {
        "payout_lines": [
            {"line_id": "c1", "channel_id": "stripe:main", "order_ref": "Order 7", "currency": "EUR", "posted_at": DAY}
            | {"kind": kind, "amount": Decimal(amount)}
            for kind, amount in (("charge", "50.00"), ("charge_refund", "-20.00"))
        ]
    }
    assert totals(ledger(facts(**made))) == {
        "asset:receivable:stripe:main": Decimal("30.00"),
        "liability:customer": Decimal("-30.00"),
    }


def test_a_refund_that_shop_and_provider_both_report_is_posted_once() -> None:
    made = sale()
    made["orders"][0]["refunded"] = Decimal("5.00")
    line = {"line_id": "r1", "channel_id": "stripe:main", "order_ref": "#1", "currency": "EUR", "posted_at": DAY}
    made["payout_lines"] = [line | {"kind": "charge_refund", "amount": Decimal("-5.00")}]
    assert totals(ledger(facts(**made)))["contra:refund"] == Decimal("5.00")


def test_a_refund_told_only_by_the_provider_gives_back_its_part_of_the_tax() -> None:
    made = sale(tax=Decimal("3.80"), tax_included=True, tax_collected_by="seller")
    line = {"line_id": "r1", "channel_id": "stripe:main", "order_ref": "#1", "currency": "EUR", "posted_at": DAY}
    made["payout_lines"] = [
        line | {"kind": "charge", "amount": Decimal("23.80")},
        line | {"line_id": "r2", "kind": "charge_refund", "amount": Decimal("-23.80")},
    ]
    assert totals(ledger(facts(**made))) == {"contra:refund": Decimal("20.00"), "income:sales": Decimal("-20.00")}


def test_an_undated_refund_gives_back_its_part_of_the_tax() -> None:
    made = sale(tax=Decimal("3.80"), tax_included=True, tax_collected_by="seller")
    made["orders"][0]["refunded"] = Decimal("11.90")
    assert totals(ledger(facts(**made)))["liability:vat:DE"] == Decimal("-1.90")


def test_an_order_charged_in_another_currency_leaves_nothing_open_but_what_converting_cost() -> None:
    made = sale()
    line = {"channel_id": "stripe:main", "order_ref": "Order 1", "currency": "USD", "posted_at": DAY}
    made["payout_lines"] = [
        line | {"line_id": "c1", "kind": "charge", "amount": Decimal("25.00")},
        line | {"line_id": "c1/fee", "kind": "payment_fee", "amount": Decimal("-0.60")},
    ]
    made["fx_rates"] = rates()
    # 25.00 USD are 22.96 EUR that day: 0.84 less than the 23.80 EUR the order was owed.
    assert totals(ledger(facts(**made))) == {
        "asset:receivable:stripe:main": Decimal("22.41"),
        "fee:payment": Decimal("0.55"),
        "fx:realised": Decimal("0.84"),
        "income:sales": Decimal("-23.80"),
    }


def test_a_refund_in_another_currency_that_the_shop_tells_too_is_posted_once() -> None:
    made = sale()
    made["refunds"] = [
        {"refund_id": "r", "order_id": "shopify:main:1", "amount": Decimal("23.80"), "currency": "EUR"}
        | {"refunded_at": DAY}
    ]
    line = {"channel_id": "stripe:main", "order_ref": "Order 1", "currency": "USD", "posted_at": DAY}
    made["payout_lines"] = [
        line | {"line_id": "c1", "kind": "charge", "amount": Decimal("25.00")},
        line | {"line_id": "c2", "kind": "charge_refund", "amount": Decimal("-25.00")},
    ]
    made["fx_rates"] = rates()
    assert totals(ledger(facts(**made))) == {"contra:refund": Decimal("23.80"), "income:sales": Decimal("-23.80")}


def test_bank_lines_that_are_no_payout_wait_in_suspense() -> None:
    day = DAY.date()
    made = {
        "payouts": [
            {"payout_id": f"stripe:main:{n}", "channel_id": "stripe:main", "amount": Decimal("900.50")}
            | {"currency": "EUR", "sent_on": day + timedelta(days=n), "status": "paid"}
            for n in (0, 1)
        ],
        "bank_lines": [
            {"bank_line_id": name, "account": "main", "amount": Decimal(amount), "currency": "EUR"}
            | {"booked_on": day + timedelta(days=2)}
            for name, amount in (("1", "900.50"), ("2", "900.50"), ("3", "900.50"), ("rent", "-700.00"))
        ],
    }
    assert totals(ledger(facts(**made))) == {
        "asset:bank:main": Decimal("2001.50"),
        "asset:receivable:stripe:main": Decimal("-1801.00"),
        "asset:suspense": Decimal("-200.50"),
    }


def test_money_in_transit_arrives_at_the_worth_it_was_sent_with() -> None:
    day = DAY.date()
    payout = {"payout_id": "P", "channel_id": "stripe:main", "amount": Decimal("1000.00"), "currency": "USD"}
    line = {"bank_line_id": "1", "account": "usd", "amount": Decimal("1000.00"), "currency": "USD"}
    made = {
        "payouts": [payout | {"sent_on": day, "status": "paid"}],
        "bank_lines": [line | {"booked_on": day + timedelta(days=2)}],
        "fx_rates": rates(),
    }
    # 1000 USD were worth 918.33 EUR when sent and 920.16 EUR two days later: nothing was earned on the way.
    assert totals(ledger(facts(**made))) == {
        "asset:bank:usd": Decimal("918.33"),
        "asset:receivable:stripe:main": Decimal("-918.33"),
    }


def test_what_the_rate_moved_is_realised_on_a_providers_payout_too() -> None:
    made = sale(currency="USD")
    made["orders"][0]["currency"] = "USD"
    line = {"payout_id": "P", "channel_id": "stripe:main", "order_ref": "Order 1", "currency": "USD", "posted_at": DAY}
    made["payout_lines"] = [line | {"line_id": "c1", "kind": "charge", "amount": Decimal("23.80")}]
    payout = {"payout_id": "P", "channel_id": "stripe:main", "amount": Decimal("23.80"), "currency": "USD"}
    made["payouts"] = [payout | {"sent_on": (DAY + timedelta(days=20)).date(), "status": "paid"}]
    made["fx_rates"] = rates()
    # 23.80 USD were worth 21.86 EUR when charged and 22.29 EUR (2 % more) when paid out.
    assert totals(ledger(facts(**made))) == {
        "asset:bank:in_transit": Decimal("22.29"),
        "fx:realised": Decimal("-0.43"),
        "income:sales": Decimal("-21.86"),
    }


def account_of_a_wallet(*withdrawn: tuple[str, int]) -> dict[str, list[dict[str, Any]]]:
    """Return a payment of 1000 dollars and what was withdrawn, amount and day, from the account it came to."""
    line = {"channel_id": "paypal:main", "currency": "USD"}
    made = {"payout_lines": [line | {"line_id": "c", "kind": "charge", "amount": Decimal("1000.00"), "posted_at": DAY}]}
    for n, (amount, days) in enumerate(withdrawn):
        own = {"line_id": f"w{n}", "payout_id": f"w{n}", "kind": "transfer", "amount": -Decimal(amount)}
        made["payout_lines"].append(line | own | {"posted_at": DAY + timedelta(days=days)})
    return made | {"fx_rates": rates()}


def test_what_the_rate_moved_is_realised_when_a_wallet_is_emptied() -> None:
    # 1000 USD were worth 918.33 EUR when paid, 400 of them 369.17 EUR after five days, 600 of them 562.02 EUR after 20.
    assert totals(ledger(facts(**account_of_a_wallet(("400.00", 5), ("600.00", 20))))) == {
        "asset:bank:in_transit": Decimal("931.19"),
        "fx:realised": Decimal("-12.86"),
        "liability:customer": Decimal("-918.33"),
    }


def test_nothing_is_realised_while_something_is_left_in_a_wallet() -> None:
    assert totals(ledger(facts(**account_of_a_wallet(("400.00", 5))))) == {
        "asset:bank:in_transit": Decimal("369.17"),
        "asset:receivable:paypal:main": Decimal("549.16"),
        "liability:customer": Decimal("-918.33"),
    }


def test_a_wallet_is_emptied_by_each_withdrawal_of_its_own_money_only() -> None:
    made = account_of_a_wallet(("1000.00", 10))
    again = [row | {"line_id": f"{row['line_id']}2"} for row in made["payout_lines"]]
    made["payout_lines"] += [row | {"posted_at": row["posted_at"] + timedelta(days=20)} for row in again]
    made["payout_lines"][-1]["payout_id"] = "w02"
    found = [(e["transaction_id"], e["account"], e["book_amount"]) for e in ledger(facts(**made))]
    # 918.33, then 927.51 EUR; 936.69, then 945.88 EUR.
    assert sorted(row for row in found if row[0].startswith("fx:")) == [
        ("fx:w0/USD", "asset:receivable:paypal:main", Decimal("9.1800")),
        ("fx:w0/USD", "fx:realised", Decimal("-9.1800")),
        ("fx:w02/USD", "asset:receivable:paypal:main", Decimal("9.1900")),
        ("fx:w02/USD", "fx:realised", Decimal("-9.1900")),
    ]


def test_a_part_of_the_tax_is_rounded_once() -> None:
    made = sale(unit_price=Decimal("12.00"), quantity=1, tax=Decimal("2.02"), tax_included=True)
    line = {"line_id": "r1", "channel_id": "stripe:main", "order_ref": "#1", "currency": "EUR", "posted_at": DAY}
    # 0.03 x 2.02 / 12.00 = 0.00505: half a cent and a little more; 2.97 x ... = 0.49995, not 0.5000 and then up.
    for refunded, tax in (("0.03", "0.01"), ("2.97", "0.50"), ("0.0297", "0.00")):
        made["payout_lines"] = [line | {"kind": "charge_refund", "amount": -Decimal(refunded)}]
        entries = [e for e in ledger(facts(**made)) if e["transaction_id"].startswith("payout_line:")]
        booked = sum((e["amount"] for e in entries if e["account"] == "liability:vat:DE"), start=Decimal(0))
        assert booked == Decimal(tax)


def test_of_a_campaign_exported_at_two_levels_the_finer_one_counts() -> None:
    day = {"platform": "meta_ads:main", "campaign": "Spring", "day": DAY.date(), "currency": "EUR"}
    made = {
        "ad_days": [
            day | {"ad_day_id": "whole", "spend": Decimal("30.00")},
            day | {"ad_day_id": "a", "ad_group": "g", "ad": "a", "spend": Decimal("10.00")},
            day | {"ad_day_id": "b", "ad_group": "g", "ad": "b", "spend": Decimal("20.00")},
            day | {"ad_day_id": "other day", "day": (DAY + timedelta(days=1)).date(), "spend": Decimal("5.00")},
        ]
    }
    assert totals(ledger(facts(**made)))["marketing:ads"] == Decimal("35.00")


def test_an_undated_refund_is_an_estimate_until_a_dated_one_explains_it() -> None:
    made = sale()
    made["orders"][0]["refunded"] = Decimal("5.00")
    refund = [e for e in ledger(facts(**made)) if e["account"] == "contra:refund"]
    assert [(e["amount"], e["state"]) for e in refund] == [(Decimal("5.0000"), "estimated")]


def test_a_statement_takes_the_estimate_back_to_nothing() -> None:
    made = sale()
    made["orders"][0] |= {"order_id": "amazon:main:1", "channel_id": "amazon:main", "country": "US", "currency": "USD"}
    made["order_lines"][0] |= {"order_id": "amazon:main:1", "currency": "USD"}
    made["payout_lines"] = [
        {"line_id": kind, "payout_id": "amazon:main:P", "channel_id": "amazon:main", "order_id": "amazon:main:1"}
        | {"sku": "A", "kind": kind, "amount": Decimal(amount), "currency": "USD", "posted_at": DAY + timedelta(days=9)}
        for kind, amount in (("sale", "23.80"), ("referral", "-4.00"))
    ]
    made["fx_rates"] = rates()
    entries = ledger(facts(**made))
    estimated = [e for e in entries if e["state"] == "estimated"]
    assert estimated
    assert totals(estimated) == {}
    settled = {e["account"]: e["amount"] for e in entries if e["state"] == "settled"}
    assert settled["income:sales"] == Decimal("-23.8000")
    assert settled["fee:channel"] == Decimal("4.0000")


def test_an_order_called_off_costs_no_fee() -> None:
    made = sale()
    made["orders"][0] |= {"order_id": "amazon:main:1", "channel_id": "amazon:main", "country": "US"}
    made["order_lines"][0] |= {"order_id": "amazon:main:1"}
    assert "fee:channel" in totals(ledger(facts(**made)))
    made["orders"][0] |= {"status": "cancelled", "refunded": Decimal("23.80")}
    assert totals(ledger(facts(**made))) == {"contra:refund": Decimal("23.80"), "income:sales": Decimal("-23.80")}


def test_what_the_rate_moved_between_sale_and_payout_is_realised_on_the_payout() -> None:
    line = {"line_id": "1", "payout_id": "P", "channel_id": "amazon:main", "kind": "sale", "currency": "USD"}
    made = {
        "payout_lines": [line | {"amount": Decimal("1000.00"), "posted_at": DAY}],
        "payouts": [
            {"payout_id": "P", "channel_id": "amazon:main", "amount": Decimal("1000.00"), "currency": "USD"}
            | {"sent_on": (DAY + timedelta(days=20)).date(), "status": "paid"}
        ],
        "fx_rates": rates(),
    }
    # 1000 USD were worth 918.33 EUR when sold and 936.69 EUR (2 % more) when paid out.
    assert totals(ledger(facts(**made))) == {
        "asset:bank:in_transit": Decimal("936.69"),
        "fx:realised": Decimal("-18.36"),
        "income:sales": Decimal("-918.33"),
    }


def test_a_day_without_a_rate_leaves_the_book_amount_open_instead_of_zero() -> None:
    made = sale(currency="USD")
    made["fx_rates"] = [r for r in rates() if r["day"] != DAY.date()]
    assert {entry["book_amount"] for entry in ledger(facts(**made))} == {None}


def test_pending_orders_and_orders_cancelled_before_payment_are_no_sales() -> None:
    for status in ("pending", "cancelled"):
        made = sale()
        made["orders"][0] |= {"status": status, "paid_at": None, "refunded": Decimal("23.80")}
        assert ledger(facts(**made)) == [], "and what was never paid is not given back"


def test_the_book_currency_is_kept_to_its_last_given_digit() -> None:
    made = sale(quantity=3, unit_price=Decimal("0.0010"))
    assert totals(ledger(facts(**made)))["income:sales"] == Decimal("-0.0030")


def bought(**lot: Any) -> dict[str, Table]:
    """Return the facts of one order of two mugs, and the lot they came from as the books take it."""
    row = {"lot_id": "L1", "sku": "A", "quantity": 10, "unit_goods": Decimal(3), "unit_inbound": Decimal("0.5")}
    row |= {"received_on": (DAY - timedelta(days=9)).date()} | lot
    lots = ibis.memtable(pa.Table.from_pylist([row], schema=ibis.schema(LOT).to_pyarrow()))
    fact = {"lot_id": "L1", "sku": "A", "supplier": "Yiwu Mugs", "currency": "EUR", "unit_cost": Decimal(3)}
    return facts(**sale(), cost_lots=[fact]) | {"lots_received": lots, "lots_stock": lots}


def test_goods_received_are_stock_until_they_leave_it() -> None:
    entries = ledger(bought())
    assert totals(entries) == {
        "asset:receivable:shopify:main": Decimal("23.80"),
        "asset:stock:main": Decimal("28.00"),  # 10 x 3.50 came, 2 x 3.50 left
        "cost:goods": Decimal("6.00"),
        "cost:inbound": Decimal("1.00"),
        "income:sales": Decimal("-23.80"),
        "liability:payable:Yiwu Mugs": Decimal("-35.00"),
    }
    assert {e["posted_at"] for e in entries if e["transaction_id"] == "receipt:L1"} == {datetime(2026, 2, 21)}


def test_a_lot_without_a_day_was_there_before_the_first_goods_left() -> None:
    entries = ledger(bought(received_on=ALWAYS))
    assert {e["posted_at"] for e in entries if e["transaction_id"] == "receipt:L1"} == {datetime(2026, 3, 2)}


def test_goods_that_come_back_fit_for_sale_are_stock_again_at_what_they_cost() -> None:
    refund = {"order_id": "shopify:main:1", "sku": "A", "amount": Decimal("11.90"), "currency": "EUR"}
    refund |= {"quantity": 1, "refunded_at": DAY + timedelta(days=20)}
    tables = bought()
    returned = facts(
        refunds=[
            refund | {"refund_id": "fit", "resellable": True},
            refund | {"refund_id": "broken", "resellable": False},
            refund | {"refund_id": "nobody knows"},
        ]
    )
    entries = ledger(tables | {"refunds": returned["refunds"]})
    assert totals([e for e in entries if e["transaction_id"].startswith("return:")]) == {
        "asset:stock:main": Decimal("3.50"),
        "cost:goods": Decimal("-3.00"),
        "cost:inbound": Decimal("-0.50"),
    }


def test_goods_leave_stock_when_they_are_sent_and_never_when_the_order_was_called_off() -> None:
    def goods(line: dict[str, Any], **order: Any) -> Decimal:
        tables = bought()
        made = sale(**line)
        made["orders"][0] |= order
        other = {"order_id": "shopify:main:2", "line_no": "1", "kind": "shipping", "quantity": 1, "currency": "EUR"}
        made["orders"].append(made["orders"][0] | {"order_id": "shopify:main:2", "order_name": "#2", "status": "open"})
        # Another order of the shop shows whether its exports tell when things were sent.
        made["order_lines"].append(other | {"unit_price": Decimal(1), "shipped_at": DAY if "told" in line else None})
        fresh = facts(**made)
        entries = ledger(tables | {name: fresh[name] for name in ("orders", "order_lines")})
        return totals(entries).get("cost:goods", Decimal(0))

    assert goods({}) == 6  # a shop that never tells when it sends
    assert goods({}, status="cancelled") == 0
    assert goods({"shipped_at": DAY}) == 6
    assert goods({"told": None}) == 0  # not sent yet
    assert goods({"told": None}, status="shipped") == 6
