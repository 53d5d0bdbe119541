"""Records the tests of decisions are about: a finding, a claim, a price, an order of stock, a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from argosy.decisions.records import OPEN, Card, KeptFinding, KeptProposal
from argosy.lake.workspace import Workspace, create_workspace
from argosy.model.findings import Evidence, Finding, Range, Told
from argosy.model.proposals import BEFORE_AFTER, LOW, Change, Measure, Proposal

AT = datetime(2026, 7, 1, 8, 30)
DAY = AT.date()


def shop(folder: Path, *, book_currency: str = "EUR") -> Workspace:
    return create_workspace(folder / "shop", home="DE", book_currency=book_currency)


def finding(kind: str = "payments.payout_short", subject: str = "p1", *, stake: int = 300, **more: Any) -> Finding:
    told: Told = {"payer": "amazon:main", "missing": Decimal("300.50"), "on": date(2026, 6, 1), "orders": 3}
    plain = Finding(
        kind, subject, date(2026, 6, 1), Range(*(Decimal(stake * n) / 2 for n in (1, 2, 3))), "EUR", 0.9, told=told,
        evidence=(Evidence("payout_and_booking", "SELECT 1"),), missing=("disputes",),
    )  # fmt: skip
    return replace(plain, **more)


def proposal(change: Change, *, mid: int = 200, cash: int = 0, minutes: int = 10, **more: Any) -> Proposal:
    plain = Proposal(
        change, Range(Decimal(mid) / 2, Decimal(mid), Decimal(mid) * 2), Decimal(cash), minutes, LOW, date(2026, 8, 1),
        Measure("claim_paid", change.subject, 45, BEFORE_AFTER),
    )  # fmt: skip
    return replace(plain, **more)


def change(kind: str, subject: str, channel: str = "", **values: str) -> Change:
    return Change(kind, subject, channel, values)


def claim(subject: str = "amazon:main/p1", *, amount: str = "300.50", **more: Any) -> Proposal:
    rests_on: Mapping[str, str] = {"missing": amount}
    made = change("claim.send", subject, "amazon:main", amount=amount, currency="EUR")
    return proposal(made, **{"rests_on": rests_on, **more})


def price(sku: str = "HOME-01", *, to: str = "11.00", was: str = "10.00", **more: Any) -> Proposal:
    undo = change("price.set", sku, "shopify:main", price=was, was=to, currency="EUR")
    made = change("price.set", sku, "shopify:main", price=to, was=was, currency="EUR")
    return proposal(made, **{"undo": undo, "rests_on": {"price": was}, **more})


def card(number: int, proposed: Proposal, about: Finding | None = None, *, of: int | None = None) -> Card:
    kept = KeptFinding(of or number, about or finding(subject=f"s{number}"), AT, AT)
    return Card(KeptProposal(number, of or number, proposed, "EUR", {}, OPEN, None, "", AT, AT), kept)
