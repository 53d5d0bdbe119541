"""One finding about suppliers in, what can be done about it out; ordering elsewhere or earlier is for ``stock``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

from argosy.domains.suppliers import settings
from argosy.model.findings import Finding, Range
from argosy.model.proposals import BEFORE_AFTER, LOW, MATCHED, UNMEASURED, Change, Measure, Proposal
from argosy.outlook.known import Known

Parts = tuple[Decimal, Decimal, Decimal]


def ask_supplier(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return the question to a supplier for binding dates, with the orders that are overdue; ``text``: they, and until
    when they were promised."""
    lines = known.facts["po_lines"]
    open_ = lines.filter(
        lines.supplier_id == finding.subject, lines.received_on.isnull(), lines.ordered_on >= finding.since.isoformat()
    )
    rows = known.rows(open_.select("po_id", "sku", "quantity", "promised_on").order_by("promised_on", "po_id"))
    if not rows:
        return
    named = [f"{row['po_id'].rpartition(':')[2]} {row['sku']} x{row['quantity']} {row['promised_on']}" for row in rows]
    yield Proposal(
        Change("task.do", f"supplier/{finding.subject}", "", {"text": "; ".join(named)}),
        expected=Range.shares(finding.stake.mid, settings.ASKING_SAVES), cash=Decimal(0), minutes=settings.ASK_MINUTES,
        risk=LOW, expires_on=known.day + timedelta(days=settings.VOID_DAYS),
        measure=Measure("margin_all", finding.subject, 60, UNMEASURED, "no_comparison"),
        rests_on={"open": str(len(rows))}, told=dict(finding.told) | {"orders": len(rows)}, words="task.supplier",
    )  # fmt: skip


def look_at_lot(finding: Finding, known: Known) -> Iterator[Proposal]:
    """Return that somebody has to look at what is left of the lot, and the claim on who made it."""
    yield Proposal(
        Change("task.do", f"lot/{finding.subject}", "", {"text": f"{finding.subject} {finding.told['lot']}"}),
        expected=Range.shares(finding.stake.mid, settings.LOOKING_SAVES), cash=Decimal(0),
        minutes=settings.LOOK_MINUTES,
        risk=LOW, expires_on=known.day + timedelta(days=settings.VOID_DAYS),
        measure=Measure("refunds_sku", finding.subject, 60, MATCHED),
        rests_on={"since": finding.since.isoformat()}, told=finding.told, words="task.lot",
    )  # fmt: skip
    if finding.told["lot"] == "?":
        return
    subject = f"{finding.told['supplier']}/{finding.told['lot']}"
    yield Proposal(
        Change("claim.send", subject, str(finding.told["supplier"]), {
            "amount": str(finding.stake.mid), "currency": finding.currency, "papers": str(finding.told["lot"]),
        }),
        expected=Range.shares(finding.stake.mid, settings.CLAIM_PAID), cash=Decimal(0), minutes=settings.ASK_MINUTES,
        risk=LOW, expires_on=finding.since + timedelta(days=180),
        measure=Measure("claim_paid", subject, 60, BEFORE_AFTER), rests_on={"since": finding.since.isoformat()},
        told=finding.told, words="claim.lot",
    )  # fmt: skip
