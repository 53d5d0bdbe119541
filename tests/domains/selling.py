"""A small business as rows: what it sells by day, with what the books say of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from argosy.model.findings import Finding
from argosy.model.proposals import Proposal
from argosy.model.words import say, subject

Rows = list[dict[str, Any]]
DAY = date(2026, 9, 1)  # the first day nothing is known of


def at(days_ago: int, *, hour: int = 12, second: int = 0) -> datetime:
    """Return a moment so many days before ``DAY``."""
    return datetime.combine(DAY - timedelta(days=days_ago), time(hour)) + timedelta(seconds=second)


def order(number: int, days_ago: int, **told: Any) -> dict[str, Any]:
    """Return an order of the shop in Germany, in the book currency."""
    said: dict[str, Any] = {
        "order_id": f"shop:main:{number}",
        "channel_id": "shop:main",
        "order_name": f"{number}",
        "country": "DE",
    }
    said |= {"currency": "CNY", "placed_at": at(days_ago), "placed_on": at(days_ago).date(), "status": "shipped"}
    return said | told


def line(number: int, sku: str, *, price: float = 100, discount: float = 0, **told: Any) -> dict[str, Any]:
    """Return a line of such an order."""
    said = {"order_id": f"shop:main:{number}", "line_no": sku, "kind": "goods", "sku": sku, "quantity": 1}
    return said | {"unit_price": price, "discount": discount, "currency": "CNY"} | told


def entry(account: str, amount: float, days_ago: int, **told: Any) -> dict[str, Any]:
    """Return an entry; amount: debit above zero, in the book currency."""
    said = {"transaction_id": "t", "entry_no": 0, "posted_at": at(days_ago), "account": account, "amount": amount}
    return said | {"currency": "CNY", "book_amount": amount, "state": "settled"} | told


def sale(number: int, days_ago: int, sku: str, *, price: float = 100, goods: float = 30, carried: float = 20,
         discount: float = 0, **told: Any) -> tuple[dict[str, Any], dict[str, Any], Rows]:  # fmt: skip
    """Return an order of one article, its line, and what the books say of it; goods and carriage are not booked yet of
    orders younger than a week."""
    whole = order(number, days_ago, **told)
    of = {"order_id": whole["order_id"], "market": whole["country"], "channel_id": whole["channel_id"]}
    booked = [entry("income:sales", -price, days_ago, sku=sku, **of)]
    if discount:
        booked.append(entry("contra:discount", discount, days_ago, sku=sku, **of))
    if days_ago >= 7:
        booked += [entry("cost:goods", goods, days_ago, sku=sku, **of), entry("cost:freight", carried, days_ago, **of)]
    return whole, line(number, sku, price=price, discount=discount, currency=whole["currency"]), booked


def readable(finding: Finding, proposals: Iterable[Proposal] = ()) -> list[str]:
    """Return what people read of a finding and its proposals, in English; none may be without a sentence."""
    domain, _, kind = finding.kind.partition(".")
    keys = [(kind, finding.told), (f"{kind}.says", finding.told)]
    keys += [(one.words or one.change.kind, one.told) for one in proposals]
    for key, told in keys:
        assert set(subject(domain)[key]) == {"en", "zh"}, key
        assert say(f"{domain}.{key}", "zh", **told)
    return [say(f"{domain}.{key}", "en", **told) for key, told in keys]
