"""What nobody can tell about one order, and which file would tell it: said instead of a zero."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from argosy.brief.orders import CANCELLED, OPEN, TO_BUYERS

Row = dict[str, Any]
COSTS = ("rate", "goods", "freight", "fees")


def cannot_tell(told: Mapping[str, Any]) -> list[Row]:
    """Return what is missing of an order as ``brief.order.gather_order`` has it: kind, needs (a key of
    ``locale/gaps.toml``; empty: no file does), subject."""
    if told["order"]["state"] == CANCELLED:
        return []
    return [*_money(told), *_promises(told), *_way(told)]


def at_most(told: Mapping[str, Any], missing: Sequence[Row]) -> bool:
    """Return whether the margins of an order can only be less: costs are missing, or not booked before it is sent."""
    unsent = told["order"]["state"] == OPEN and not told["money"]["costed"]
    return unsent or any(gap["kind"] in COSTS for gap in missing)


def _money(told: Mapping[str, Any]) -> Iterator[Row]:
    money, order = told["money"], told["order"]
    accounts = tuple(money["accounts"])
    if not _any(accounts, "income:"):
        yield _untold("sales", "orders")
    if money["unbooked"]:
        yield _untold("rate", "ecb_rates", order["currency"] or "")
    sent = order["state"] != OPEN
    bare = sorted({line["sku"] for line in told["lines"] if line["kind"] == "goods" and line["sku"]}
                  - set(money["costed"]))  # fmt: skip
    if sent and bare:
        yield _untold("goods", "costs", ", ".join(bare))
    if sent and not _any(accounts, "cost:freight", "fee:fulfilment"):
        yield _untold("freight", "carrier_bills")
    if not _any(accounts, "fee:"):
        yield _untold("fees", "payouts")
    if not told["payouts"]:
        yield _untold("payout", "payouts")
    if order["given_back"] and not any(row["at"] for row in told["refunds"]):
        yield _untold("refund_day", "refund_dates")


def _promises(told: Mapping[str, Any]) -> Iterator[Row]:
    judged = {row["kind"] for row in told["promises"]}
    order, parcels = told["order"], told["parcels"]
    promised = {kind for kind in TO_BUYERS if order[kind] or any(row[kind] for row in parcels)}
    if not promised and not judged & set(TO_BUYERS):
        yield _untold("promise", "")
    for kind in sorted(promised - judged):
        yield _untold(f"kept_{kind}", "shipments")


def _way(told: Mapping[str, Any]) -> Iterator[Row]:
    order = told["order"]
    if order["state"] == OPEN:
        return
    if not told["parcels"]:
        yield _untold("parcel", "shipments")
    elif order["delivered_at"] is None:
        yield _untold("arrival", "shipments")


def _any(accounts: tuple[str, ...], *heads: str) -> bool:
    return any(account.startswith(heads) for account in accounts)


def _untold(kind: str, needs: str, subject: str = "") -> Row:
    return {"kind": kind, "needs": needs, "subject": subject}
