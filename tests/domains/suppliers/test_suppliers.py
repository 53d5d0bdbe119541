"""What the suppliers checks find where a supplier slips or a lot is bad, and what they leave alone."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from tests.outlook.small_books import entry, known

from argosy.domains.suppliers import CHECKS, REMEDIES
from argosy.model.findings import Finding
from argosy.outlook.known import Known

START, DAYS = date(2026, 1, 1), 160
BAD_FROM = 100
NAMES = ("po_lines", "stock_levels", "orders", "order_lines")


def found(known: Known, kind: str) -> list[Finding]:
    """Return what one check finds."""
    check = next(check for check in CHECKS if check.kind == f"suppliers.{kind}")
    return [one for one in check.run(known) if isinstance(one, Finding)]


def bought(*, slips: int = 0, since: int = 70, on: int = DAYS) -> Known:
    """Return three suppliers' orders, one a week of each of four articles, promised in thirty days; Slow Ltd. takes so
    many days more of what is ordered since a day. A unit of each article sells a day and leaves 6 euros."""
    rows: dict[str, list[dict[str, Any]]] = {}
    lines, levels, orders, sold = (rows.setdefault(name, []) for name in NAMES)
    entries: list[dict[str, Any]] = []
    for supplier in ("Slow Ltd.", "Good Co.", "Fine AG"):
        for place in range(4):
            sku = f"{supplier[:2]}-{place}"
            for day in range(-100, on, 7):
                late = slips if supplier == "Slow Ltd." and day >= since else 0
                ordered = START + timedelta(days=day)
                lines.append({
                    "po_id": f"{sku}/{day}", "line_no": "1", "supplier_id": supplier, "sku": sku, "quantity": 7,
                    "ordered_on": ordered, "promised_on": ordered + timedelta(days=30),
                    "received_on": ordered + timedelta(days=29 + late), "received_quantity": 7,
                })  # fmt: skip
            for day in range(on):
                at = datetime(START.year, 1, 1, 12) + timedelta(days=day)
                order = f"shop:{sku}/{day}"
                orders.append({"order_id": order, "channel_id": "shop", "placed_at": at, "paid_at": at,
                               "status": "open", "currency": "EUR", "country": "DE"})  # fmt: skip
                sold.append({"order_id": order, "line_no": "1", "kind": "goods", "sku": sku, "quantity": 1,
                             "unit_price": Decimal(10), "currency": "EUR"})  # fmt: skip
                whose = {"order_id": order, "sku": sku, "market": "DE", "channel_id": "shop"}
                entries += [entry(at.date(), "income:sales", 10, **whose), entry(at.date(), "cost:goods", -4, **whose)]
            levels += [{"warehouse_id": "main", "sku": sku, "on_date": START + timedelta(days=day), "on_hand": 10,
                        "inbound": 35} for day in range(6, on, 7)]  # fmt: skip
    return known(entries, day=START + timedelta(days=on + 200), facts=rows).before(START + timedelta(days=on))


def test_a_supplier_that_slips_is_told_with_what_is_overdue_and_asked_for_dates() -> None:
    told = found(bought(slips=30), "supplier_slipping")
    assert [one.subject for one in told] == ["Slow Ltd."]
    assert abs((told[0].since - START).days - 70) <= 10
    # Ten units last ten days; orders that come thirty days late leave at most twenty days a unit of 6 euros unsold.
    assert 0 < told[0].stake.mid <= 4 * 60 * 6
    known = bought(slips=30)
    act = next(iter(REMEDIES[told[0].kind](told[0], known)))
    assert act.change.kind == "task.do"
    assert act.rests_on["open"] == str(len(act.change.values["text"].split("; ")))


def test_suppliers_that_deliver_as_ever_are_left_alone() -> None:
    assert found(bought(), "supplier_slipping") == []
    assert found(bought(slips=3), "supplier_slipping") == []


def test_what_is_not_due_yet_is_not_late() -> None:
    assert found(bought(slips=30, since=130), "supplier_slipping") == []


def sold_lots(bad: float) -> Known:
    """Return two articles, twelve orders a day of each; of one a part comes back since a lot came in, of both one in
    forty."""
    chance = np.random.default_rng(3)
    orders: list[dict[str, Any]] = []
    lines, entries = [], []
    for number in range(DAYS * 24):
        sku, day = ("A", "B")[number % 2], number // 24
        at = datetime(START.year, 1, 1, 12) + timedelta(days=day)
        share = bad if sku == "A" and BAD_FROM <= day < BAD_FROM + 30 else 0.025
        order = f"shop:{number}"
        orders.append({"order_id": order, "channel_id": "shop", "placed_at": at, "paid_at": at, "status": "shipped",
                       "currency": "EUR", "country": "DE"})  # fmt: skip
        lines.append({"order_id": order, "line_no": "1", "kind": "goods", "sku": sku, "quantity": 1})
        entries.append(entry(at.date(), "income:sales", 20, order_id=order, sku=sku, market="DE"))
        if chance.random() < share:
            back = at.date() + timedelta(days=int(chance.integers(10, 20)))
            entries.append(entry(back, "contra:refund", -20, order_id=order, market="DE"))
    lots = [{"po_id": "po:7", "line_no": "1", "supplier_id": "Maker", "sku": "A", "quantity": 500,
             "ordered_on": START, "promised_on": START + timedelta(days=90),
             "received_on": START + timedelta(days=BAD_FROM - 2), "received_quantity": 500}]  # fmt: skip
    facts = {"orders": orders, "order_lines": lines, "po_lines": lots}
    return known(entries, day=START + timedelta(days=DAYS + 60), facts=facts).before(START + timedelta(days=DAYS))


def test_a_bad_lot_is_told_with_the_order_it_came_by() -> None:
    known = sold_lots(0.2)
    told = found(known, "lot_defective")
    assert [one.subject for one in told] == ["A"]
    assert abs((told[0].since - START).days - BAD_FROM) <= 5
    assert (told[0].told["supplier"], told[0].told["lot"]) == ("Maker", "7")
    # 360 orders of 20 euros, of which 17.5 in a hundred more come back, and half as much again for bad stars.
    assert told[0].stake.mid == pytest.approx(Decimal(360 * 20 * 0.175 * 1.5), rel=Decimal("0.3"))
    acts = [one.change.kind for one in REMEDIES[told[0].kind](told[0], known)]
    assert acts == ["task.do", "claim.send"]


def test_sound_lots_are_left_alone() -> None:
    assert found(sold_lots(0.025), "lot_defective") == []
