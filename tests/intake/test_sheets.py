"""Plain sheets meet the orders of other files, and a later file of the same rows holds."""

from __future__ import annotations

from typing import Any

VISIT = "Visitor,At,Event,SKU,Channel,Order\nv,2026-03-01 10:00:00,view,{},shopify,\nv,2026-03-01 10:00:00,cart,MUG,,\n"
PRICE = "Market,SKU,Competitor,At,Price,Currency\nDE,MUG,rival,2026-03-01 06:00:00,{},EUR\n"
ATTEMPTS = (
    "Attempt,Channel,Order,Provider,Amount,Currency,Attempted at,Outcome\n"
    "a1,{channel},{order},stripe:main,5.00,EUR,2026-03-01,captured\n"
)


def test_a_visit_and_a_price_told_again_replace_what_was_told(shop: Any) -> None:
    for text, first, second in ((VISIT, "MUG", "CUP"), (PRICE, "9.90", "8.90")):
        shop.read_text(text.format(first), "early.csv")
        shop.read_text(text.format(second), "late.csv", written_at=1_793_000_100)
    assert sorted((row["event"], row["sku"]) for row in shop.facts("touchpoints")) == [("cart", "MUG"), ("view", "CUP")]
    assert [str(row["price"]) for row in shop.facts("competitor_prices")] == ["8.9000"]
    replaced = shop.lake.raw.execute(
        "SELECT superseded_at FROM lake.main.touchpoints WHERE superseded_at IS NOT NULL"
    ).fetchall()
    assert {moment for (moment,) in replaced} == {shop.known_at}


def test_an_order_is_named_as_its_shop_names_it(shop: Any) -> None:
    for number, (channel, named) in enumerate(
        [("shopify", "shopify:main:#1"), ("shopify:eu", "shopify:eu:#1"), (" shopify ", "shopify:main:#1")]
    ):
        shop.read_text(ATTEMPTS.format(channel=channel, order="#1").replace("a1", f"a{number}"), f"{number}.csv")
        assert shop.facts("payments")[-1]["order_id"] == named


def test_no_id_of_a_visitor_reaches_the_lake(shop: Any) -> None:
    shop.read_text(VISIT.replace("\nv,", "\nvisitor-4711,"))
    held = [path.read_bytes() for path in (shop.folder / "lake").rglob("*") if path.is_file()]
    assert not any(b"visitor-4711" in bytes_ for bytes_ in held)
    assert {row["visitor_key"][:2] for row in shop.facts("touchpoints")} == {"c_"}


def test_a_buyer_named_by_e_mail_is_one_in_messages_and_orders(shop: Any) -> None:
    shop.read_text(
        "order_id,order_number,order_date,order_status,order_total,order_currency,billing_email,billing_address_1\n"
        "1,1,2026-03-01,wc-completed,19.00,EUR,ada@example.com,Elm\n",
        "orders.csv",
    )
    head = "Message,Thread,Customer,Direction,Author,Text,Sent at\n"
    shop.read_text(head + "m1,t,Ada@example.com,in,customer,Hi,2026-03-01\nm2,u,Ada,in,customer,Hi,2026-03-01\n")
    keys = [row["customer_key"] for row in shop.facts("messages")]
    assert keys[0] == shop.facts("orders")[0]["customer_key"] != keys[1]
